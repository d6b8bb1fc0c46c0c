"""Lists of stories, and what a list shows of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import F, Prefetch
from django.http import HttpRequest
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

from kawaraban.discussion.policy import may_read

if TYPE_CHECKING:
    from kawaraban.newsroom.models import SectionPage, StoryPage, StoryPhoto

# Every size in which a list or a story shows a picture, so that one query brings them all. AVIF takes long to make and
# is small at any width; browsers that know neither it nor WebP are few. How well each is made say settings and not
# these names: a file's name has no room for it.
_FORMATS = {"avif": (720, 1440), "webp": (480, 720, 960, 1440), "jpeg": (960,)}
PICTURE_SIZES = tuple(
    f"fill-{width}x{width * 2 // 3}|format-{name}" for name, widths in _FORMATS.items() for width in widths
)
# The whole picture, for programs elsewhere: the original is not given to readers.
WHOLE = "max-2048x2048|format-jpeg"


# An imported page may not say when it was published; it comes last, and never leads as if it were news.
NEWEST_FIRST = (F("published_at").desc(nulls_last=True), F("pk").desc())
# What hangs on a page, in the order of its editor. What was written without a place keeps the order in which it was
# made: among equals a database may choose, and PostgreSQL does.
IN_PLACE = ("sort_order", "pk")
# All that a line without a picture needs of its story. A story has fifty columns more, which take a list half its time.
LINE = ("title", "url_path", "path", "depth", "published_at", "thread__state", "thread__comment_count")
RECENT = 500
"""So many of the newest stories are looked at first: what a page begins with is mostly among them."""


class StoryQuerySet(PageQuerySet):
    """Stories, by what the newsroom's pages ask for."""

    def newest(self) -> StoryQuerySet:
        """Published stories, newest first. Cost: 1 query."""
        found: StoryQuerySet = self.live().public().select_related("thread").order_by(*NEWEST_FIRST)
        return found

    def public(self) -> StoryQuerySet:
        """Stories that Wagtail keeps from nobody. Cost: 1 query where no page is kept from anybody, else 2."""
        # Wagtail's own question joins all pages, which takes longer than the rest of a page of an archive.
        if not PageViewRestriction.objects.exists():
            return self
        found: StoryQuerySet = super().public()
        return found

    def recent(self) -> StoryQuerySet | None:
        """Those among the `RECENT` newest of all, or None where there are no more than those. Cost: 1 query."""
        dated = self.model._default_manager.live().exclude(published_at=None).order_by("-published_at")
        since = dated.values_list("published_at", flat=True)[RECENT - 1 : RECENT].first()
        return self.filter(published_at__gte=since) if since else None

    def head(self, count: int) -> list[StoryPage]:
        """The first so many of stories in the order of `newest`, for which no archive is sorted.

        Cost: 2 queries, 3 where they are long past.
        """
        recent = self.recent()
        found = [] if recent is None else list(recent[:count])
        return found if len(found) == count else list(self[:count])

    def with_pictures(self) -> StoryQuerySet:
        """The same, with each story's photographs in every size. Cost: 3 more queries."""
        shown = apps.get_model("newsroom", "StoryPhoto").objects.order_by(*IN_PLACE).prefetch_related(pictures())
        found: StoryQuerySet = self.prefetch_related(Prefetch("photos", shown, to_attr="shown_photos"))
        return found


def pictures() -> Prefetch[Any]:
    """The library's photograph of each shown one, with every size that is made already. Cost: 2 queries."""
    return Prefetch("photo", apps.get_model("newsroom", "Photo").objects.prefetch_renditions(*PICTURE_SIZES))


def sizes_made() -> Prefetch[Any]:
    """Of photographs that are at hand, every size that is made already. Cost: 1 query."""
    made = apps.get_model("newsroom", "PhotoRendition").objects.filter(filter_spec__in=PICTURE_SIZES)
    return Prefetch("renditions", made, to_attr="prefetched_renditions")


@dataclass(frozen=True, slots=True)
class Teaser:
    """A story as a list shows it. `at` is when it was first published, None when an import did not say."""

    story: StoryPage
    section: SectionPage
    url: str
    section_url: str
    at: datetime | None
    photo: StoryPhoto | None

    @property
    def key(self) -> int:
        """That of the story."""
        return int(self.story.pk)

    @property
    def place(self) -> int:
        """The key of the section."""
        return int(self.section.pk)

    @property
    def kind(self) -> str:
        """What kind of story it is."""
        return str(self.story.kind)

    @property
    def has_picture(self) -> bool:
        """True with a photograph that may be shown."""
        return self.photo is not None

    @property
    def comments(self) -> int | None:
        """The number of comments, or None where there is no discussion."""
        thread = self.story.thread
        return thread.comment_count if thread and may_read(thread) else None


def teasers(stories: Iterable[Any], sections: Sequence[SectionPage], request: HttpRequest) -> list[Teaser]:
    """Teasers of the stories whose section is among those given, found by path. Cost: 1 query, once per request.

    Args:
        request: carries the addresses of Wagtail's sites, which every page would otherwise look up for itself.
    """
    by_path = {section.path: section for section in sections}
    found = []
    for story in stories:
        section = by_path.get(story.path[: -story.steplen])
        if section is None:
            continue
        photo = next(
            (shown for shown in getattr(story, "shown_photos", ()) if shown.photo and not shown.is_withdrawn), None
        )
        url, section_url = story.get_url(request), section.get_url(request)
        found.append(Teaser(story, section, url, section_url, story.published_at, photo))
    return found
