"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SyndicationConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.syndication"
    label = "syndication"
    verbose_name = _("Syndication")

    def ready(self) -> None:
        """Put what programs look for into the heads of pages."""
        from kawaraban.syndication.heads import head
        from kawaraban.theme import heads

        heads.register(head)
