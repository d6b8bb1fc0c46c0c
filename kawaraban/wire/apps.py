"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class WireConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.wire"
    label = "wire"
    verbose_name = "Wire"

    def ready(self) -> None:
        """Connect the one framework signal this room listens to."""
        from kawaraban.wire import receivers

        receivers.connect()
