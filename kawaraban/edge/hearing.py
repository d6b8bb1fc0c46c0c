"""Hears what is purged: at once what this process and the bus say, and from the database what nobody brought."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from django.db import close_old_connections
from django.utils import timezone

from kawaraban import bus
from kawaraban.caching import reads
from kawaraban.caching.actions import CHANNEL
from kawaraban.caching.reads import Row
from kawaraban.edge.renewing import Pages
from kawaraban.theme.views import DATABASE_AWAY

logger = logging.getLogger(__name__)

# Without a Valkey the rows are how one hears of other processes; with one, of what it has lost.
ASK_ALONE, ASK_LINKED = 1.0, 5.0  # seconds
LOOK_BACK = 10.0  # seconds between two looks at what has committed late
OVERLAP = 200  # rows before the newest that may have committed after it


class Hearing:
    """Tells the pages of a process what is purged, each purge once. To be used in one event loop."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._heard: dict[int, float] = {}
        self._newest = 0
        self._looked_back = 0.0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="purges")
        self._is_away = False

    async def listen(self) -> None:
        """Hear, for ever. What was purged before the call is not told of."""
        loop = asyncio.get_running_loop()
        end = bus.subscribe(CHANNEL, partial(self._pass_on, loop))
        try:
            while True:
                await self.ask()
                await asyncio.sleep(ASK_LINKED if bus.link() else ASK_ALONE)
        finally:
            end()

    async def ask(self) -> None:
        """Read what was purged since the last time. While the database is away, nothing can have been."""
        loop = asyncio.get_running_loop()
        try:
            rows = await loop.run_in_executor(self._thread, self._read)
        except DATABASE_AWAY as error:
            if not self._is_away:
                logger.warning("What is purged elsewhere is not heard: %s", error)
            self._is_away = True
            return
        self._is_away = False
        for row in rows:
            self._take(row)
        self._forget()

    def _read(self) -> list[Row]:
        close_old_connections()
        try:
            if self._newest and time.monotonic() - self._looked_back < LOOK_BACK:
                return reads.after(self._newest - OVERLAP)
            self._looked_back = time.monotonic()
            return reads.since(timezone.now() - reads.LATEST_COMMIT)
        finally:
            close_old_connections()

    def _pass_on(self, loop: asyncio.AbstractEventLoop, message: bytes) -> None:
        """Called in any thread."""
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._take_message, message)

    def _take_message(self, message: bytes) -> None:
        number, tags, removes = json.loads(message)
        self._take((number, tags, removes))

    def _take(self, row: Row) -> None:
        number, tags, removes = row
        if number in self._heard:
            return
        self._heard[number] = time.monotonic()
        self._newest = max(self._newest, number)
        counts, store = self._pages.counts, self._pages.store
        if removes:
            counts.removals += 1
            for key in store.remove(tags.split()):
                self._pages.dropped(key)
        else:
            counts.purges += 1
            store.purge(tags.split())

    def _forget(self) -> None:
        """Rows so old are not read any more, so they need not be known."""
        oldest = time.monotonic() - 2 * reads.LATEST_COMMIT / timedelta(seconds=1)
        while self._heard and next(iter(self._heard.values())) < oldest:
            del self._heard[next(iter(self._heard))]
