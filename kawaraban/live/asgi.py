"""Streams over HTTP, in front of Django: no thread and no chain of middleware for each open page."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import re
import signal
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, unquote_to_bytes

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils.module_loading import import_string

from kawaraban.live import subjects
from kawaraban.live.streams import Stream, Streams
from kawaraban.live.subjects import Subject

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
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
            await _stream(streams, answer, request, receive, send)
        else:
            await _send_whole(answer, send)

    return application


async def _answer(streams: Streams, request: ASGIRequest, subject: Subject, number: int) -> HttpResponseBase | Stream:
    """A stream that has been opened and caught up with what its reader missed, or why there is none."""
    refusal = _headed(request, HttpResponse())
    if refusal.status_code != 200:
        return refusal  # to https
    if request.method != "GET":
        return _headed(request, HttpResponseNotAllowed(["GET"]))
    # Another site's page could not read the stream, but could hold it open from the browsers of all its visitors.
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return _plain(request, 403, "This stream is for the pages of this site.")
    query = request.META["QUERY_STRING"]
    if not _is_sound(query):
        return _plain(request, 400, "The address is not understood.")
    asked = parse_qs(query, keep_blank_values=True)
    poll = asked.get("poll", [None])[-1]
    # A browser that reconnects asks at the same address: what it heard since then is in the header.
    heard = [poll, asked.get("after", [None])[-1], request.headers.get("Last-Event-ID")]
    if any(id and not _ID.fullmatch(id) for id in heard):
        return _plain(request, 400, "The number of the last event is not understood.")
    last = max((int(id) for id in heard if id), default=None)
    address = _address(request)
    if poll is None and streams.is_full(address):
        return _later(request)
    try:
        if not streams.is_heard(subject, number) and not await streams.questions.ask(subject.may_hear, number):
            return _plain(request, 404, "There is nothing to listen to at this address.")
        if poll is not None:
            events = await streams.missed(subject, number, last or 0, query)
            return _headed(request, _json([asdict(event) for event in events]))
        if streams.is_full(address):  # by those who asked at the same moment
            return _later(request)
        stream = streams.open(subject, number, address, query)
    except Exception:  # noqa: BLE001 - whatever keeps us from asking the database, the browser asks again later
        return _later(request)
    if last is None:
        return stream
    stream.last = last
    stream.hold()
    try:
        stream.catch_up(await streams.missed(subject, number, last, query))
    except Exception:  # noqa: BLE001 - as above
        stream.over.set()
    if stream.over.is_set():
        streams.close(stream)
        return _later(request)
    return stream


async def _stream(streams: Streams, stream: Stream, request: HttpRequest, receive: Receive, send: Send) -> None:
    """Send a stream until its reader leaves or it is over."""
    head = HttpResponse(content_type="text/event-stream; charset=utf-8")
    head["X-Accel-Buffering"] = "no"  # nginx would keep the events until it has a page full of them

    async def write() -> None:
        await stream.write(lambda chunk: send({"type": "http.response.body", "body": chunk, "more_body": True}))

    async def leave() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    await send(_start(_headed(request, head)))
    # Tasks of our own: the server's cannot be cancelled while it waits for a reader who takes nothing.
    tasks = [asyncio.ensure_future(work) for work in (write(), leave(), stream.over.wait())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if stream.over.is_set() and not stream.is_stuck:
            with contextlib.suppress(Exception):
                await send({"type": "http.response.body", "body": b""})
    finally:
        streams.close(stream)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _end_with_process(streams: Streams) -> None:
    """End the streams when the process is asked to stop: the server waits for every open answer, and says nothing.

    The event loop's own handlers hear of signals in another way and go on as before.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)

        def end(number: int, frame: Any, before: Any = before) -> None:
            loop.call_soon_threadsafe(streams.end_all)
            if callable(before):
                before(number, frame)

        with contextlib.suppress(ValueError):  # not the main thread, so signals are somebody else's
            signal.signal(number, end)


# --- Answers ---------------------------------------------------------------------------------------------------------


def _headed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response with the headers of every other page, or a redirection to https."""
    response["Cache-Control"] = "no-store, no-transform"  # compressed, events would be kept until there are enough
    get_response: Callable[[HttpRequest], HttpResponse] = lambda request: response
    for name in reversed(HEADERS):
        get_response = import_string(name)(get_response)
    return get_response(request)


def _plain(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    return _headed(request, HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8"))


def _later(request: HttpRequest) -> HttpResponse:
    response = _plain(request, 503, "Too many pages are open just now. This one asks for news now and then instead.")
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _json(content: Any) -> HttpResponse:
    return HttpResponse(json.dumps(content), content_type="application/json")


def _start(response: HttpResponse) -> dict[str, Any]:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]
    return {"type": "http.response.start", "status": response.status_code, "headers": headers}


async def _send_whole(response: HttpResponse, send: Send) -> None:
    response["Content-Length"] = str(len(response.content))
    await send(_start(response))
    await send({"type": "http.response.body", "body": response.content})


# --- Requests --------------------------------------------------------------------------------------------------------


def _is_sound(query: str) -> bool:
    text = unquote_to_bytes(query).decode("utf-8", errors="replace")
    return len(query) <= LONGEST_QUERY and "\x00" not in text and "\ufffd" not in text


def _address(request: HttpRequest) -> str:
    """The reader's address as far as our own proxies know it; of IPv6 the network, which one household owns whole."""
    given = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if settings.PROXIES and len(forwarded) >= settings.PROXIES:
        given = forwarded[-settings.PROXIES].strip() or given
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return given
    if address.version == 4:
        return given
    return str(ipaddress.ip_network((address, 64), strict=False))
