"""The files of photographs: what readers are shown, and the original for the desk alone."""

from __future__ import annotations

import logging
import mimetypes
import posixpath
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import http_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.static import serve, was_modified_since
from wagtail.permissions import policy_registry

from kawaraban.newsroom.models import Photo
from kawaraban.theme.views import unavailable

if TYPE_CHECKING:
    from kawaraban.newsroom.buckets import Bucket  # which needs what only a site with a bucket has installed

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def original(request: HttpRequest, path: str) -> HttpResponseBase:
    """The file as it is kept, to those who may choose or change photographs; others find none. Cost: 4 queries."""
    policy = policy_registry.get_by_type(Photo)
    if not policy.user_has_any_permission(request.user, ("choose", "change")):
        raise Http404
    return media(request, path)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A kept file, such as a photograph in one size. Cost: no query; 1 request to the bucket, where there is one.

    Only by the address that it has: another way to write it would lead past the rules for originals.
    """
    if path.startswith("/") or posixpath.normpath(path) != path:
        raise Http404
    if isinstance(default_storage, FileSystemStorage):
        return serve(request, path, document_root=str(settings.MEDIA_ROOT))
    return _from_bucket(request, path)


def _from_bucket(request: HttpRequest, path: str) -> HttpResponseBase:
    try:
        data, changed = cast("Bucket", default_storage).fetch(path)
    except FileNotFoundError:
        raise Http404 from None
    except OSError as error:
        logger.error("A file could not be had: %s", error)
        return unavailable(request)
    moment = int(changed.timestamp())
    if not was_modified_since(request.headers.get("If-Modified-Since"), moment):
        return HttpResponseNotModified()
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return HttpResponse(data, content_type=kind, headers={"Last-Modified": http_date(moment)})
