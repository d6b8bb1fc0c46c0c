"""Where Django tells us something."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save, pre_save
from wagtail.log_actions import get_active_log_context

from kawaraban.decisions.models import Decision
from kawaraban.moderation import actions
from kawaraban.moderation.models import ModerationSettings


def connect() -> None:
    """Listen for what this room does not press itself.

    Wagtail saves the settings from its own page, and has no hook that a program passes as well. Comments are decided
    about from the thread, too, which knows nothing of reports.
    """
    pre_save.connect(_changed, sender=ModerationSettings, dispatch_uid="moderation_settings")
    post_save.connect(_decided, sender=Decision, dispatch_uid="moderation_decided")


def _changed(instance: ModerationSettings, **_: Any) -> None:
    actions.record_settings(instance, get_active_log_context().user)


def _decided(instance: Decision, created: bool, **_: Any) -> None:
    if created:
        actions.answer_complaints(instance)
