"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.moderation"
    label = "moderation"
    verbose_name = "Moderation"

    def ready(self) -> None:
        """Have changes of the settings recorded."""
        from kawaraban.moderation import receivers

        receivers.connect()
