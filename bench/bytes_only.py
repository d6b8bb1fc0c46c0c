"""The least that a page can cost here: bytes in memory, sent by the server that the site runs in, and nothing else."""

from __future__ import annotations

import gzip
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

_HEADERS = [(b"content-type", b"text/html; charset=utf-8"), (b"content-encoding", b"gzip")]
_START = {"type": "http.response.start", "status": 200, "headers": _HEADERS}
_PAGES = {
    f"/{path.name}": {"type": "http.response.body", "body": gzip.compress(path.read_bytes(), 6)}
    for path in Path(os.environ.get("BENCH_PAGES", "/nowhere")).glob("*.html")
}


async def application(
    scope: Mapping[str, Any], receive: object, send: Callable[[Mapping[str, Any]], Awaitable[None]]
) -> None:
    """Answer with a page."""
    await send(_START)
    await send(_PAGES[scope["path"]])
