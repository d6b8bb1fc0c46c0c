"""Opinion groups are found on the clock, kept true by each vote, and told to nobody."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kawaraban.accounts.models import MODERATOR
from kawaraban.accounts.testing import make_member
from kawaraban.caching.models import Purge
from kawaraban.discussion import actions, reads, tasks
from kawaraban.discussion.actions import fits
from kawaraban.discussion.models import Comment, Fit, Place, Tally, Thread, Vote
from kawaraban.discussion.orders import View
from kawaraban.discussion.testing import hold_comment, make_comment, make_divided_thread, make_thread
from kawaraban.discussion.tests.voting import vote
from kawaraban.jobs.schedule import TIMETABLES


@pytest.fixture
def divided(db):
    """A thread with two groups, and its voters."""
    thread, voters = make_divided_thread()
    actions.fit_thread(thread.pk)
    thread.refresh_from_db()
    return thread, voters


def counted(thread: Thread) -> dict[int, list[list[int]]]:
    """What the tallies of a thread must be, counted vote by vote."""
    groups = dict(Place.objects.filter(thread=thread).values_list("member", "group"))
    votes = Vote.objects.filter(comment__thread=thread, set_aside="")
    sums = {key: [[0, 0] for _ in range(thread.group_count)] for key in tallies(thread)}
    for comment, voter, value in votes.values_list("comment", "voter", "value"):
        if voter in groups:
            sums[comment][groups[voter]][0] += value == 1
            sums[comment][groups[voter]][1] += 1
    return sums


def tallies(thread: Thread) -> dict[int, list[list[int]]]:
    """What they are."""
    return dict(Tally.objects.filter(thread=thread).values_list("comment", "votes"))


def new_votes(thread: Thread) -> bool:
    return Thread.objects.values_list("has_new_votes", flat=True).get(pk=thread.pk)


# --- What is found ----------------------------------------------------------------------------------------------------


def test_groups_are_found_and_named_by_their_size(divided):
    thread, voters = divided
    fit = thread.fit
    assert thread.group_count == 2
    assert (thread.group_letters, fit.sizes, fit.why) == ("AB", [24, 18], "")
    placed = dict(Place.objects.filter(thread=thread).values_list("member", "group"))
    assert [placed[voter.pk] for voter in voters] == [0] * 24 + [1] * 18
    assert fit.votes == Vote.objects.count()
    dots = list(fit.each_dot())
    assert {dot.member: dot.group for dot in dots} == placed
    assert Counter(dot.group for dot in dots) == {0: 24, 1: 18}


def test_what_groups_say_is_the_sum_of_their_votes(divided):
    thread, _ = divided
    assert tallies(thread) == counted(thread)
    assert len(tallies(thread)) == 20
    assert sum(n for votes in tallies(thread).values() for _, n in votes) == Vote.objects.count()


def test_three_groups_are_three(db):
    thread, _ = make_divided_thread((30, 24, 18), comments=30)
    assert actions.fit_thread(thread.pk).sizes == [30, 24, 18]


def test_without_thirty_who_have_voted_both_ways_there_are_none_and_nothing_is_kept(db):
    thread, _ = make_divided_thread((15, 12))
    fit = actions.fit_thread(thread.pk)
    assert (fit.why, fit.sizes) == (Fit.Why.FEW, [])
    thread.refresh_from_db()
    assert thread.group_count == 0
    assert not Tally.objects.exists()
    assert not Place.objects.exists()


def test_without_a_divide_there_are_none(db):
    thread, _ = make_divided_thread((42,), comments=30)
    assert actions.fit_thread(thread.pk).why == Fit.Why.NO_DIVIDE
    thread.refresh_from_db()
    assert thread.group_count == 0


def test_what_readers_cannot_see_and_what_is_set_aside_is_left_out(divided):
    thread, voters = divided
    moderator = make_member(role=MODERATOR)
    hold_comment(moderator, thread.pk, 7)
    keys = Vote.objects.filter(voter=voters[0]).values_list("pk", flat=True)
    actions.set_votes_aside(list(keys), wanted=True)
    fit = actions.fit_thread(thread.pk)
    assert fit.votes == Vote.objects.filter(set_aside="").exclude(comment__number=7).count()
    assert not Place.objects.filter(member=voters[0]).exists()
    assert fit.sizes == [23, 18]


def test_a_later_fit_keeps_the_names_of_groups(divided):
    thread, voters = divided
    for comment in Comment.objects.filter(thread=thread, number__gt=4):
        # Half of the larger group goes, so that the smaller one is the larger.
        Vote.objects.filter(comment=comment, voter__in=voters[:12]).delete()
    fit = actions.fit_thread(thread.pk)
    thread.refresh_from_db()
    assert (thread.group_letters, fit.sizes) == ("BA", [18, 12])


def test_whoever_is_gone_leaves_with_the_next_fit(divided):
    thread, voters = divided
    Vote.objects.filter(voter=voters[0]).delete()
    voters[0].delete()
    assert actions.fit_thread(thread.pk).sizes == [23, 18]
    assert tallies(thread) == counted(thread)


# --- Between two fits -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [1, -1, 0])
def test_each_vote_of_who_is_in_a_group_is_counted_at_once(divided, value):
    thread, voters = divided
    for number in (1, 2, 3):
        for voter in voters[20:28]:
            vote(voter, Comment.objects.select_related("thread").get(thread=thread, number=number), value)
    assert tallies(thread) == counted(thread)


def test_votes_of_others_wait_for_the_next_fit(divided):
    thread, _ = divided
    before = tallies(thread)
    newcomer = make_member()
    for comment in Comment.objects.filter(thread=thread).select_related("thread")[:8]:
        vote(newcomer, comment, 1 if comment.number % 2 else -1)
    assert tallies(thread) == before
    actions.fit_thread(thread.pk)
    assert Place.objects.filter(member=newcomer).exists()
    assert tallies(thread) == counted(thread)


def test_a_comment_that_is_new_gets_a_tally_with_its_first_vote(divided, author):
    thread, voters = divided
    comment = make_comment(thread, author)
    vote(voters[0], comment)
    vote(voters[-1], comment, -1)
    assert Tally.objects.get(comment=comment).votes == [[1, 1], [0, 1]]


def test_votes_that_come_to_count_later_or_no_more_are_counted_then(divided, author, settings):
    thread, voters = divided
    settings.VOTE_DELAY = 10
    comment = make_comment(thread, author)
    vote(voters[0], comment)
    assert not Tally.objects.filter(comment=comment).exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert actions.count_waiting_votes() == 1
    assert Tally.objects.get(comment=comment).votes == [[1, 1], [0, 0]]
    actions.set_votes_aside([Vote.objects.get(comment=comment).pk], wanted=True)
    assert Tally.objects.get(comment=comment).votes == [[0, 0], [0, 0]]
    assert tallies(thread) == counted(thread)


def test_a_thread_without_groups_costs_a_vote_nothing(author, reader):
    comment = make_comment(make_thread(), author)
    with CaptureQueriesContext(connection) as asked:
        vote(reader, comment)
    tables = [table._meta.db_table for table in (Fit, Place, Tally)]
    assert not [query["sql"] for query in asked if any(f'"{table}"' in query["sql"] for table in tables)]


# --- On the clock -----------------------------------------------------------------------------------------------------


@pytest.fixture
def clock(db):
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def test_somebody_looks_every_minute():
    assert TIMETABLES[tasks.find_opinion_groups.module_path].interval == timedelta(minutes=1)


def test_a_thread_is_looked_at_after_more_votes_or_ten_minutes(clock, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        thread, _ = make_divided_thread()
    assert new_votes(thread)
    assert tasks.find_opinion_groups.call() == 1
    assert not new_votes(thread)
    assert tasks.find_opinion_groups.call() == 0
    comments = list(Comment.objects.filter(thread=thread).select_related("thread"))
    latest = make_member()
    with django_capture_on_commit_callbacks(execute=True):
        vote(latest, comments[0])
    assert new_votes(thread)
    assert tasks.find_opinion_groups.call() == 0  # one vote more is not yet 5 %
    clock.shift(timedelta(minutes=10))
    assert tasks.find_opinion_groups.call() == 1
    fitted = Fit.objects.get().votes
    with django_capture_on_commit_callbacks(execute=True):
        for comment in comments[1:]:
            for voter in (latest, *(make_member() for _ in range(2))):
                vote(voter, comment)
    assert Vote.objects.count() > fitted * 1.05
    assert tasks.find_opinion_groups.call() == 1


def test_votes_that_come_while_somebody_looks_are_new_afterwards(divided, monkeypatch):
    thread, _ = divided
    Thread.objects.filter(pk=thread.pk).update(has_new_votes=True)
    read = fits._find

    def meanwhile(*known):
        found = read(*known)
        vote(make_member(), Comment.objects.select_related("thread").get(thread=thread, number=2))
        return found

    monkeypatch.setattr(fits, "_find", meanwhile)
    actions.fit_thread(thread.pk)
    assert new_votes(thread)
    assert tallies(thread) == counted(thread)
    monkeypatch.undo()
    actions.fit_thread(thread.pk)
    assert not new_votes(thread)


def test_whoever_is_ended_while_they_look_leaves_it_to_the_next(divided, monkeypatch):
    thread, _ = divided
    Thread.objects.filter(pk=thread.pk).update(has_new_votes=True)

    def ended(*known):
        raise SystemExit

    monkeypatch.setattr(fits, "_find", ended)
    with pytest.raises(SystemExit):
        actions.fit_thread(thread.pk)
    assert new_votes(thread)
    assert Fit.objects.get().sizes == [24, 18]


def test_few_votes_are_not_looked_at_and_nobody_comes_back_for_them(
    clock, author, reader, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        comment = make_comment(make_thread(), author)
        vote(reader, comment)
    assert new_votes(comment.thread)
    assert tasks.find_opinion_groups.call() == 0
    assert not new_votes(comment.thread)
    assert not Fit.objects.exists()


def test_who_has_waited_longest_comes_first(clock, monkeypatch):
    monkeypatch.setattr("kawaraban.discussion.actions.fits.THREADS_AT_ONCE", 1)
    threads = [make_divided_thread((15, 12))[0] for _ in range(2)]
    Thread.objects.update(has_new_votes=True)
    assert tasks.find_opinion_groups.call() == 1
    Thread.objects.update(has_new_votes=True)
    clock.shift(timedelta(minutes=11))
    assert tasks.find_opinion_groups.call() == 1
    assert set(Fit.objects.values_list("thread", flat=True)) == {thread.pk for thread in threads}


def test_pages_are_made_anew_when_groups_have_changed(divided):
    thread, _ = divided
    Purge.objects.all().delete()
    connection.run_on_commit.clear()  # of the same tags a transaction tells once
    actions.fit_thread(thread.pk)
    assert any(thread.cache_tag in tags for tags in Purge.objects.values_list("tags", flat=True))


def test_where_the_newsroom_wants_none_nothing_is_kept(divided):
    thread, _ = divided
    Thread.objects.filter(pk=thread.pk).update(finds_groups=False, has_new_votes=True)
    assert tasks.find_opinion_groups.call() == 1
    assert not new_votes(thread)
    assert not any(table.objects.exists() for table in (Fit, Place, Tally))


def test_wanted_again_before_the_clock_has_come_nothing_is_left_of_what_was(divided, author):
    thread, _ = divided
    lone = make_comment(thread, author, "Only one has an opinion on this.")
    member = Place.objects.filter(thread=thread).first().member
    vote(member, lone)
    for wanted in (False, True):
        actions.wish_groups(Thread.objects.filter(pk=thread.pk), wanted)
    vote(member, lone, 0)
    actions.fit_thread(thread.pk)
    thread.refresh_from_db()
    assert thread.group_count == 2
    assert lone.pk not in tallies(thread)
    assert tallies(thread) == counted(thread)


# --- Brigades ---------------------------------------------------------------------------------------------------------


def order_of(thread: Thread, order: str) -> list[int]:
    """The numbers of a thread's comments in an order."""
    return [comment.number for comment in reads.thread_page(thread, View(order=order)).comments]


def test_a_raid_moves_no_comment_in_the_order_of_common_ground(divided):
    """As many as all others vote three comments down, and every other one something else up, as a disguise."""
    thread, voters = divided
    before = order_of(thread, "common-ground"), order_of(thread, "best")
    raiders = [make_member() for _ in voters]
    for number in (1, 2, 3):
        comment = Comment.objects.select_related("thread").get(thread=thread, number=number)
        actions.record_votes(comment, dict.fromkeys(raiders, -1))
    disguise = Comment.objects.select_related("thread").get(thread=thread, number=4)
    actions.record_votes(disguise, dict.fromkeys(raiders[::2], 1))
    fit = actions.fit_thread(thread.pk)
    thread.refresh_from_db()
    assert fit.sizes == [24, 18]
    assert order_of(thread, "common-ground") == before[0]
    assert order_of(thread, "best") != before[1]


def test_a_raid_that_was_set_aside_is_as_if_it_had_not_been(divided):
    """Accounts that vote like a member of a group, and then for one comment that it dislikes."""
    thread, voters = divided
    before = order_of(thread, "common-ground")
    raiders = [make_member() for _ in range(20)]
    for comment in Comment.objects.filter(thread=thread).select_related("thread"):
        likes = dict(comment.votes.filter(voter__in=voters[:24]).values_list("voter", "value"))
        value = 1 if sum(likes.values()) > 0 else -1
        actions.record_votes(comment, dict.fromkeys(raiders, 1 if comment.number == 9 else value))
    actions.fit_thread(thread.pk)
    thread.refresh_from_db()
    assert thread.fit.sizes[0] == 44
    actions.set_votes_aside(list(Vote.objects.filter(voter__in=raiders).values_list("pk", flat=True)), wanted=True)
    actions.fit_thread(thread.pk)
    thread.refresh_from_db()
    assert Fit.objects.get().sizes == [24, 18]
    assert order_of(thread, "common-ground") == before
