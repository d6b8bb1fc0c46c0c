"""Work on the clock."""

from __future__ import annotations

from datetime import timedelta

from django_tasks import task

from kawaraban.jobs.schedule import every
from kawaraban.search import actions


@task()
def keep_stories(pages: list[int]) -> int:
    """Let these stories be found as they are now; how many readers can see."""
    return actions.keep_stories(pages)


@task()
def keep_comments(comments: list[int]) -> int:
    """Let these comments be found as they are now; how many readers can see."""
    return actions.keep_comments(comments)


@every(minutes=1)
@task()
def follow() -> int:
    """Let what was posted since the last look be found; how much that was.

    From the clock and not by a job for each: whoever posts waits for nothing, and an import of a million makes none.
    """
    return actions.follow()


@every(hours=1, at=timedelta(minutes=7))
@task(time_limit=600)
def catch_up() -> int:
    """Let what nobody finds yet be found; how much that was."""
    return actions.catch_up()
