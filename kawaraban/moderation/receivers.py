"""Where Django tells us something."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_save
from wagtail.log_actions import get_active_log_context

from kawaraban.moderation import actions
from kawaraban.moderation.models import ModerationSettings


def connect() -> None:
    """Listen for the settings. Wagtail saves them from its own page, and has no hook that a program passes as well."""
    pre_save.connect(_changed, sender=ModerationSettings, dispatch_uid="moderation_settings")


def _changed(instance: ModerationSettings, **_: Any) -> None:
    actions.record_settings(instance, get_active_log_context().user)
