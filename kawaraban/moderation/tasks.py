"""Work on the clock."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task

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
