"""Work on the clock."""

from __future__ import annotations

from django_tasks import task

from kawaraban.caching import actions
from kawaraban.jobs.schedule import every


@every(hours=1)
@task()
def forget_old() -> int:
    """Delete purges that every process has heard of; how many those were."""
    return actions.forget_old()
