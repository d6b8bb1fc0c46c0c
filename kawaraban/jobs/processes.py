"""What the room's processes share: they end when told to, or when who started them is gone, and keep one connection."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from types import FrameType
from typing import Any

from django.db import connections

_M_ARENA_MAX = -8  # glibc's number, in malloc.h


class Stop:
    """Whether this process has been asked to end."""

    def __init__(self) -> None:
        # A byte in a pipe wakes a wait that a signal alone would leave sleeping.
        self._wake, self._ask = os.pipe()
        # A command that a shell started goes on without it.
        self._parent = os.getppid() if multiprocessing.parent_process() else None
        self.asked = False

    def wait(self, seconds: float, others: Sequence[Any] = ()) -> list[Any]:
        """Those of the others that are ready, within so many seconds; at once when this process is asked to end.

        Where the process that started this one is gone, that is seen at the next call.
        """
        # Not the parent's end of a pipe: a process that was forked later holds it open as well.
        if self._parent is not None and os.getppid() != self._parent:
            self.asked = True
        ready = wait([*others, self._wake] if not self.asked else others, seconds)
        self.asked = self.asked or self._wake in ready
        return [one for one in ready if one != self._wake]

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
    """End this process when the one that started it is gone, whatever it is doing, within a second."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def close_connections() -> None:
    """Close what a process that is about to be forked from this one must not share: connections, and their pools."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL's alone


def get_ready_to_fork() -> None:
    """Leave nothing in this process that must not be shared, and much that will be: it is to fork the site's others."""
    close_connections()
    # Let glibc keep two heaps for all threads of a process, where it has one for each: what one frees others find.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)
    # What the garbage collector does not look at stays where it is.
    gc.collect()
    gc.freeze()


def keep_one_connection() -> None:
    """Keep one connection to each database from job to job, and look whether it still answers; no pool.

    A process that does one thing at a time needs no second one, and PostgreSQL has only so many.
    """
    for name in connections:
        given = connections[name].settings_dict
        given["OPTIONS"].pop("pool", None)
        given.update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
