"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.moderation"
    label = "moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        """Have changes of the settings recorded."""
        from kawaraban.moderation import receivers

        receivers.connect()
