"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        """Hear of what is published, said and taken back."""
        from kawaraban.search import receivers

        receivers.connect()
