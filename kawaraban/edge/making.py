"""Asks the site for a page to be remembered: as nobody, with no header and no cookie of whoever wants it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings

from kawaraban.caching.marks import SCOPE, Draft
from kawaraban.edge import codings, pages
from kawaraban.edge.pages import Page
from kawaraban.edge.renewing import Unavailable
from kawaraban.edge.store import Key
from kawaraban.replicas import FRESH

logger = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


async def make(site: Application, key: Key) -> Page | None:
    """The page, as the site makes it for nobody in particular; None where its answer is not one to be remembered.

    Raises:
        Unavailable: the site failed.
    """
    began = time.monotonic()
    draft = Draft()
    start, body = await _ask(site, _scope(key, draft))
    status = start["status"]
    if status >= 500:
        raise Unavailable(f"{status} for {key.path}")
    headers = [(name.lower(), value) for name, value in start["headers"]]
    said = dict(headers)
    control = said.get(b"cache-control", b"")
    is_static = key.path.startswith(settings.STATIC_URL) and b"max-age" in control
    if status != 200 or not (draft.is_cacheable or is_static) or not _is_for_everybody(key, headers, control):
        return None
    compact = await asyncio.to_thread(codings.encode, body, codings.COMPACT)
    return Page(
        pages.from_site(headers),
        compact,
        frozenset(draft.about),
        frozenset(draft.mentions),
        began,
        cache_control=control if b"max-age" in control else pages.CACHE_CONTROL,
        good_for=draft.good_for,
    )


def _is_for_everybody(key: Key, headers: pages.Headers, control: bytes) -> bool:
    """False where the site says that its answer is somebody's own, whatever the view promises."""
    if any(word in control for word in (b"no-store", b"private")):
        return False
    varies = b",".join(value.lower() for name, value in headers if name == b"vary")
    if b"cookie" in varies or b"set-cookie" in dict(headers):
        logger.error("%s is marked cacheable, but looked at who asks; it is not remembered.", key.path)
        return False
    return True


def _scope(key: Key, draft: Draft) -> Scope:
    headers = [(b"host", key.host)]
    if settings.HTTPS and settings.PROXIES:
        headers.append((b"x-forwarded-proto", b"https"))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https" if settings.HTTPS else "http",
        "path": key.path,
        "raw_path": key.path.encode(),
        "query_string": key.query.encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
        SCOPE: draft,
        FRESH: True,  # a copy of the database may not have heard yet of what this page is made anew for
    }


async def _ask(site: Application, scope: Scope) -> tuple[Mapping[str, Any], bytes]:
    """The start of the site's answer, and its whole body."""
    starts: list[Mapping[str, Any]] = []
    parts: list[bytes] = []
    asked = False

    async def receive() -> Mapping[str, Any]:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()  # nobody leaves: others may come to want the page
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            starts.append(message)
        else:
            parts.append(message.get("body", b""))

    await site(scope, receive, send)
    if not starts:
        raise Unavailable(f"no answer for {scope['path']}")
    return starts[0], b"".join(parts)
