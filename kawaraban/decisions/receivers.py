"""Where Django tells us something."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from kawaraban.decisions import actions


def connect(room: AppConfig) -> None:
    """Listen for the room's tables. Django has no other hook that every new database passes, a test's included."""
    post_migrate.connect(begin_with_rules, sender=room, dispatch_uid="first_rules")


def begin_with_rules(**_: Any) -> None:
    """Publish the first house rules on a site that has none."""
    actions.publish_first_rules()
