"""Puts the front together for a site, and keeps it informed while the process runs."""

from __future__ import annotations

import asyncio
import atexit
import logging
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings

from kawaraban.caching import reads, tombstones
from kawaraban.edge.front import Front
from kawaraban.edge.hearing import Hearing
from kawaraban.edge.making import Application
from kawaraban.edge.renewing import LAST_RESORT
from kawaraban.edge.spill import Removed, Spill

logger = logging.getLogger(__name__)

FOLDER = "pages"
ON_DISK = 8  # times the room in memory


def in_front_of(site: Application) -> Application:
    """The site with its remembered pages in front; the site itself where none are to be remembered."""
    if not settings.PAGES_ROOM:
        return site
    front = Front(site, hosts(), settings.PAGES_ROOM)
    spill = Spill(settings.HOME / FOLDER, ON_DISK * settings.PAGES_ROOM)
    front.pages.kept, front.pages.dropped = spill.keep, spill.drop
    atexit.register(spill.close)
    begun: list[asyncio.Future[None]] = []

    async def begin() -> None:
        """Once, before the first page: what was remembered when the process ended, and what has happened since."""
        if not begun:
            begun.append(asyncio.ensure_future(_begin(front, spill)))
        await asyncio.shield(begun[0])

    front.before_first = begin
    return front


def hosts() -> frozenset[bytes]:
    """The names under which browsers ask for this site: its own, and those that it answers to besides."""
    address = urlsplit(settings.SITE_URL)
    port = f":{address.port}" if address.port else ""
    names = {address.netloc, *(f"{name}{port}" for name in settings.ALLOWED_HOSTS)}
    return frozenset(name.encode() for name in names)


async def _begin(front: Front, spill: Spill) -> None:
    hearing = Hearing(front.pages)
    # First the ear, or what is purged meanwhile would be heard of by nobody.
    front.tasks.append(asyncio.ensure_future(hearing.listen()))
    removed = await asyncio.to_thread(_removed)
    for key, page in await asyncio.to_thread(lambda: list(spill.load(removed, reads.LATEST_COMMIT.total_seconds()))):
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
