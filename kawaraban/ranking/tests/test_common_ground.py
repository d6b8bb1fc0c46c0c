"""Each figure can be counted again by hand, and each sentence about a group is sure enough to be printed."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from kawaraban.ranking.common_ground import (
    Statement,
    Votes,
    all_approve,
    approval,
    divide_most,
    has_badge,
    score,
    stands_for,
)
from kawaraban.ranking.opinion import opinion
from kawaraban.ranking.tests.planted import planted


def of(*groups: tuple[int, int]) -> tuple[Votes, ...]:
    return tuple(Votes(*each) for each in groups)


@pytest.mark.parametrize(("up", "n", "is_said"), [(0, 0, 0.5), (1, 1, 0.6), (0, 1, 0.4), (96, 96, 0.98), (8, 16, 0.5)])
def test_approval_adds_two_votes_for_and_two_against(up, n, is_said):
    assert approval(Votes(up, n)) == is_said


def test_the_score_is_what_the_group_says_that_likes_it_least():
    assert score(of((9, 10), (3, 10), (10, 10))) == 5 / 14
    with pytest.raises(ValueError, match="empty"):
        score(())


@pytest.mark.parametrize(
    ("groups", "has"),
    [
        (((5, 5), (5, 5)), True),
        (((5, 5), (4, 4)), False),  # too few of one group
        (((5, 5), (4, 5)), False),  # 6 of 9
        (((40, 54), (5, 5)), True),  # 42 of 58
        (((33, 46), (5, 5)), True),  # 35 of 50: just enough
        (((32, 46), (5, 5)), False),
        (((5, 5), (5, 5), (0, 9)), False),
        ((), False),
    ],
)
def test_the_badge_needs_five_votes_of_each_group_and_the_approval_of_all(groups, has):
    assert has_badge(of(*groups)) is has


def test_the_same_is_said_here_as_where_groups_are_found():
    found = opinion(*planted((120, 90, 70), 50)[0], 280, 50)
    counts = [of(*zip(found.up[:, comment], found.n[:, comment], strict=True)) for comment in range(50)]
    assert found.groups == 3
    assert [score(each) for each in counts] == found.score.tolist()
    assert [has_badge(each) for each in counts] == found.badge.tolist()


# --- What stands for a group ------------------------------------------------------------------------------------------


def test_a_group_is_known_by_what_it_alone_says():
    counts = {
        1: of((19, 20), (18, 20)),  # both agree
        2: of((19, 20), (2, 20)),
        3: of((12, 20), (8, 20)),  # differs a little
        4: of((1, 20), (19, 20)),
        5: of((10, 10), (0, 4)),  # too few of the others
        6: of((4, 4), (0, 10)),  # too few of the group
        7: of((18, 20), (2, 20)),
    }
    assert stands_for(counts, 0) == [
        Statement(4, False, 0.95, 20, 0.05),
        Statement(2, True, 0.95, 20, 0.1),
        Statement(7, True, 0.9, 20, 0.1),
    ]
    assert [(each.comment, each.agrees) for each in stands_for(counts, 1)] == [(4, True), (2, False), (7, False)]
    assert [each.comment for each in stands_for(counts, 0, most=1)] == [4]


def test_all_other_groups_together_are_the_others():
    assert stands_for({1: of((9, 10), (3, 10), (2, 10))}, 0) == [Statement(1, True, 0.9, 10, 0.25)]


def test_of_equals_the_newest_comes_first():
    counts = {number: of((10, 10), (0, 10)) for number in (1, 2, 3)}
    assert [each.comment for each in stands_for(counts, 0)] == [3, 2, 1]
    liked = {number: of((10, 10), (10, 10)) for number in (1, 2, 3)}
    assert all_approve(liked) == [3, 2, 1]
    assert divide_most(counts) == [3, 2, 1]


@pytest.mark.parametrize("whole", range(5, 12))
def test_nothing_is_said_that_polis_would_not_say(whole):
    """Wherever both of our tests pass, both of Polis's do, at 90 % and with its way of adding to the counts."""
    for ours, theirs in product(range(whole + 1), repeat=2):
        if stands_for({1: of((ours, whole), (theirs, whole))}, 0):
            up, other = max((ours, theirs), (whole - ours, whole - theirs))
            share, elsewhere = (up + 1) / (whole + 1), (other + 1) / (whole + 1)
            both = (share + elsewhere) / 2
            assert 2 * np.sqrt(whole + 1) * (share - 0.5) > 1.2816
            assert both == 1 or (share - elsewhere) / np.sqrt(both * (1 - both) * 2 / (whole + 1)) > 1.2816


# --- What all say -----------------------------------------------------------------------------------------------------


def test_what_all_approve_has_the_badge_and_comes_by_its_score():
    counts = {1: of((9, 10), (10, 10)), 2: of((20, 20), (20, 20)), 3: of((20, 20), (3, 20)), 4: of((20, 20), (4, 4))}
    assert all_approve(counts) == [2, 1]
    assert all_approve(counts, most=1) == [2]
    assert all_approve({}) == []


def test_what_divides_is_approved_by_one_and_not_by_another():
    counts = {
        1: of((19, 20), (1, 20)),
        2: of((15, 20), (4, 20)),
        3: of((20, 20), (14, 20)),  # both approve
        4: of((20, 20), (0, 4)),  # too few of one
        5: of((20, 20), (10, 20)),  # nobody is against
    }
    assert divide_most(counts) == [1, 2]
    assert divide_most({}) == []
