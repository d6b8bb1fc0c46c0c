"""Who is let in to the site when it is crowded, in the order of what a newspaper is for (trust.md, section 4).

What is remembered needs nobody's leave. Everything else takes one of a few places; whoever matters less is let in only
while fewer of them are taken, waits a moment, and is then told to come back.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import IntEnum

from kawaraban import live
from kawaraban.edge.asking import Scope

PATIENCE = 2.0  # seconds that somebody waits for a place
LONGEST_QUEUE = 64  # who wait for a place, of each class


class Class(IntEnum):
    """What a request is for, by rank: the last are refused first."""

    ARTICLE = 1  # stories, fronts, sections, the first page of a discussion, pictures
    DESK = 2
    PERSONAL = 3  # what is laid over a page for one member
    SIGN_IN = 4
    WRITE = 5
    VOTE = 6
    DEEP = 7  # further pages and other orders of discussions and lists, members' pages
    STREAM = 8
    SEARCH = 9
    CRAWLER = 10


# The part of all places that may be taken when one more of a class is let in. The most important ones may fill them.
SHARE = {
    Class.ARTICLE: 1.0,
    Class.DESK: 1.0,
    Class.PERSONAL: 0.9,
    Class.SIGN_IN: 0.85,
    Class.WRITE: 0.8,
    Class.VOTE: 0.7,
    Class.DEEP: 0.6,
    Class.SEARCH: 0.4,
    Class.CRAWLER: 0.25,
}
READ_ONLY = (Class.WRITE, Class.VOTE)

_VOTE = re.compile(r"/t/\d+/\d+/(?:vote|worth|source)/|/poll/\d+/vote/")
_PERSONAL = re.compile(r"/account/mine/|/t/\d+/mine/|/t/\d+/seen/|/story/\d+/read/")
_DEEP = re.compile(r"/t/|/member/|/story/")
_CRAWLER = re.compile(rb"bot\b|crawl|spider|slurp", re.IGNORECASE)
_SECTIONS = ("/account/", Class.SIGN_IN), ("/desk/", Class.DESK), ("/search/", Class.SEARCH), ("/feeds/", Class.SEARCH)


def class_of(scope: Scope) -> Class:
    """What a request is for."""
    path, method = scope["path"], scope["method"]
    if live.subjects.find(path) is not None:
        return Class.STREAM
    if _PERSONAL.match(path):
        return Class.PERSONAL
    if path.endswith("/preview/") and not path.startswith("/desk/"):
        return Class.SEARCH
    if any(path.startswith(begin) for begin, _ in _SECTIONS):
        return class_of_page(path, scope["query_string"])
    if method not in ("GET", "HEAD"):
        return Class.VOTE if _VOTE.match(path) else Class.WRITE
    if any(name == b"user-agent" and _CRAWLER.search(value) for name, value in scope["headers"]):
        return Class.CRAWLER
    return class_of_page(path, scope["query_string"])


def class_of_page(path: str, query: str | bytes) -> Class:
    """What a page is for that is asked for by nobody in particular; also what it is made for, to be remembered."""
    found = next((found for begin, found in _SECTIONS if path.startswith(begin)), None)
    return found or (Class.DEEP if query or _DEEP.match(path) else Class.ARTICLE)


class Crowded(Exception):  # noqa: N818 - an answer, not a fault
    """There is no place."""


@dataclass(eq=False, slots=True)
class Budget:
    """The places of a process. To be used in one event loop.

    Args:
        places: requests that the site works on at once.
    """

    places: int
    is_emergency: bool = False
    taken: int = 0
    highest: int = 0
    shed: dict[Class, int] = field(default_factory=dict)
    _waiting: dict[Class, deque[asyncio.Future[None]]] = field(default_factory=dict)

    def is_closed(self, kind: Class) -> bool:
        """Whether an emergency keeps everybody of this class out."""
        return self.is_emergency and (kind >= Class.DEEP or kind in READ_ONLY)

    @asynccontextmanager
    async def place(self, kind: Class) -> AsyncIterator[None]:
        """Hold a place while the site works.

        Raises:
            Crowded: there is none for this class, now and for the next moments.
        """
        await self._enter(kind)
        try:
            yield
        finally:
            self.taken -= 1
            self._call_next()

    async def _enter(self, kind: Class) -> None:
        if self.is_closed(kind):
            self._refuse(kind)
        queue = self._waiting.setdefault(kind, deque())
        if not queue and self.taken < self._limit(kind):
            self._take()
            return
        if len(queue) >= LONGEST_QUEUE:
            self._refuse(kind)
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await asyncio.wait_for(turn, PATIENCE)
        except TimeoutError:
            self._refuse(kind)
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # called in the very moment in which they left
                self.taken -= 1
                self._call_next()
            raise
        finally:
            if turn in queue:
                queue.remove(turn)

    def _call_next(self) -> None:
        """Give what is free to those who wait, the most important first."""
        for kind in sorted(self._waiting):
            queue = self._waiting[kind]
            while queue and self.taken < self._limit(kind):
                turn = queue.popleft()
                if not turn.done():
                    self._take()
                    turn.set_result(None)

    def _take(self) -> None:
        self.taken += 1
        self.highest = max(self.highest, self.taken)

    def _limit(self, kind: Class) -> int:
        return max(1, round(SHARE[kind] * self.places))

    def _refuse(self, kind: Class) -> None:
        self.shed[kind] = self.shed.get(kind, 0) + 1
        raise Crowded
