"""Every published story by its month, for those who want them all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Max
from django.db.models.functions import Coalesce, TruncMonth
from django.http import HttpRequest
from django.utils import timezone

from kawaraban.newsroom.models import SectionPage
from kawaraban.syndication.reads.stories import Site, published

# A fifth of what the protocol allows, so that the largest file is made in a second.
ADDRESSES = 10_000
# Google reads no more, and nothing older.
NEWS_ADDRESSES = 1_000
NEWS_AGE = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Month:
    """A file of a month: its first moment in UTC, which part of it, and its newest change."""

    first: datetime
    part: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """An address of the site. `title` and `at` are given where it is news."""

    url: str
    changed_at: datetime | None = None
    title: str = ""
    at: datetime | None = None


def months(site: Site) -> list[Month]:
    """The files of all months, oldest first. Cost: 3 queries at any number of stories."""
    counted = (
        _dated(site)
        .annotate(month=TruncMonth("day", tzinfo=UTC))
        .order_by("month")
        .values_list("month")
        .annotate(count=Count("pk"), changed=Max("last_published_at"))
    )
    return [
        Month(first, part, changed)
        for first, count, changed in counted
        for part in range(1, -(-count // ADDRESSES) + 1)
    ]


def month(site: Site, year: int, number: int, part: int, request: HttpRequest) -> list[Place]:
    """The stories of a file of a month, oldest first; none where there is no such file. Cost: 3 queries."""
    first = datetime(year, number, 1, tzinfo=UTC)
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
    found = _dated(site).filter(day__gte=first, day__lt=after).order_by("day", "pk")
    return _places(found[(part - 1) * ADDRESSES : part * ADDRESSES], request)


def sections(site: Site, request: HttpRequest) -> list[Place]:
    """The front page and the sections. Cost: 1 query."""
    found = SectionPage.objects.child_of(site.front).live().order_by("path")
    return [Place(site.at("/")), *(Place(section.get_full_url(request) or "") for section in found)]


def recent(site: Site, request: HttpRequest) -> list[Place]:
    """What is news: the stories of the last 48 hours, newest first. Cost: 2 queries."""
    now = timezone.now()
    found = published(site).filter(published_at__gt=now - NEWS_AGE, published_at__lte=now)
    return _places(found[:NEWS_ADDRESSES], request)


def _dated(site: Site) -> Any:
    """The published stories with their day; of an imported page that tells none, the day of its import."""
    return published(site).select_related(None).annotate(day=Coalesce("published_at", "first_published_at"))


def _places(stories: Any, request: HttpRequest) -> list[Place]:
    found = stories.select_related(None).only("title", "url_path", "last_published_at", "published_at", "depth", "path")
    return [
        Place(each.get_full_url(request) or "", each.last_published_at, each.title, each.published_at) for each in found
    ]
