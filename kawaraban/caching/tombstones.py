"""What was taken back, in a file: a process that starts while the database is away reads it.

Written before the transaction commits. One that is rolled back leaves a line too many, which costs a page made anew.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Iterable

from kawaraban import home

logger = logging.getLogger(__name__)

NAME = "removed"
LONGEST = 1_000_000  # bytes, some 20,000 lines; of more than that the older half is left out


def write(tags: Iterable[str]) -> None:
    """Add tags to the file, with the time. Whatever keeps it from being written does not keep the change back."""
    file = home.home() / NAME
    line = f"{time.time():.3f} {' '.join(tags)}\n".encode()
    try:
        with contextlib.suppress(FileNotFoundError):
            if file.stat().st_size > LONGEST:
                _halve()
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line)  # in one piece, also beside other processes
        finally:
            os.close(descriptor)
    except OSError as error:
        logger.warning("What was taken back is not in the file that a start without a database reads: %s", error)


def since(moment: float) -> list[tuple[float, frozenset[str]]]:
    """What was taken back since then: when, both in seconds of the epoch, and its tags; nothing without a file."""
    try:
        lines = (home.home() / NAME).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        at, *tags = line.split(" ")
        with contextlib.suppress(ValueError):  # half a line, of a disk that was full
            found.append((float(at), frozenset(tags)))
    return [entry for entry in found if entry[0] >= moment]


def _halve() -> None:
    file = home.home() / NAME
    lines = file.read_bytes().splitlines(keepends=True)
    fresh = file.with_suffix(".new")
    fresh.write_bytes(b"".join(lines[len(lines) // 2 :]))
    fresh.replace(file)
