"""Lists of stories, and what a list shows of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import F, Prefetch
from django.http import HttpRequest
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


class StoryQuerySet(PageQuerySet):
    """Stories, by what the newsroom's pages ask for."""

    def newest(self) -> StoryQuerySet:
        """Published stories, newest first. Cost: 1 query."""
        found: StoryQuerySet = self.live().public().select_related("thread").order_by(*NEWEST_FIRST)
        return found

    def with_pictures(self) -> StoryQuerySet:
        """The same, with each story's photographs in every size. Cost: 3 more queries."""
        shown = apps.get_model("newsroom", "StoryPhoto").objects.order_by("sort_order").prefetch_related(pictures())
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
