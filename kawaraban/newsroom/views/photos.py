"""The files of photographs: what readers are shown, and the original for the desk alone."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.permissions import policy_registry

from kawaraban.newsroom.models import Photo


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
    """A file below the folder for media, such as a photograph in one size. Cost: none."""
    return serve(request, path, document_root=str(settings.MEDIA_ROOT))
