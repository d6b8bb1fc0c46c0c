"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DiscussionConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.discussion"
    label = "discussion"
    verbose_name = _("Discussion")

    def ready(self) -> None:
        """Let open pages listen to threads."""
        from kawaraban import live
        from kawaraban.discussion import announce

        live.register(
            announce.SUBJECT, path=r"/t/([1-9][0-9]{0,8})/live/", may_hear=announce.may_hear, missed=announce.missed
        )
