"""When a remembered page is good enough, when it is made anew, and that it is made once for all who wait for it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from kawaraban.edge.pages import Page
from kawaraban.edge.store import LONGEST_MAKING, NEVER, Key, Store

logger = logging.getLogger(__name__)

# Seconds between two makings of one page in the long run, but for members who look at what they have just done; and by
# how much a page that was left alone may run ahead of that: the first changes after a lull are seen at once.
PACE, LEEWAY = 1.0, 2.0
# Seconds that a reader waits for the new page while there is a former one; the others less, when so many wait.
PATIENCE, FEW, PATIENCE_OF_MANY = 2.0, 10, 0.2
LAST_RESORT = 24 * 3600.0  # seconds for which a page is shown while no new one can be made
PAUSE = 2.0  # seconds until what could not be made is tried again


class Unavailable(Exception):  # noqa: N818 - an answer, not a fault
    """The site cannot make the page just now."""


class Later(Unavailable):
    """The site could, and has no place for it at this moment."""


# From a key to its page; None when the site's answer is not to be remembered: no page of this kind, a redirection.
Make = Callable[[Key], Awaitable[Page | None]]


@dataclass(slots=True)
class Counts:
    """What happened since the process began."""

    hits: int = 0  # answered from memory
    former: int = 0  # of these, with the former page while a new one was in the making or could not be made
    waited: int = 0  # answered with a page made meanwhile
    passed: int = 0  # not to be remembered: the site answered itself
    made: int = 0
    failed: int = 0
    purges: int = 0
    removals: int = 0


@dataclass(eq=False, slots=True)
class Making:
    """A page in the making."""

    began: float
    page: asyncio.Task[Page | None]
    waiting: int = 0


@dataclass(eq=False, slots=True)
class Pages:
    """Pages by their keys, each made once for all who want it. To be used in one event loop."""

    store: Store
    make: Make
    counts: Counts = field(default_factory=Counts)
    kept: Callable[[Key, Page], None] = lambda key, page: None
    dropped: Callable[[Key], None] = lambda key: None
    _making: dict[Key, Making] = field(default_factory=dict)

    def ready(self, key: Key, after: float = NEVER) -> Page | None:
        """The page if it is as new as can be; its making began after `after`, on the monotonic clock."""
        page = self.store.get(key)
        if page is None or page.aged is not None or page.failed is not None or page.began <= after:
            return None
        return page if time.monotonic() - page.began < page.good_for else None

    async def find(self, key: Key, after: float = NEVER) -> Page | None:
        """The page as it may be shown now, made if need be. None if the site's answer is not to be remembered.

        Args:
            after: the former page is no answer for who changed it at this moment of the monotonic clock.

        Raises:
            Unavailable: it cannot be made, and there is none that may be shown.
        """
        page = self.ready(key, after)
        if page is not None:
            self.counts.hits += 1
            return page
        former = self._former(key)
        may_stand_in = former is not None and former.began > after
        if former is not None and may_stand_in and not _is_due(former):
            return self._given(former)
        making = self._join(key, after)
        # While pages cannot be made nobody waits to see whether this one can.
        is_failing = former is not None and former.failed is not None
        if may_stand_in and (is_failing or not await _is_made_soon(making)):
            former = self._former(key)  # it may have been taken back meanwhile
            if former is not None:
                return self._given(former)
        return await self._awaited(key, making)

    def _former(self, key: Key) -> Page | None:
        page = self.store.get(key)
        return page if page is not None and time.monotonic() - page.began < LAST_RESORT else None

    def _given(self, former: Page) -> Page:
        self.counts.hits += 1
        self.counts.former += 1
        return former

    def _join(self, key: Key, after: float) -> Making:
        """The making that is under way, unless it began too early to show what has happened since; else a new one."""
        making = self._making.get(key)
        if making is None or making.began <= after:
            began = time.monotonic()
            making = self._making[key] = Making(began, asyncio.ensure_future(self._make(key, began)))
            making.page.add_done_callback(lambda done: done.cancelled() or done.exception())
        return making

    async def _awaited(self, key: Key, making: Making) -> Page | None:
        try:
            page = await asyncio.shield(making.page)
        except Unavailable:
            former = self._former(key)
            if former is None:
                raise
            return self._given(former)
        if page is None:
            self.counts.passed += 1
        else:
            self.counts.waited += 1
        return page

    async def _make(self, key: Key, began: float) -> Page | None:
        try:
            page = await self._kept(key)
        except Later:
            raise
        except Unavailable:
            self._has_failed(key)
            raise
        except Exception as error:
            logger.exception("The page %s was not made.", key.path)
            self._has_failed(key)
            raise Unavailable from error
        finally:
            if self._making.get(key) is not None and self._making[key].began == began:
                del self._making[key]
        return page

    async def _kept(self, key: Key) -> Page | None:
        """Make a page until there is one of which nothing was taken back while it was made."""
        until = time.monotonic() + LONGEST_MAKING
        while time.monotonic() < until:
            try:
                page = await asyncio.wait_for(self.make(key), LONGEST_MAKING)
            except TimeoutError as error:
                raise Unavailable from error
            self.counts.made += 1
            if page is None:
                self.store.drop(key)
                self.dropped(key)
                return None
            former = self.store.get(key)
            page.paced = max(former.paced if former else page.began, page.began) + PACE
            if self.store.put(key, page):
                self.kept(key, page)
                return page
            if page.size > self.store.room:
                return page  # there is no room for this one: it is shown to those who have waited for it
        raise Unavailable

    def _has_failed(self, key: Key) -> None:
        self.counts.failed += 1
        former = self.store.get(key)
        if former is not None:
            former.failed = time.monotonic()


async def _is_made_soon(making: Making) -> bool:
    """Whether the page is there, or failed, before whoever waits now loses patience."""
    making.waiting += 1
    patience = PATIENCE if making.waiting <= FEW else PATIENCE_OF_MANY
    done, _ = await asyncio.wait([making.page], timeout=patience)
    return bool(done)


def _is_due(former: Page) -> bool:
    now = time.monotonic()
    return now >= former.paced - LEEWAY and (former.failed is None or now - former.failed >= PAUSE)
