"""Everything that changes a job: it is enqueued, begun, kept, finished, taken back, tried again, discarded, swept."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban.errors import Refused
from kawaraban.jobs import policy, reads
from kawaraban.jobs.limits import DEAD_KEPT, DONE_KEPT, Limits
from kawaraban.jobs.models import Job, Periodic
from kawaraban.jobs.runner import Outcome
from kawaraban.jobs.schedule import EPOCH, TIMETABLES, Timetable

log = logging.getLogger(__name__)

LOST = "The worker that ran it went away."
SWEPT_AT_ONCE = 1_000
# How far a clock's last due moment may lie ahead before we take it that the machine's time was wrong when it was set.
AHEAD = timedelta(minutes=5)

# --- From the task's caller ------------------------------------------------------------------------------------------


# Wagtail enqueues these whenever a row is saved. They read it as it is when they run, so two that wait would do the
# same, and two that run side by side both insert the row that each found missing.
ALONE = frozenset({"modelsearch.tasks.insert_or_update_object_task", "wagtail.tasks.update_reference_index_task"})


def record_job(task: str, arguments: dict[str, Any], priority: int = 0, run_after: datetime | None = None) -> Job:
    """A waiting job, in the caller's transaction: a new one, or of a task in `ALONE` the equal one that waits already.

    Cost: 1 query, 2 for a task in `ALONE`.
    """
    now = timezone.now()
    alone = _name(task, arguments) if task in ALONE else ""
    # Locked until the caller's commit: begun before that, it would not see what the caller has changed.
    twins = Job.objects.filter(state=Job.State.WAITING, alone=alone).select_for_update(skip_locked=True)
    with transaction.atomic():
        waiting = twins.first() if alone else None
    return waiting or Job.objects.create(
        task=task, arguments=arguments, alone=alone, priority=priority, run_after=run_after or now, enqueued_at=now
    )


# --- From a worker ---------------------------------------------------------------------------------------------------


def begin_next(owner: str, limits: Limits) -> Job | None:
    """The next job that is due, now running on a lease of this worker's; None when none is. Cost: 1 query, or 4.

    Two workers never get the same one: PostgreSQL locks the row and passes over rows that are locked, SQLite has one
    writer, whose transaction holds the lock from its start.
    """
    # A look first: an idle worker takes no write lock.
    if not reads.due_jobs(timezone.now()).exists():
        return None
    with transaction.atomic():
        now = timezone.now()
        job = reads.due_jobs(now).select_for_update(of=("self",), skip_locked=True).first()
        if job is None:
            return None
        job.state, job.attempts, job.started_at = Job.State.RUNNING, job.attempts + 1, now
        job.lease_owner, job.lease_ends = owner, now + timedelta(seconds=limits.lease)
        job.save(update_fields=["state", "attempts", "started_at", "lease_owner", "lease_ends"])
    return job


def keep_leases(owner: str, held: Collection[int], limits: Limits) -> set[int]:
    """Renew the leases of these jobs; the ids of those that still are this worker's. Cost: 2 queries.

    One that is missing was taken back while its worker was held up, and runs elsewhere by now.
    """
    with transaction.atomic():
        ours = Job.objects.filter(pk__in=held, state=Job.State.RUNNING, lease_owner=owner)
        ours.update(lease_ends=timezone.now() + timedelta(seconds=limits.lease))
        return set(ours.values_list("pk", flat=True))


def finish(owner: str, job_id: int, attempt: int, outcome: Outcome, limits: Limits) -> bool:
    """Write down what came of a try: done, waiting for the next try, or dead. Cost: 3 queries.

    Returns:
        False when the try was no longer this worker's to finish; then nothing is changed.
    """
    with transaction.atomic():
        job = _own(owner, job_id, attempt)
        if job is None:
            return False
        if outcome.error:
            _fail(job, outcome.error, limits.pause_after(job.attempts), limits)
        else:
            job.value = outcome.value
            _end(job, Job.State.DONE)
    return True


def release(owner: str, job_id: int, attempt: int) -> None:
    """Give back a job that its worker has no time to end: it can begin at once elsewhere, and the try is not counted.

    Cost: 3 queries.
    """
    with transaction.atomic():
        job = _own(owner, job_id, attempt)
        if job is not None:
            job.attempts -= 1
            _wait(job, timedelta())


def take_back_lost(limits: Limits, besides: Collection[int] = ()) -> int:
    """Make jobs wait again, or dead, whose lease has ended; the number of them. Cost: 1 query, 1 more for each.

    They can begin at once: that a worker was killed seldom is the fault of its tasks, and if it is, the tries end it.

    Args:
        besides: what the calling worker has in hand: a clock that jumps ends every lease at once.
    """
    if not reads.lost_jobs(timezone.now()).exclude(pk__in=besides).exists():
        return 0
    with transaction.atomic():
        lost = reads.lost_jobs(timezone.now()).exclude(pk__in=besides).select_for_update(skip_locked=True)
        jobs = list(lost[:SWEPT_AT_ONCE])
        for job in jobs:
            _fail(job, LOST, timedelta(), limits)
    return len(jobs)


# --- From the desk ---------------------------------------------------------------------------------------------------


def try_again(actor: AbstractBaseUser | AnonymousUser, job_id: int) -> None:
    """Let a dead job begin anew, with all its tries. Cost: 3 queries.

    Raises:
        Refused: `not-administrator` or `job-not-dead`.
    """
    with transaction.atomic():
        job = _dead(actor, job_id)
        job.attempts = 0
        _wait(job, timedelta())


def discard(actor: AbstractBaseUser | AnonymousUser, job_id: int) -> None:
    """Remove a dead job for good. Cost: 4 queries.

    Raises:
        Refused: `not-administrator` or `job-not-dead`.
    """
    with transaction.atomic():
        _dead(actor, job_id).delete()


# --- From the clock --------------------------------------------------------------------------------------------------


def enqueue_due() -> float:
    """Enqueue every periodic task that has come due; seconds until the next does. Cost: 1 query, about 5 for each due.

    Of many clocks the one that moves the row enqueues, in the same transaction.
    """
    now = timezone.now()
    last = dict(Periodic.objects.values_list("task", "last_due"))
    for path, table in TIMETABLES.items():
        if path not in last:
            Periodic.objects.bulk_create([Periodic(task=path, last_due=EPOCH)], ignore_conflicts=True)
        if _is_to_move(last.get(path, EPOCH), table, now):
            _enqueue_once(path, table, now)
    waits = [table.due(now) + table.interval - now for table in TIMETABLES.values()]
    return min(waits, default=timedelta(minutes=1)).total_seconds()


def sweep_finished() -> int:
    """Remove jobs that were done 3 days ago or dead for 90; the number of them. Cost: 2 queries for each 1,000."""
    now, removed = timezone.now(), 0
    old = Q(state=Job.State.DONE, finished_at__lt=now - DONE_KEPT) | Q(
        state=Job.State.DEAD, finished_at__lt=now - DEAD_KEPT
    )
    # In portions, so that on SQLite nobody waits long for the write lock.
    while ids := list(Job.objects.filter(old).values_list("pk", flat=True)[:SWEPT_AT_ONCE]):
        removed += Job.objects.filter(pk__in=ids).delete()[1].get("jobs.Job", 0)
    return removed


def learn_tables() -> None:
    """Let SQLite count anew what tables hold that have grown; PostgreSQL does so by itself. Cost: 1 query.

    Without, SQLite takes a table of six rows for one of a million, and reads all pages of an archive to join it.
    0x10002: also tables that this connection has not asked for. Takes 0.2 s beside 100,000 stories.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize=0x10002")


# --- Steps -----------------------------------------------------------------------------------------------------------


def _name(task: str, arguments: dict[str, Any]) -> str:
    """Equal for equal calls."""
    return hashlib.sha256(json.dumps([task, arguments], sort_keys=True).encode()).hexdigest()


def _own(owner: str, job_id: int, attempt: int) -> Job | None:
    """The job, locked, if this very try of it is still the worker's."""
    job = Job.objects.select_for_update().filter(pk=job_id, state=Job.State.RUNNING).first()
    return job if job is not None and (job.lease_owner, job.attempts) == (owner, attempt) else None


def _dead(actor: AbstractBaseUser | AnonymousUser, job_id: int) -> Job:
    if not policy.may_tend(actor):
        raise Refused("not-administrator", _("Only administrators do that. Nothing was changed."))
    job = reads.dead_jobs().select_for_update().filter(pk=job_id).first()
    if job is None:
        raise Refused(
            "job-not-dead",
            _("This job is not among the dead ones any more, so nothing was changed."),
        )
    return job


def _fail(job: Job, error: str, pause: timedelta, limits: Limits) -> None:
    job.last_error = error
    if job.attempts < limits.tries:
        _wait(job, pause)
        return
    _end(job, Job.State.DEAD)
    # The alert: whoever watches the log of errors hears of every job that will not be done by itself.
    log.error("Job %s is dead after %d tries: %s It waits at the desk, under Jobs.", job, job.attempts, error)


def _wait(job: Job, pause: timedelta) -> None:
    job.state, job.run_after = Job.State.WAITING, timezone.now() + pause
    job.lease_owner, job.lease_ends, job.finished_at = "", None, None
    job.save()


def _end(job: Job, state: Job.State) -> None:
    job.state, job.finished_at, job.lease_ends = state, timezone.now(), None
    job.save()


def _is_to_move(last_due: datetime, table: Timetable, now: datetime) -> bool:
    return last_due < table.due(now) or last_due > now + table.interval + AHEAD


def _enqueue_once(path: str, table: Timetable, now: datetime) -> None:
    due = table.due(now)
    with transaction.atomic():
        moved = Periodic.objects.filter(
            Q(last_due__lt=due) | Q(last_due__gt=now + table.interval + AHEAD), task=path
        ).update(last_due=due)
        if not moved:
            return
        under_way = Q(job__state=Job.State.RUNNING) | Q(job__state=Job.State.WAITING, job__run_after__lte=now)
        if not Periodic.objects.filter(under_way, task=path).exists():
            made = table.task.enqueue()
            Periodic.objects.filter(task=path).update(job_id=int(made.id))
