"""Reads of stories: counted, written down, and after a month summed up."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.popularity import ReadCount
from kawaraban.newsroom.reading import counter

logger = logging.getLogger(__name__)

EVERY = 3  # seconds between two looks at what waits to be written down
HOURS_KEPT = timedelta(days=31)
ROWS_AT_ONCE = 5_000
# Django's own statement for rows that are there already would put one count in the place of the other.
ADD = (
    "INSERT INTO newsroom_readcount (story_id, hour, reads) VALUES {rows} "
    "ON CONFLICT (story_id, hour) DO UPDATE SET reads = newsroom_readcount.reads + excluded.reads"
)

Counts = Mapping[tuple[int, datetime], int]


def count_read(story_id: int, address: str) -> bool:
    """Whether a read was counted; it is written down within seconds. Cost: no query."""
    return counter.count(story_id, address, timezone.now().astimezone(UTC))


def write_reads() -> int:
    """How many reads were written down of those that waited; what the database does not take waits on.

    Cost: none when nothing waits, else 2 queries at any number of readers.
    """
    counts = counter.take()
    if not counts:
        return 0
    try:
        return record_reads(counts)
    except DatabaseError as error:
        counter.put_back(counts)
        logger.warning("Reads of stories wait to be written down: %s", error)
        return 0


@transaction.atomic
def record_reads(counts: Counts) -> int:
    """How many reads were added to those of each story and hour; of stories that are not there, none.

    Cost: 2 queries.
    """
    there = set(StoryPage.objects.filter(pk__in={story for story, _ in counts}).values_list("pk", flat=True))
    known = {(story, hour): reads for (story, hour), reads in counts.items() if story in there}
    _add(known)
    return sum(known.values())


@transaction.atomic
def sum_up_reads() -> int:
    """How many rows were summed up: those of hours older than a month become one for each story and month.

    Cost: 2 queries, and 1 for each 5,000 stories.
    """
    before = timezone.now() - HOURS_KEPT
    # The month that is summed up last may go on; its beginning is where its sum stands, and is summed with the rest.
    old = ReadCount.objects.filter(hour__lt=before).exclude(hour__day=1, hour__hour=0)
    with timezone.override(UTC):
        months = old.values("story").annotate(month=TruncMonth("hour", tzinfo=UTC)).annotate(total=Sum("reads"))
        sums = {(row["story"], row["month"]): row["total"] for row in months.order_by()}
        gone, _ = old.delete()
    _add(sums)
    return gone


def write_reads_regularly() -> None:
    """Begin a thread that writes down what waits every few seconds, and once more when the process ends."""
    ended = threading.Event()

    def write_and_let_go() -> None:
        if write_reads():
            connections.close_all()

    def go_on() -> None:
        while not ended.wait(EVERY):
            write_and_let_go()

    def end() -> None:
        ended.set()
        write_and_let_go()

    threading.Thread(target=go_on, name="reads", daemon=True).start()
    atexit.register(end)


def _add(counts: Counts) -> None:
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        # In one order everywhere, so that two processes never wait for each other.
        rows = [(story, adapt(hour), reads) for (story, hour), reads in sorted(counts.items())]
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[start : start + ROWS_AT_ONCE]
            sql = ADD.format(rows=", ".join(["(%s, %s, %s)"] * len(part)))
            cursor.execute(sql, [value for row in part for value in row])
