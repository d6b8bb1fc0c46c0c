"""The queue of jobs, as it stands for all processes together."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily, Metric

from kawaraban.jobs import reads
from kawaraban.metrics.collecting import Remembered, age


def read() -> Iterator[Metric]:
    """How many jobs stand where, and how long the oldest waits. Cost: 2 queries."""
    counts = reads.counts()
    jobs = GaugeMetricFamily("kawaraban_jobs", "Jobs in the queue, by where they stand.", labels=["state"])
    for state in ("waiting", "later", "running", "dead"):
        jobs.add_metric([state], getattr(counts, state))
    yield jobs
    yield GaugeMetricFamily(
        "kawaraban_jobs_oldest_seconds", "How long the job that waits longest is due.", value=age(counts.oldest)
    )


QUEUE = Remembered(read)
REGISTRY.register(QUEUE)
