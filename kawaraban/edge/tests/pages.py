"""Pages as tests want them."""

from __future__ import annotations

import time
from typing import Any

from kawaraban.edge import codings
from kawaraban.edge.pages import Page
from kawaraban.edge.store import Key

BODY = b'<p class="notice" data-out-of-order hidden>As it was at <time data-made></time>.</p><p>The bridge.</p>'


def key(path: str = "/", query: str = "") -> Key:
    return Key(b"courier.example", path, query)


def page(
    *about: str, mentions: tuple[str, ...] = (), body: bytes = BODY, began: float | None = None, **more: Any
) -> Page:
    """A page, made just now."""
    made = time.monotonic() if began is None else began
    compact = codings.encode(body, codings.COMPACT)
    return Page([(b"content-type", b"text/html")], compact, frozenset(about), frozenset(mentions), made, **more)
