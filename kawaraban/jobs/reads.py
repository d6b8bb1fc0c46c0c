"""What the desk and the doctor need to know of the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from kawaraban.jobs.models import Job, Periodic
from kawaraban.jobs.schedule import TIMETABLES


@dataclass(frozen=True, slots=True)
class Counts:
    """How many jobs stand where. Waiting are those that are due; later are those that wait for a time or a retry."""

    waiting: int
    later: int
    running: int
    dead: int
    oldest: datetime | None


def counts() -> Counts:
    """The queue in five figures; `oldest` is since when the longest waiting job is due. Cost: 2 queries."""
    now = timezone.now()
    states = dict(Job.objects.exclude(state=Job.State.DONE).values_list("state").annotate(Count("id")))
    due = due_jobs(now).aggregate(count=Count("id"), oldest=Min("run_after"))
    return Counts(
        waiting=due["count"],
        later=states.get(Job.State.WAITING, 0) - due["count"],
        running=states.get(Job.State.RUNNING, 0),
        dead=states.get(Job.State.DEAD, 0),
        oldest=due["oldest"],
    )


def due_jobs(now: datetime) -> QuerySet[Job]:
    """Jobs that may begin, in the order in which they do: those that run alone, when none of their name is running."""
    under_way = Job.objects.filter(state=Job.State.RUNNING, alone=OuterRef("alone"))
    due = Job.objects.filter(state=Job.State.WAITING, run_after__lte=now)
    return due.filter(Q(alone="") | ~Exists(under_way)).order_by("-priority", "run_after", "id")


def lost_jobs(now: datetime) -> QuerySet[Job]:
    """Running jobs whose worker has not been heard of for the whole of its lease."""
    return Job.objects.filter(state=Job.State.RUNNING, lease_ends__lt=now).order_by("lease_ends", "id")


def dead_jobs() -> QuerySet[Job]:
    """Jobs whose tries are over, the latest first."""
    return Job.objects.filter(state=Job.State.DEAD).order_by("-finished_at", "-id")


def finished_within(span: timedelta) -> list[tuple[str, str, int, timedelta]]:
    """Of each task how many jobs ended lately, and how long they took in all: task, state, count, time. Cost: 1 query.

    Only the last try of a job is timed.
    """
    ended = Job.objects.filter(state__in=(Job.State.DONE, Job.State.DEAD), finished_at__gt=timezone.now() - span)
    took = ExpressionWrapper(F("finished_at") - F("started_at"), output_field=DurationField())
    rows = ended.order_by("task", "state").values_list("task", "state")
    return list(rows.annotate(count=Count("id"), took=Sum(took, default=timedelta())))


def clock_behind() -> timedelta:
    """For how long the task that waits longest for the clock has been due; 0 while none is, or none ever ran.

    Cost: 1 query.
    """
    now = timezone.now()
    last = dict(Periodic.objects.values_list("task", "last_due"))
    late = (now - table.due(now) for path, table in TIMETABLES.items() if path in last and last[path] < table.due(now))
    return max(late, default=timedelta())


def clock_is_late(patience: timedelta = timedelta(minutes=2)) -> bool | None:
    """Whether some periodic task was not enqueued when due; None while no clock has ever run. Cost: 1 query."""
    last = dict(Periodic.objects.values_list("task", "last_due"))
    if not last:
        return None
    now = timezone.now() - patience
    return any(last[path] < table.due(now) for path, table in TIMETABLES.items() if path in last)
