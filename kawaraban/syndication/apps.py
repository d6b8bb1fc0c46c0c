"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class SyndicationConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.syndication"
    label = "syndication"
    verbose_name = "Syndication"
