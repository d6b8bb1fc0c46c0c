"""Where Django tells us that a member was changed, by whatever form."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models.signals import post_save

from kawaraban.accounts.models import User
from kawaraban.caching.actions import remove

# What stands beside their words.
SHOWN = {"handle", "slug", "title", "is_staff", "is_active"}


def connect() -> None:
    """Listen for members."""
    post_save.connect(_saved, sender=User, dispatch_uid="member_saved")


def _saved(instance: User, created: bool, update_fields: Collection[str] | None, **_: Any) -> None:
    if not created and (update_fields is None or not SHOWN.isdisjoint(update_fields)):
        remove(instance.cache_tag)
