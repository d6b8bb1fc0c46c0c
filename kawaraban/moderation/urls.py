"""Addresses of the moderation room; the desk's own are in `wagtail_hooks`."""

from __future__ import annotations

from django.urls import path

from kawaraban.moderation.views import appeals, notices, published, reports

app_name = "moderation"
urlpatterns = [
    path("t/<id:thread_id>/<id:number>/report/", reports.report, name="report"),
    path("decision/<id:decision_id>/appeal/", appeals.appeal, name="appeal"),
    path("notice/", notices.notice, name="notice"),
    path("notice/<str:key>/", notices.receipt, name="receipt"),
    path("contact/", notices.contact, name="contact"),
    path("moderation/", published.published, name="published"),
    path("moderation/log/", published.log, name="log"),
]
