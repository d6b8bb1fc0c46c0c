"""The requests that reach Django: how many, with which outcome, and how long each took.

Pages that are answered from memory, and open streams, do not come this far; they are counted where they are answered.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

from kawaraban.metrics import history

GetResponse = Callable[[HttpRequest], HttpResponse]

KINDS = ("read", "write", "desk", "static", "other")
REQUESTS = Counter(
    "kawaraban_http_requests_total",
    "Requests that Django answered, by what they were about and the family of the status.",
    ["kind", "status"],
)
DURATION = Histogram(
    "kawaraban_http_request_duration_seconds",
    "How long Django took to answer, from the first middleware to the whole response.",
    ["kind"],
    buckets=(0.005, 0.01, 0.015, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
)
# Looked up once: a label is found by building a key and taking a lock.
_counts = {(kind, family): REQUESTS.labels(kind, f"{family}xx") for kind in KINDS for family in range(1, 6)}
_durations = {kind: DURATION.labels(kind) for kind in KINDS}


def measure_requests(get_response: GetResponse) -> GetResponse:
    """Count and time every request. Cost: about 2 µs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if isinstance(request, ASGIRequest):  # a server, and no test or command that calls the site
            history.begin()
        began = time.perf_counter()
        response = get_response(request)
        kind = kind_of(request)
        _durations[kind].observe(time.perf_counter() - began)
        _counts[kind, response.status_code // 100].inc()
        return response

    return middleware


def kind_of(request: HttpRequest) -> str:
    """What a request is about, one of `KINDS`."""
    path = request.path_info
    if path.startswith(("/static/", "/media/")):
        return "static"
    if path.startswith("/desk/"):
        return "desk"
    if request.method in ("GET", "HEAD"):
        return "read"
    return "write" if request.method == "POST" else "other"
