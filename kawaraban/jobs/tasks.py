"""The room's own periodic work."""

from __future__ import annotations

from django_tasks import task

from kawaraban.jobs import actions
from kawaraban.jobs.schedule import every


@every(hours=1)
@task(time_limit=300)
def sweep() -> int:
    """Remove what has been finished for long enough."""
    return actions.sweep_finished()


@every(hours=6)
@task(time_limit=300)
def learn_tables() -> None:
    """Let the database know how its tables have grown."""
    actions.learn_tables()
