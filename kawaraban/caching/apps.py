"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class CachingConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.caching"
    label = "caching"
    verbose_name = "Remembered pages"
