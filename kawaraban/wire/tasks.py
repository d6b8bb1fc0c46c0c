"""The wire on the clock: feeds asked, rules applied, alarms mailed, what is old forgotten."""

from __future__ import annotations

from django_tasks import task

from kawaraban.jobs.schedule import every
from kawaraban.wire import actions


@task(time_limit=120)
def look(feed_id: int) -> int:
    """Ask one feed, so that one that hangs holds up no other."""
    return actions.look(feed_id)


@task(time_limit=120)
def settle(item_id: int) -> None:
    """Apply the rules to one item, whose pictures may be slow to come."""
    actions.settle(item_id)


@task(time_limit=600)
def take_refused(voice_id: int) -> int:
    """Take in what a feed has brought before it was allowed to."""
    return actions.take_refused(voice_id)


# A file is taken at the second look that finds it unchanged: a kill in a folder acts within ten seconds at three.
@every(seconds=3)
@task()
def tick() -> int:
    """Queue the feeds that are due, what was allowed, and the items to which rules apply; how many those are."""
    feeds, voices, items = actions.claim_due(), actions.allowed_lately(), actions.claim_waiting()
    for feed_id in feeds:
        look.enqueue(feed_id)
    for voice_id in voices:
        take_refused.enqueue(voice_id)
    for item_id in items:
        settle.enqueue(item_id)
    return len(feeds) + len(voices) + len(items)


@every(minutes=1)
@task()
def mail_alarms() -> int:
    """Mail editors what cannot wait; how many alarms those were."""
    return actions.mail_alarms()


@every(days=1)
@task()
def forget() -> int:
    """Delete deliveries that nothing stands on; how many those were."""
    return actions.forget()
