"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.newsroom"
    label = "newsroom"
    verbose_name = "Newsroom"

    def ready(self) -> None:
        """Listen to the framework, and let nothing unpack a picture that could not have come in."""
        from PIL import Image
        from willow.plugins.pillow import PillowImage
        from willow.registry import registry

        from kawaraban.newsroom import picture_files, receivers

        Image.MAX_IMAGE_PIXELS = picture_files.MOST_PIXELS
        registry.register_operation(PillowImage, "save_as_avif", picture_files.save_as_avif)
        receivers.connect()
