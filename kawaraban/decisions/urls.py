"""Addresses of the decisions room."""

from __future__ import annotations

from django.urls import path

from kawaraban.decisions import views

app_name = "decisions"
urlpatterns = [
    path("rules/", views.rules, name="rules"),
    path("rules/<id:version>/", views.rules, name="rules_version"),
    path("account/decisions/", views.about_me, name="about_me"),
    path("decision/<id:decision_id>/", views.decision, name="decision"),
]
