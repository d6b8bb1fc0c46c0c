"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecisionsConfig(AppConfig):
    """Registers the room; a new database begins with house rules."""

    name = "kawaraban.decisions"
    label = "decisions"
    verbose_name = _("Decisions")

    def ready(self) -> None:
        """Have the first house rules published as soon as there are tables."""
        from kawaraban.decisions import receivers

        receivers.connect(self)
