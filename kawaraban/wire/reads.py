"""What the desk shows of the wire."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import F, QuerySet

from kawaraban.formats.items import Item
from kawaraban.newsroom.actions import new_story
from kawaraban.newsroom.drafting import FIELDS, fields_of
from kawaraban.newsroom.models import SectionPage, StoryPage
from kawaraban.wire import planning, stored
from kawaraban.wire.models import Feed, WireItem, WireVersion

PER_PAGE = 50
# Beyond so many words a part is shown as taken out and put in as a whole: comparing them would take seconds.
MOST_COMPARED = 3_000
# A word of Latin, Greek or Cyrillic; of Japanese and the like, which has no spaces, a single sign.
_WORD = re.compile(r"[^\W\u2e80-\u9fff\uac00-\ud7af]+|.", re.DOTALL)


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


# --- One item ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a difference. `how` is `same`, `out` or `in`."""

    how: str
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What two versions say differently in one field. `stays` where an editor has changed it as well."""

    label: str
    parts: list[Part]
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as its page shows it. `preview` is a story that is not saved, in the words of `version`."""

    item: WireItem
    version: WireVersion
    told: Item
    preview: StoryPage
    versions: list[WireVersion]
    compared: WireVersion | None
    changes: list[Changed]


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
    stays: Sequence[str] = ()
    if item.has_update and version.pk == item.usable_id and item.base and item.story:
        compared = item.base
        ours = fields_of(item.story.get_latest_revision_as_object())
        base, update = (planning.fields_of_version(each, item.provider) for each in (compared, version))
        stays = planning.merge(base, update, ours).stays
    told = planning.item_of(version)
    return Shown(
        item=item,
        version=version,
        told=told,
        preview=new_story(planning.draft_of(told, item.provider)),
        versions=versions[::-1],
        compared=compared,
        changes=_changes(compared, version, item.provider, stays) if compared else [],
    )


def names_of(fields: Sequence[str]) -> str:
    """Fields of a story as an editor calls them."""
    return ", ".join(planning.LABELS[name].lower() for name in fields)


def _changes(old: WireVersion, new: WireVersion, provider: str, stays: Sequence[str]) -> list[Changed]:
    before, after = (planning.fields_of_version(each, provider) for each in (old, new))
    return [
        Changed(planning.LABELS[name], difference(_lines(before[name]), _lines(after[name])), name in stays)
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


def difference(before: Sequence[str], after: Sequence[str]) -> list[Part]:
    """What was taken out of some lines and put in, word by word. Source: difflib, Ratcliff and Obershelp."""
    found: list[Part] = []
    for how, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = ("\n".join(part) for part in (before[a:b], after[c:d]))
        if how == "equal":
            found.append(Part("same", old + "\n"))
        else:
            found += [*_words(old, new), Part("same", "\n")]
    return [part for part in found if part.text]


def _words(old: str, new: str) -> list[Part]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) + len(after) > MOST_COMPARED:
        return [Part("out", old), Part("in", new)]
    found = []
    for how, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(Part("same", "".join(before[a:b])))
        else:
            found += [Part("out", "".join(before[a:b])), Part("in", "".join(after[c:d]))]
    return found
