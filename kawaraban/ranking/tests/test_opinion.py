"""Groups are found where they are and nowhere else; every figure can be counted again by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from kawaraban.ranking.opinion import Opinion, opinion
from kawaraban.ranking.tests.planted import planted

SOME = ([0, 0, 1], [0, 1, 1], [1, -1, 1])


def fit(votes, nu, nc, **more):
    return opinion(*votes, nu, nc, **more)


def same(one: Opinion, other: Opinion) -> bool:
    """Whether two results are equal to the last bit."""
    names = Opinion.__dataclass_fields__
    return all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=name == "position") for name in names)


# --- What is asked ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("u", "c", "v", "says"),
    [
        ([], [], [], "no votes"),
        ([0], [0], [0], "+1 or -1"),
        ([0], [0], [2], "+1 or -1"),
        ([0], [0], [float("nan")], "+1 or -1"),
        ([0], [0], [0.5], "+1 or -1"),
        ([0, 1], [0, 1], [1, "-1"], "+1 or -1"),
        ([2], [0], [1], "from 0 to 1"),
        ([-1], [0], [1], "from 0 to 1"),
        ([0], [2], [1], "from 0 to 1"),
        ([0.0], [0], [1], "whole number"),
        ([float("nan")], [0], [1], "whole number"),
        ([[0]], [[0]], [[1]], "whole number"),
        ([0, 1], [0], [1, 1], "needs a reader, a comment and a value"),
        ([0], [0], [1, 1], "needs a reader, a comment and a value"),
        ([0, 0], [1, 1], [1, 1], "twice"),
        ([0, 0], [1, 1], [1, -1], "twice"),
    ],
)
def test_what_is_no_vote_is_refused_with_a_sentence(u, c, v, says):
    with pytest.raises(ValueError, match=says.replace("+", r"\+")):
        opinion(u, c, v, 2, 2)


def test_lists_and_small_types_are_as_good_as_arrays():
    (u, c, v), _ = planted((40, 40), 40)
    small = opinion(u.astype(np.uint16), c.astype(np.int32), v.astype(np.int8), 80, 40)
    assert same(small, opinion(u.tolist(), c.tolist(), v.tolist(), 80, 40))


# --- Groups -----------------------------------------------------------------------------------------------------------


def test_fewer_than_thirty_who_voted_both_ways_are_no_groups():
    votes, _ = planted((14, 15), 30)
    found = fit(votes, 29, 30)
    assert (found.groups, found.why, found.score) == (0, "few", None)
    assert (found.label == -1).all()
    u, c, _ = votes = planted((60, 60), 30)[0]
    found = opinion(u, c, np.ones(len(u), dtype=int), 120, 30)
    assert (found.groups, found.why, found.placed) == (0, "few", 0)
    assert not found.badge.any()


@pytest.mark.parametrize("seed", range(12))
def test_votes_without_a_divide_make_no_groups(seed):
    """Some comments are liked by all, some readers agree with much: that alone tells nobody apart."""
    votes, _ = planted((150,), 60, lean=0, seed=seed)
    found = fit(votes, 150, 60)
    assert (found.groups, found.why) == (0, "no divide")
    assert found.placed > 100
    assert found.divides == ()


@pytest.mark.parametrize("agreement", [0.9, 0.95, 0.98])
@pytest.mark.parametrize(("readers", "comments"), [(42, 30), (60, 20), (150, 30)])
def test_a_small_room_that_agrees_about_nearly_everything_makes_no_groups(readers, comments, agreement):
    """What a large ridge leaves of comments that nearly all like, or nearly nobody, looks like a divide."""
    for seed in range(8):
        rng = np.random.default_rng(seed)
        u, c = np.nonzero(rng.random((readers, comments)) < 0.67)
        likely = np.where(rng.random(comments) < 0.6, agreement, 1 - agreement)
        v = np.where(rng.random(len(u)) < likely[c], 1, -1)
        assert opinion(u, c, v, readers, comments).groups == 0


@pytest.mark.parametrize("sizes", [(60, 40), (200, 30), (60, 50, 40), (120, 90, 70)])
def test_groups_are_found_as_they_were_planted(sizes):
    votes, group = planted(sizes, 60)
    found = fit(votes, sum(sizes), 60)
    assert found.groups == len(sizes)
    placed = found.label >= 0
    assert adjusted_rand_score(group[placed], found.label[placed]) > 0.85
    assert [int((found.label == each).sum()) for each in range(found.groups)] == sorted(
        np.bincount(found.label[placed]), reverse=True
    )
    assert found.names == tuple(range(len(sizes)))


def test_readers_who_hardly_vote_are_in_no_group():
    (u, c, v), _ = planted((50, 50), 60)
    rarely = u == 7
    first = np.flatnonzero(rarely)[:4]
    keep = ~rarely
    keep[first] = True
    found = opinion(u[keep], c[keep], v[keep], 100, 60)
    assert found.label[7] == -1
    assert np.isnan(found.position[7]).all()
    assert found.placed == (found.label >= 0).sum() == 99


def test_a_handful_who_differ_are_no_group_of_their_own():
    votes, _ = planted((150, 4), 60, lean=2.5)
    found = fit(votes, 154, 60)
    assert found.groups == 0 or np.bincount(found.label[found.label >= 0]).min() >= 15


# --- Figures ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two() -> tuple[tuple, Opinion]:
    """Two groups, and what is found of them."""
    votes, _ = planted((70, 50), 50, seed=3)
    return votes, fit(votes, 120, 50)


def test_counts_and_scores_are_those_of_the_votes(two):
    (u, c, v), found = two
    up, n = np.zeros((2, 50), dtype=int), np.zeros((2, 50), dtype=int)
    for reader, comment, value in zip(u, c, v, strict=True):
        if found.label[reader] >= 0:
            n[found.label[reader], comment] += 1
            up[found.label[reader], comment] += value == 1
    assert np.array_equal(found.up, up)
    assert np.array_equal(found.n, n)
    lowest = [min((up[g, comment] + 2) / (n[g, comment] + 4) for g in (0, 1)) for comment in range(50)]
    assert found.score.tolist() == lowest


def test_the_badge_needs_five_votes_of_each_group_and_the_approval_of_all(two):
    _, found = two
    made = replace(
        found,
        n=np.array([[5, 5, 50, 4], [5, 9, 50, 99]]),
        up=np.array([[5, 4, 34, 4], [5, 9, 50, 99]]),
        score=np.array([7 / 9, 6 / 9, 36 / 54, 6 / 8]),
    )
    assert made.badge.tolist() == [True, False, False, False]


def test_a_comment_that_nobody_has_voted_on_stands_between_liked_and_disliked(two):
    (u, c, v), _ = two
    assert opinion(u, c, v, 120, 51).score[50] == 0.5


def test_any_order_of_votes_gives_the_same_bits(two):
    (u, c, v), found = two
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(u))
        assert same(opinion(u[order], c[order], v[order], 120, 50), found)


def test_other_numbers_for_readers_and_comments_give_the_same_groups(two):
    (u, c, v), found = two
    rng = np.random.default_rng(1)
    readers, comments = rng.permutation(120), rng.permutation(50)
    other = opinion(readers[u], comments[c], v, 120, 50)
    assert np.array_equal(other.label[readers], found.label)
    assert np.allclose(other.score[comments], found.score)


# --- One fit after the other ------------------------------------------------------------------------------------------


def test_a_later_fit_begins_where_the_former_ended(two):
    (u, c, v), _ = two
    early = c < 45
    former = opinion(u[early], c[early], v[early], 120, 45)
    cold, warm = opinion(u, c, v, 120, 50), opinion(u, c, v, 120, 50, former=former)
    assert np.array_equal(warm.label, cold.label)
    assert same(warm, opinion(u, c, v, 120, 50, former=former))


def test_more_readers_than_before_join_and_groups_keep_their_names():
    (u, c, v), _ = planted((60, 50, 60), 60, seed=5)
    early = u < 110
    former = opinion(u[early], c[early], v[early], 110, 60)
    swapped = replace(former, names=(1, 0))
    later = opinion(u, c, v, 170, 60, former=swapped)
    for old, name in enumerate(swapped.names):
        mostly = np.bincount(later.label[:110][former.label == old], minlength=later.groups).argmax()
        assert later.names[mostly] == name
    assert len(set(later.names)) == later.groups


def test_a_group_that_is_new_gets_a_name_that_is_free():
    votes, _ = planted((60, 50, 45), 60, seed=2)
    u, c, v = votes
    early = u < 110
    former = replace(opinion(u[early], c[early], v[early], 110, 60), names=(0, 2))
    later = opinion(u, c, v, 155, 60, former=former)
    assert (former.groups, later.groups) == (2, 3)
    assert sorted(later.names) == [0, 1, 2]
    assert later.names[int(np.bincount(later.label[110:], minlength=3).argmax())] == 1


def test_a_former_fit_without_groups_is_none(two):
    votes, found = two
    former = fit(planted((29,), 50)[0], 29, 50)
    assert not former.groups
    assert same(fit(votes, 120, 50, former=former), found)
