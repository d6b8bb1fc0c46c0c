"""Addresses of the newsroom beside Wagtail's pages."""

from __future__ import annotations

from django.urls import path

from kawaraban.newsroom import views

app_name = "newsroom"
urlpatterns = [
    path("poll/<id:poll_id>/", views.poll, name="poll"),
    path("poll/<id:poll_id>/vote/", views.vote_in_poll, name="vote"),
    path("site.css", views.site_css, name="site_css"),
]
