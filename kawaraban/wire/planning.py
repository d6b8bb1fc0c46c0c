"""What story a version makes, where it belongs, and how an update and an editor's own changes go together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from kawaraban.formats.items import Item, Signal
from kawaraban.languages import TAG
from kawaraban.newsroom.actions import CORRECTION_LENGTH, PhotoDraft, StoryDraft, new_story
from kawaraban.newsroom.drafting import FIELDS, fields_of
from kawaraban.wire import stored
from kawaraban.wire.models import HEADLINE_LENGTH, Feed, Release, ReleaseRule, TopicMap, WireVersion

# What the newsroom's forms take; what is longer stands elsewhere in the story, so that an editor can save it.
LONGEST_STANDFIRST = 400
LONGEST_HEADING = 120
LONGEST_NAME = 120
LONGEST_PLACE = 80

LABELS = {
    "title": _("Headline"),
    "standfirst": _("Standfirst"),
    "body": _("Text"),
    "bylines": _("Bylines"),
    "agency": _("Agency"),
    "dateline": _("Dateline"),
    "copyright": _("Copyright lines"),
}

Topics = Mapping[str, TopicMap]


@dataclass(frozen=True, slots=True)
class Merge:
    """What an update does to a story: fields that follow it, and those that both sides changed and that stay."""

    follows: dict[str, Any]
    stays: list[str]


def item_of(version: WireVersion) -> Item:
    """The item as this version tells it."""
    return stored.from_json(version.content)


def headline_of(item: Item, guid: str = "") -> str:
    """One line that is never empty."""
    text = item.headline or item.slugline or next(iter(stored.text_of(item).splitlines()), "") or guid
    return " ".join(text.split())[:HEADLINE_LENGTH]


def draft_of(
    item: Item, provider: str, topics: Topics | None = None, photos: tuple[PhotoDraft, ...] = ()
) -> StoryDraft:
    """The story that an item makes. Cost: none."""
    body = list(_body(item))
    standfirst = " ".join(item.standfirst.split())
    if len(standfirst) > LONGEST_STANDFIRST:
        body.insert(0, ("paragraph", f"<p>{escape(standfirst)}</p>"))
        standfirst = ""
    holder = f"© {item.copyrightholder}" if item.copyrightholder else ""
    return StoryDraft(
        headline=headline_of(item, item.guid),
        standfirst=standfirst,
        body=body,
        bylines=tuple(
            (each.name[:LONGEST_NAME], each.kind if each.kind in ("person", "agency", "staff") else "person")
            for each in item.bylines
            if each.name.strip()
        ),
        agency=provider[:LONGEST_NAME],
        dateline=item.dateline[:LONGEST_PLACE],
        language=item.language if re.fullmatch(TAG, item.language) and len(item.language) <= 35 else "",
        copyright_lines=item.copyright_lines or ((holder,) if holder else ()),
        photos=photos,
        tags=tuple(dict.fromkeys(topic.tag for topic in matching(item, topics or {}) if topic.tag)),
    )


def _body(item: Item) -> Iterable[tuple[str, Any]]:
    for kind, value in item.body:
        if kind == "paragraph":
            yield kind, f"<p>{value}</p>"
        elif kind == "heading" and len(str(value)) > LONGEST_HEADING:
            yield "paragraph", f"<p><b>{escape(str(value))}</b></p>"
        elif kind == "heading":
            yield kind, str(value)
        elif kind == "quote" and isinstance(value, dict):
            yield kind, {"text": str(value.get("text", "")), "attribution": str(value.get("attribution", ""))[:200]}
        elif kind == "list" and isinstance(value, list):
            yield kind, [f"<p>{each}</p>" for each in value]


def fields_of_version(version: WireVersion, provider: str) -> dict[str, Any]:
    """What a story would say that holds this version as it is; comparable with `fields_of` a story. Cost: none."""
    return fields_of(new_story(draft_of(item_of(version), provider)))


def merge(base: Mapping[str, Any], update: Mapping[str, Any], story: Mapping[str, Any]) -> Merge:
    """What follows an update, and what stays: the agency changed a field from `base`, and so did an editor. Pure."""
    changed = [name for name in FIELDS if base[name] != update[name]]
    return Merge(
        follows={name: update[name] for name in changed if story[name] == base[name]},
        stays=[name for name in changed if story[name] not in (base[name], update[name])],
    )


def correction_between(versions: Iterable[WireVersion], base: WireVersion, update: WireVersion) -> str | None:
    """What the agency says to editors of a correction that came after `base`: "" for no word, None where none came."""
    corrections = [
        version
        for version in versions
        if version.signal == Signal.CORRECTION and version.may_be_story and base.order < version.order <= update.order
    ]
    if not corrections:
        return None
    notes = (item_of(each).ednote for each in sorted(corrections, key=lambda each: each.order, reverse=True))
    return next((" ".join(note.split())[:CORRECTION_LENGTH] for note in notes if note.strip()), "")


def names_of(fields: Iterable[str]) -> str:
    """Fields of a story as an editor calls them."""
    return pgettext("between parts", ", ").join(LABELS[name].lower() for name in fields)


def matching(item: Item, topics: Topics) -> list[TopicMap]:
    """The entries of the map for an item's subjects and keywords, in the item's order."""
    names = [name for each in item.subjects for name in (each.code, each.name)] + list(item.keywords)
    found = [topics[key] for name in names if (key := " ".join(name.split()).lower()) in topics]
    return list({topic.pk: topic for topic in found}.values())


def section_of(item: Item, topics: Topics, feeds: Iterable[Feed]) -> int | None:
    """The key of the section an item belongs to: by its subjects, else by its feeds."""
    by_topic = next((topic.section_id for topic in matching(item, topics) if topic.section_id), None)
    return by_topic or next(
        (feed.section_id for feed in sorted(feeds, key=lambda feed: feed.pk) if feed.section_id), None
    )


def release_of(items: Iterable[Item], feeds: Iterable[Feed], topics: Topics) -> Release:
    """The strongest release that any of the feeds has for any of these versions of one item.

    Not that of the newest version alone: what becomes of an item must not depend on which version came first.
    """
    strongest = Release.INBOX
    versions = list(items)
    for feed in feeds:
        if not feed.is_enabled:
            continue
        releases = [Release(feed.release)]
        for item in versions:
            section = section_of(item, topics, [feed])
            releases += [Release(rule.release) for rule in feed.rules.all() if _meets(rule, item, section)]
        strongest = max([strongest, *releases], key=lambda release: release.strength)
    return strongest


def _meets(rule: ReleaseRule, item: Item, section: int | None) -> bool:
    words = " ".join([item.headline, item.slugline, *item.keywords, *(each.name for each in item.subjects)]).lower()
    return (
        (rule.section_id is None or rule.section_id == section)
        and rule.keyword.strip().lower() in words
        and (rule.urgency is None or 1 <= item.urgency <= rule.urgency)
    )
