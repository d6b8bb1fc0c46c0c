"""Reads of stories, counted in this process's memory until `actions.write_reads` writes them down. Plain Python.

Who reads is known to nobody. So that one person or program cannot count a story up, each network address is good for a
few reads of it within an hour; what is kept for that are two tables of small numbers, to which a keyed hash of address
and story leads. Key and tables are made anew each hour, and are never written down.
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from datetime import datetime
from hashlib import blake2b
from threading import Lock

from kawaraban.origin import block_of

# A household or an office behind one address is several readers; a loop is one.
PER_STORY = 3
PER_ADDRESS = 100
# Chance lets two readers share a place: with 100,000 reads within an hour, one in ten. A read is lost where a place is
# full; addresses have places of their own, or one that reads much would fill those of stories.
PLACES = 1 << 20
# Counts that wait to be written down; programs that make up stories do not fill the memory.
MOST_WAITING = 20_000

# Cubot makes telephones.
ROBOTS = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|headless|preview|fetch|monitor|curl|wget|python|java/|^$", re.IGNORECASE
)


def is_robot(user_agent: str) -> bool:
    """True for a program that says that it is one, or says nothing."""
    return ROBOTS.search(user_agent) is not None


class ReadCounter:
    """Counts by story and hour that wait to be written down, with the limits that hold meanwhile."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Begin as a process does, with nothing counted."""
        self._waiting: Counter[tuple[int, datetime]] = Counter()
        self._hour: datetime | None = None

    def count(self, story: int, address: str, at: datetime) -> bool:
        """Count one read; False, and nothing is counted, where it is one too many. Cost: a few microseconds."""
        hour = at.replace(minute=0, second=0, microsecond=0)
        # A connection of IPv6 has a /64 to itself.
        block = block_of(address, 32, 64)
        with self._lock:
            if hour != self._hour:
                self._hour, self._key = hour, secrets.token_bytes(32)
                self._by_story, self._by_address = bytearray(PLACES), bytearray(PLACES)
            here, everywhere = self._place(f"{block} {story}"), self._place(block)
            if self._by_story[here] >= PER_STORY or self._by_address[everywhere] >= PER_ADDRESS:
                return False
            if (story, hour) not in self._waiting and len(self._waiting) >= MOST_WAITING:
                return False
            self._by_story[here] += 1
            self._by_address[everywhere] += 1
            self._waiting[story, hour] += 1
            return True

    def take(self) -> dict[tuple[int, datetime], int]:
        """What has been counted since the last time, by story and hour; it waits here no longer."""
        with self._lock:
            taken, self._waiting = dict(self._waiting), Counter()
        return taken

    def put_back(self, counts: dict[tuple[int, datetime], int]) -> None:
        """Let what could not be written down wait for the next time."""
        with self._lock:
            self._waiting.update(counts)

    def _place(self, text: str) -> int:
        digest = blake2b(text.encode(), digest_size=8, key=self._key).digest()
        return int.from_bytes(digest, "big") % PLACES


counter = ReadCounter()
