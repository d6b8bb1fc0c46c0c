"""The queue behind `from django_tasks import task`: a call is a row, written in the caller's transaction.

**At least once.** A job whose worker was killed is begun again, and nobody can know how far it had come. A task must
bear that: what it has done already it finds done, or does again without harm. `@task(takes_context=True)` gives it
`context.task_result.id`, which is the same at every try, and `context.attempt`, from 1.

**Its own process.** A task runs in a process that may crash, hang or be killed without harm to anything else; after
its time limit it is killed: `@task(time_limit=300)`, in seconds, 60 if not given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist
from django_tasks.utils import normalize_json

if TYPE_CHECKING:
    from kawaraban.jobs.models import Job

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedTask(Task[P, T]):
    """A task that may say how many seconds it needs at most."""

    time_limit: float | None = None


class DatabaseBackend(BaseTaskBackend):
    """Keeps calls in the table of jobs; `kawaraban worker` runs them."""

    task_class = TimedTask
    supports_defer = True
    supports_async_task = True
    supports_get_result = True
    supports_priority = True

    def validate_task(self, task: Task[..., Any]) -> None:
        """Refuse a task that no worker could run."""
        super().validate_task(task)
        limit = getattr(task, "time_limit", None)
        if limit is not None and limit <= 0:
            raise InvalidTaskError("time_limit must be a number of seconds above 0.")

    def enqueue(self, task: Task[P, T], args: P.args, kwargs: P.kwargs) -> TaskResult[T]:  # type: ignore[valid-type]
        """The call as a waiting job; it is there when the caller's transaction is, and gone with it. Cost: 1 query."""
        # Imported late: applications define tasks before there are models.
        from kawaraban.jobs import actions

        self.validate_task(task)
        arguments = {"args": normalize_json(args), "kwargs": normalize_json(kwargs)}
        return _result(actions.record_job(task.module_path, arguments, task.priority, task.run_after), task)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """What became of a call, for as long as its row is kept. Cost: 1 query."""
        from kawaraban.jobs.models import Job
        from kawaraban.jobs.runner import find_task

        job = Job.objects.filter(pk=int(result_id)).first() if result_id.isdecimal() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return _result(job, find_task(job.task))


def _result(job: Job, task: Task[P, T]) -> TaskResult[T]:
    states = {
        "waiting": TaskResultStatus.READY,
        "running": TaskResultStatus.RUNNING,
        "done": TaskResultStatus.SUCCESSFUL,
        "dead": TaskResultStatus.FAILED,
    }
    error = [TaskError(exception_class_path="", traceback=job.last_error)] if job.last_error else []
    result: TaskResult[T] = TaskResult(
        task=task,
        id=str(job.pk),
        status=states[job.state],
        enqueued_at=job.enqueued_at,
        started_at=job.started_at,
        last_attempted_at=job.started_at,
        finished_at=job.finished_at,
        args=job.arguments["args"],
        kwargs=job.arguments["kwargs"],
        backend=task.backend,
        errors=error,
        worker_ids=[job.lease_owner] * job.attempts,
    )
    object.__setattr__(result, "_return_value", job.value)
    return result
