"""Questions to the database on behalf of streams, asked in a few threads; one answer for all who wait for the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections

# Few: when a process starts, every reader's browser comes back at once, and pages need the database as well.
THREADS = 3
LONGEST_QUEUE = 500


class Busy(Exception):  # noqa: N818 - an answer, not a fault
    """So many questions wait that one more would not be answered in time."""


class Questions:
    """Asks functions in threads, each question once for all who ask it before it is begun."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live")
        self._waiting: dict[Hashable, asyncio.Future[Any]] = {}

    async def ask(self, function: Callable[..., Any], *words: Hashable) -> Any:
        """What the function returns, which began after this was called: what was committed before is in it."""
        key = (function, *words)
        answer = self._waiting.get(key)
        if answer is None:
            if len(self._waiting) >= LONGEST_QUEUE:
                raise Busy
            loop = asyncio.get_running_loop()
            answer = self._waiting[key] = loop.create_future()
            # Nobody may be left to hear of a failure, when the reader has gone meanwhile.
            answer.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._threads.submit(self._work, loop, key, answer)
        return await asyncio.shield(answer)

    def _work(self, loop: asyncio.AbstractEventLoop, key: tuple[Any, ...], answer: asyncio.Future[Any]) -> None:
        # First: who asks from here on may know of something that this reading will not see.
        self._waiting.pop(key)
        function, *words = key
        try:
            close_old_connections()
            result = function(*words)
        except Exception as error:  # noqa: BLE001 - handed to those who asked
            _tell(loop, answer.set_exception, error)
        else:
            _tell(loop, answer.set_result, result)
        finally:
            close_old_connections()


def _tell(loop: asyncio.AbstractEventLoop, tell: Callable[[Any], None], what: Any) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(tell, what)
