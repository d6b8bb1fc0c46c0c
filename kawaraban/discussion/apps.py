"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.discussion"
    label = "discussion"
    verbose_name = "Discussion"
