"""What the room's processes share: they end when told to, or when who started them is gone, and keep one connection."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import wait
from types import FrameType
from typing import Any

from django.db import connections


class Stop:
    """Whether this process has been asked to end."""

    def __init__(self) -> None:
        # A byte in a pipe wakes a wait that a signal alone would leave sleeping.
        self._wake, self._ask = os.pipe()
        parent = multiprocessing.parent_process()
        self._waking = [self._wake, *([parent.sentinel] if parent else [])]
        self.asked = False

    def wait(self, seconds: float, others: Sequence[Any] = ()) -> list[Any]:
        """Those of the others that are ready, within so many seconds; at once when this process is asked to end."""
        ready = wait([*others, *self._waking] if not self.asked else others, seconds)
        self.asked = self.asked or any(one in self._waking for one in ready)
        return [one for one in ready if one not in self._waking]

    def ask(self, *_: int | FrameType | None) -> None:
        """Ask this process to end; as a signal's handler, or from another thread."""
        os.write(self._ask, b".")


@contextmanager
def until_stopped() -> Iterator[Stop]:
    """Ctrl-C, SIGTERM and the end of the process that started this one ask it to end."""
    stop = Stop()
    before = {sign: signal.signal(sign, stop.ask) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def end_with_parent() -> None:
    """End this process when the one that started it is gone, whatever it is doing."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def keep_one_connection() -> None:
    """Keep one connection to each database from job to job, and look whether it still answers; no pool.

    A process that does one thing at a time needs no second one, and PostgreSQL has only so many.
    """
    for name in connections:
        given = connections[name].settings_dict
        given["OPTIONS"].pop("pool", None)
        given.update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
