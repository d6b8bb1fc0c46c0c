"""What the front that remembers finished pages tells of itself.

It counts in plain numbers on its own event loop, where a counter's lock would cost more than the answer, and hands them
over every few seconds. This module imports no tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

_told: Mapping[str, Any] | None = None

COUNTERS = {
    "made": "Pages that the site made to be remembered.",
    "failed": "Pages that could not be made.",
    "purges": "Changes by which pages had to be made anew.",
    "removals": "Changes by which pages were taken back at once.",
    "evicted": "Pages that left for want of room.",
}
GAUGES = {
    "pages": ("pages", "Remembered pages."),
    "bytes": ("bytes", "Memory that they take."),
    "room": ("room_bytes", "Memory that they may take."),
    "oldest": ("oldest_seconds", "Age of the oldest page."),
    "stale": ("stale_pages", "Pages that stand in for what cannot be made at present."),
    "places": ("places", "Requests that the site works on at once, at most."),
    "taken": ("places_taken", "Requests that the site works on."),
}


def tell(facts: Mapping[str, Any]) -> None:
    """Keep what the front says now, as `edge.running.facts` has it, in place of what it said before. Cost: none."""
    global _told
    _told = facts


class Front(Collector):
    """The last word of the front; nothing where there is none."""

    def describe(self) -> Iterable[Metric]:
        """Nothing, as long as there is no front."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """The figures. Cost: none."""
        facts = _told
        if facts is None:
            return
        answers = CounterMetricFamily(
            "kawaraban_edge_answers", "Requests for pages, by who answered.", labels=["source"]
        )
        for source, count in sources(facts).items():
            answers.add_metric([source], count)
        yield answers
        for name, words in COUNTERS.items():
            yield CounterMetricFamily(f"kawaraban_edge_{name}", words, value=facts[name])
        for name, (called, words) in GAUGES.items():
            yield GaugeMetricFamily(f"kawaraban_edge_{called}", words, value=facts[name])
        shed = CounterMetricFamily("kawaraban_edge_shed", "Requests that were turned away, by class.", labels=["class"])
        for kind, count in facts["shed"].items():
            shed.add_metric([kind], count)
        yield shed


def sources(facts: Mapping[str, Any]) -> dict[str, int]:
    """How many were answered from memory as things stand, with the former page, with one that was made meanwhile, or by
    the site itself.
    """
    return {
        "memory": facts["hits"] - facts["former"],
        "former": facts["former"],
        "waited": facts["waited"],
        "passed": facts["passed"],
    }


REGISTRY.register(Front())
