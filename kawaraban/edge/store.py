"""The pages that a process remembers, within bounds, by their keys and by what they are about and mention.

To be used from one thread.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kawaraban.edge.pages import Page


class Key(NamedTuple):
    """What tells two pages apart: the name by which the site was asked, the path, and what matters of the query."""

    host: bytes
    path: str
    query: str


# Before everything: what was made before the machine started lies below zero on the monotonic clock.
NEVER = float("-inf")
# A page is never longer in the making than that, or it is not kept.
LONGEST_MAKING = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Change:
    """A purge that this process has heard of, and when, in seconds of the monotonic clock."""

    at: float
    tags: frozenset[str]
    removes: bool


class Store:
    """Remembered pages; the least recently used go first when there is no more room.

    Args:
        room: bytes that the pages may take, about.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.size = 0
        self.evicted = 0
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._sizes: dict[Key, int] = {}
        self._about: dict[str, set[Key]] = {}
        self._mentions: dict[str, set[Key]] = {}
        self._changes: deque[Change] = deque()

    def __len__(self) -> int:
        return len(self._pages)

    def __iter__(self) -> Iterator[tuple[Key, Page]]:
        return iter(self._pages.items())

    def get(self, key: Key) -> Page | None:
        """The page, which thereby is the most recently used."""
        page = self._pages.get(key)
        if page is not None:
            self._pages.move_to_end(key)
        return page

    def put(self, key: Key, page: Page) -> bool:
        """Remember a page, in the place of its former one. False if it may not be shown.

        What was purged while it was in the making may be in it or not: it is old from the beginning. What was taken
        back meanwhile may be in it as well: it is not kept.
        """
        for change in self._changes:
            if change.at < page.began:
                continue
            if change.removes and (change.tags & page.about or change.tags & page.mentions):
                return False
            if change.tags & page.about:
                page.aged = page.aged or change.at
        self.drop(key)
        self._pages[key] = page
        for index, tags in ((self._about, page.about), (self._mentions, page.mentions)):
            for tag in tags:
                index.setdefault(tag, set()).add(key)
        self.grown(key)
        return key in self._pages

    def grown(self, key: Key) -> None:
        """Reckon with the size that a page has now; let others go if there is no more room."""
        page = self._pages.get(key)
        if page is None:
            return
        self.size += page.size - self._sizes.get(key, 0)
        self._sizes[key] = page.size
        while self.size > self.room and self._pages:
            self.drop(next(iter(self._pages)))
            self.evicted += 1

    def purge(self, tags: Iterable[str]) -> int:
        """Let the pages about these be old; how many those are."""
        change = self._heard(tags, removes=False)
        keys = self._keys(self._about, change.tags)
        for key in keys:
            page = self._pages[key]
            page.aged = page.aged or change.at
        return len(keys)

    def remove(self, tags: Iterable[str]) -> list[Key]:
        """Forget the pages that are about these or mention them; which those were."""
        change = self._heard(tags, removes=True)
        keys = self._keys(self._about, change.tags) | self._keys(self._mentions, change.tags)
        for key in keys:
            self.drop(key)
        return list(keys)

    def drop(self, key: Key) -> None:
        """Forget a page."""
        page = self._pages.pop(key, None)
        if page is None:
            return
        self.size -= self._sizes.pop(key)
        for index, tags in ((self._about, page.about), (self._mentions, page.mentions)):
            for tag in tags:
                keys = index[tag]
                keys.discard(key)
                if not keys:
                    del index[tag]

    def _heard(self, tags: Iterable[str], *, removes: bool) -> Change:
        change = Change(time.monotonic(), frozenset(tags), removes)
        self._changes.append(change)
        while self._changes and self._changes[0].at < change.at - LONGEST_MAKING:
            self._changes.popleft()
        return change

    def _keys(self, index: dict[str, set[Key]], tags: frozenset[str]) -> set[Key]:
        return set().union(*(index.get(tag, ()) for tag in tags))
