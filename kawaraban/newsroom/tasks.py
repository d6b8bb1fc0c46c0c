"""Work on the clock."""

from __future__ import annotations

from datetime import timedelta

from django_tasks import task

from kawaraban.jobs.schedule import every
from kawaraban.newsroom import actions


@every(hours=1)
@task()
def close_what_is_old() -> int:
    """Close the discussions of stories that are old; how many those were."""
    return actions.close_what_is_old()


@every(minutes=1)
@task()
def publish_what_is_due() -> int:
    """Publish what was scheduled, and take down what has expired; how many pages those were."""
    return actions.publish_what_is_due()


@every(minutes=1)
@task()
def make_sizes() -> int:
    """Make the sizes of new photographs, so that no reader waits for them; of how many."""
    return actions.make_sizes()


@every(hours=1)
@task()
def withdraw_expired() -> int:
    """Take the files of expired photographs out of reach; how many those were."""
    return actions.withdraw_expired()


@every(days=1, at=timedelta(hours=3))
@task()
def sum_up_reads() -> int:
    """Sum up by months what was read more than a month ago; how many rows those were."""
    return actions.sum_up_reads()
