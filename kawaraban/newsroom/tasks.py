"""Work on the clock."""

from __future__ import annotations

from django_tasks import task

from kawaraban.jobs.schedule import every
from kawaraban.newsroom import actions


@every(hours=1)
@task()
def close_what_is_old() -> int:
    """Close the discussions of stories that are old; how many those were."""
    return actions.close_what_is_old()
