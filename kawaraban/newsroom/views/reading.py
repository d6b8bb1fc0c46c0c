"""Where an opened story says that it is read."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kawaraban.newsroom import actions
from kawaraban.newsroom.reading import is_robot
from kawaraban.origin import address_of


@csrf_exempt
@never_cache
@require_POST
def count_read(request: HttpRequest, story_id: int) -> HttpResponse:
    """Count a read, unless a robot, another site's page or one reader too often says so; 204 in any case.

    Cost: no query. The same for everybody: the page sends no cookie, and none is looked at.
    """
    if _is_from_here(request) and not is_robot(request.headers.get("User-Agent", "")):
        forwarded = request.headers.get("X-Forwarded-For", "")
        actions.count_read(story_id, address_of(request.META.get("REMOTE_ADDR", ""), forwarded, settings.PROXIES))
    return HttpResponse(status=204)


def _is_from_here(request: HttpRequest) -> bool:
    """True for what a page of this site has sent: browsers say so, and no page can make them say otherwise."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())
