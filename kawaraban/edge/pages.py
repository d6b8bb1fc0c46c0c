"""One remembered page: its bytes in every coding that was asked for, and the answers that carry them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.http import parse_http_date_safe

from kawaraban.caching.marks import OLDEST
from kawaraban.edge import codings

Headers = list[tuple[bytes, bytes]]
Message = Mapping[str, Any]

# Ours, whatever the site has said: how long a page is good for is known here.
OWN = frozenset(
    (b"accept-ranges", b"cache-control", b"content-encoding", b"content-length", b"date", b"etag", b"expires", b"vary")
)
# Browsers ask each time, which costs them a 304. A CDN may keep a page for five seconds and give it while it fetches
# the next for five more: what is taken back is gone there within ten (S-062). Where the site does not answer at all, a
# CDN goes on for half an hour; one that is purged by `Surrogate-Key` brings nothing back.
CACHE_CONTROL = b"public, max-age=0, s-maxage=5, stale-while-revalidate=5, stale-if-error=1800"
NO_CACHE = b"no-store"  # what is told while the database is away is not to outlive that
# In theme/base.html: what readers are told where this page stands in for one that cannot be made.
MARK, SHOWN = b" data-out-of-order hidden", b" data-out-of-order"
MADE_AT = b"<time data-made></time>"
OVERHEAD = 2_000  # bytes that a page takes beside its bodies, about


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent for a page in one coding: the two messages of a whole answer, and the one of "not modified"."""

    etag: bytes
    start: Message
    body: Message
    unmodified: Message


@dataclass(eq=False, slots=True)
class Page:
    """A finished page, alike for everybody.

    Attributes:
        headers: the site's own; lower case, without those that are made here.
        compact: its bytes, as `codings.COMPACT`.
        began: when the making of it began, in seconds of the monotonic clock: nothing that committed later is in it.
        good_for: seconds after which it is made anew in any case.
        aged: since when something in it has been known to have changed; None while nothing has.
        paced: until when the makings of it so far suffice, at one in `renewing.PACE` seconds; on the same clock.
        failed: when the last try to make it anew has failed, so that readers are to be told; None while none has.
    """

    headers: Headers
    compact: bytes
    about: frozenset[str]
    mentions: frozenset[str]
    began: float
    aged: float | None = None
    paced: float = 0.0
    failed: float | None = None
    cache_control: bytes = CACHE_CONTROL
    good_for: float = OLDEST
    answers: dict[str, Answer] = field(default_factory=dict)
    marked: dict[str, Answer] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes in memory, about."""
        held = [answer.body["body"] for answer in (*self.answers.values(), *self.marked.values())]
        tags = sum(map(len, self.about)) + sum(map(len, self.mentions)) + 60 * len(self.mentions)
        return OVERHEAD + len(self.compact) + sum(map(len, held)) + tags

    def answer(self, coding: str) -> Answer:
        """The answer in a coding, made once. Cost: 1.5 ms for each 100 kB the first time, then none."""
        kept = self.answers if self.failed is None else self.marked
        found = kept.get(coding)
        if found is None:
            found = kept[coding] = self._made(coding)
        return found

    def is_known(self, etag: bytes, etags: bytes | None, since: bytes | None) -> bool:
        """Whether a browser has this answer already, by its `If-None-Match` or else its `If-Modified-Since`."""
        if etags is not None:
            return etag in etags or etags.strip() == b"*"
        modified = dict(self.headers).get(b"last-modified")
        if since is None or modified is None:
            return False
        asked, ours = (parse_http_date_safe(value.decode("latin-1")) for value in (since, modified))
        return asked is not None and ours is not None and ours <= asked

    def _made(self, coding: str) -> Answer:
        whole = codings.expand(self.compact)
        if self.failed is not None:
            whole = whole.replace(MARK, SHOWN, 1).replace(MADE_AT, self._made_at(), 1)
        body = codings.encode(whole, coding)
        # Strong, so each coding has its own (RFC 9110, section 8.8.3.3).
        etag = b'"%s-%s"' % (sha256(whole).hexdigest()[:24].encode(), coding.encode())
        shared = [
            *self.headers,
            (b"cache-control", self.cache_control if self.failed is None else NO_CACHE),
            (b"etag", etag),
            (b"vary", b"Accept-Encoding"),
            (b"surrogate-key", " ".join(sorted(self.about)).encode()),
        ]
        whole_only = [(b"content-length", str(len(body)).encode()), (b"accept-ranges", b"none")]
        if coding != "identity":
            whole_only.append((b"content-encoding", coding.encode()))
        short = [(name, value) for name, value in shared if name not in (b"content-type", b"content-language")]
        return Answer(
            etag,
            {"type": "http.response.start", "status": 200, "headers": [*shared, *whole_only]},
            {"type": "http.response.body", "body": body},
            {"type": "http.response.start", "status": 304, "headers": short},
        )

    def _made_at(self) -> bytes:
        at = timezone.localtime(timezone.now() - timedelta(seconds=time.monotonic() - self.began))
        return b'<time datetime="%s">%s</time>' % (at.isoformat("T", "minutes").encode(), f"{at:%H:%M}".encode())


def from_site(headers: Headers) -> Headers:
    """The site's headers as far as they go with a remembered page."""
    return [(name.lower(), value) for name, value in headers if name.lower() not in OWN]
