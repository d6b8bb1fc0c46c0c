"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.screening"
    label = "screening"
    verbose_name = "Screening"
