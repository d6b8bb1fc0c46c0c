"""Figures to sort by, against values worked out by hand, and what holds for all of them."""

from __future__ import annotations

import random
from itertools import pairwise
from math import inf, isfinite

import pytest

from kawaraban.ranking.orders import best, controversial

SOME = [0, 1, 2, 3, 5, 9, 17, 40, 99, 1_000, 250_000]


@pytest.mark.parametrize(
    ("up", "down", "figure"),
    [
        # The lesser root of (1 + z²/n) x² - (2p + z²/n) x + p² = 0, to forty digits, rounded.
        (0, 0, 0.0),
        (1, 0, 0.3784475),  # 1 / (1 + z²)
        (0, 1, 0.0),
        (2, 0, 0.5490924),  # 1 / (1 + z²/2)
        (10, 0, 0.8589313),  # 1 / (1 + z²/10)
        (1, 1, 0.1642517),
        (90, 10, 0.8548581),
        (1, 9, 0.0304106),
    ],
)
def test_best_is_the_lower_bound_of_wilson(up, down, figure):
    assert best(up, down) == pytest.approx(figure, abs=5e-7)


@pytest.mark.parametrize(
    ("up", "down", "figure"),
    [
        (0, 0, 0.0),
        (5, 0, 0.0),
        (0, 5, 0.0),
        (1, 1, 2.0),
        (7, 7, 14.0),
        (2, 1, 3**0.5),
        (1, 2, 3**0.5),
        (3, 1, 4 ** (1 / 3)),
        (1, 99, 100 ** (1 / 99)),
    ],
)
def test_controversial_is_the_number_of_votes_to_the_power_of_the_balance(up, down, figure):
    assert controversial(up, down) == pytest.approx(figure)


def test_one_vote_of_one_does_not_beat_ninety_of_a_hundred():
    assert best(90, 10) > best(9, 1) > best(1, 0) > best(0, 0)


def test_nobodys_agreement_is_exactly_nothing():
    assert {best(0, down) for down in range(100)} == {0.0}


def test_best_stays_between_nothing_and_the_share_that_agrees():
    for up in SOME:
        for down in SOME:
            share = up / (up + down) if up + down else 0
            assert 0 <= best(up, down) <= share


def test_more_agreement_never_ranks_lower_and_more_disagreement_never_higher():
    for other in SOME:
        for fewer, more in pairwise(range(60)):
            assert best(more, other) > best(fewer, other)
            assert best(other, more) <= best(other, fewer)


def test_the_same_share_of_more_votes_ranks_higher():
    figures = [best(3 * n, n) for n in range(1, 200)]
    assert all(later > earlier for earlier, later in pairwise(figures))


def test_controversial_does_not_ask_which_side_is_which_and_stays_within_the_votes():
    chance = random.Random(1922)  # noqa: S311 - the same pairs each time
    for _ in range(500):
        up, down = chance.randint(1, 5_000), chance.randint(1, 5_000)
        figure = controversial(up, down)
        assert figure == controversial(down, up)
        assert 1 < figure <= up + down


def test_of_equally_many_votes_the_more_even_split_ranks_higher():
    figures = [controversial(up, 100 - up) for up in range(1, 51)]
    assert all(later > earlier for earlier, later in pairwise(figures))


def test_very_many_votes_are_still_numbers():
    for up, down in ((2**31, 2**31), (2**31, 0), (0, 2**31), (2**31, 1)):
        assert isfinite(best(up, down))
        assert 0 <= controversial(up, down) < inf
