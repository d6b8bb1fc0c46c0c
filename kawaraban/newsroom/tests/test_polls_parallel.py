"""Votes in a poll that arrive at the same moment, each over a connection of its own, end as if one came first."""

from __future__ import annotations

import pytest

from kawaraban.accounts.testing import make_member
from kawaraban.accounts.tests.side_by_side import all_at_once, database_of_its_own
from kawaraban.newsroom import actions, reads
from kawaraban.newsroom.polls import Poll, PollVote
from kawaraban.newsroom.testing import make_poll
from kawaraban.newsroom.tests.pages import publish_again

AT_ONCE = 12


@pytest.fixture
def db(django_db_setup, django_db_blocker, tmp_path):
    """A database that threads can meet in, instead of one transaction around the test."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        yield


@pytest.fixture
def poll(site):
    """An open poll with three answers."""
    return make_poll()


def counts(poll):
    return list(poll.options.values_list("votes", flat=True))


def test_two_hundred_votes_of_one_member_are_one_vote(poll, reader, signed_in):
    """S-043."""
    browsers = [signed_in(reader) for _ in range(AT_ONCE)]
    form = {"option": poll.options.first().pk}

    def vote_again_and_again(browser):
        sent = range(200 // AT_ONCE + 1)
        return [browser.post(f"/poll/{poll.pk}/vote/", form, headers={"X-Fragment": "1"}).status_code for _ in sent]

    answers = all_at_once([lambda browser=browser: vote_again_and_again(browser) for browser in browsers])
    assert answers == [[200] * (200 // AT_ONCE + 1)] * AT_ONCE
    assert (counts(poll), PollVote.objects.count()) == ([1, 0, 0], 1)


def test_votes_of_one_member_for_different_answers_leave_one(poll, reader):
    options = list(poll.options.all())

    def change_one_s_mind(first):
        for turn in range(6):
            actions.vote_in_poll(reader, poll.pk, options[(first + turn) % 3].pk)

    assert all_at_once([lambda first=first: change_one_s_mind(first) for first in range(AT_ONCE)]) == [None] * AT_ONCE
    assert (sum(counts(poll)), PollVote.objects.count()) == (1, 1)
    assert list(reads.drifted_options()) == []


def test_votes_of_many_members_are_all_counted(poll):
    options, voters = list(poll.options.all()), [make_member() for _ in range(AT_ONCE)]
    outcomes = all_at_once(
        [
            lambda voter=voter, place=place: actions.vote_in_poll(voter, poll.pk, options[place % 3].pk)
            for place, voter in enumerate(voters)
        ]
    )
    assert {type(outcome) for outcome in outcomes} == {Poll}
    assert counts(poll) == [4, 4, 4]
    assert list(reads.drifted_options()) == []


def test_a_publication_with_other_answers_and_the_first_votes_at_once_leave_one_truth(poll):
    """Either the words changed before anybody voted, or the votes came first and the words stayed."""
    voters = [make_member() for _ in range(AT_ONCE - 1)]
    option = poll.options.first().pk
    deeds = [lambda voter=voter: actions.vote_in_poll(voter, poll.pk, option) for voter in voters]
    outcomes = all_at_once([*deeds, lambda: publish_again(poll.story, poll_options="Swim\nFly").pk])
    assert outcomes[-1] == poll.story_id
    texts = [option.text for option in poll.options.all()]
    votes = PollVote.objects.count()
    assert (texts, votes) in ((["Swim", "Fly"], 0), (["By ferry", "By bridge", "On foot"], len(voters)))
    assert sum(counts(poll)) == votes
    assert list(reads.drifted_options()) == []
