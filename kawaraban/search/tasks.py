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


@every(minutes=10, at=timedelta(minutes=4))
@task()
def catch_up() -> int:
    """Let what nobody finds yet be found; how much that was."""
    return actions.catch_up()
