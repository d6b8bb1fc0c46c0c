"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Registers the room; a new database begins with house rules."""

    name = "kawaraban.decisions"
    label = "decisions"
    verbose_name = "Decisions"

    def ready(self) -> None:
        """Have the first house rules published as soon as there are tables."""
        from kawaraban.decisions import receivers

        receivers.connect(self)
