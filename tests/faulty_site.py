"""`python -m tests.faulty_site PLAN SIZE`: workers on a database of their own, through kills or poison.

A process of its own, because workers are: what they do is committed and what kills them kills. The plan is `kills`,
in the first SIZE phases, or `poison` with SIZE tasks; the report is one line of JSON on standard output.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import django

from kawaraban.jobs.companion import alongside
from kawaraban.jobs.limits import Limits

# As on a site, but quicker: what takes a minute there takes seconds here.
LIMITS = Limits(lease=3.0, heartbeat=1.0, time_limit=1.0, first_pause=0.2, growth=2.0)
PATIENCE = 240.0
# Of fewer tasks the pace says nothing: the start of one process weighs too much.
MANY = 1_000
TURNS = (False, True) * 2
# Who is killed, before or after the task's own commit, and how long it has run by then: beyond 1 s, on a lease renewed.
PHASES = [
    ("worker", "before", 0.0),
    ("child", "after", 0.0),
    ("worker", "after", 1.7),
    ("child", "before", 1.7),
    ("worker", "before", 1.7),
    ("child", "after", 1.7),
    ("worker", "after", 0.0),
    ("child", "before", 0.0),
]


def main(plan: str, size: int) -> None:
    """Make the tables, run the plan, print the report."""
    django.setup()
    from django.db import connection

    from kawaraban.jobs.models import Job, Periodic
    from tests import faulty_tasks

    with connection.schema_editor() as editor:
        editor.create_model(Job)
        editor.create_model(Periodic)
    with connection.cursor() as cursor:
        cursor.execute(faulty_tasks.MARKS)
    report = kills(size) if plan == "kills" else poison(size)
    sys.stdout.write(json.dumps({"database": connection.vendor, **report}) + "\n")


def kills(size: int) -> dict[str, Any]:
    """Two workers with two slots each; one of them, or its child, is killed in each phase, one after another."""
    from tests import faulty_tasks

    gone = multiprocessing.get_context("spawn").Process(target=_take_and_die)
    lost = faulty_tasks.well.enqueue()
    gone.start()
    gone.join()
    _note_kill(lost.id)
    with _workers(2):
        _wait_until_done()
        for who, when, pause in PHASES[:size]:
            faulty_tasks.killed.enqueue(who, when, pause)
            for _ in range(5):
                faulty_tasks.well.enqueue()
            _wait_until_done()
    killed = [line.split() for line in _kills().read_text(encoding="ascii").splitlines()]
    begun = {str(job.pk): job.started_at.timestamp() for job in _jobs()}
    after = {job: round(begun[job] - float(at), 1) for job, at in killed}
    return {**_report(), "kills": len(killed), "retaken_after": sorted(after.values())}


def poison(size: int) -> dict[str, Any]:
    """One worker with two slots: as many tasks without poison and with one per cent of it, in turns when many."""
    from kawaraban.jobs.models import Job

    paces: dict[bool, list[float]] = {False: [], True: []}
    to_death: list[float] = []
    reports = []
    for poisoned in TURNS if size >= MANY else (True,):
        Job.objects.all().delete()
        _enqueue(size, poisoned)
        with _workers(1):
            _wait_until_done()
        well = [job for job in _jobs() if job.task.endswith("well")]
        span = max(job.finished_at for job in well) - min(job.started_at for job in well)
        paces[poisoned].append(len(well) / span.total_seconds())
        to_death += [(job.finished_at - job.enqueued_at).total_seconds() for job in _jobs() if job.state == "dead"]
        reports.append(_report())
    return {
        "runs": reports,
        "pace": [round(pace, 1) for pace in paces[False]],
        "pace_with_poison": [round(pace, 1) for pace in paces[True]],
        # The best of each: what else the machine has to do only ever slows them down.
        "ratio": round(max(paces[True]) / max(paces[False]), 3) if paces[False] else None,
        "to_death": sorted(round(seconds, 1) for seconds in to_death),
    }


def work(slots: int) -> None:
    """A worker, as the whole of a fresh process."""
    django.setup()
    from kawaraban.jobs.worker import Worker

    Worker(slots, limits=LIMITS).run()


def _take_and_die() -> None:
    django.setup()
    from kawaraban.jobs import actions

    assert actions.begin_next("gone", LIMITS)
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def _workers(number: int) -> Iterator[None]:
    """Workers beside the block, however often they die."""
    with ExitStack() as stack:
        for _ in range(number):
            stack.enter_context(alongside(work, 2, first_pause=0.1, longest_pause=0.2))
        yield


def _wait_until_done() -> None:
    from kawaraban.jobs.models import Job

    until = time.monotonic() + PATIENCE
    while Job.objects.filter(state__in=("waiting", "running")).exists() and time.monotonic() < until:
        time.sleep(0.1)


def _enqueue(size: int, poisoned: bool) -> None:
    from django.db import transaction

    from tests import faulty_tasks

    bad = set(random.Random(2026).sample(range(size), size // 100)) if poisoned else set()  # noqa: S311 - a fixed draw
    kinds = iter(faulty_tasks.KINDS * size)
    with transaction.atomic():
        for number in range(size):
            if number in bad:
                faulty_tasks.poison.enqueue(next(kinds))
            else:
                # As long as a mail takes: so slots are what is scarce, and not the processor, which others use too.
                faulty_tasks.well.enqueue(0.03)


def _report() -> dict[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT job, count(*) FROM marks GROUP BY job")
        marks = dict(cursor.fetchall())
    jobs = _jobs()
    return {
        "states": Counter(job.state for job in jobs),
        "errors": sorted({job.last_error for job in jobs if job.state == "dead"}),
        "tries_of_the_dead": sorted({job.attempts for job in jobs if job.state == "dead"}),
        "undone": [job.pk for job in jobs if job.state == "done" and not marks.get(job.pk)],
        "done_twice": sum(count - 1 for pk, count in marks.items() if count > 1),
        "more_often_than_tried": [job.pk for job in jobs if marks.get(job.pk, 0) > job.attempts],
    }


def _jobs() -> list[Any]:
    from kawaraban.jobs.models import Job

    return list(Job.objects.order_by("pk"))


def _kills() -> Path:
    from django.conf import settings

    return Path(settings.HOME, "kills")


def _note_kill(job: str) -> None:
    with _kills().open("a", encoding="ascii") as file:
        file.write(f"{job} {time.time()}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
