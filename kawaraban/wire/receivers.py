"""Where Django tells us that a feed was saved: the desk saves it by Wagtail's own form."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save

from kawaraban.wire import actions
from kawaraban.wire.models import Feed


def connect() -> None:
    """Listen for feeds."""
    post_save.connect(_feed_saved, sender=Feed, dispatch_uid="feed_saved")


def _feed_saved(instance: Feed, **_: Any) -> None:
    actions.set_up_folder(instance)
