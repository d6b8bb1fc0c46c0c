"""`make bench-groups`: a thread with a million votes, its groups looked for with the database, and votes meanwhile.

Rows are written as they are; everything measured goes through the room's actions. Process time counts this process
alone, with SQLite in it and PostgreSQL beside it.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import time
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import django
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.opinion import crowd
from kawaraban.accounts.models import User
from kawaraban.discussion import actions
from kawaraban.discussion.actions import fits
from kawaraban.discussion.models import Comment, Thread, Vote

READERS, COMMENTS = 50_000, 10_000
VOTES = int(os.environ.get("BENCH_VOTES", "1000000"))
ROWS = 5_000
CAST = 200


def main() -> int:
    """Print the figures. None is limited here; `bench.opinion` limits what the arithmetic may take."""
    call_command("migrate", verbosity=0)
    versions = f"Python {platform.python_version()}, Django {django.get_version()}"
    print(f"{versions}, {connection.vendor}, {platform.machine()}")
    thread, voters = _thread()
    _cast("a vote where there are no groups", thread, voters[:CAST])
    for name in ("from nothing", "from the last fit"):
        _fit(name, thread)
    _cast("a vote of who is in a group", thread, voters[CAST : 2 * CAST])
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0


def _thread() -> tuple[Thread, list[User]]:
    thread = Thread.objects.create(title="A bridge", url="/bridge/", last_number=COMMENTS, has_new_votes=True)
    joined, cast_at = timezone.now() - timedelta(days=90), timezone.now() - timedelta(days=2)
    User.objects.bulk_create(
        (
            User(
                email=f"{n}@readers.example",
                handle=f"Reader {n}",
                slug=f"reader-{n}",
                skeleton=f"r{n}",
                date_joined=joined,
            )
            for n in range(READERS)
        ),
        batch_size=ROWS,
    )
    voters = list(User.objects.order_by("pk"))
    u, c, v = crowd(READERS, COMMENTS, VOTES)
    up, down = [0] * COMMENTS, [0] * COMMENTS
    for comment, value in zip(c.tolist(), v.tolist(), strict=True):
        (up if value > 0 else down)[comment] += 1
    Comment.objects.bulk_create(
        (
            Comment(
                thread=thread, number=n + 1, signed="Nobody", source="So.", html="<p>So.</p>", up=up[n], down=down[n]
            )
            for n in range(COMMENTS)
        ),
        batch_size=ROWS,
    )
    keys = list(Comment.objects.order_by("number").values_list("pk", flat=True))
    rows = zip(u.tolist(), c.tolist(), v.tolist(), strict=True)
    Vote.objects.bulk_create(
        (
            Vote(voter=voters[reader], comment_id=keys[comment], value=value, cast_at=cast_at)
            for reader, comment, value in rows
        ),
        batch_size=ROWS,
    )
    print(f"{len(u):,} votes of {READERS:,} readers on {COMMENTS:,} comments")
    return thread, voters


def _fit(name: str, thread: Thread) -> None:
    kept, keep = [], fits._keep

    def timed(*what: Any) -> None:
        began = time.monotonic()
        keep(*what)
        kept.append(time.monotonic() - began)

    began, process = time.monotonic(), time.process_time()
    with CaptureQueriesContext(connection) as asked, patch.object(fits, "_keep", timed):
        fit = actions.fit_thread(thread.pk)
    took, process = time.monotonic() - began, time.process_time() - process
    print(
        f"{name}: {took:.1f} s ({process:.1f} of this process), {kept[0]:.1f} of it in the transaction, "
        f"{len(asked)} queries, groups {fit.sizes if fit else []}"
    )


def _cast(name: str, thread: Thread, voters: list[User]) -> None:
    times = []
    for number, voter in enumerate(voters, start=1):
        began = time.process_time()
        actions.cast_vote(voter, thread.pk, number, 1 if number % 2 else -1)
        times.append(1_000 * (time.process_time() - began))
    print(f"{name}: {statistics.median(times):.1f} ms")
