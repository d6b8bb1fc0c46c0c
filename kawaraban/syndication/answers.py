"""How a document for programs is answered: whole, or with the word that it has not changed."""

from __future__ import annotations

import time
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date

# Longer than anybody waits between two visits whom an answer in full would harm.
KEPT_SECONDS = 30 * 24 * 60 * 60


def document(request: HttpRequest, body: bytes, content_type: str, *, public: bool = True) -> HttpResponseBase:
    """The document, or 304 where whoever asks has it.

    What is taken back must be gone with the next request: caches may keep the document and ask each time.
    Cost: 1 query, 1 more once something has changed.
    """
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    since = _since(request, etag)
    response = HttpResponse(body, content_type=content_type, headers={"ETag": etag, "Last-Modified": http_date(since)})
    patch_cache_control(response, no_cache=True, **{"public" if public else "private": True})
    answer = get_conditional_response(request, etag=etag, last_modified=since, response=response)
    return response if answer is None else answer


def _since(request: HttpRequest, etag: str) -> int:
    """Since when, in seconds of the epoch, the document has been as it is, as far as it was asked for.

    The newest change of what a list holds would not do: it goes back when a story is taken back, and whoever asks by
    date alone would be told that nothing had changed. For the same reason two states never share a second.
    """
    key = "document:" + sha256(request.get_full_path().encode()).hexdigest()
    kept = cache.get(key)
    former: str
    since: int
    former, since = kept or ("", 0)
    if former == etag:
        return since
    since = max(int(time.time()), since + 1)
    cache.set(key, (etag, since), KEPT_SECONDS)
    return since
