"""What watches over the site asks these: load balancers whether a process lives and may be sent readers, Prometheus
for its figures. They ask by address, over plain http, while the database is away; so this stands before all the rest.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder

from kawaraban import doctor
from kawaraban.metrics import FIGURES, HEALTH, READINESS, database

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

WITHIN = 1.0  # seconds that the database may take
HOLDS = 300.0  # seconds for which tables and files that were found well are not looked at again
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Real-IP")

_looked_well_at: float | None = None
_told = ""  # what was missing when it was last written down


def answer_probes(get_response: GetResponse) -> GetResponse:
    """Answer `/healthz`, `/readyz` and, to those who may see it, `/metrics`. Cost to all others: a look into a table.

    No host is checked, nothing is redirected, no session is touched, and nothing that was sent is repeated.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = PROBES.get(request.path_info)
        # Whoever may not see the figures gets what any address gets where nothing is.
        if answer is None or (answer is metrics and not may_see_metrics(request)):
            return get_response(request)
        response = answer(request) if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET", "HEAD"])
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return middleware


def health(request: HttpRequest) -> HttpResponse:
    """200: this process takes requests and answers them. Cost: none."""
    return _plain("ok", 200)


def readiness(request: HttpRequest) -> HttpResponse:
    """200 when pages can be made, else 503 with the names of what is missing, and no more than that.

    Cost: 1 query on a connection of its own; every five minutes 2 more, and a look at the files.
    """
    global _told
    missing = ", ".join(_missing())
    if missing != _told:
        logger.warning(f"Not ready: {missing}." if missing else "Ready again.")
        _told = missing
    response = _plain(f"not ready: {missing}", 503) if missing else _plain("ready", 200)
    response._has_been_logged = True  # type: ignore[attr-defined]  # by Django, which would at every question
    return response


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures of this process, as Prometheus reads them. Cost: 9 queries, fewer when asked again at once."""
    write, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(write(REGISTRY), content_type=content_type)


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    HEALTH: health,
    READINESS: readiness,
    FIGURES: metrics,
}


def may_see_metrics(request: HttpRequest) -> bool:
    """True for whoever has the key; without one for programs on this machine, where no proxy stands in front.

    A proxy on this machine passes on what strangers ask, and a browser here what another site's page asks under a name
    of its own: so neither a forwarded request nor one to a foreign host is taken for this machine's.
    """
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_KEY and scheme.lower() == "bearer":
        return secrets.compare_digest(given.encode(), settings.METRICS_KEY.encode())
    if settings.PROXIES or any(name in request.headers for name in FORWARDED):
        return False
    try:
        request.get_host()
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except (DisallowedHost, ValueError):
        return False


def forget() -> None:
    """Look at everything anew when next asked."""
    global _looked_well_at, _told
    _looked_well_at, _told = None, ""


def _missing() -> Iterator[str]:
    global _looked_well_at
    if not database.answers(WITHIN):
        yield "database"
        return
    if _looked_well_at is not None and time.monotonic() - _looked_well_at < HOLDS:
        return
    looked = {"migrations": doctor.migrations(), "static": doctor.static_files()}
    ill = [name for name, finding in looked.items() if not finding.is_well]
    _looked_well_at = None if ill else time.monotonic()
    yield from ill


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
