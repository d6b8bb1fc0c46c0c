"""Pages of the newsroom that are not in Wagtail's tree: search, and the site's own colours."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from kawaraban.newsroom import reads
from kawaraban.newsroom.models import FrontPage, Publication


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Stories that hold the words asked for. Cost: that of `reads.search` and the masthead."""
    words = " ".join(request.GET.get("q", "").split())[:200]
    site = Site.find_for_request(request)
    root = site.root_page.specific if site else None
    if not isinstance(root, FrontPage):
        raise Http404
    found = reads.search(root, words, request.GET.get("page", "1"), request)
    return render(request, "newsroom/search.html", {"words": words, "stories": found})


@require_safe
@cache_control(public=True, max_age=300)
def site_css(request: HttpRequest) -> HttpResponse:
    """The accent a site has chosen; a file, since the content policy allows no inline style. Cost: 2 queries."""
    return render(request, "newsroom/site.css", {"look": Publication.for_request(request)}, content_type="text/css")
