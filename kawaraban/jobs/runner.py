"""Runs one job's task in this process, and says in a line what went wrong."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.module_loading import import_string
from django_tasks.base import Task, TaskContext, TaskResult, TaskResultStatus
from django_tasks.utils import normalize_json

if TYPE_CHECKING:
    from kawaraban.jobs.limits import Limits
    from kawaraban.jobs.models import Job

log = logging.getLogger(__name__)

LONGEST_ERROR = 300
# Of a traceback: run() below, and the library's call of the function.
OUR_FRAMES = 2
# Shorter arguments are in every second sentence; taking them out would hide the error and protect nothing.
SHORTEST_SECRET = 3
UNKEPT = "What it returned cannot be kept: it holds a NUL or half a character."


@dataclass(frozen=True, slots=True)
class Assignment:
    """A job as the process that runs it gets it."""

    job_id: int
    task: str
    args: list[Any]
    kwargs: dict[str, Any]
    attempt: int
    time_limit: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: a value, or an error in a line and the exception itself."""

    value: Any = None
    error: str = ""
    exception: BaseException | None = None


def assign(job: Job, limits: Limits) -> Assignment:
    """A job that has been begun, for the process that is to run it."""
    arguments = job.arguments
    return Assignment(
        job.pk, job.task, arguments["args"], arguments["kwargs"], job.attempts, time_limit=limits.time_limit
    )


def find_task(path: str) -> Task[..., Any]:
    """The task at a dotted path.

    Raises:
        LookupError: there is none; what else can be imported is not run.
    """
    try:
        found = import_string(path)
    except ImportError as error:
        raise LookupError(f"There is no task {path} in this version.") from error
    if not isinstance(found, Task):
        raise LookupError(f"{path} is no task.")
    return found


def time_limit(assignment: Assignment) -> float:
    """How many seconds the job's task may run."""
    try:
        return getattr(find_task(assignment.task), "time_limit", None) or assignment.time_limit
    except Exception:  # noqa: BLE001 - whatever keeps the task from being imported is told by run()
        return assignment.time_limit


def run(assignment: Assignment) -> Outcome:
    """Run a job's task to its end. Whatever it raises is an outcome; what ends the process is not caught."""
    try:
        task = find_task(assignment.task)
        context = (_context(task, assignment),) if task.takes_context else ()
        value = normalize_json(task.call(*context, *assignment.args, **assignment.kwargs))
        return Outcome(value) if _can_be_kept(value) else Outcome(error=UNKEPT)
    except BaseException as error:  # noqa: BLE001 - a task that raises SystemExit has failed like any other
        line = describe(error, (assignment.args, assignment.kwargs))
        # The task's frames, without the message: that may hold what a reader wrote or is called.
        frames = "".join(traceback.format_tb(error.__traceback__)[OUR_FRAMES:])
        log.warning("Job %d failed at try %d: %s\n%s", assignment.job_id, assignment.attempt, line, frames)
        return Outcome(error=line, exception=error)


def describe(error: BaseException, arguments: object = ()) -> str:
    """An exception in one line: what, why and where, with `…` for every argument that its message repeats."""
    message = str(error)
    for secret in sorted(_texts(arguments), key=len, reverse=True):
        message = message.replace(secret, "…")
    # PostgreSQL says from the second line on whose row it was.
    message = message.partition("\n")[0]
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{'/'.join(frames[-1].filename.split('/')[-2:])}:{frames[-1].lineno}" if frames else ""
    what = f"{type(error).__name__}: {message}" if message else type(error).__name__
    line = f"{what[: LONGEST_ERROR - len(place) - 3]} ({place})" if place else what[:LONGEST_ERROR]
    return line.encode("utf-8", "replace").decode().replace("\0", "")


def _can_be_kept(value: object) -> bool:
    """Whether every database keeps the value: PostgreSQL takes no NUL, and nobody half a character."""
    text = json.dumps(value, ensure_ascii=False)
    return "\\u0000" not in text and text.encode("utf-8", "replace").decode() == text


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) >= SHORTEST_SECRET:
            yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, Sequence):
        for part in value:
            yield from _texts(part)


def _context(task: Task[..., Any], assignment: Assignment) -> TaskContext:
    result: TaskResult[Any] = TaskResult(
        task=task,
        id=str(assignment.job_id),
        status=TaskResultStatus.RUNNING,
        enqueued_at=None,
        started_at=None,
        last_attempted_at=None,
        finished_at=None,
        args=assignment.args,
        kwargs=assignment.kwargs,
        backend=task.backend,
        errors=[],
        worker_ids=[""] * assignment.attempt,
    )
    return TaskContext(task_result=result)
