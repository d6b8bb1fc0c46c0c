"""The last hour: rates, quantiles and gaps, from what a registry counts."""

from __future__ import annotations

from datetime import timedelta
from math import inf

import pytest
import time_machine
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from kawaraban.metrics import pages
from kawaraban.metrics.history import MINUTES, History, Snapshot, figures, quantile

BUCKETS = {0.1: 50.0, 0.2: 90.0, 0.5: 99.0, inf: 100.0}


@pytest.mark.parametrize(
    ("share", "value"), [(0.5, 0.1), (0.25, 0.05), (0.7, 0.15), (0.9, 0.2), (0.99, 0.5), (1.0, 0.5)]
)
def test_a_quantile_lies_evenly_within_its_bucket(share, value):
    assert quantile(share, BUCKETS) == pytest.approx(value)


@pytest.mark.parametrize("buckets", [{}, {0.1: 0.0, inf: 0.0}])
def test_of_nothing_there_is_no_quantile(buckets):
    assert quantile(0.5, buckets) is None


def test_what_lies_in_one_high_bucket_is_not_told_as_lower():
    assert quantile(0.5, {0.1: 0.0, 0.2: 0.0, 0.5: 10.0, inf: 10.0}) == pytest.approx(0.35)


class Counted:
    """A registry with what a site counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        named = {"registry": self.registry}
        self.requests = Counter("kawaraban_http_requests_total", "-", ["kind", "status"], **named)
        self.took = Histogram("kawaraban_http_request_duration_seconds", "-", ["kind"], buckets=(0.01, 0.1, 1), **named)
        self.streams = Gauge("kawaraban_streams_open", "-", **named)
        self.comments = Counter("kawaraban_comments_posted_total", "-", ["state"], **named)


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-23 14:00:00+00:00", tick=False) as travel:
        yield travel


def test_a_minute_tells_what_was_gained_in_it_and_how_things_stand(counted, clock):
    counted.requests.labels("read", "2xx").inc(1_000)
    counted.streams.set(3)
    before = Snapshot(counted.registry)
    clock.shift(timedelta(minutes=2))
    counted.requests.labels("read", "2xx").inc(60)
    counted.requests.labels("read", "4xx").inc(20)
    counted.requests.labels("desk", "5xx").inc(4)
    counted.comments.labels("shown").inc(6)
    counted.comments.labels("held").inc(2)
    counted.streams.set(7)
    for _ in range(98):
        counted.took.labels("read").observe(0.05)
    for _ in range(2):
        counted.took.labels("read").observe(0.5)
    told = figures(before, Snapshot(counted.registry))
    assert (told["pages"], told["made"], told["faults"], told["comments"], told["streams"]) == (40, 40, 2, 4, 7)
    assert 10 < told["page_p50"] < 100 < told["page_p99"] < 1_000
    assert "waiting" not in told, "what nobody counts is not told as 0"


FRONT = {
    "hits": 90, "former": 1, "waited": 30, "passed": 5, "made": 10, "failed": 0, "purges": 4, "removals": 0, "pages": 7,
    "bytes": 900, "room": 1_000, "evicted": 0, "oldest": 3.5, "stale": 0, "places": 16, "taken": 2, "highest": 9,
    "shed": {"search": 6}, "emergency": False,
}  # fmt: skip


@pytest.fixture
def front(monkeypatch, counted):
    """A front that tells of itself, in the same registry."""
    monkeypatch.setattr(pages, "_told", {**FRONT, **dict.fromkeys(("hits", "former", "waited", "made"), 0), "shed": {}})
    counted.registry.register(pages.Front())


def test_pages_from_memory_are_told_where_there_are_any(counted, front, clock):
    """Of 125 readers 90 had the page from memory; 30 waited for ten that Django made; 5 asked Django for their own."""
    before = Snapshot(counted.registry)
    clock.shift(timedelta(minutes=1))
    pages.tell(FRONT)
    counted.requests.labels("read", "2xx").inc(10 + 5)
    told = figures(before, Snapshot(counted.registry))
    assert (told["pages"], told["made"], told["remembered"], told["shed"]) == (125, 15, 75, 6)


def test_the_front_is_told_as_it_is(counted, front):
    pages.tell(FRONT)
    told = counted.registry.get_sample_value
    assert [told("kawaraban_edge_answers_total", {"source": each}) for each in ("memory", "former")] == [89, 1]
    assert told("kawaraban_edge_room_bytes") == 1_000
    assert told("kawaraban_edge_shed_total", {"class": "search"}) == 6


def test_an_hour_is_kept_and_no_more(counted, clock):
    kept = History(counted.registry)
    for minute in range(75):
        clock.shift(timedelta(minutes=1))
        counted.requests.labels("read", "2xx").inc(minute)
        kept.sample()
    minutes = kept.minutes()
    assert len(minutes) == MINUTES
    assert [each.figures["made"] for each in minutes] == [*range(15, 75)]
    assert minutes[-1].at - kept.since == timedelta(minutes=75)


def test_a_counter_that_began_anew_is_not_told_as_less_than_nothing(counted, clock):
    counted.comments.labels("shown").inc(5)
    before = Snapshot(counted.registry)
    clock.shift(timedelta(minutes=1))
    counted.comments.clear()
    counted.comments.labels("shown").inc(1)
    assert figures(before, Snapshot(counted.registry))["comments"] == 0
