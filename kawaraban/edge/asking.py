"""What a request asks for: which remembered page, and what its browser can read and has already."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.urls import Resolver404, resolve

from kawaraban.caching.marks import CHANGED, REMEMBERED_FOR
from kawaraban.edge import codings
from kawaraban.edge.store import NEVER, Key
from kawaraban.live import subjects

Scope = dict[str, Any]

LONGEST_PATH, LONGEST_QUERY = 400, 1_000  # characters; longer ones go to the site, and are nobody's page
LONGEST_WORD = 100  # characters of what a part of a query says

_CHANGED = f"{CHANGED}=".encode()
# Asked for with one of these, an answer is for the one who asks.
_PERSONAL = (b"authorization", b"proxy-authorization")


@dataclass(slots=True)
class Asked:
    """A request for a page that may be remembered."""

    key: Key
    coding: str
    etags: bytes | None
    since: bytes | None
    after: float  # on the monotonic clock; NEVER for who has changed nothing lately


def read(scope: Scope, hosts: frozenset[bytes]) -> Asked | None:
    """What a request asks for; None where only the site can answer.

    Args:
        hosts: the names, as browsers send them, under which pages are remembered.
    """
    if scope["method"] not in ("GET", "HEAD"):
        return None
    pairs = scope["headers"]
    headers = dict(pairs)
    host = headers.get(b"host")
    if host not in hosts or not _is_secure(scope, headers) or any(name in headers for name in _PERSONAL):
        return None
    if len(headers) != len(pairs) and sum(name == b"host" for name, _ in pairs) > 1:
        return None
    path, query = scope["path"], scope["query_string"]
    parameters = _parameters(path) if len(path) <= LONGEST_PATH else None
    if parameters is None or len(query) > LONGEST_QUERY:
        return None
    cookie = headers.get(b"cookie")
    return Asked(
        Key(host, path, _kept(query, parameters) if query and parameters else ""),
        codings.best(headers.get(b"accept-encoding", b"")),
        headers.get(b"if-none-match"),
        headers.get(b"if-modified-since"),
        _changed_at(cookie) if cookie is not None and _CHANGED in cookie else NEVER,
    )


@lru_cache(maxsize=8_192)
def _parameters(path: str) -> tuple[str, ...] | None:
    """The parts of a query that make a difference at a path; None where nothing may be remembered."""
    if path.startswith(settings.STATIC_URL):
        return ()
    if subjects.find(path) is not None:
        return None
    try:
        return getattr(resolve(path).func, "cacheable", None)
    except Resolver404:
        return None


@lru_cache(maxsize=2_048)
def _kept(query: bytes, parameters: tuple[str, ...]) -> str:
    """A query without what makes no difference, in one order. Of a part that is there twice the last counts."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, separator="&")
    known = {name: value for name, value in pairs if name in parameters and len(value) <= LONGEST_WORD}
    return urlencode(sorted(known.items()))


def _is_secure(scope: Scope, headers: dict[bytes, bytes]) -> bool:
    """Whether the site would not send this request to https first."""
    if not settings.HTTPS:
        return True
    if settings.PROXIES:
        return headers.get(b"x-forwarded-proto") == b"https"
    return bool(scope["scheme"] == "https")


def _changed_at(cookies: bytes) -> float:
    """When the member changed something, on the monotonic clock; NEVER when it is long ago or makes no sense."""
    value = cookies.partition(_CHANGED)[2].partition(b";")[0]
    if not value.isdigit() or len(value) > 15:
        return NEVER
    age = time.time() - int(value) / 1000
    return time.monotonic() - age if 0 <= age <= REMEMBERED_FOR else NEVER
