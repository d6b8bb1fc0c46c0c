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
