"""Addresses of screening."""

from __future__ import annotations

from django.urls import path

from kawaraban.screening import views

app_name = "screening"

urlpatterns = [
    # Perspective's own path below ours, so that a program that leaves it changes one address.
    path("api/v1alpha1/comments:analyze", views.analyze, name="analyze"),
]
