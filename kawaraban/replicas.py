"""Copies of the database that answer plain readers, as far as they are up to date.

Nothing is read from a copy unless it was asked for: only pages for readers who have no session and no form of ours are,
and of those none that writes, from its first write on. All that decides (sign-in, policies, checks, votes), the desk,
the workers, the commands and the streams stay with the primary. Why it is so: docs/decisions/0038-more-machines.md.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from psycopg_pool import PoolTimeout

logger = logging.getLogger(__name__)

MOST_LAG = 5.0  # seconds by which what a reader is shown may be behind, at most
LOOK_EVERY = 1.0  # seconds between two looks at how far a replica has come
# An ASGI server in front that keeps the answer sets this in the scope: what is kept must not be older than the purge.
FRESH = "kawaraban.fresh"

# Limits and other facts that must hold at once; Django's table for them has no room.
_CACHE = "django_cache"
_WRITTEN = "SELECT pg_current_wal_lsn() - '0/0'"
_REPLAYED = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() - '0/0' END"


class Replica:
    """How far one copy has come, as this process sees it."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self._as_of = float("-inf")
        # Where the primary stood at which moment, the oldest first.
        self._stood: deque[tuple[float, int]] = deque()

    def is_fresh(self) -> bool:
        """True where all that was written until a few seconds ago is in it. Cost: none."""
        return time.monotonic() - self._as_of <= MOST_LAG

    def compare(self, asked: float, written: int, replayed: int | None) -> None:
        """Take in where the primary stood at a moment, and how far the copy had come after it, in bytes of the log.

        The copy holds all that was written before the last moment at which the primary stood no further. So the lag
        is known by one clock, this process's own, also on a site where nothing is written for hours.
        """
        self._stood.append((asked, written))
        while self._stood and replayed is not None and self._stood[0][1] <= replayed:
            self._as_of = self._stood.popleft()[0]
        while self._stood and self._stood[0][0] < asked - MOST_LAG:
            self._stood.popleft()

    def give_up(self) -> None:
        """Not to be read from until it has been seen to be up to date again."""
        self._as_of = float("-inf")

    def look(self) -> None:
        """Compare the copy with the primary now. Cost: 1 query to each."""
        asked = time.monotonic()
        written = _number(DEFAULT_DB_ALIAS, _WRITTEN)
        self.compare(asked, written or 0, _number(self.alias, _REPLAYED))

    def watch(self) -> None:
        """Look every second, for ever. What is away or hangs is not seen to be fresh, and that is enough."""
        was_fresh = False
        while True:
            try:
                self.look()
            except (DatabaseError, PoolTimeout) as error:
                logger.debug("The replica %s could not be compared: %s", self.alias, error)
            if was_fresh != self.is_fresh():
                was_fresh = not was_fresh
                logger.warning("The replica %s is %s.", self.alias, "read from" if was_fresh else "left out")
            time.sleep(LOOK_EVERY)


class Replicas:
    """Those of the site, watched from the first question on."""

    def __init__(self, aliases: list[str]) -> None:
        self._all = [Replica(alias) for alias in aliases]
        self._lock = threading.Lock()
        self._watched = False

    def fresh(self) -> Replica | None:
        """One of those that are up to date, or None. Cost: none; a thread for each asks the databases beside it."""
        if not self._watched:
            with self._lock:
                if not self._watched:
                    for each in self._all:
                        threading.Thread(target=each.watch, name=f"watch-{each.alias}", daemon=True).start()
                self._watched = True
        there = [each for each in self._all if each.is_fresh()]
        return random.choice(there) if there else None  # noqa: S311 - spreads readers


class _Reading:
    """Where the page that is being made reads from; the primary once it has written."""

    def __init__(self, alias: str) -> None:
        self.alias = alias


_reading: ContextVar[_Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    """Read from a replica within the block, until something is written there."""
    token = _reading.set(_Reading(alias))
    try:
        yield
    finally:
        _reading.reset(token)


def database() -> str:
    """Which database is to be read here, for SQL of one's own; Django asks for itself."""
    reading = _reading.get()
    if reading is None or connections[DEFAULT_DB_ALIAS].in_atomic_block:
        return DEFAULT_DB_ALIAS
    return reading.alias


class Router:
    """Django's question which database to ask (settings.DATABASE_ROUTERS)."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """The replica of this page; the primary outside of such a page and within a transaction."""
        return DEFAULT_DB_ALIAS if model._meta.app_label == _CACHE else database()

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """The primary; whoever writes reads there from now on."""
        reading = _reading.get()
        if reading is not None and model._meta.app_label != _CACHE:
            reading.alias = DEFAULT_DB_ALIAS
        return DEFAULT_DB_ALIAS

    def allow_relation(self, *objects: Model, **hints: Any) -> bool:
        """Always: what was read from a replica is the same row."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """On the primary only."""
        return db == DEFAULT_DB_ALIAS


def read_from_replicas(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Make pages for plain readers from a replica; a page that cannot be made there is made anew from the primary.

    Whoever has a session, or a form of ours and so perhaps written something, has a cookie: they read the primary, and
    with it what they wrote, in whichever process.
    """
    if not settings.DATABASE_REPLICAS:
        raise MiddlewareNotUsed
    replicas = _of_site()
    cookies = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}

    def middleware(request: HttpRequest) -> HttpResponse:
        is_plain = request.method in ("GET", "HEAD") and cookies.isdisjoint(request.COOKIES)
        is_kept = getattr(request, "scope", {}).get(FRESH, False)
        replica = replicas.fresh() if is_plain and not is_kept else None
        if replica is None:
            return get_response(request)
        with reading_from(replica.alias):
            response = get_response(request)
        if response.status_code == 503:
            replica.give_up()
            return get_response(request)
        return response

    return middleware


def bytes_behind(alias: str) -> int | None:
    """How much of the primary's log a copy has not taken in; None of one that follows nobody. Cost: 2 queries."""
    replayed = _number(alias, _REPLAYED)
    return None if replayed is None else max(0, (_number(DEFAULT_DB_ALIAS, _WRITTEN) or 0) - replayed)


@cache
def _of_site() -> Replicas:
    """Watched once by each process, however many chains of middleware it makes."""
    return Replicas(settings.DATABASE_REPLICAS)


def _number(alias: str, query: str) -> int | None:
    """The answer, over a connection that goes back afterwards: this thread needs it once a second."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(query)
            value = cursor.fetchone()[0]
    finally:
        connections[alias].close()
    return None if value is None else int(value)
