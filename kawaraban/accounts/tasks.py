"""Mail about notifications, and their end, on the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django_tasks import task

from kawaraban.accounts import actions
from kawaraban.accounts.models import Way
from kawaraban.jobs.schedule import every


def at_seven(zone: str) -> timedelta:
    """When it is seven in the morning of the site's standard time, in UTC; in summer that is eight."""
    local = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone))
    return (timedelta(hours=7) - (local.utcoffset() or timedelta()) + (local.dst() or timedelta())) % timedelta(days=1)


@task()
def mail_member(member_id: int, scope: str) -> int:
    """One mail to one member, so that an address that fails holds up nobody else; how many notifications it holds."""
    return actions.mail_member(member_id, scope)


@every(minutes=1)
@task()
def queue_mail() -> int:
    """Queue what is to be mailed at once; how many mails that makes.

    From the clock and not from what happened: whoever posts waits for nothing, two answers within a minute are one
    mail, and what is removed within it is in none.
    """
    return _queue(Way.NOW)


@every(days=1, at=at_seven(settings.TIME_ZONE))
@task(time_limit=600)
def queue_digests() -> int:
    """Queue the daily digests; how many mails that makes."""
    return _queue(Way.DAILY)


@every(days=1)
@task()
def forget_notifications() -> int:
    """Delete notifications that are too old; how many those were."""
    return actions.forget_notifications()


@every(hours=1)
@task()
def forget_networks() -> int:
    """Delete who came from where after 30 days, and the key of pseudonyms; how many traces those were."""
    return actions.forget_networks()


def _queue(way: Way) -> int:
    count = 0
    while True:
        with transaction.atomic():
            due = actions.take_due(way)
            for member_id, scope in due:
                mail_member.enqueue(member_id, scope)
        if not due:
            return count
        count += len(due)
