"""What the desk shows of the wire."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_noop

from kawaraban.formats.items import Item, PubStatus
from kawaraban.newsroom.actions import new_story
from kawaraban.newsroom.differences import Paragraph, differences
from kawaraban.newsroom.drafting import FIELDS, fields_of
from kawaraban.newsroom.models import SectionPage, StoryPage
from kawaraban.wire import planning, stored
from kawaraban.wire.models import Feed, RefusedVersion, Voice, WireItem, WireVersion

PER_PAGE = 50

# What versions are marked with, as pages translate it.
MARKS = (
    gettext_noop("withheld"),
    gettext_noop("canceled"),
    gettext_noop("update"),
    gettext_noop("correction"),
    gettext_noop("advisory"),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the inbox is asked for; empty is everything."""

    provider: str = ""
    section: str = ""
    urgency: str = ""
    state: str = ""
    words: str = ""

    @property
    def query(self) -> str:
        """The filters as a query string."""
        given = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name)}
        return urlencode({"q" if name == "words" else name: value for name, value in given.items()})


def filters_of(sent: Mapping[str, Any]) -> Filters:
    """The filters in a query string; what makes no sense is as if it were not there."""
    section, urgency, state = (str(sent.get(name, "")) for name in ("section", "urgency", "state"))
    return Filters(
        provider=str(sent.get("provider", ""))[:120],
        section=section if re.fullmatch("[1-9][0-9]{0,8}", section, re.ASCII) else "",
        urgency=urgency if re.fullmatch("[1-9]", urgency, re.ASCII) else "",
        state=state if state in (*WireItem.State.values, "update") else "",
        words=" ".join(str(sent.get("q", "")).split())[:200],
    )


def inbox(filters: Filters, number: str | int | None) -> ListPage[WireItem]:
    """A page of items, the latest change first. Cost: 2 queries at any number of items."""
    found = WireItem.objects.exclude(newest=None).select_related("section", "story").order_by("-changed_at", "-pk")
    if filters.provider:
        found = found.filter(provider=filters.provider)
    if filters.section:
        found = found.filter(section_id=int(filters.section))
    if filters.urgency:
        found = found.filter(urgency__range=(1, int(filters.urgency)))
    if filters.state == "update":
        found = with_update(found)
    elif filters.state:
        found = found.filter(state=filters.state)
    for word in filters.words.split()[:8]:
        found = found.filter(text__icontains=word)
    return Paginator(found.defer("text"), PER_PAGE).get_page(number)


def with_update(items: QuerySet[WireItem]) -> QuerySet[WireItem]:
    """Those whose story is older than what the agency says now."""
    return items.exclude(story=None).exclude(usable=None).exclude(usable=F("base"))


def unread() -> int:
    """How many items nobody has opened. Cost: 1 query."""
    return WireItem.objects.filter(state=WireItem.State.NEW).exclude(newest=None).count()


def latest() -> int:
    """The key of the newest version that came; a page that shows it has nothing to fetch. Cost: 1 query."""
    return WireVersion.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def alarms() -> list[WireItem]:
    """What cannot wait, the latest first. Cost: 1 query."""
    return list(WireItem.objects.exclude(alarm="").order_by("-alarmed_at").defer("text")[:20])


def providers() -> list[str]:
    """Every provider of whom something came. Cost: 1 query."""
    return list(WireItem.objects.order_by("provider").values_list("provider", flat=True).distinct())


def sections() -> list[SectionPage]:
    """The sections that a story can go to. Cost: 1 query."""
    return list(SectionPage.objects.live().order_by("path"))


def broken_feeds() -> list[Feed]:
    """Feeds whose last try failed. Cost: 1 query."""
    return list(Feed.objects.filter(is_enabled=True).exclude(error=""))


# --- Who speaks for whom ----------------------------------------------------------------------------------------------

REFUSED_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice, which feeds speak for the same provider, and what was not taken in.

    `count` is how many versions those are, `kills` how many of them would kill an item; `refused` has the latest.
    """

    voice: Voice
    speakers: list[str]
    count: int
    kills: int
    refused: list[RefusedVersion]


def heard(*, only_asking: bool = False) -> list[Heard]:
    """Every voice, or those that wait for the desk, with what was refused. Cost: 1 query, 4 when there is any."""
    killing = Count("refused", filter=Q(refused__pubstatus=PubStatus.CANCELED))
    found = Voice.objects.select_related("feed").annotate(count=Count("refused"), kills=killing)
    voices = list(found.filter(state=Voice.State.ASKS) if only_asking else found)
    if not voices:
        return []
    names = {voice.provider for voice in voices}
    speakers: dict[str, set[str]] = defaultdict(set)
    for provider, name in Feed.objects.filter(agency__in=names).values_list("agency", "name"):
        speakers[provider].add(name)
    taken_in = Voice.objects.filter(provider__in=names, state__in=Voice.TAKEN_IN)
    for provider, name in taken_in.values_list("provider", "feed__name"):
        speakers[provider].add(name)
    refused: dict[int, list[RefusedVersion]] = defaultdict(list)
    for version in RefusedVersion.objects.filter(voice__in=voices).order_by("-pk")[:REFUSED_SHOWN]:
        refused[version.voice_id].append(version)
    return [
        Heard(voice, sorted(speakers[voice.provider] - {voice.feed.name}), voice.count, voice.kills, refused[voice.pk])
        for voice in voices
    ]


# --- One item ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed:
    """What two versions say differently in one field. `stays` where an editor has changed it as well."""

    label: str
    paragraphs: list[Paragraph]
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as its page shows it. `preview` is a story that is not saved, in the words of `version`.

    `correction` is what the agency says of a correction that readers of the story should be told of; None is none.
    """

    item: WireItem
    version: WireVersion
    told: Item
    preview: StoryPage
    versions: list[WireVersion]
    compared: WireVersion | None
    changes: list[Changed]
    correction: str | None


def find(item_id: int) -> WireItem:
    """The item. Cost: 1 query.

    Raises:
        WireItem.DoesNotExist: there is none, or nothing is kept of it.
    """
    return WireItem.objects.select_related("newest", "usable", "base", "section", "story").get(
        pk=item_id, newest__isnull=False
    )


def shown(item: WireItem, version_id: int | None = None) -> Shown:
    """An item with its versions, and how one of them differs from the one before. Cost: 2 queries, 2 more when used.

    Without `version_id` the newest is shown, and compared with what the story holds where there is one.
    """
    versions = sorted(
        item.versions.select_related("delivery__feed").defer("delivery__payload"), key=lambda each: each.order
    )
    places = {version.pk: place for place, version in enumerate(versions)}
    place = places.get(version_id or item.newest_id or 0, len(versions) - 1)
    version = versions[place]
    compared = versions[place - 1] if place else None
    follows = item.has_update and version.pk == item.usable_id and item.base is not None and item.story is not None
    if follows:
        compared = item.base
    correction = None
    if item.has_update and item.base and item.usable and item.story and item.story.first_published_at:
        correction = planning.correction_between(versions, item.base, item.usable)
    told = planning.item_of(version)
    return Shown(
        item=item,
        version=version,
        told=told,
        preview=new_story(planning.draft_of(told, item.provider)),
        versions=versions[::-1],
        compared=compared,
        changes=_changes(compared, version, item, item.story if follows else None) if compared else [],
        correction=correction,
    )


def _changes(old: WireVersion, new: WireVersion, item: WireItem, story: StoryPage | None) -> list[Changed]:
    """What two versions say differently. Cost: none; 2 queries with the story that is to follow."""
    before, after = (planning.fields_of_version(each, item.provider) for each in (old, new))
    ours = fields_of(story.get_latest_revision_as_object()) if story else before
    stays = planning.merge(before, after, ours).stays
    return [
        Changed(str(planning.LABELS[name]), differences(_lines(before[name]), _lines(after[name])), name in stays)
        for name in FIELDS
        if before[name] != after[name]
    ]


def _lines(value: Any) -> list[str]:
    """A field's text, one part to a line."""
    if isinstance(value, str):
        return value.splitlines()
    return [line for _, part in value for line in _plain(part)]


def _plain(part: Any) -> list[str]:
    if isinstance(part, dict):
        return [str(each) for each in part.values() if each]
    if isinstance(part, list):
        return [line for each in part for line in _plain(each)]
    return [stored.plain(str(part))]
