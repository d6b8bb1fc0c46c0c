"""Remembered pages on disk, so that a process that starts has them: a file each, whose first line says what it is.

Several processes may share the folder; a file is written beside and moved into place.
"""

from __future__ import annotations

import contextlib
import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from kawaraban.edge.pages import Page
from kawaraban.edge.renewing import LAST_RESORT
from kawaraban.edge.store import Key

logger = logging.getLogger(__name__)

FORMAT = 1
SUFFIX = ".page"
WAITING = 500  # files that wait to be written; beyond them a page is written when it is made the next time
PRUNE = 600.0  # seconds between two looks at what takes too much room

# What was taken back: when, in seconds of the epoch, and its tags.
Removed = tuple[float, frozenset[str]]


class Spill:
    """The folder of remembered pages.

    Args:
        room: bytes that its files may take; the oldest go first.
    """

    def __init__(self, folder: Path, room: int) -> None:
        self._folder = folder
        self._room = room
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="spill")
        self._slots = threading.BoundedSemaphore(WAITING)
        self._pruned = time.monotonic()
        self._is_failing = False
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, key: Key, page: Page) -> None:
        """Write a page in its own time, unless too many wait."""
        self._later(lambda: self._write(key, page))

    def drop(self, key: Key) -> None:
        """Delete the page's file: it was taken back, or is no page any more."""
        self._later(lambda: self._path(key).unlink(missing_ok=True), at_any_rate=True)

    def load(self, removed: Iterable[Removed], margin: float) -> Iterator[tuple[Key, Page]]:
        """The pages that may still be shown, the newest first; each is old. What may not is deleted.

        Args:
            removed: what was taken back since the oldest of them was made.
            margin: seconds by which a page may be younger than what was taken back, and show it all the same.
        """
        gone = list(removed)
        for path in sorted(self._folder.glob(f"*{SUFFIX}"), key=_written, reverse=True):
            try:
                key, page, began = _read(path)
            except (OSError, ValueError, KeyError, TypeError):
                path.unlink(missing_ok=True)
                continue
            tags = page.about | page.mentions
            if time.time() - began > LAST_RESORT or any(at + margin >= began and tags & of for at, of in gone):
                path.unlink(missing_ok=True)
            else:
                yield key, page

    def close(self) -> None:
        """Write what waits."""
        self._writer.shutdown()

    def _path(self, key: Key) -> Path:
        return self._folder / (sha256(repr(tuple(key)).encode()).hexdigest()[:40] + SUFFIX)

    def _later(self, work: Callable[[], object], *, at_any_rate: bool = False) -> None:
        has_slot = self._slots.acquire(blocking=False)
        if not has_slot and not at_any_rate:
            return

        def done() -> None:
            try:
                work()
                self._prune()
                self._is_failing = False
            except OSError as error:  # the disk is full: pages are kept in memory all the same
                if not self._is_failing:
                    logger.warning("Pages are not kept on disk: %s", error)
                self._is_failing = True
            finally:
                if has_slot:
                    self._slots.release()

        with contextlib.suppress(RuntimeError):  # the process ends
            self._writer.submit(done)

    def _write(self, key: Key, page: Page) -> None:
        head = {
            "format": FORMAT,
            "key": [key.host.decode("latin-1"), key.path, key.query],
            "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in page.headers],
            "cache_control": page.cache_control.decode("latin-1"),
            "about": sorted(page.about),
            "mentions": sorted(page.mentions),
            "began": time.time() - (time.monotonic() - page.began),
            "digest": sha256(page.compact).hexdigest(),
        }
        path = self._path(key)
        draft = path.with_suffix(".new")
        draft.write_bytes(json.dumps(head).encode() + b"\n" + page.compact)
        draft.replace(path)

    def _prune(self) -> None:
        if time.monotonic() - self._pruned < PRUNE:
            return
        self._pruned = time.monotonic()
        left = self._room
        for path in sorted(self._folder.glob(f"*{SUFFIX}"), key=_written, reverse=True):
            left -= path.stat().st_size
            if left < 0 or time.time() - _written(path) > LAST_RESORT:
                path.unlink(missing_ok=True)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _read(path: Path) -> tuple[Key, Page, float]:
    head, _, compact = path.read_bytes().partition(b"\n")
    said = json.loads(head)
    # A file that a power cut has left half written is no page.
    if said["format"] != FORMAT or said["digest"] != sha256(compact).hexdigest():
        raise ValueError("another format, or broken")
    host, place, query = said["key"]
    began = float(said["began"])
    made = time.monotonic() - (time.time() - began)
    page = Page(
        [(name.encode("latin-1"), value.encode("latin-1")) for name, value in said["headers"]],
        compact,
        frozenset(said["about"]),
        frozenset(said["mentions"]),
        made,
        aged=made,  # what has changed since is not known
        paced=made,
        cache_control=said["cache_control"].encode("latin-1"),
    )
    return Key(host.encode("latin-1"), place, query), page, began
