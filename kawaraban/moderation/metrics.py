"""What is counted of moderation: what was asked of it here, and what waits for all."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import REGISTRY, Counter
from prometheus_client.core import GaugeMetricFamily, Metric

from kawaraban.metrics.collecting import Remembered, age
from kawaraban.moderation import reads

REPORTS = Counter("kawaraban_reports_total", "Comments that members reported.")
APPEALS = Counter("kawaraban_appeals_total", "Appeals that members made.")


def read() -> Iterator[Metric]:
    """How many cases wait in each queue, and how long the oldest has. Cost: 6 queries."""
    cases = GaugeMetricFamily("kawaraban_moderation_cases", "Cases that wait, by queue.", labels=["queue"])
    oldest = GaugeMetricFamily(
        "kawaraban_moderation_oldest_case_seconds", "How long the oldest case of each queue waits.", labels=["queue"]
    )
    for name, waiting in reads.counts().items():
        cases.add_metric([name], waiting.count)
        oldest.add_metric([name], age(waiting.oldest))
    yield cases
    yield oldest


WAITING = Remembered(read, seconds=30)
REGISTRY.register(WAITING)
