"""What is true of every request and every answer, whichever room answers."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.db import DatabaseError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.deprecation import MiddlewareMixin

from kawaraban.accounts.actions import trace
from kawaraban.accounts.models import User
from kawaraban.caching.actions import changed
from kawaraban.caching.marks import CHANGED, REMEMBERED_FOR
from kawaraban.logs import request_id
from kawaraban.origin import address_of
from kawaraban.theme.views import SHED, bad_request, is_away, unavailable

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

# Says to the page's script that asking for the viewer's own state is worth a request; names nobody.
SESSION_HINT = "signed_in"

# Where members write and vote. What they merely read, follow or begin to write leaves no trace.
TRACED = {"discussion:post", "discussion:edit", "discussion:vote", "discussion:worth", "discussion:source"}


def number_requests(get_response: GetResponse) -> GetResponse:
    """Give each request a number, by which an error that somebody tells of is found in the log.

    It is ours alone: whoever asks cannot choose what stands there.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(6)
        request.request_id = number  # type: ignore[attr-defined]  # for what Django writes down once we have returned
        before = request_id.set(number)
        try:
            response = get_response(request)
        finally:
            request_id.reset(before)
        if response.status_code >= 500:
            response["X-Request-Id"] = number
        return response

    return middleware


def refuse_broken_text(get_response: GetResponse) -> GetResponse:
    """Answer 400 to an address with NUL or broken UTF-8, which PostgreSQL fails on, and overlook such cookies."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if _is_broken(request.path_info) or _is_broken(_decoded(request.META.get("QUERY_STRING", ""))):
            return bad_request(request)
        for name in [name for name, value in request.COOKIES.items() if _is_broken(value)]:
            del request.COOKIES[name]  # not ours: a session's name is letters and digits
        return get_response(request)

    return middleware


def turn_away(get_response: GetResponse) -> GetResponse:
    """Tell those for whom the front has no place to come back, handing back the text that was sent."""

    def middleware(request: HttpRequest) -> HttpResponse:
        why = getattr(request, "scope", {}).get(SHED)
        return get_response(request) if why is None else unavailable(request, why)

    return middleware


def send_files_whole(get_response: GetResponse) -> GetResponse:
    """Read a static file or a picture before it is sent, and close it: it is small, and is remembered in front."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, FileResponse):
            return response
        whole = HttpResponse(response.getvalue(), status=response.status_code)
        whole.headers = response.headers
        response.close()
        return whole

    return middleware


def mirror_session(get_response: GetResponse) -> GetResponse:
    """Set and clear a readable cookie together with the session's, so that anonymous pages ask for nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if session is not None and session.value:
            response.set_cookie(
                SESSION_HINT,
                "1",
                max_age=session["max-age"] or None,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        elif session is not None:
            response.delete_cookie(SESSION_HINT, samesite="Lax")
        return response

    return middleware


def show_own_changes(get_response: GetResponse) -> GetResponse:
    """Let the browser of who has changed a page say so for a moment: the page as it was before is no answer to it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return get_response(request)
        here: list[bool] = []
        token = changed.set(here)
        try:
            response = get_response(request)
        finally:
            changed.reset(token)
        if here:
            # Scripts have no use for it, and it is gone before anybody could learn something from it.
            response.set_cookie(
                CHANGED,
                str(int(time.time() * 1000) + 1),
                max_age=REMEMBERED_FOR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return middleware


def keep_personal_pages_private(get_response: GetResponse) -> GetResponse:
    """Forbid every cache to keep a page of the account or the desk, whoever made it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path_info.startswith(("/account/", "/desk/")):
            add_never_cache_headers(response)
        return response

    return middleware


def desk_policy(get_response: GetResponse) -> GetResponse:
    """Give Wagtail's admin the wider content policy and the frames of its own that it needs.

    A preview is a page of the site, made through a chain of middleware of its own, which the editor frames.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if getattr(request, "is_preview", False):
            framed = {"frame-ancestors": settings.DESK_SECURITY_POLICY["frame-ancestors"]}
            response._csp_replace = framed  # type: ignore[attr-defined]  # read by django-csp
            response["X-Frame-Options"] = "SAMEORIGIN"
        elif request.path_info.startswith("/desk/"):
            response._csp_config = settings.DESK_SECURITY_POLICY  # type: ignore[attr-defined]  # read by django-csp
            response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    return middleware


def trace_networks(get_response: GetResponse) -> GetResponse:
    """Keep from which network block a member wrote or voted, under a pseudonym; of who reads, nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        place = request.resolver_match
        if request.method != "POST" or place is None or place.view_name not in TRACED or response.status_code >= 400:
            return response
        if isinstance(request.user, User):
            forwarded = request.headers.get("X-Forwarded-For", "")
            address = address_of(request.META.get("REMOTE_ADDR", ""), forwarded, settings.PROXIES)
            try:
                trace(request.user, address)
            except DatabaseError as error:  # what was said is kept; it must not seem lost for the sake of a trace
                logger.warning("A network was not traced: %s", error)
        return response

    return middleware


class AnswerWhenDatabaseIsAway(MiddlewareMixin):
    """Turn a database that cannot be reached into 503 with Retry-After, handing back the text that was sent."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A 503 page for a lost or refused database connection; anything else stays an error."""
        if not is_away(exception):
            return None
        logger.error("The database did not answer: %s", exception)
        return unavailable(request)


def _decoded(query: str) -> str:
    """The text that a query stands for, with U+FFFD for what is no UTF-8."""
    return unquote_to_bytes(query).decode("utf-8", errors="replace")


def _is_broken(text: str) -> bool:
    return "\x00" in text or "\ufffd" in text or any(0xD800 <= ord(character) <= 0xDFFF for character in text)
