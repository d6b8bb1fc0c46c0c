"""Votes and comments that arrive at the same moment, each over a connection of its own, end as if one came first."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from kawaraban.accounts.testing import make_member
from kawaraban.accounts.tests.side_by_side import all_at_once, database_of_its_own
from kawaraban.caching.actions import changed
from kawaraban.caching.models import Purge
from kawaraban.discussion import actions
from kawaraban.discussion.actions.ballots import _together
from kawaraban.discussion.models import Comment, Place, Tally, Thread, Vote
from kawaraban.discussion.testing import make_comment, make_divided_thread, make_thread, remove_comment
from kawaraban.errors import Refused
from tests.waiting import until

# Fewer than PostgreSQL's pool has connections: more would queue there, and not where it matters.
AT_ONCE = 12


@pytest.fixture
def db(django_db_setup, django_db_blocker, tmp_path):
    """A database that threads can meet in, instead of one transaction around the test."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        yield


@pytest.fixture
def comment(author):
    """A comment that anybody else may vote on."""
    return make_comment(make_thread(), author)


def test_threads_really_meet_here(db):
    """If each thread had a database of its own, or they took turns, the tests below would prove nothing."""
    thread = make_thread()
    seen = all_at_once([lambda: Thread.objects.filter(pk=thread.pk).exists()] * AT_ONCE)
    assert seen == [True] * AT_ONCE
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert cursor.execute("PRAGMA database_list").fetchone()[2].endswith("copy.sqlite3")


def test_two_hundred_votes_of_one_member_are_one_vote(reader, signed_in, comment):
    """S-043."""
    browsers = [signed_in(reader) for _ in range(AT_ONCE)]
    address = f"/t/{comment.thread_id}/{comment.number}/vote/"

    def vote_again_and_again(browser):
        return [
            browser.post(address, {"value": "1"}, headers={"X-Fragment": "1"}).status_code
            for _ in range(200 // AT_ONCE + 1)
        ]

    answers = all_at_once([lambda browser=browser: vote_again_and_again(browser) for browser in browsers])
    assert answers == [[200] * (200 // AT_ONCE + 1)] * AT_ONCE
    comment.refresh_from_db()
    assert (comment.up, comment.down, Vote.objects.count()) == (1, 0, 1)


def test_votes_of_one_member_that_contradict_each_other_leave_one(reader, comment):
    def vote(value):
        for turn in range(6):
            actions.cast_vote(reader, comment.thread_id, comment.number, value if turn % 2 else -value)

    assert all_at_once([lambda value=value: vote(value) for value in (1, -1, 0) * 4]) == [None] * AT_ONCE
    comment.refresh_from_db()
    values = list(Vote.objects.values_list("value", flat=True))
    assert len(values) <= 1
    assert (comment.up, comment.down) == (values.count(1), values.count(-1))


def test_votes_of_many_members_are_all_counted(comment):
    voters = [make_member() for _ in range(AT_ONCE)]
    values = [1 if number % 3 else -1 for number in range(AT_ONCE)]
    deeds = [
        lambda voter=voter, value=value: actions.cast_vote(voter, comment.thread_id, comment.number, value)
        for voter, value in zip(voters, values, strict=True)
    ]
    assert {type(outcome) for outcome in all_at_once(deeds)} == {Comment}
    comment.refresh_from_db()
    assert (comment.up, comment.down) == (values.count(1), values.count(-1))
    call_command("check_counters")


def test_votes_that_wait_for_another_writer_are_kept_together(comment):
    """And each voter's browser hears that it changed the page, whoever wrote the vote down."""

    def one(member):
        mark = changed.set([])
        try:
            actions.cast_vote(member, comment.thread_id, comment.number, 1)
            return bool(changed.get())
        finally:
            changed.reset(mark)
            connections.close_all()

    members, writes = [make_member() for _ in range(AT_ONCE)], Purge.objects.count()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        with transaction.atomic():
            Comment.objects.select_for_update().get(pk=comment.pk)
            outcomes = [threads.submit(one, members[0])]
            # On SQLite the first cannot begin; on PostgreSQL it waits for the comment. The others wait for the first.
            outcomes += [threads.submit(one, member) for member in members[1:]]
            until(lambda: _together.waiting >= AT_ONCE - 1)
        assert [outcome.result(30) for outcome in outcomes] == [True] * AT_ONCE
    assert Purge.objects.count() - writes <= 2
    comment.refresh_from_db()
    assert (comment.up, comment.down) == (AT_ONCE, 0)


def test_one_form_sent_many_times_at_once_posts_one_comment(reader):
    """S-053."""
    thread = make_thread()
    outcomes = all_at_once([lambda: actions.post_comment(reader, thread.pk, "Once.", "key-1").pk] * AT_ONCE)
    assert len(set(outcomes)) == 1
    assert Comment.objects.get().pk == outcomes[0]
    assert Thread.objects.values_list("comment_count", "last_number").get() == (1, 1)


def test_one_form_sent_to_two_threads_at_once_posts_one_comment_and_refuses_the_other(reader, signed_in):
    threads = [make_thread() for _ in range(2)]
    browsers = [signed_in(reader) for _ in range(AT_ONCE)]
    for turn in range(3):
        form = {"body": f"Turn {turn}.", "key": f"key-{turn}"}
        deeds = [
            lambda browser=browser, thread=threads[number % 2], form=form: (
                browser.post(f"/t/{thread.pk}/comments/", form, headers={"X-Fragment": "1"}).status_code
            )
            for number, browser in enumerate(browsers)
        ]
        assert Counter(all_at_once(deeds)) == {201: AT_ONCE // 2, 409: AT_ONCE // 2}
        assert Comment.objects.count() == turn + 1


def test_comments_posted_at_once_get_numbers_without_gap_or_repeat(db):
    thread = make_thread()
    members = [make_member() for _ in range(AT_ONCE)]
    outcomes = all_at_once(
        [lambda member=member: actions.post_comment(member, thread.pk, "At once.", "key").number for member in members]
    )
    assert sorted(outcomes) == list(range(1, AT_ONCE + 1))
    assert Thread.objects.values_list("comment_count", "last_number").get() == (AT_ONCE, AT_ONCE)


def test_deleting_and_removing_at_once_counts_once(author, moderator, comment):
    where = (comment.thread_id, comment.number)
    outcomes = all_at_once(
        [lambda: actions.delete_comment(author, *where), lambda: remove_comment(moderator, *where)] * 6
    )
    assert {type(outcome) for outcome in outcomes} <= {Comment, Refused}
    assert Thread.objects.get().comment_count == 0
    call_command("check_counters")


def test_writers_of_every_kind_never_wait_for_each_other_in_a_circle(moderator):
    thread = make_thread()
    members = [make_member() for _ in range(5)]
    for member in members:
        make_comment(thread, member)

    def deeds(turn):
        member, number = members[turn % 5], (turn + 2) % 5 + 1
        yield lambda: actions.cast_vote(member, thread.pk, number, 1)
        yield lambda: actions.post_comment(member, thread.pk, f"Turn {turn}.", f"turn {turn}")
        yield lambda: actions.edit_comment(member, thread.pk, turn % 5 + 1, f"Mended {turn}.")
        yield lambda: remove_comment(moderator, thread.pk, number)
        yield lambda: actions.restore_comment(moderator, thread.pk, number)
        yield lambda: actions.describe_thread(thread.pk, title=f"Turn {turn}", url="/x/", state="open")

    def one_after_the_other(turn):
        outcomes = []
        for deed in deeds(turn):
            try:
                deed()
                outcomes.append("done")
            except Refused as refusal:
                outcomes.append(refusal.code)
        return outcomes

    outcomes = all_at_once([lambda turn=turn: one_after_the_other(turn) for turn in range(AT_ONCE)])
    codes = {code for outcome in outcomes for code in outcome}
    assert codes <= {"done", "own-comment", "vote-closed", "edit-closed"}
    call_command("check_counters")


def test_votes_that_come_while_groups_are_found_are_counted_in_them(db):
    thread, voters = make_divided_thread()
    actions.fit_thread(thread.pk)
    voting = [voters[place::AT_ONCE] for place in range(AT_ONCE - 1)]

    def vote(members):
        for turn, member in enumerate(members):
            for number in range(1, 8):
                actions.cast_vote(member, thread.pk, number, (-1, 0, 1)[(turn + number) % 3])

    def fit():
        for _ in range(4):
            actions.fit_thread(thread.pk)

    all_at_once([fit, *(lambda members=members: vote(members) for members in voting)])
    groups = dict(Place.objects.filter(thread=thread).values_list("member", "group"))
    sums = Counter(
        (comment, groups[voter], value)
        for comment, voter, value in Vote.objects.filter(set_aside="").values_list("comment", "voter", "value")
        if voter in groups
    )
    count = Thread.objects.get(pk=thread.pk).group_count
    assert count
    for tally in Tally.objects.filter(thread=thread):
        agreed = [sums[tally.pk, group, 1] for group in range(count)]
        against = [sums[tally.pk, group, -1] for group in range(count)]
        assert tally.votes == [[up, up + down] for up, down in zip(agreed, against, strict=True)]


def test_marks_of_many_members_at_once_are_all_counted_and_those_of_one_once(reader, comment):
    members = [reader] * (AT_ONCE // 2) + [make_member() for _ in range(AT_ONCE // 2)]
    where = (comment.thread_id, comment.number)
    for deed in (
        lambda member: actions.mark_worth(member, *where, wanted=True),
        lambda member: actions.request_source(member, *where),
        lambda member: actions.give_source(member, *where, "https://a.example/"),
    ):
        outcomes = all_at_once([lambda member=member, deed=deed: deed(member) for member in members])
        assert {type(outcome) for outcome in outcomes} == {Comment}
    comment.refresh_from_db()
    assert (comment.worth, comment.source_requests, comment.sources.count()) == (AT_ONCE // 2 + 1,) * 2 + (1,)
    call_command("check_counters")


def test_closing_at_once_leaves_one_closing_in_force(moderator, editor):
    thread = make_thread()
    deeds = [
        lambda who=who, reason=reason: actions.close_thread(who, thread.pk, reason=reason)
        for who, reason in ((moderator, "heat"), (editor, "topic"), (None, "age")) * (AT_ONCE // 3)
    ]
    assert {type(outcome).__name__ for outcome in all_at_once(deeds)} == {"Closing"}
    assert thread.closings.filter(lifted_at=None).count() == 1
    assert Thread.objects.get().state == "closed"
