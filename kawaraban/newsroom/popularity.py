"""What is read most and talked about most, by counts that know no reader.

Below `models`: what stands here knows a story by name only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page

from kawaraban.discussion.reads import busiest
from kawaraban.newsroom.querysets import Teaser, teasers

if TYPE_CHECKING:
    from kawaraban.newsroom.fronts import SectionPage

WITHIN = timedelta(hours=24)
LISTED = 5


class ReadCount(models.Model):
    """How often a story was opened within an hour; of months that have long passed, within the month.

    Nothing tells by whom: no row, no log, no cookie (docs/reference/reads.md).
    """

    story = models.ForeignKey("newsroom.StoryPage", models.CASCADE, related_name="+")
    hour = models.DateTimeField(help_text="Its beginning, or the beginning of the month.", db_index=True)
    reads = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("story", "hour"), name="read_count_once")]

    def __str__(self) -> str:
        return f"{self.story_id} at {self.hour:%Y-%m-%d %H} h: {self.reads}"


@dataclass(frozen=True, slots=True)
class Popular:
    """The stories that were read and discussed most within a day, the first first."""

    read: list[Teaser]
    discussed: list[Teaser]


def popular(root: Page, sections: Sequence[SectionPage], request: HttpRequest) -> Popular:
    """What was read and discussed most of the stories below a page. Cost: 4 queries at any number of counts.

    Discussed most is what most different members have written about, in comments that can be read; among equals what
    has more of them.
    """
    since = timezone.now() - WITHIN
    stories = apps.get_model("newsroom", "StoryPage").objects
    counts = ReadCount.objects.filter(
        hour__gt=since, story__live=True, story__path__startswith=root.path, story__depth__gt=root.depth
    )
    ranked = counts.values("story").annotate(total=Sum("reads")).order_by("-total", "-story")
    read = [row["story"] for row in ranked[:LISTED]]
    threads = busiest(since)
    shown = stories.live().descendant_of(root).filter(thread__in=threads)
    by_thread: dict[Any, int] = dict(shown.values_list("thread", "pk"))
    discussed = [by_thread[thread] for thread in threads if thread in by_thread][:LISTED]
    found = teasers(stories.newest().filter(pk__in={*read, *discussed}), sections, request)
    by_key = {teaser.key: teaser for teaser in found}
    return Popular([by_key[pk] for pk in read if pk in by_key], [by_key[pk] for pk in discussed if pk in by_key])
