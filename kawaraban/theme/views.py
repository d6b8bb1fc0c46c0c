"""Error pages in the site's own dress."""

from __future__ import annotations

import logging
import sys

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from psycopg.errors import ReadOnlySqlTransaction
from psycopg_pool import PoolTimeout

from kawaraban.logs import request_id

logger = logging.getLogger(__name__)

# Where the front says in the scope of a request that there is no place for it, and why.
SHED = "kawaraban.shed"
RETRY_AFTER = {"away": 30, "crowded": 10, "emergency": 300}  # seconds

# What is raised when the database cannot be reached, or its connections are all in use.
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)


def is_away(error: BaseException | None) -> bool:
    """True of an error that says that the database is away, or that it became a standby while we were connected to it.

    A connection to a standby is ended, so that the next one finds the primary.
    """
    if error is not None and isinstance(error.__cause__, ReadOnlySqlTransaction):
        if connection.connection is not None:
            connection.connection.close()
            connection.close()
        return True
    return isinstance(error, DATABASE_AWAY)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for a request that cannot be understood; it asks the database nothing. Cost: none."""
    return HttpResponse(render_to_string("theme/bad_request.html"), status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for an address where nothing is. Cost: those of the masthead."""
    return render(request, "theme/not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours; it asks neither the database nor the request. Cost: none.

    Django calls it while it handles the fault. A database that went away while a form was being refused, or another
    error page made, shows up here and nowhere else.
    """
    missed = sys.exc_info()[1]
    if is_away(missed):
        logger.error("The database did not answer: %s", missed)
        return unavailable(request)
    page = render_to_string("theme/server_error.html", {"request_id": request_id.get()})
    return HttpResponse(page, status=500)


def unavailable(request: HttpRequest, why: str = "away") -> HttpResponse:
    """503 with Retry-After, handing back the text that was sent. Cost: none.

    Args:
        why: `away`, the database does not answer; `crowded`, there is no place; `emergency`, it is switched off.
    """
    kept = request.POST.get("body", "") if request.method == "POST" else ""
    page = render_to_string("theme/unavailable.html", {"kept": kept, "why": why})
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER[why]), "Cache-Control": "no-store"})
