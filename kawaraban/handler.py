"""Django behind ASGI, each request in one thread from its start to its end.

Django's own handler runs a thread for each request, with a new connection to the database in it, and changes several
times between that thread and the event loop, also where everything in between is synchronous. Measured for a vote on
SQLite, one at a time: 25 ms, of which the site itself takes 11.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import IO, Any

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

Scope = dict[str, Any]
Message = Mapping[str, Any]


class ThreadedHandler(ASGIHandler):
    """The site. Its middleware and views are synchronous; their threads stay, and keep their connections.

    A request whose browser has left is worked on to its end all the same: what it asked for may be half done.

    Args:
        threads: requests that are worked on at once; the others wait, in the order in which they came.
    """

    def __init__(self, threads: int) -> None:
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")

    async def __call__(
        self, scope: Scope, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            raise ValueError(f"There is nothing here for {scope['type']}.")
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        loop = asyncio.get_running_loop()
        with body:
            start, content = await loop.run_in_executor(self._threads, copy_context().run, self._answer, scope, body)
        await send(start)
        await send({"type": "http.response.body", "body": content})

    def _answer(self, scope: Scope, body: IO[bytes]) -> tuple[Message, bytes]:
        """The start of the answer, and the whole of it."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refused = self.create_request(scope, body)
        response: Any = refused if request is None else self.get_response(request)
        response._handler_class = self.__class__
        try:
            return _start(response), response.getvalue()  # what a view makes in parts is put together
        finally:
            response.close()


def _start(response: HttpResponseBase) -> Message:
    headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
    headers += [(b"Set-Cookie", cookie.OutputString().encode("ascii")) for cookie in response.cookies.values()]
    return {"type": "http.response.start", "status": response.status_code, "headers": headers}
