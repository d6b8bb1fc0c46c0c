"""Where stories stand: rules that hold for any archive, any slots and any limits, tried with thousands of them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from kawaraban.newsroom.arranging import Wish, arrange, fill

NOW = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)
CITY, WORLD, SPORT = 1, 2, 3
PLACES = (CITY, WORLD, SPORT)
ROWS, PER_SECTION = 4, 4


@dataclass(frozen=True)
class Story:
    key: int
    place: int = CITY
    kind: str = "story"
    at: datetime | None = NOW
    has_picture: bool = False


def newest(*places, **fields):
    """Stories of these sections, the first the newest, each an hour older than the one before; keys from 1."""
    return [Story(key, place, at=NOW - timedelta(hours=key), **fields) for key, place in enumerate(places, 1)]


def keys(stories):
    return [story.key for story in stories]


def front_of(stories, *wishes, limits=None):
    return arrange(stories, wishes, limits or {}, PLACES, ROWS, PER_SECTION)


def top(front):
    return keys([front.lead, *front.rows]) if front.lead else []


def test_the_lead_by_hand_then_the_latest_from_national_then_at_most_one_from_sport():
    stories = newest(SPORT, SPORT, SPORT, CITY, WORLD, CITY, WORLD, CITY)
    front = front_of(stories, Wish(story=8), Wish(place=WORLD), limits={SPORT: 1})
    assert top(front) == [8, 5, 1, 4, 6]


def test_a_rule_takes_the_latest_that_fits():
    stories = [
        Story(1, WORLD, at=NOW - timedelta(hours=1)),
        Story(2, CITY, "opinion", NOW - timedelta(hours=2)),
        Story(3, CITY, "opinion", NOW - timedelta(hours=30)),
        Story(4, CITY, "story", None),
    ]
    assert keys(fill(stories, [Wish(place=CITY)])) == [2]
    assert keys(fill(stories, [Wish(kind="opinion"), Wish(kind="opinion")])) == [2, 3]
    assert keys(fill(stories, [Wish(kind="opinion", since=NOW - timedelta(hours=24))] * 2)) == [2]
    assert keys(fill(stories, [Wish(since=NOW - timedelta(hours=1))] * 2)) == [1]


def test_a_rule_takes_no_story_that_a_later_slot_holds_by_hand():
    assert keys(fill(newest(CITY, CITY), [Wish(place=CITY), Wish(story=1)])) == [2, 1]


def test_a_slot_that_finds_nothing_is_taken_by_the_next():
    assert keys(fill(newest(CITY, CITY), [Wish(story=99), Wish(place=SPORT), Wish(story=2)])) == [2]


def test_a_limit_does_not_overrule_an_editors_hand():
    front = front_of(newest(SPORT, SPORT, CITY), Wish(story=1), Wish(story=2), limits={SPORT: 1})
    assert top(front) == [1, 2, 3]


def test_what_a_limit_keeps_from_the_top_stands_in_its_section():
    front = front_of(newest(SPORT, SPORT, SPORT, CITY), limits={SPORT: 1})
    assert top(front) == [1, 4]
    assert front.lines == []
    assert [(place, keys(found)) for place, found in front.sections] == [(SPORT, [2, 3])]


def test_slots_beyond_the_top_come_first_in_their_section():
    stories = newest(*[CITY] * 12)
    front = front_of(stories, *(Wish(story=key) for key in (1, 2, 3, 4, 5)), Wish(place=WORLD), Wish(story=12))
    assert top(front) == [1, 2, 3, 4, 5]
    assert keys(front.lines) == [12, 6]


def chance(seed):
    """An archive, slots and limits as chance has them."""
    dice = random.Random(seed)  # noqa: S311 - a test that must be the same each time
    stories = [
        Story(
            key,
            dice.choice(PLACES),
            dice.choice(("story", "opinion")),
            NOW - timedelta(hours=key) if dice.random() < 0.95 else None,
            dice.random() < 0.3,
        )
        for key in range(1, dice.randrange(0, 40))
    ]
    stories.sort(key=lambda story: (story.at is None, story.key))
    wishes = [
        Wish(story=dice.randrange(1, 45))
        if dice.random() < 0.5
        else Wish(
            place=dice.choice((None, *PLACES)),
            kind=dice.choice(("", "story", "opinion")),
            since=dice.choice((None, NOW - timedelta(hours=10))),
        )
        for _ in range(dice.randrange(0, 9))
    ]
    limits = {place: dice.randrange(0, 4) for place in PLACES if dice.random() < 0.5}
    return stories, wishes, limits


@pytest.mark.parametrize("part", range(4))
def test_whatever_chance_asks_for_the_rules_hold(part):
    for seed in range(part * 1000, part * 1000 + 1000):
        stories, wishes, limits = chance(seed)
        front = arrange(stories, wishes, limits, PLACES, ROWS, PER_SECTION)
        at_top = [*([front.lead] if front.lead else []), *front.rows]
        below = [story for _, found in front.sections for story in found]
        shown = keys([*at_top, *front.lines, *below])
        assert len(set(shown)) == len(shown), f"{seed}: nothing stands twice"
        assert len(front.rows) <= ROWS
        assert bool(front.lead) == bool(top_is_possible(stories, wishes, limits)), seed

        there = {story.key for story in stories}
        by_hand = list(dict.fromkeys(wish.story for wish in wishes if wish.story in there))
        chosen = keys(fill(stories, wishes, limits))
        assert [key for key in chosen if key in by_hand] == by_hand, f"{seed}: by hand, in its order"
        assert keys(at_top)[: len(chosen)] == chosen[: len(at_top)], f"{seed}: slots come first"

        of_hand = Counter(story.place for story in stories if story.key in by_hand)
        for place, count in Counter(story.place for story in [*at_top, *front.lines]).items():
            assert count <= max(limits.get(place, 99), of_hand[place]), f"{seed}: the limits hold"
        for place, found in front.sections:
            assert 0 < len(found) <= PER_SECTION
            assert {story.place for story in found} == {place}
        assert arrange(stories, wishes, limits, PLACES, ROWS, PER_SECTION) == front, f"{seed}: and once more the same"


def top_is_possible(stories, wishes, limits):
    """Whether anything may stand at the top at all."""
    by_hand = {wish.story for wish in wishes}
    return [story for story in stories if story.key in by_hand or limits.get(story.place, 1) > 0]
