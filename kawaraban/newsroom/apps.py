"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.newsroom"
    label = "newsroom"
    verbose_name = "Newsroom"

    def ready(self) -> None:
        """Listen to the framework, let pages listen to live reports, and unpack no picture that could not come in."""
        from PIL import Image
        from willow.plugins.pillow import PillowImage
        from willow.registry import registry

        from kawaraban import live
        from kawaraban.newsroom import announce, picture_files, receivers

        Image.MAX_IMAGE_PIXELS = picture_files.MOST_PIXELS
        registry.register_operation(PillowImage, "save_as_avif", picture_files.save_as_avif)
        receivers.connect()
        live.register(
            announce.SUBJECT, path=r"/story/([1-9][0-9]{0,8})/live/", may_hear=announce.may_hear, missed=announce.missed
        )
