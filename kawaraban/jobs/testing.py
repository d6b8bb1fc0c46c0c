"""Jobs for tests: they are run here and now, and not in processes of their own."""

from __future__ import annotations

from kawaraban.jobs import actions, runner
from kawaraban.jobs.limits import Limits


def run_jobs(*, limits: Limits | None = None, most: int = 1_000, forgiving: bool = False) -> int:
    """Run every job that is due, and those that they enqueue, in this process; the number of tries.

    Args:
        most: fail beyond so many: a task that enqueues itself would never end.
        forgiving: let a task that raises fail and wait for its next try, as a site does; else the test fails with it.
    """
    limits = limits or Limits()
    done = 0
    while job := actions.begin_next("tests", limits):
        done += 1
        if done > most:
            raise AssertionError(f"More than {most} jobs: does {job.task} enqueue itself?")
        outcome = runner.run(runner.assign(job, limits))
        actions.finish("tests", job.pk, job.attempts, outcome, limits)
        if outcome.exception is not None and not forgiving:
            raise outcome.exception
    return done
