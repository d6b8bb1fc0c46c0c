"""Votes cast at the same moment share a transaction; each becomes what it would have become alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kawaraban.accounts.testing import make_member
from kawaraban.caching.models import Purge
from kawaraban.discussion.actions.ballots import _Ballot, _cast, _Slip
from kawaraban.discussion.testing import make_thread
from kawaraban.discussion.tests.voting import score, vote


@pytest.fixture
def comments(author):
    """Three comments of one author, in one thread."""
    return list(make_thread(3, author).comments.order_by("number"))


def cast(*ballots):
    """What becomes of these (voter, comment, value) when they come together: a code for what is refused."""
    outcomes = _cast([_Ballot(voter, comment.thread_id, comment.number, value) for voter, comment, value in ballots])
    return [each if isinstance(each, _Slip) else getattr(each, "code", "missing") for each in outcomes]


def test_each_ballot_becomes_what_it_would_have_become_alone(author, comments):
    first, second, third = comments
    changes, takes_back, repeats, agrees = (make_member() for _ in range(4))
    vote(changes, first, -1)
    vote(takes_back, first, 1)
    vote(repeats, second, 1)
    nowhere = make_thread(1, agrees).comments.get()
    nowhere.number = 99
    outcomes = cast(
        (changes, first, 1),
        (author, first, 1),
        (takes_back, first, 0),
        (repeats, second, 1),
        (make_member(), nowhere, 1),
        (agrees, third, 1),
    )
    assert (outcomes[1], outcomes[4]) == ("own-comment", "missing")
    assert [outcomes[place].has_changed for place in (0, 2, 3, 5)] == [True, True, False, True]
    assert [score(each) for each in comments] == [(1, 0), (1, 0), (1, 0)]


def test_who_has_voted_too_often_is_refused_and_the_others_are_not(comments, settings):
    settings.TRUST = (("new", 0, 0, 0, 5, 2, 1, 3, 10, 0),)
    busy, calm = make_member(), make_member()
    vote(busy, comments[0])
    assert cast((busy, comments[1], 1), (calm, comments[1], -1))[0] == "too-many-votes"
    assert score(comments[1]) == (0, 1)


def test_each_voter_is_shown_their_own_vote_on_the_same_comment(comments, settings):
    settings.VOTE_DELAY = 10
    agrees, disagrees = cast((make_member(), comments[0], 1), (make_member(), comments[0], -1))
    assert (agrees.comment.own_fresh, disagrees.comment.own_fresh) == (1, -1)
    assert score(comments[0]) == (0, 0)
    assert (agrees.has_changed, disagrees.has_changed) == (False, False)


def test_many_cost_as_many_queries_as_one(comments):
    vote(make_member(), comments[0])  # in this test's transaction the pages are old now
    counts = []
    for voters in (1, 20):
        members = [make_member() for _ in range(voters)]
        with CaptureQueriesContext(connection) as queries:
            cast(*((member, comments[place % 3], 1) for place, member in enumerate(members)))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_pages_of_a_thread_become_old_once_for_all_votes_in_it(comments):
    before = Purge.objects.count()
    cast(*((make_member(), comment, 1) for comment in comments))
    assert list(Purge.objects.order_by("pk").values_list("tags", flat=True))[before:] == [comments[0].cache_tag]
