"""The front as an ASGI application: remembered pages are answered here, all else by the site behind it."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from kawaraban.edge import asking
from kawaraban.edge.asking import Asked, Scope
from kawaraban.edge.budgets import Budget, Class, Crowded, class_of, class_of_page
from kawaraban.edge.making import Application, Receive, Send, make
from kawaraban.edge.pages import Answer, Page
from kawaraban.edge.renewing import Later, Pages, Unavailable
from kawaraban.edge.store import NEVER, Key, Store
from kawaraban.metrics import WATCHED
from kawaraban.theme.views import SHED

# What turned out to be no page to be remembered is asked of the site itself for so long, at once.
PASS_FOR = 5.0  # seconds
PASSED = 10_000  # of which so many are kept in mind

_NOTHING = {"type": "http.response.body", "body": b""}


class Front:
    """Answers what is remembered, and has the rest answered by the site.

    Args:
        turn_away: answers for whom there is no place; without the streams, which would open one.
        hosts: the names under which pages are remembered, as browsers send them.
        room: bytes for remembered pages; without any, none are remembered.
        places: requests that the site works on at once.
    """

    def __init__(
        self, site: Application, turn_away: Application, hosts: frozenset[bytes], room: int, places: int
    ) -> None:
        self.budget = Budget(places)
        self.pages = Pages(Store(room), self._make)
        self.before_first: Callable[[], Awaitable[None]] | None = None
        self.tasks: list[asyncio.Future[None]] = []
        self._site = site
        self._turn_away = turn_away
        self._hosts = hosts if room else frozenset()
        self._passed: OrderedDict[Key, float] = OrderedDict()
        self._encoding: dict[tuple[int, str], asyncio.Future[Answer]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = asking.read(scope, self._hosts) if scope["type"] == "http" else None
        if asked is None:
            await self._pass_on(scope, receive, send)
            return
        page = self.pages.ready(asked.key, asked.after)
        if page is None:
            page = await self._find(asked, scope)
        else:
            self.pages.counts.hits += 1
        if page is None:
            await self._pass_on(scope, receive, send)
            return
        answer = (page.answers if page.failed is None else page.marked).get(asked.coding)
        if answer is None:
            answer = await self._encoded(asked.key, page, asked.coding)
        if (asked.etags or asked.since) and page.is_known(answer.etag, asked.etags, asked.since):
            await send(answer.unmodified)
            await send(_NOTHING)
            return
        await send(answer.start)
        await send(answer.body if scope["method"] == "GET" else _NOTHING)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the site answer, if there is a place for this request."""
        if scope["type"] != "http" or scope["path"] in WATCHED:
            await self._site(scope, receive, send)
            return
        await self._begin()
        kind = class_of(scope)
        if kind is Class.STREAM and not self.budget.is_closed(kind):
            await self._site(scope, receive, send)  # it has its own places
            return
        try:
            async with self.budget.place(kind):
                await self._site(scope, receive, send)
        except Crowded:
            why = "emergency" if self.budget.is_emergency else "crowded"
            await self._turn_away({**scope, SHED: why}, receive, send)

    async def _find(self, asked: Asked, scope: Scope) -> Page | None:
        """The page, made if need be; None if the site is to answer this request itself."""
        await self._begin()
        until = self._passed.get(asked.key)
        if until is not None and time.monotonic() < until and asked.after == NEVER:
            return None
        if self.pages.store.get(asked.key) is None and self.budget.is_closed(class_of(scope)):
            return None
        try:
            page = await self.pages.find(asked.key, asked.after)
        except Unavailable:
            return None  # the site says so itself, and what to do
        if page is None:
            self._passed[asked.key] = time.monotonic() + PASS_FOR
            self._passed.move_to_end(asked.key)
            while len(self._passed) > PASSED:
                self._passed.popitem(last=False)
        return page

    async def _make(self, key: Key) -> Page | None:
        try:
            async with self.budget.place(class_of_page(key.path, key.query)):
                return await make(self._site, key)
        except Crowded as error:
            raise Later from error

    async def _encoded(self, key: Key, page: Page, coding: str) -> Answer:
        """The page in a coding, made once for all who wait for it, in a thread."""
        name = (id(page), coding)
        task = self._encoding.get(name)
        if task is None:
            task = self._encoding[name] = asyncio.ensure_future(asyncio.to_thread(page.answer, coding))
            task.add_done_callback(lambda _: self._encoding.pop(name, None))
        answer = await asyncio.shield(task)
        self.pages.store.grown(key)
        return answer

    async def _begin(self) -> None:
        if self.before_first is not None:
            await self.before_first()
