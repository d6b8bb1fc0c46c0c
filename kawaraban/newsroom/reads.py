"""What every page of the site shows, and search; the pages in Wagtail's tree read for themselves (`get_context`)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Site

from kawaraban.newsroom.models import FrontPage, Publication, SectionPage, StoryPage
from kawaraban.newsroom.querysets import teasers

SEARCH_PAGE_SIZE = 20


def masthead(request: HttpRequest) -> dict[str, Any]:
    """For every template: the site's name, its look, and its sections. Cost: 3 queries, once per request."""
    site = Site.find_for_request(request)
    if site is None:
        return {"site_name": "Kawaraban", "sections": [], "now": timezone.now()}
    sections = SectionPage.objects.live().in_menu().filter(path__startswith=site.root_page.path).order_by("path")
    return {
        "site_name": site.site_name or "Kawaraban",
        "publication": Publication.for_request(request),
        "sections": sections,
        "now": timezone.now(),
    }


def search(root: FrontPage, words: str, number: str | int) -> ListPage[Any]:
    """A page of the stories that hold the words, best match first. Cost: 6 queries."""
    sections = list(SectionPage.objects.child_of(root).live())
    found = StoryPage.objects.newest().with_pictures().descendant_of(root).order_by().search(words) if words else []
    page = Paginator(found, SEARCH_PAGE_SIZE).get_page(number)
    page.object_list = teasers(page.object_list, sections)
    return page
