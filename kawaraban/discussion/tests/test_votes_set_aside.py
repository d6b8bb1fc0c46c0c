"""What is cast is kept; what counts is what members think of a comment, and not what a ring would have us believe."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kawaraban.accounts import actions as accounts
from kawaraban.accounts.testing import make_member
from kawaraban.decisions.models import Decision, Kind
from kawaraban.discussion import actions, reads
from kawaraban.discussion.models import Comment, Thread, Vote
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.discussion.tests.unchanged import refused
from kawaraban.discussion.tests.voting import score, vote
from kawaraban.ranking.rings import find_rings


@pytest.fixture
def comment(author):
    """A comment that anybody else may vote on."""
    return make_comment(make_thread(), author)


def asides():
    return list(Vote.objects.order_by("pk").values_list("value", "set_aside"))


# --- New accounts -----------------------------------------------------------------------------------------------------


def test_a_vote_of_a_new_account_is_kept_and_counts_once_the_account_is_old_enough(comment, reader):
    newcomer = make_member(days=2)
    returned = vote(newcomer, comment)
    assert (returned.up, returned.down) == score(comment) == (0, 0)
    assert asides() == [(1, "new")]
    assert reads.mine(comment.thread, newcomer).votes == {1: 1}
    vote(reader, comment)
    assert actions.count_waiting_votes() == 0
    assert score(comment) == (1, 0)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert actions.count_waiting_votes() == 1
        assert actions.count_waiting_votes() == 0
    assert score(comment) == (2, 0)


def test_a_new_account_changes_its_mind_and_nothing_else(comment):
    newcomer = make_member(days=0)
    for value in (1, -1, 0, -1):
        vote(newcomer, comment, value)
        assert score(comment) == (0, 0)
    assert asides() == [(-1, "new")]


def test_votes_of_who_is_gone_or_kept_out_do_not_come_to_count(comment):
    gone, banned, lifted = make_member(days=0), make_member(days=0), make_member(days=0)
    for member in (gone, banned, lifted):
        vote(member, comment)
    gone.is_active = False
    gone.save()
    for member in (banned, lifted):
        decision = Decision.objects.create(
            kind=Kind.BAN, subject=f"member:{member.pk}", member=member, law="x", facts="x", is_automated=True
        )
    decision.lifted_at = timezone.now()
    decision.save()
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert actions.count_waiting_votes() == 1
    assert Vote.objects.get(set_aside="").voter == lifted


def test_staff_are_never_new(comment, editor):
    editor.date_joined = timezone.now()
    editor.save()
    vote(editor, comment)
    assert score(comment) == (1, 0)


# --- Serial votes -----------------------------------------------------------------------------------------------------


@pytest.fixture
def many(author):
    """A thread in which the author has said eleven things, and somebody else twelve more."""
    thread = make_thread(11, author=author)
    other = make_member()
    for number in range(12):
        actions.record_comment(thread, actions.Record(f"Also {number}.", author=other, created_at=timezone.now()))
    return list(Comment.objects.filter(author=author).order_by("number"))


def test_of_many_votes_against_one_author_in_a_day_the_rest_are_set_aside(reader, many):
    """S-050."""
    for each in many:
        vote(reader, each, -1)
    assert [score(each) for each in many] == [(0, 1)] * 10 + [(0, 0)]
    assert Vote.objects.get(set_aside="serial").comment == many[10]
    other = Comment.objects.exclude(author=many[0].author).first()
    vote(reader, other, -1)
    assert score(other) == (0, 1)
    vote(reader, many[10], 1)
    assert score(many[10]) == (0, 0)
    # It can be undone.
    assert actions.set_votes_aside([Vote.objects.get(set_aside="serial").pk], wanted=False) == 1
    assert score(many[10]) == (1, 0)


def test_who_agrees_and_disagrees_with_an_author_is_not_after_them(reader, many):
    for number, each in enumerate(many):
        vote(reader, each, 1 if number % 2 else -1)
    assert not Vote.objects.exclude(set_aside="").exists()


def test_another_day_votes_count_again(reader, many):
    for each in many[:10]:
        vote(reader, each)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        vote(reader, many[10])
    assert score(many[10]) == (1, 0)


def test_votes_in_an_hour_are_limited_by_the_record(reader, many, settings):
    settings.TRUST = (("new", 0, 0, 0, 5, 2, 3, 3, 10, 0), ("regular", 7, 1, 7, 10, 10, 4, 0, 20, 1))
    for each in many[:3]:
        vote(reader, each)
    with refused("too-many-votes") as refusal:
        vote(reader, many[3])
    assert "3 votes within an hour" in refusal.value.message
    vote(reader, many[0], 0)
    vote(reader, many[3])
    make_comment(many[0].thread, reader)
    vote(reader, many[4])
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        vote(reader, many[5])


# --- Decided at the desk ----------------------------------------------------------------------------------------------


def test_votes_set_aside_count_no_more_and_again_when_they_are_let_in(comment, django_capture_on_commit_callbacks):
    voters = [make_member() for _ in range(4)]
    for member, value in zip(voters, (1, 1, 1, -1), strict=True):
        vote(member, comment, value)
    keys = list(Vote.objects.filter(voter__in=voters[1:]).values_list("pk", flat=True))
    Thread.objects.update(has_new_votes=True)  # as the first of these votes has left it
    with django_capture_on_commit_callbacks() as told:
        assert actions.set_votes_aside(keys, wanted=True) == 3
    assert len(told) == 1
    assert score(comment) == (1, 0)
    assert actions.set_votes_aside(keys, wanted=True) == 0
    assert actions.set_votes_aside(keys, wanted=False) == 3
    assert actions.set_votes_aside(keys, wanted=False) == 0
    assert score(comment) == (3, 1)


def test_taking_a_vote_back_and_casting_it_again_undoes_no_decision(reader, comment):
    vote(reader, comment)
    actions.set_votes_aside([Vote.objects.get().pk], wanted=True)
    for value in (0, 1, -1, 0):
        vote(reader, comment, value)
        assert score(comment) == (0, 0)
        assert asides() == [(value, "ring")]
        assert reads.mine(comment.thread, reader).votes == ({1: value} if value else {})
    assert reads.recent_votes(10) == []
    # Let in, nothing is left of what was taken back.
    assert actions.set_votes_aside([Vote.objects.get().pk], wanted=False) == 1
    assert asides() == []


def test_let_in_the_vote_of_a_new_account_waits_like_others(comment):
    newcomer = make_member(days=0)
    vote(newcomer, comment)
    key = Vote.objects.get().pk
    actions.set_votes_aside([key], wanted=True)
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert actions.count_waiting_votes() == 0
    actions.set_votes_aside([key], wanted=False)
    assert asides() == [(1, "new")]


def test_only_the_voter_sees_what_became_of_their_vote(reader, author, comment, signed_in):
    vote(reader, comment)
    actions.set_votes_aside([Vote.objects.get().pk], wanted=True)
    own = signed_in(reader).get(f"/t/{comment.thread_id}/").content.decode()
    assert 'value="0" data-vote="1" aria-pressed="true">Agree <span data-agree>0<' in own
    others = signed_in(author).get(f"/t/{comment.thread_id}/").content.decode()
    assert 'aria-pressed="true"' not in others
    assert reader.handle not in others


# --- Evidence ---------------------------------------------------------------------------------------------------------


def test_recent_votes_are_what_a_search_for_rings_needs(comment, reader):
    thread = comment.thread
    signed = actions.record_comment(thread, actions.Record("Old words.", signed="Yrral"))
    accounts.trace(reader, "192.0.2.7")
    vote(reader, comment)
    newcomer = make_member(days=2)
    vote(newcomer, signed, -1)
    with time_machine.travel(timezone.now() - timedelta(minutes=50)):
        vote(make_member(), comment)
    first, second = reads.recent_votes(30)
    assert (first.voter, first.target, first.author, first.value) == (reader.pk, comment.pk, comment.author_id, 1)
    assert (len(first.network), round(first.age_days), first.is_fresh) == (32, 30, False)
    assert (second.voter, second.author, second.value, second.network) == (newcomer.pk, "signed Yrral", -1, "")
    assert (round(second.age_days), second.standing, second.is_fresh) == (2, 0, True)
    assert len(reads.recent_votes(60)) == 3


def test_recent_votes_cost_the_same_however_many_there_are(comment):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            reads.recent_votes(60)
        return len(queries)

    vote(make_member(), comment)
    few = cost()
    for _ in range(10):
        vote(make_member(days=0), comment)
    assert cost() == few == 5


def test_a_raid_is_found_from_what_was_voted_and_set_aside(comment):
    """S-049."""
    regulars = [make_member() for _ in range(5)]
    for number, member in enumerate(regulars):
        accounts.trace(member, f"198.51.{number}.1")
        vote(member, comment)
    raiders = [make_member(days=5) for _ in range(10)]
    for number, member in enumerate(raiders):
        accounts.trace(member, f"192.0.2.{number}")
        vote(member, comment, -1)
    assert score(comment) == (5, 10)
    (ring,) = find_rings(reads.recent_votes(30))
    assert (ring.voters, ring.fresh, ring.networks, ring.down) == (tuple(m.pk for m in raiders), 10, 1, 10)
    actions.set_votes_aside(ring.votes, wanted=True)
    assert score(comment) == (5, 0)
