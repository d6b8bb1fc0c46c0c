"""Addresses of the newsroom beside Wagtail's pages."""

from __future__ import annotations

from django.urls import path

from kawaraban.newsroom.views import errors, pages, reading, versions

app_name = "newsroom"
urlpatterns = [
    path("poll/<id:poll_id>/", pages.poll, name="poll"),
    path("poll/<id:poll_id>/vote/", pages.vote_in_poll, name="vote"),
    path("story/<id:story_id>/versions/", versions.versions, name="versions"),
    path("story/<id:story_id>/versions/<id:version>/", versions.versions, name="version"),
    path("story/<id:story_id>/error/", errors.report_error, name="report_error"),
    path("story/<id:story_id>/error/sent/", errors.sent, name="error_sent"),
    path("story/<id:story_id>/error/<id:report_id>/", errors.answered, name="error_answered"),
    path("story/<id:story_id>/read/", reading.count_read, name="count_read"),
    path("site.css", pages.site_css, name="site_css"),
]
