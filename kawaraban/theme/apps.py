"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ThemeConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.theme"
    label = "theme"
    verbose_name = "Theme"
