"""A ring is many accounts, few networks, one target; each of these alone is a crowd."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from bench.rings import SCENES, Site
from kawaraban.ranking.rings import Cast, find_rings


def raid(count, networks=2, **more):
    """So many fresh votes against comment 1, a second apart, out of so many networks."""
    plain = Cast(0, 0, 1, author=7, value=-1, at=0.0, age_days=1.0)
    return [replace(plain, key=n, voter=100 + n, at=float(n), network=f"n{n % networks}", **more) for n in range(count)]


def test_a_raid_is_one_case_with_what_speaks_against_it():
    (ring,) = find_rings(raid(10))
    assert ring.votes == tuple(range(10))
    assert ring.voters == tuple(range(100, 110))
    assert (ring.targets, ring.authors, ring.began, ring.span) == ((1,), (7,), 0.0, 9.0)
    assert (ring.fresh, ring.networks, ring.up, ring.down) == (10, 2, 0, 10)


@pytest.mark.parametrize(
    "votes",
    [
        raid(7),
        raid(300, networks=300),
        raid(300, standing=1),
        raid(300, age_days=31.0),
        [replace(vote, network="") for vote in raid(300)],
        [replace(vote, network="" if vote.key % 3 else vote.network) for vote in raid(30)],
        [replace(vote, at=vote.at * 3600) for vote in raid(11)],
        [replace(vote, target=vote.key) for vote in raid(60)],
        [],
    ],
    ids=[
        "few",
        "a network each",
        "regulars",
        "old accounts",
        "no networks known",
        "few networks known",
        "slow and few",
        "no target",
        "none",
    ],
)
def test_without_one_of_the_signs_it_is_none(votes):
    assert find_rings(votes) == []


def test_the_order_of_the_votes_is_nothing_to_the_result():
    votes = [*raid(40, networks=4), *[replace(v, key=v.key + 50, target=2, author=8) for v in raid(40, networks=4)]]
    expected = find_rings(votes)
    assert [ring.targets for ring in expected] == [(1, 2)]
    for seed in range(5):
        random.Random(seed).shuffle(votes)  # noqa: S311 - the same orders each time
        assert find_rings(votes) == expected


def test_newcomers_who_come_through_a_network_that_members_use_are_a_crowd():
    members = [
        Cast(900 + n, 900 + n, 50 + n, 70 + n, 1, 0.0, 400.0, network=f"n{n % 2}", standing=1) for n in range(10)
    ]
    own = [replace(v, key=500 + v.key, voter=500 + v.key, network=f"own {v.key}") for v in raid(10)]
    assert find_rings([*raid(20), *own, *members]) == []
    # Unless nearly all come that way.
    assert len(find_rings([*raid(20), *members])) == 1


def test_those_with_other_business_are_let_go():
    votes = raid(20)
    votes += [
        replace(votes[n], key=1000 + 10 * n + k, target=200 + 10 * n + k, author=200 + 10 * n + k)
        for n in range(5)
        for k in range(4)
    ]
    (ring,) = find_rings(votes)
    assert ring.voters == tuple(range(105, 120))


def test_colleagues_who_lift_one_author_all_day_are_a_circle():
    votes = [
        Cast(10 * v + t, v, t, author=7, value=1, at=3600.0 * t, age_days=500.0, network="office", standing=2)
        for v in range(5)
        for t in range(4)
    ]
    (ring,) = find_rings(votes)
    assert (ring.voters, ring.authors, ring.fresh, ring.up) == ((0, 1, 2, 3, 4), (7,), 0, 20)
    assert find_rings([vote for vote in votes if vote.voter != 4]) == []
    assert find_rings([vote for vote in votes if vote.target != 3]) == []
    assert find_rings([replace(vote, network=f"home {vote.voter}") for vote in votes]) == []
    elsewhere = [replace(v, key=100 + 10 * v.key + k, target=100 + k, author=9 + k) for v in votes[::4] for k in (1, 2)]
    assert len(find_rings([*votes, *elsewhere])) == 1
    more = [replace(v, key=1000 + 10 * v.key + k, target=300 + k, author=30 + k) for v in votes[::4] for k in range(5)]
    assert find_rings([*votes, *more]) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("600 newcomers by a shared link", 0),
        ("a popular comment: 400 regulars in 10 min", 0),
        ("a campus: 60 members, one network", 0),
        ("raid: 300 accounts, 40 networks", 300),
        ("raid: 300 accounts, 5 networks", 300),
    ],
)
def test_the_figures_of_the_decision_are_those_of_the_code(name, expected):
    """docs/decisions/0023-votes.md; all of them by `make bench-rings`."""
    site = Site(0)
    dict(SCENES)[name](site)
    found = {key for ring in find_rings(site.votes) for key in ring.votes}
    assert found == site.ring
    assert len(found) == expected
