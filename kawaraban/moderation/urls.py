"""Addresses of the moderation room; the desk's own are in `wagtail_hooks`."""

from __future__ import annotations

app_name = "moderation"
urlpatterns: list[object] = []
