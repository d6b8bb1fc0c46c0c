"""Streams over HTTP, in front of Django: no thread and no chain of middleware for each open page."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.module_loading import import_string

from kawaraban.live import metrics, subjects
from kawaraban.live.reading import Busy
from kawaraban.live.streams import Stream, Streams
from kawaraban.live.subjects import Subject
from kawaraban.origin import address_of, block_of

logger = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# What puts the site's headers on every answer, and sends plain http to https.
HEADERS = (
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
RETRY_AFTER = 30  # seconds
LONGEST_QUERY = 200  # characters

_ID = re.compile(r"[0-9]{1,18}")


def in_front_of(site: Application) -> Application:
    """The site with its streams: an ASGI application that answers their addresses and hands all others on."""
    streams = Streams(settings.LIVE_STREAMS, settings.LIVE_STREAMS_PER_ADDRESS)
    ends_with_process = False

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal ends_with_process
        found = subjects.find(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await site(scope, receive, send)
            return
        request = ASGIRequest(scope, BytesIO())
        try:
            request.get_host()
        except DisallowedHost:
            await site(scope, receive, send)  # which has its own way of saying no to other names
            return
        if not ends_with_process:
            ends_with_process = True
            _end_with_process(streams)
        answer = await _answer(streams, request, *found)
        if isinstance(answer, Stream):
            await _begin(streams, answer, request, send)
            del request  # the stream may be open for hours, beside ten thousand others
            await _stream(streams, answer, receive, send)
        else:
            await _send_whole(answer, send)

    return application


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sound request asks for."""

    last: int | None
    is_poll: bool
    query: str
    address: str


async def _answer(streams: Streams, request: ASGIRequest, subject: Subject, number: int) -> HttpResponse | Stream:
    """A stream that has been opened and caught up with what its reader missed, or why there is none."""
    asked = _understand(request)
    if isinstance(asked, HttpResponse):
        return asked
    if not asked.is_poll and streams.is_full(asked.address):
        return _later(request)
    try:
        if not streams.is_heard(subject, number) and not await streams.questions.ask(subject.may_hear, number):
            return _plain(request, 404, "There is nothing to listen to at this address.")
        if asked.is_poll:
            metrics.POLLS.inc()
            events = await streams.missed(subject, number, asked.last or 0, asked.query)
            return _json(request, [asdict(event) for event in events])
        return await _open(streams, subject, number, asked) or _later(request)
    except Busy:
        return _later(request)
    except Exception as error:  # noqa: BLE001 - whatever keeps us from asking the database; the browser asks again
        logger.warning("A stream of %s %d was not opened: %r", subject.kind, number, error)
        return _later(request)


async def _open(streams: Streams, subject: Subject, number: int, asked: Asked) -> Stream | None:
    """A stream that has caught up; None when there is no room, or it is over already."""
    if streams.is_full(asked.address):  # by those who asked at the same moment
        return None
    stream = streams.open(subject, number, asked.address)
    try:
        if asked.last is not None:
            stream.base = asked.last
            # From here on nothing passes unheard; only then is the past read.
            stream.hold()
            stream.catch_up(await streams.missed(subject, number, asked.last, asked.query))
    except BaseException:
        streams.close(stream)
        raise
    if stream.over.done():
        streams.close(stream)
        return None
    return stream


async def _begin(streams: Streams, stream: Stream, request: HttpRequest, send: Send) -> None:
    """Let the reader know that there is a stream."""
    head = HttpResponse(content_type="text/event-stream; charset=utf-8")
    head["X-Accel-Buffering"] = "no"  # nginx would keep the events until it has a page full of them
    try:
        await send(_start(_headed(request, head)))
    except BaseException:
        streams.close(stream)
        raise


async def _stream(streams: Streams, stream: Stream, receive: Receive, send: Send) -> None:
    """Send a stream until its reader leaves or it is over."""

    def put(chunk: bytes) -> Awaitable[None]:
        return send({"type": "http.response.body", "body": chunk, "more_body": True})

    # Tasks of our own: the server's cannot be cancelled while it waits for a reader who takes nothing.
    tasks = [asyncio.ensure_future(work) for work in (stream.write(put), _left(receive))]
    for task in tasks:
        task.add_done_callback(stream.end)
    try:
        await stream.over
        if not stream.is_stuck and not any(task.done() for task in tasks):
            with contextlib.suppress(Exception):
                await send({"type": "http.response.body", "body": b""})
    finally:
        streams.close(stream)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _end_with_process(streams: Streams) -> None:
    """End the streams when the process is asked to stop: the server waits for every open answer, and says nothing.

    The event loop's own handlers hear of signals through a pipe and go on as before. That pipe may be full, when a
    thousand pages have left at once, and then they hear nothing; so the signal is given again until the loop ends.
    """
    loop = asyncio.get_running_loop()

    def end_all(number: int) -> None:
        streams.end_all()
        loop.call_later(1, signal.raise_signal, number)

    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)

        def end(number: int, frame: Any, before: Any = before) -> None:
            loop.call_soon_threadsafe(end_all, number)
            if callable(before):
                before(number, frame)

        with contextlib.suppress(ValueError):  # not the main thread, so signals are somebody else's
            signal.signal(number, end)


# --- Requests --------------------------------------------------------------------------------------------------------


def _understand(request: ASGIRequest) -> Asked | HttpResponse:
    """What is asked for, or what is wrong with the question."""
    site_says = _headed(request, HttpResponse())
    if site_says.status_code != 200:
        return site_says  # to https
    if request.method != "GET":
        return _headed(request, HttpResponseNotAllowed(["GET"]))
    # Another site's page could not read the stream, but could hold it open from the browsers of all its visitors.
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return _plain(request, 403, "This stream is for the pages of this site.")
    query = request.META["QUERY_STRING"]
    if not _is_sound(query):
        return _plain(request, 400, "The address is not understood.")
    words = dict(parse_qsl(query, keep_blank_values=True))
    # A browser that reconnects asks at the same address: what it heard since then is in the header.
    heard = [words.get("poll"), words.get("after"), request.headers.get("Last-Event-ID")]
    if any(id and not _ID.fullmatch(id) for id in heard):
        return _plain(request, 400, "The number of the last event is not understood.")
    last = max((int(id) for id in heard if id), default=None)
    return Asked(last, "poll" in words, query, _address(request))


def _is_sound(query: str) -> bool:
    text = unquote_to_bytes(query).decode("utf-8", errors="replace")
    return len(query) <= LONGEST_QUERY and "\x00" not in text and "\ufffd" not in text


def _address(request: HttpRequest) -> str:
    """The reader's address as far as our own proxies know it; of IPv6 the network, which one household owns whole."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    given = address_of(request.META.get("REMOTE_ADDR", ""), forwarded, settings.PROXIES)
    return block_of(given, 32, 64) or given


# --- Answers ---------------------------------------------------------------------------------------------------------


def _headed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response with the headers of every other page, or a redirection to https."""
    response["Cache-Control"] = "no-store, no-transform"  # compressed, events would be kept until there are enough
    answer: Callable[[HttpRequest], HttpResponse] = partial(_given, response)
    for name in reversed(HEADERS):
        answer = import_string(name)(answer)
    return answer(request)


def _given(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    return response


def _plain(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    return _headed(request, HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8"))


def _json(request: HttpRequest, content: Any) -> HttpResponse:
    return _headed(request, HttpResponse(json.dumps(content), content_type="application/json"))


def _later(request: HttpRequest) -> HttpResponse:
    response = _plain(request, 503, "Too many pages are open just now. This one asks for news now and then instead.")
    response["Retry-After"] = str(RETRY_AFTER)
    metrics.REFUSED.inc()
    return response


def _start(response: HttpResponse) -> dict[str, Any]:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]
    return {"type": "http.response.start", "status": response.status_code, "headers": headers}


async def _send_whole(response: HttpResponse, send: Send) -> None:
    response["Content-Length"] = str(len(response.content))
    await send(_start(response))
    await send({"type": "http.response.body", "body": response.content})
