"""Items come in any order, again and again, by several feeds; what stands in the end is the same."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kawaraban.formats.items import Item, PubStatus, Signal
from kawaraban.newsroom.testing import make_section
from kawaraban.wire import actions
from kawaraban.wire.models import Delivery, Release, WireItem, WireVersion
from kawaraban.wire.testing import NOON, an_item, deliver, kept, make_feed, map_topic, settle

pytestmark = pytest.mark.django_db


def test_the_greatest_version_is_the_newest_however_late_a_lower_one_comes():
    feed = make_feed()
    deliver(feed, an_item(version=3, headline="Three"))
    deliver(feed, an_item(version=1, headline="One"))
    deliver(feed, an_item(version=2, headline="Two"))
    assert kept().headline == "Three"
    assert [version.version for version in kept().versions.order_by("version")] == [1, 2, 3]


def test_of_one_version_the_later_time_is_the_newer():
    feed = make_feed()
    deliver(feed, an_item(headline="Later", versioncreated=NOON + timedelta(minutes=1)))
    deliver(feed, an_item(headline="Earlier"))
    assert kept().headline == "Later"


def test_what_comes_again_changes_nothing():
    feed, other = make_feed(), make_feed("Other")
    for each in (feed, feed, other, other):
        deliver(each, an_item())
    assert WireItem.objects.count() == WireVersion.objects.count() == 1
    assert Delivery.objects.count() == 2
    assert {each.name for each in kept().feeds.all()} == {"Harbour", "Other"}


def test_one_guid_of_two_providers_is_two_items():
    feed = make_feed()
    deliver(feed, an_item(), an_item(provider="Another Agency"))
    assert WireItem.objects.count() == 2


def test_an_undated_item_of_an_address_is_as_new_as_when_it_came():
    feed = make_feed(way="http", address="https://harbour.example/rss")
    for headline in ("Zebra", "Ant", "Zebra"):
        deliver(feed, an_item(versioncreated=None, headline=headline))
    assert kept().headline == "Ant"


def test_a_broken_document_leaves_a_delivery_with_its_cause_and_no_item():
    delivery = actions.receive(make_feed(), b'[{"uri": "a", "headline": "A"}, {"uri": "b"', "application/json")
    assert delivery.error.startswith("It could not be read: ")
    assert bytes(delivery.payload).startswith(b'[{"uri": "a"')
    assert WireItem.objects.count() == 0


def test_a_database_that_goes_at_whatever_statement_leaves_nothing_half():
    feed, at = make_feed(), 0
    while True:
        at += 1
        statements = iter(range(1, 1000))

        def end(execute, sql, params, many, context, last=at, statements=statements):
            if next(statements) == last:
                raise OperationalError("the connection is gone")
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(end):
                deliver(feed, an_item(), an_item(guid="b"))
            break
        except OperationalError:
            assert (Delivery.objects.count(), WireItem.objects.count(), WireVersion.objects.count()) == (0, 0, 0)
    assert at > 10
    assert (Delivery.objects.count(), WireItem.objects.count(), WireVersion.objects.count()) == (1, 2, 2)


def test_taking_in_costs_hardly_more_for_fifty_items_than_for_two():
    def cost(name: str, count: int) -> int:
        items = [an_item(guid=f"{name}-{number}") for number in range(count)]
        with CaptureQueriesContext(connection) as queries:
            deliver(feed, *items)
        return len(queries)

    feed = make_feed()
    # On SQLite a statement holds only so many values, so that long ones come in parts.
    assert cost("many", 50) - cost("few", 2) <= 4


# --- Every order, the same end ----------------------------------------------------------------------------------------


def corpus() -> list:
    """Items with all that agencies do: updates, corrections, kills at any number, advisories, withheld, embargo."""
    chance = random.Random(12)  # noqa: S311 - makes a corpus, guards nothing

    def version(number: int, count: int) -> Item:
        return an_item(
            guid=f"tag:harbour.example,2026:{number}",
            version=count if chance.random() < 0.8 else count - 1,
            versioncreated=NOON + timedelta(minutes=chance.randint(0, 9)),
            headline=f"Item {number}, {chance.randint(1, 99)}",
            pubstatus=chance.choice([*[PubStatus.USABLE] * 8, PubStatus.WITHHELD, PubStatus.CANCELED]),
            signal=chance.choice([Signal.NONE, Signal.UPDATE, Signal.CORRECTION, Signal.ADVISORY]),
            urgency=chance.randint(0, 8),
        )

    return [version(number, count) for number in range(24) for count in range(1, chance.randint(2, 6))]


def shuffled(items: list, seed: int, parts: int) -> list[list]:
    chance = random.Random(seed)  # noqa: S311 - the same
    sent = [*items, *chance.sample(items, len(items) // 3)]
    chance.shuffle(sent)
    cuts = sorted(chance.sample(range(1, len(sent)), parts - 1))
    return [sent[a:b] for a, b in zip([0, *cuts], [*cuts, len(sent)], strict=True)]


def desk() -> list:
    return [
        (
            *(row.guid, row.state == "killed", row.headline, row.pubstatus, row.signal, row.urgency),
            *(row.newest.digest, row.usable and row.usable.digest),
        )
        for row in WireItem.objects.select_related("newest", "usable").order_by("provider", "guid")
    ]


def test_fifty_orders_of_a_corpus_with_duplicates_end_alike_at_the_desk():
    feeds, items = [make_feed(), make_feed("Other")], corpus()
    ends = []
    for seed in range(50):
        with transaction.atomic():
            for place, part in enumerate(shuffled(items, seed, 4)):
                deliver(feeds[(place + seed) % 2], *part)
            ends.append(desk())
            transaction.set_rollback(True)
    assert len(ends[0]) == 24
    assert any(row[1] for row in ends[0])
    assert all(end == ends[0] for end in ends)


def public() -> dict:
    """What readers get of each item."""
    return {
        row.guid: (row.story.title, row.story.standfirst, row.story.body.get_prep_value()[0]["value"])
        for row in WireItem.objects.select_related("story")
        if row.story and row.story.live
    }


def newsday() -> list:
    """Four items for readers: updated, killed by a lower number, withheld for a time, spoken of to editors."""
    return [
        *(an_item(guid="updated", version=v, standfirst=f"As of {v}.", urgency=7 - v) for v in (1, 2, 3)),
        an_item(guid="killed", version=1),
        an_item(guid="killed", version=3, standfirst="Three."),
        an_item(guid="killed", version=2, pubstatus=PubStatus.CANCELED),
        an_item(guid="freed", version=1),
        an_item(guid="freed", version=2, pubstatus=PubStatus.WITHHELD),
        an_item(guid="freed", version=3, standfirst="Free."),
        an_item(guid="spoken", version=1, standfirst="One."),
        an_item(guid="spoken", version=2, signal=Signal.ADVISORY, standfirst="To editors."),
    ]


def test_fifty_orders_end_with_the_same_stories_before_readers():
    map_topic(make_section())
    feeds = [make_feed(release=Release.PUBLISH, merges_updates=True), make_feed("Other", release=Release.DRAFT)]
    sent = [(feed, item) for feed in feeds for item in newsday()]
    ends = []
    for seed in range(50):
        with transaction.atomic():
            for part in shuffled(sent, seed, 3):
                for each in feeds:
                    deliver(each, *[item for feed, item in part if feed == each])
                settle()
            ends.append(public())
            transaction.set_rollback(True)
    assert ends[0].keys() == {"updated", "freed", "spoken"}
    assert {guid: words[1] for guid, words in ends[0].items()} == {
        "updated": "As of 3.",
        "freed": "Free.",
        "spoken": "One.",
    }
    assert all(end == ends[0] for end in ends)
