"""Feeds and what they bring, for tests; taken in through the room's actions, as ninjs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from kawaraban.formats import ninjs
from kawaraban.formats.items import Item, Subject
from kawaraban.jobs.testing import run_jobs
from kawaraban.wire import actions, tasks
from kawaraban.wire.models import Delivery, Feed, TopicMap, WireItem

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HARBOUR = "Harbour News Agency"
POLITICS = Subject("politics", "medtop:11000000")


def make_feed(name: str = "Harbour", **fields: Any) -> Feed:
    """A feed to which an agency posts; `fields` are the model's."""
    said = {"way": Feed.Way.PUSH, "agency": HARBOUR} | fields
    feed: Feed = Feed.objects.create(name=name, **said)
    return feed


def map_topic(section: Any, code: str = POLITICS.code, tag: str = "") -> TopicMap:
    """An entry of the map by which items find their section."""
    return TopicMap.objects.create(code=code.lower(), name="politics", section=section, tag=tag)


def an_item(**fields: Any) -> Item:
    """A short text for readers; `fields` are those of `formats.items.Item`."""
    item = Item(
        guid="tag:harbour.example,2026:ferry",
        version=1,
        versioncreated=NOON,
        headline="Ferry runs aground off Uraminato",
        standfirst="Nobody was hurt.",
        body=(("paragraph", "The ferry <b>Kamome</b> ran aground."), ("paragraph", "The harbour is closed.")),
        provider=HARBOUR,
        language="en",
        subjects=(POLITICS,),
    )
    return replace(item, **fields)


def deliver(feed: Feed, *items: Item) -> Delivery:
    """One delivery of these items, taken in."""
    return actions.receive(feed, ninjs.write_many(list(items)), "application/json")


def settle() -> None:
    """Do all that the clock would do now."""
    tasks.tick.call()
    run_jobs()


def kept(guid: str = an_item().guid) -> WireItem:
    """The item as it stands."""
    return WireItem.objects.select_related("story", "newest", "usable", "base").get(guid=guid)
