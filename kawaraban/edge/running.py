"""Puts the front together for a site, and keeps it informed while the process runs."""

from __future__ import annotations

import asyncio
import atexit
import logging
import time
from collections.abc import Awaitable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from kawaraban.caching import reads, tombstones
from kawaraban.edge import status
from kawaraban.edge.front import Front
from kawaraban.edge.hearing import Hearing
from kawaraban.edge.making import Application
from kawaraban.edge.renewing import LAST_RESORT
from kawaraban.edge.spill import Removed, Spill
from kawaraban.metrics import history
from kawaraban.metrics import pages as figures

logger = logging.getLogger(__name__)

ON_DISK = 8  # times the room in memory
TELL = 5.0  # seconds between two words of this process about itself


def with_memory(site: Application, turn_away: Application) -> Application:
    """The site with its remembered pages in front, and its places counted; `turn_away` as for `Front`."""
    front = Front(site, turn_away, hosts(), settings.PAGES_ROOM, settings.PLACES)
    folder = settings.HOME / status.FOLDER
    spill = Spill(folder, ON_DISK * settings.PAGES_ROOM)
    front.pages.kept, front.pages.dropped = spill.keep, spill.drop
    atexit.register(spill.close)
    atexit.register(status.forget, folder)
    begun: list[Awaitable[None]] = []

    async def begin() -> None:
        """Once, before the first page: what was remembered when the process ended, and what has happened since."""
        if not begun:
            begun.append(asyncio.ensure_future(_begin(front, spill, folder)))
        await asyncio.shield(begun[0])

    front.before_first = begin
    return front


def hosts() -> frozenset[bytes]:
    """The names under which browsers ask for this site: its own, and those that it answers to besides."""
    address = urlsplit(settings.SITE_URL)
    port = f":{address.port}" if address.port else ""
    names = {address.netloc, *(f"{name}{port}" for name in settings.ALLOWED_HOSTS)}
    return frozenset(name.encode() for name in names)


async def _begin(front: Front, spill: Spill, folder: Path) -> None:
    # First the ear, or what is purged meanwhile would be heard of by nobody.
    front.tasks = [asyncio.ensure_future(Hearing(front.pages).listen()), asyncio.ensure_future(_tell(front, folder))]
    if settings.PAGES_ROOM:
        removed = await asyncio.to_thread(_removed)
        margin = reads.LATEST_COMMIT.total_seconds()
        for key, page in await asyncio.to_thread(lambda: list(spill.load(removed, margin))):
            if front.pages.store.size + page.size > front.pages.store.room:
                break
            if front.pages.store.get(key) is None:
                front.pages.store.put(key, page)


def _removed() -> list[Removed]:
    """What was taken back while a page may have been on disk: as the database says, and the file besides."""
    since = time.time() - LAST_RESORT
    found = tombstones.since(since)
    try:
        rows = reads.removed_since(datetime.fromtimestamp(since, UTC))
    except Exception as error:  # noqa: BLE001 - whatever keeps it from answering: this is when the file is needed
        logger.warning("What was taken back is known from the file only: %s", error)
        return found
    return found + [(at.timestamp(), frozenset(tags.split())) for at, tags in rows]


async def _tell(front: Front, folder: Path) -> None:
    """Look at the switch each second, and say now and then how it goes."""
    told = 0.0
    history.begin()
    while True:
        front.budget.is_emergency = status.is_emergency(settings.HOME)
        if time.monotonic() - told >= TELL:
            told = time.monotonic()
            try:
                told_now = facts(front)
                figures.tell(told_now)
                await asyncio.to_thread(status.write, folder, told_now)
            except OSError as error:
                logger.warning("This process cannot say how it goes: %s", error)
        await asyncio.sleep(1)


def facts(front: Front) -> dict[str, object]:
    """How it goes, in numbers: since the process began, and now."""
    store, budget = front.pages.store, front.budget
    ages = [time.monotonic() - page.began for _, page in store]
    return {
        **asdict(front.pages.counts),
        "pages": len(store),
        "bytes": store.size,
        "room": store.room,
        "evicted": store.evicted,
        "oldest": round(max(ages, default=0.0), 1),
        "stale": sum(page.failed is not None for _, page in store),
        "places": budget.places,
        "taken": budget.taken,
        "highest": budget.highest,
        "shed": {kind.name.lower(): count for kind, count in sorted(budget.shed.items())},
        "emergency": budget.is_emergency,
    }
