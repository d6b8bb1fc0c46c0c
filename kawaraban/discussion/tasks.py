"""Work on the clock."""

from __future__ import annotations

from django_tasks import task

from kawaraban.discussion import actions
from kawaraban.jobs.schedule import every


@every(minutes=1)
@task()
def open_what_is_due() -> int:
    """Open the discussions whose closing has run out."""
    return actions.open_what_is_due()


@every(minutes=1)
@task()
def count_waiting_votes() -> int:
    """Count the votes that have waited long enough; how many those were."""
    return sum(iter(actions.count_waiting_votes, 0))


@every(minutes=1)
@task()
def find_opinion_groups() -> int:
    """Look for opinion groups in threads with new votes; in how many."""
    return actions.fit_due_threads()
