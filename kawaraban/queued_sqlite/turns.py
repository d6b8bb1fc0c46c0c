"""Whose turn it is to write a SQLite file: first come, first served, within a process and between processes.

SQLite lets one transaction write at a time, and whoever finds another writing sleeps and tries again, for longer and
longer. Where writers follow each other closely a sleeper may find the file taken every time: of eight threads that vote
one waited five seconds, on a file that answers in two thousandths of a second. Here each waits to be called.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from pathlib import Path

PAUSE = 0.0005  # seconds between two looks whether another process has ended its turn
# Bytes of the file that stand for being the next process to write, and for writing.
NEXT, NOW = 0, 1


class TooLong(Exception):  # noqa: N818 - said to the caller in its own words
    """The turn did not come in time."""


class Turns:
    """The queue of one SQLite file. Any thread may use it; who takes a turn must give it back.

    The queue is left when the process ends, however it ends, and is not kept over a fork.

    Args:
        path: a file that exists for the queue alone; it stays empty.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._forget()

    def _forget(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False
        self._file = -1

    def take(self, seconds: float) -> None:
        """Wait for the turn of this thread, and take it.

        Raises:
            TooLong: it did not come within so many seconds.
            OSError: the file cannot be opened.
        """
        if self._process != os.getpid():
            self._forget()
        until = time.monotonic() + seconds
        self._take_among_threads(seconds)
        try:
            self._take_among_processes(until)
        except BaseException:
            self._give_to_next_thread()
            raise

    def give(self) -> None:
        """Give the turn back, to whoever waits longest."""
        if self._process != os.getpid():
            return  # it was taken by the process that this one was forked from
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, NOW)
        self._give_to_next_thread()

    def _take_among_threads(self, seconds: float) -> None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            call = threading.Lock()
            call.acquire()
            self._waiting.append(call)
        if call.acquire(timeout=seconds):
            return
        with self._lock:
            if call in self._waiting:
                self._waiting.remove(call)
                raise TooLong
        # Called in the very moment in which it lost patience: the turn is its own.

    def _give_to_next_thread(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False

    def _take_among_processes(self, until: float) -> None:
        """Whoever is next waits for who is now; all others wait to be next, so that nobody comes twice in between."""
        if self._file < 0:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._hold(NEXT, until)
        try:
            self._hold(NOW, until)
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, NEXT)

    def _hold(self, place: int, until: float) -> None:
        while True:
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise TooLong from None
                time.sleep(PAUSE)
            else:
                return
