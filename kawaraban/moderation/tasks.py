"""Work on the clock."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django_tasks import task

from kawaraban.errors import Refused
from kawaraban.jobs.schedule import every
from kawaraban.moderation import actions

# --- Notices from outside ---------------------------------------------------------------------------------------------


@task()
def mail_notice(notice_id: int, what: str) -> bool:
    """One mail to one notifier, so that an address that fails holds up nobody else; whether there was one to send."""
    return actions.mail_notice(notice_id, what)


@every(minutes=1)
@task()
def queue_notice_mail() -> int:
    """Queue what notifiers are to be told; how many mails that makes."""
    with transaction.atomic():
        due = actions.take_due_mail()
        for notice_id, what in due:
            mail_notice.enqueue(notice_id, what)
    return len(due)


# --- Votes that look arranged -----------------------------------------------------------------------------------------


@every(minutes=5)
@task()
def look_for_rings() -> int:
    """Set aside votes that look as if one hand had cast them; how many groups of them were found or grew."""
    return actions.look_for_rings()


# --- The score --------------------------------------------------------------------------------------------------------


@every(days=1, at=timedelta(hours=3, minutes=20))
@task(time_limit=900)
def learn_score() -> int | None:
    """Learn a score from the decisions there are; its key, or None while there are too few. It is not in use by it."""
    try:
        return actions.learn_score().pk
    except Refused:
        return None
