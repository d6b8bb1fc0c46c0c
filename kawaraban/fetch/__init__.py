"""The one way out to the network: what the site asks of other servers goes through `get` and `post`.

An address may come from a feed, an editor or a redirect, so none of it is believed. Each name is looked up once, all
that it stands for must be on the public internet, and the connection goes to what was checked and nowhere else. One
deadline holds for everything from the look-up to the last byte (docs/decisions/0024-way-out.md).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version

import httpcore

from kawaraban.fetch.addresses import Allow, Target, parse
from kawaraban.fetch.connection import Clock, Way, trust
from kawaraban.fetch.errors import FetchError

__all__ = ["Allow", "FetchError", "Response", "get", "only", "post", "use"]

LIMIT = 5 * 1024 * 1024
"""Bytes of an answer that are taken, unpacked, unless the caller says otherwise."""
DEADLINE = 10.0
"""Seconds for all of a request, redirects included, unless the caller says otherwise."""
REDIRECTS = 3
"""That are followed."""
PIECE = 64 * 1024
"""Bytes that are unpacked at a time."""
PARTS = 1_000
"""Of a gzip file; to unpack millions of empty ones is all work and no bytes."""

_MOVED = {301, 302, 303, 307, 308}
_allow = Allow()
_agent = f"Kawaraban/{version('kawaraban')}"


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, whatever its status. `headers` have small names; `url` is where it came from in the end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    etag: str
    last_modified: str

    @property
    def not_modified(self) -> bool:
        """Whether all is still as it was when `etag` and `last_modified` were given out."""
        return self.status == 304


def use(allow: Allow, site: str) -> None:
    """Allow this from now on where a caller says nothing else, and call ourselves the program of the site there."""
    global _allow, _agent
    _allow = allow
    _agent = f"Kawaraban/{version('kawaraban')} (+{site})"


def only(url: str) -> Allow:
    """Allows the server that an operator has configured at this address, private or not, at its port alone.

    Raises:
        FetchError: it is no address.
    """
    target = parse(url)
    return Allow(ports=(target.port,), private=(target.host,))


def get(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    etag: str = "",
    last_modified: str = "",
    limit: int = LIMIT,
    deadline: float = DEADLINE,
    allow: Allow | None = None,
) -> Response:
    """What stands at an address, after three redirects at most. Takes twice `limit` of memory.

    Args:
        headers: sent to this server; to another one, after a redirect, none of them.
        etag: of the answer that the caller has; if that still holds, this one is `not_modified`.
        last_modified: likewise.
        limit: bytes of the body, packed as well as unpacked.
        deadline: seconds for everything together.

    Raises:
        FetchError: there is no answer, or none that may be taken.
    """
    allow = allow or _allow
    clock = Clock(deadline)
    theirs = headers or {}
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    conditions = {name: value for name, value in conditions.items() if value}
    first = target = parse(url)
    for _ in range(REDIRECTS + 1):
        response = _exchange("GET", target, {**theirs, **conditions}, b"", limit, clock, allow)
        if not _leads_elsewhere(response.status, response.headers):
            return response
        location = response.headers["location"].encode("latin-1").decode(errors="replace")
        onward = parse(location, target.url)
        if (target.scheme, onward.scheme) == ("https", "http"):
            raise FetchError("downgrade", f"{target.host} leads from https to http, where anybody could change it.")
        if not onward.is_trusted_like(target):
            theirs = {}
        if onward.host != first.host:
            allow = replace(allow, private=())
        target = onward
    raise FetchError("too-many-redirects", f"{first.host} leads elsewhere more than {REDIRECTS} times.")


def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str] | None = None,
    limit: int = LIMIT,
    deadline: float = DEADLINE,
    allow: Allow | None = None,
) -> Response:
    """What a server answers to this body. A redirect is an answer too and is not followed; the rest is as in `get`.

    Raises:
        FetchError: there is no answer, or none that may be taken.
    """
    return _exchange("POST", parse(url), headers or {}, body, limit, Clock(deadline), allow or _allow)


def _exchange(
    method: str, target: Target, headers: Mapping[str, str], body: bytes, limit: int, clock: Clock, allow: Allow
) -> Response:
    """One request and its answer."""
    if target.port not in allow.ports:
        raise FetchError(
            "bad-port",
            f"Nothing was asked of {target.host}: port {target.port} is not allowed. "
            "The operator can allow it with KAWARABAN_FETCH_PORTS.",
        )
    scheme, host = target.scheme.encode(), target.host.encode()
    url = httpcore.URL(scheme=scheme, host=host, port=target.port, target=target.path.encode())
    connection = httpcore.HTTPConnection(
        httpcore.Origin(scheme, host, target.port),
        ssl_context=trust() if target.scheme == "https" else None,
        network_backend=Way(clock, allow),
    )
    try:
        sent = _headers(target, headers, len(body) if method == "POST" else None)
        with connection, connection.stream(method, url, headers=sent, content=body or None) as answer:
            return _taken(method, target, answer, limit, clock)
    except (UnicodeEncodeError, httpcore.LocalProtocolError):
        raise FetchError("bad-header", "A header that was to be sent holds signs that none may hold.") from None
    except httpcore.RemoteProtocolError:
        raise FetchError(
            "not-http", f"The answer of {target.host} at port {target.port} does not follow HTTP."
        ) from None


def _headers(target: Target, given: Mapping[str, str], length: int | None) -> list[tuple[bytes, bytes]]:
    ours = {"Host": target.authority, "User-Agent": _agent, "Accept-Encoding": "gzip", "Connection": "close"}
    if length is not None:
        ours["Content-Length"] = str(length)
    theirs = {name: value for name, value in given.items() if name.title() not in ours}
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in {**ours, **theirs}.items()]


def _leads_elsewhere(status: int, headers: Mapping[str, str]) -> bool:
    return status in _MOVED and "location" in headers


# --- The answer -------------------------------------------------------------------------------------------------------


def _taken(method: str, target: Target, answer: httpcore.Response, limit: int, clock: Clock) -> Response:
    headers: dict[str, str] = {}
    for raw_name, raw in answer.headers:
        name, value = raw_name.decode("latin-1").lower(), raw.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    is_followed = method == "GET" and _leads_elsewhere(answer.status, headers)
    body = b"" if is_followed else _body(target, answer, headers, limit, clock)
    etag, last_modified = headers.get("etag", ""), headers.get("last-modified", "")
    return Response(answer.status, headers, body, target.url, etag, last_modified)


def _body(target: Target, answer: httpcore.Response, headers: Mapping[str, str], limit: int, clock: Clock) -> bytes:
    clock.doing = f"reading the answer of {target.host}"
    too_large = FetchError("too-large", f"The answer of {target.host} is larger than {limit:,} bytes.")
    cut_off = FetchError("cut-off", f"The answer of {target.host} ended before it was whole.")
    packing = headers.get("content-encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError("bad-packing", f"The answer of {target.host} is packed in a way that was not asked for.")
    chunks = _capped(answer.iter_stream(), limit, too_large, clock)
    if packing.endswith("gzip"):
        chunks = _capped(_unpacked(chunks, cut_off), limit, too_large, clock)
    body = bytearray()  # and no list: whoever sends single bytes would fill it with many times their size
    try:
        for chunk in chunks:
            body += chunk
    except httpcore.RemoteProtocolError:
        raise cut_off from None
    except zlib.error:
        raise FetchError("bad-packing", f"The answer of {target.host} cannot be unpacked.") from None
    return bytes(body)


def _capped(chunks: Iterable[bytes], limit: int, too_large: FetchError, clock: Clock) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        clock.left()
        total += len(chunk)
        if total > limit:
            raise too_large
        yield chunk


def _unpacked(chunks: Iterable[bytes], cut_off: FetchError) -> Iterator[bytes]:
    """Gunzips piece by piece: no input makes more than one piece at a time. A file may hold several parts."""
    part, parts = None, 0
    for chunk in chunks:
        rest = chunk
        while rest:
            if part is None or part.eof:
                parts += 1
                if parts > PARTS:
                    raise zlib.error
                part = zlib.decompressobj(16 + zlib.MAX_WBITS)
            yield part.decompress(rest, PIECE)
            rest = part.unused_data if part.eof else part.unconsumed_tail
    if part is not None:
        yield part.flush()
        if not part.eof:
            raise cut_off
