"""Addresses of the newsroom beside Wagtail's pages."""

from __future__ import annotations

from django.urls import path

from kawaraban.newsroom.views import pages

app_name = "newsroom"
urlpatterns = [
    path("search/", pages.search, name="search"),
    path("poll/<id:poll_id>/", pages.poll, name="poll"),
    path("poll/<id:poll_id>/vote/", pages.vote_in_poll, name="vote"),
    path("site.css", pages.site_css, name="site_css"),
]
