"""What every page of the site shows; the pages in Wagtail's tree read for themselves (`get_context`)."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from wagtail.models import Page, Site

from kawaraban.discussion.policy import Viewer
from kawaraban.newsroom import policy
from kawaraban.newsroom.models import Publication, SectionPage
from kawaraban.newsroom.polls import Poll, PollOption, PollView, PollVote, view


def masthead(request: HttpRequest) -> dict[str, Any]:
    """For every template: the site's name, its look, and its sections.

    Cost: 3 queries, once per request, and none for a fragment that shows none of it.
    """
    site = SimpleLazyObject(lambda: Site.find_for_request(request))
    return {
        "site_name": SimpleLazyObject(lambda: str(site.site_name if site else "") or "Kawaraban"),
        "publication": SimpleLazyObject(lambda: Publication.for_request(request) if site else None),
        "sections": SimpleLazyObject(lambda: _sections(site.root_page) if site else []),
        "now": timezone.now(),
    }


def _sections(root: Page) -> list[SectionPage]:
    return list(SectionPage.objects.child_of(root).live().in_menu().order_by("path"))


def shown_poll(poll_id: int) -> Poll:
    """The poll with its story, as long as the story shows it. Cost: 1 query.

    Raises:
        Poll.DoesNotExist: there is none, or its story is not published or no longer asks.
    """
    poll = Poll.objects.select_related("story").get(pk=poll_id)
    if not policy.is_shown(poll):
        raise Poll.DoesNotExist
    return poll


def poll_for(poll: Poll, viewer: Viewer) -> PollView:
    """The poll as this viewer sees it, with their own answer. Cost: 2 queries at any number of votes."""
    own = PollVote.objects.filter(poll=poll, voter_id=viewer.pk) if viewer.is_authenticated else PollVote.objects.none()
    return view(poll, own.values_list("option_id", flat=True).first())


def drifted_options() -> QuerySet[Any]:
    """Answers of polls whose counter differs from the votes that are kept: none, while all is well. Cost: 1 query.

    Each has beside `votes` what was counted, as `counted`.
    """
    return PollOption.objects.annotate(counted=Count("cast")).exclude(votes=F("counted")).order_by("pk")
