"""The last hour of this process, minute by minute, in memory: what Prometheus would keep, where there is none."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf

from django.db import connections
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry

logger = logging.getLogger(__name__)

MINUTES = 60

# A sample's name and its labels, sorted.
Key = tuple[str, tuple[tuple[str, str], ...]]
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Minute:
    """What happened in a minute that ended at `at`, by the names of `figures`; a figure that is missing is unknown."""

    at: datetime
    figures: Figures


class Snapshot:
    """Every figure of a registry at one moment; without a registry nothing has been counted yet."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.at = timezone.now()
        self._values: dict[Key, float] = {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for metric in (registry.collect() if registry else ())
            for sample in metric.samples
            if sample.name.startswith("kawaraban_")
        }

    def total(self, name: str, **labels: str | tuple[str, ...]) -> float | None:
        """The sum of all samples of a name that have these labels, or one of several; None where there is none."""
        found = list(self._matching(name, labels))
        return sum(value for _, value in found) if found else None

    def buckets(self, name: str, **labels: str) -> dict[float, float]:
        """How many of a histogram's observations were at most so much: a cumulative count for each upper bound."""
        found: dict[float, float] = {}
        for of, value in self._matching(f"{name}_bucket", dict(labels)):
            bound = float(of["le"])
            found[bound] = found.get(bound, 0.0) + value
        return found

    def _matching(
        self, name: str, labels: Mapping[str, str | tuple[str, ...]]
    ) -> Iterable[tuple[dict[str, str], float]]:
        for (each, pairs), value in self._values.items():
            if each != name:
                continue
            of = dict(pairs)
            if all(of.get(key) in ((want,) if isinstance(want, str) else want) for key, want in labels.items()):
                yield of, value


def quantile(share: float, buckets: Mapping[float, float]) -> float | None:
    """The value below which a share of the observations lies, as if they lay evenly in their bucket; None of none.

    Source: Prometheus, `histogram_quantile`. What lies beyond the last bound is told as that bound.

    Args:
        buckets: cumulative counts by upper bound, `inf` among them.
    """
    bounds = sorted(buckets)
    total = buckets[bounds[-1]] if bounds else 0
    if total <= 0:
        return None
    rank, below, before = share * total, 0.0, 0.0
    for bound in bounds:
        count = buckets[bound]
        if count >= rank and count > before:
            return below if bound == inf else below + (bound - below) * (rank - before) / (count - before)
        below, before = bound, count
    return below


def figures(before: Snapshot, after: Snapshot) -> Figures:
    """What the desk shows of the time between two snapshots. A figure is missing where nothing tells it."""
    minutes = max((after.at - before.at).total_seconds() / 60, 1 / 60)

    def gained(name: str, **labels: str | tuple[str, ...]) -> float | None:
        now = after.total(name, **labels)
        return None if now is None else max(0.0, now - (before.total(name, **labels) or 0.0))

    def rate(*gains: float | None) -> float | None:
        known = [gain for gain in gains if gain is not None]
        return sum(known) / minutes if known else None

    def milliseconds(share: float, name: str, **labels: str) -> float | None:
        past = before.buckets(name, **labels)
        now = {bound: count - past.get(bound, 0.0) for bound, count in after.buckets(name, **labels).items()}
        found = quantile(share, now)
        return None if found is None else found * 1000

    made = gained("kawaraban_http_requests_total", kind="read")
    # Where finished pages are remembered, Django knows nothing of those sent from memory, and makes one for many.
    remembered = gained("kawaraban_edge_answers_total", source=("memory", "former"))
    waited = gained("kawaraban_edge_answers_total", source="waited")
    for_many = gained("kawaraban_edge_made_total")
    asked = (remembered or 0) + (waited or 0)
    told: dict[str, float | None] = {
        "pages": rate(made, remembered, waited, -for_many if for_many else None),
        "made": rate(made),
        "page_p50": milliseconds(0.5, "kawaraban_http_request_duration_seconds", kind="read"),
        "page_p99": milliseconds(0.99, "kawaraban_http_request_duration_seconds", kind="read"),
        "remembered": 100 * (remembered or 0) / asked if asked else None,
        "shed": rate(gained("kawaraban_edge_shed_total")),
        "faults": rate(gained("kawaraban_http_requests_total", status="5xx")),
        "database_errors": rate(gained("kawaraban_database_errors_total")),
        "query_p50": milliseconds(0.5, "kawaraban_database_query_duration_seconds"),
        "query_p99": milliseconds(0.99, "kawaraban_database_query_duration_seconds"),
        "streams": after.total("kawaraban_streams_open"),
        "waiting": after.total("kawaraban_jobs", state="waiting"),
        "dead": after.total("kawaraban_jobs", state="dead"),
        "comments": rate(gained("kawaraban_comments_posted_total")),
        "votes": rate(gained("kawaraban_votes_cast_total")),
    }
    return {name: value for name, value in told.items() if value is not None}


class History:
    """The last hour, one `Minute` after the other. Any thread may ask."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self._registry = registry
        self._before = Snapshot()
        self.since = self._before.at
        self._minutes: deque[Minute] = deque(maxlen=MINUTES)
        self._lock = threading.Lock()

    def sample(self) -> None:
        """Keep what happened since the last call. Cost: the queries of all that is read from the database."""
        after = Snapshot(self._registry)
        with self._lock:
            self._minutes.append(Minute(after.at, figures(self._before, after)))
            self._before = after

    def minutes(self) -> list[Minute]:
        """What is kept, the oldest first."""
        with self._lock:
            return list(self._minutes)


_history: History | None = None
_starting = threading.Lock()


def current() -> History | None:
    """The history of this process; None where none is kept, as in a process that serves nothing."""
    return _history


def begin() -> None:
    """Keep a history from now on, by a thread that looks once a minute; called again it does nothing."""
    global _history
    if _history is not None:
        return
    with _starting:
        if _history is None:
            _history = History()
            threading.Thread(target=_go_on, args=(_history,), name="history", daemon=True).start()


def _go_on(history: History) -> None:
    pause = threading.Event()
    while not pause.wait(60):
        try:
            history.sample()
        except Exception:
            logger.exception("A minute is missing in the figures of the last hour.")
        finally:
            connections.close_all()
