"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.live"
    label = "live"
    verbose_name = "Live pages"
