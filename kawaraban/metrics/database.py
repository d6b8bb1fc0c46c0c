"""How long the database takes to answer, whether it does at all, and how much room and how many connections it has."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

QUERIES = Histogram(
    "kawaraban_database_query_duration_seconds",
    "How long statements took, as the process that asked saw it.",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
ERRORS = Counter(
    "kawaraban_database_errors_total", "Statements that failed because the database was away, locked or too slow."
)


def timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a statement and count it: a wrapper for `connection.execute_wrappers`. Cost: about 1 µs."""
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    except (OperationalError, InterfaceError):
        ERRORS.inc()
        raise
    finally:
        QUERIES.observe(time.perf_counter() - began)


# --- Does it answer? -------------------------------------------------------------------------------------------------


class _Question:
    """One connection and one statement, in a thread that nobody has to wait for."""

    def __init__(self) -> None:
        self.is_answered = False
        self.over = threading.Event()
        self.asked_at = time.monotonic()
        threading.Thread(target=self._ask, name="database-question", daemon=True).start()

    def _ask(self) -> None:
        # A connection of its own: a pool whose connections are all in use is no database that is away.
        own = connection.copy()
        own.settings_dict["OPTIONS"].pop("pool", None)
        try:
            with own.cursor() as cursor:
                cursor.execute("SELECT 1")
                self.is_answered = cursor.fetchone() == (1,)
        except (DatabaseError, OSError):
            self.is_answered = False
        finally:
            own.close()
            self.over.set()


_last: _Question | None = None
_lock = threading.Lock()


def answers(within: float = 1.0, lately: float = 0.0) -> bool:
    """Whether the database answers. However often one asks, and however it hangs, one thread waits for it.

    Cost: a connection and 1 query, on neither of which the caller's own connection is spent.

    Args:
        within: seconds that it may take.
        lately: seconds for which the last answer is good enough.
    """
    global _last
    with _lock:
        question = _last
        if question is None or (question.over.is_set() and time.monotonic() - question.asked_at >= lately):
            question = _last = _Question()
    return question.over.wait(within) and question.is_answered


# --- Figures ---------------------------------------------------------------------------------------------------------


class Database(Collector):
    """Whether the database answers; the file of SQLite, or the connections to PostgreSQL."""

    def describe(self) -> Iterable[Metric]:
        """Nothing: taking this up should not ask the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """The figures. Cost: 1 query, on a connection of its own, and none within 2 seconds."""
        up = answers(lately=2)
        yield GaugeMetricFamily("kawaraban_database_up", "1 while the database answers within a second.", value=up)
        yield from _files() if connection.vendor == "sqlite" else _pool()


def _files() -> Iterator[Metric]:
    size = GaugeMetricFamily(
        "kawaraban_database_size_bytes", "Size of SQLite's files: the database, and its log (WAL).", labels=["file"]
    )
    for label, suffix in (("database", ""), ("wal", "-wal")):
        file = Path(f"{connection.settings_dict['NAME']}{suffix}")
        size.add_metric([label], file.stat().st_size if file.exists() else 0)
    yield size


def _pool() -> Iterator[Metric]:
    pool = getattr(connection, "_connection_pools", {}).get(connection.alias)
    if pool is None:
        return
    stats = pool.get_stats()
    open_now, idle = stats.get("pool_size", 0), stats.get("pool_available", 0)
    connections = GaugeMetricFamily(
        "kawaraban_database_connections", "Connections of this process to PostgreSQL.", labels=["state"]
    )
    connections.add_metric(["idle"], idle)
    connections.add_metric(["used"], open_now - idle)
    yield connections
    yield GaugeMetricFamily(
        "kawaraban_database_connections_awaited",
        "Requests that wait for a connection.",
        value=stats.get("requests_waiting", 0),
    )


REGISTRY.register(Database())
