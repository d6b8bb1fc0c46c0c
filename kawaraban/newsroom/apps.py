"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.newsroom"
    label = "newsroom"
    verbose_name = "Newsroom"

    def ready(self) -> None:
        """Connect the one framework signal this room listens to."""
        from kawaraban.newsroom import receivers

        receivers.connect()
