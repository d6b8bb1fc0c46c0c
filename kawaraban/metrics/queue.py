"""The queue of jobs, as it stands for all processes together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily, Metric

from kawaraban.jobs import reads
from kawaraban.metrics.collecting import Remembered, age

HOUR = timedelta(hours=1)


def read() -> Iterator[Metric]:
    """How many jobs stand where, what workers have done of late, and whether the clock runs. Cost: 4 queries."""
    counts = reads.counts()
    jobs = GaugeMetricFamily("kawaraban_jobs", "Jobs in the queue, by where they stand.", labels=["state"])
    for state in ("waiting", "later", "running", "dead"):
        jobs.add_metric([state], getattr(counts, state))
    yield jobs
    yield GaugeMetricFamily(
        "kawaraban_jobs_oldest_seconds", "How long the job that waits longest is due.", value=age(counts.oldest)
    )
    ended = GaugeMetricFamily("kawaraban_jobs_ended", "Jobs that ended within the hour.", labels=["task", "state"])
    took = GaugeMetricFamily(
        "kawaraban_jobs_ended_seconds", "How long the last tries of these took in all.", labels=["task", "state"]
    )
    for task, state, count, spent in reads.finished_within(HOUR):
        ended.add_metric([task, state], count)
        took.add_metric([task, state], spent.total_seconds())
    yield ended
    yield took
    yield GaugeMetricFamily(
        "kawaraban_clock_behind_seconds",
        "How long the periodic task that waits longest for a clock is due.",
        value=reads.clock_behind().total_seconds(),
    )


QUEUE = Remembered(read)
REGISTRY.register(QUEUE)
