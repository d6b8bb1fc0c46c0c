"""Which tasks run on the clock, and when each is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django_tasks.base import Task

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AnyTask = TypeVar("AnyTask", bound=Task[..., Any])


@dataclass(frozen=True, slots=True)
class Timetable:
    """A task and the moments it is due: every `interval` from the epoch on, shifted by `offset`.

    All of it in UTC, where a day has 24 hours: no run is lost or doubled when summer time begins or ends.
    """

    task: Task[..., Any]
    interval: timedelta
    offset: timedelta = timedelta()

    def due(self, now: datetime) -> datetime:
        """The last moment up to now at which the task was due."""
        return now - (now - EPOCH - self.offset) % self.interval


TIMETABLES: dict[str, Timetable] = {}


def every(
    *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0, at: timedelta = timedelta()
) -> Callable[[AnyTask], AnyTask]:
    """A decorator above `@task()`: the task, which takes no arguments, is also enqueued at each interval.

    However many clocks run, once for each moment it is due; what was missed while none ran is done once, and so is
    what comes due while the last run is still waiting for a worker or running.

    Args:
        at: shift from the epoch, in UTC: `@every(days=1, at=timedelta(hours=5))` is daily at 05:00 UTC.

    Raises:
        ValueError: the interval is shorter than a second.
    """
    interval = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if interval < timedelta(seconds=1):
        raise ValueError("A task on the clock needs an interval of a second or more.")

    def register(task: AnyTask) -> AnyTask:
        TIMETABLES[task.module_path] = Timetable(task, interval, at)
        return task

    return register
