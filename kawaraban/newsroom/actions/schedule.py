"""What goes live or comes down at a time of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

from kawaraban.jobs.actions import record_job

logger = logging.getLogger(__name__)

# By name: tasks stand above the actions that they call.
TASK = "kawaraban.newsroom.tasks.publish_what_is_due"


def look_at(moment: datetime | None) -> None:
    """Let a worker see to what is due at this moment; nothing for none, or one that is past. Cost: 1 query.

    The clock looks each minute in any case; this makes it a matter of a second.
    """
    if moment is not None and moment > timezone.now():
        record_job(TASK, {"args": [], "kwargs": {}}, run_after=moment)


def publish_what_is_due() -> int:
    """How many pages went live or came down because their time has come. Cost: 2 queries, and Wagtail's for each.

    Each on its own: one that Wagtail cannot publish is logged, tried again at the next look, and holds up no other.
    """
    now = timezone.now()
    expired = Page.objects.filter(live=True, expire_at__lte=now).order_by("expire_at")
    due = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at")
    done = sum(_tried(_unpublish, pk) for pk in list(expired.values_list("pk", flat=True)))
    return done + sum(_tried(_publish, pk) for pk in list(due.values_list("pk", flat=True)))


def _tried(deed: Callable[[int], bool], pk: int) -> bool:
    try:
        return deed(pk)
    except Exception:
        logger.exception("%s %d could not be done on time.", deed.__name__.strip("_").capitalize(), pk)
        return False


@transaction.atomic
def _unpublish(pk: int) -> bool:
    # Locked and asked again: another worker may be at it, or an editor may have put the end off.
    rows = Page.objects.select_for_update(skip_locked=True, of=("self",))
    page = rows.filter(pk=pk, live=True, expire_at__lte=timezone.now()).first()
    if page is None:
        return False
    page.specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True


@transaction.atomic
def _publish(pk: int) -> bool:
    rows = Revision.objects.select_for_update(skip_locked=True, of=("self",))
    revision = rows.filter(pk=pk, approved_go_live_at__lte=timezone.now()).first()
    if revision is None:
        return False
    revision.publish(log_action="wagtail.publish.scheduled")
    return True
