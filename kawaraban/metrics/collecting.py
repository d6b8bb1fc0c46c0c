"""Figures that stand in the database, read when somebody asks for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils import timezone
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from kawaraban.metrics import database


class Remembered(Collector):
    """Figures that hold for some seconds once they are read. While the database is away there are none.

    Args:
        read: gives the figures; it asks the database, in a known number of queries.
        seconds: how long they hold, so that many who ask cost no more than one.
    """

    def __init__(self, read: Callable[[], Iterable[Metric]], seconds: float = 10) -> None:
        self._read = read
        self._seconds = seconds
        self._kept: list[Metric] = []
        self._until = 0.0
        self._lock = threading.Lock()

    def describe(self) -> Iterable[Metric]:
        """Nothing: the registry asks when it takes this up, and tables may not be there yet."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The figures. Cost: those of `read`, and none within `seconds`."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._kept = list(self._read()) if database.answers(lately=2) else []
                self._until = time.monotonic() + self._seconds
            return self._kept

    def forget(self) -> None:
        """Read again when next asked."""
        self._until = 0.0


def age(since: datetime | None) -> float:
    """Seconds since then; 0 where nothing waits, and where a clock was set back."""
    return max(0.0, (timezone.now() - since).total_seconds()) if since else 0.0
