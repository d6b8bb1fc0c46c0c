"""What a member may do follows from their record: days here, comments that are shown, none removed lately."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone
from django.utils.html import strip_tags

from kawaraban.accounts.testing import make_member
from kawaraban.decisions.models import Decision, Kind
from kawaraban.discussion import trust
from kawaraban.discussion.models import Comment
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.discussion.tests.unchanged import refused

NEW, REGULAR, LONG = range(3)


def make_record(days, comments, removed_days_ago=None):
    """A member with so many comments, the last decision against them so many days ago."""
    member = make_member(days=days)
    make_thread(comments, author=member)
    if removed_days_ago is not None:
        decide(member, Kind.REMOVE, removed_days_ago)
    return member


def decide(member, kind, days_ago):
    return Decision.objects.create(
        kind=kind,
        subject="comment:1",
        member=member,
        law="Insult",
        facts="It insults.",
        is_automated=True,
        decided_at=timezone.now() - timedelta(days=days_ago),
    )


def rank(member):
    found = trust.standing_of(member).rank
    assert trust.ranks_of([member]) == {member.pk: found}
    return found


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ((0, 0), NEW),
        ((400, 4), NEW),
        ((6, 100), NEW),
        ((7, 5), REGULAR),
        ((179, 100), REGULAR),
        ((180, 99), REGULAR),
        ((180, 100), LONG),
        ((400, 100, 6), NEW),
        ((400, 100, 8), REGULAR),
        ((400, 100, 89), REGULAR),
        ((400, 100, 91), LONG),
    ],
)
def test_the_record_says_how_a_member_stands(db, record, expected):
    assert rank(make_record(*record)) == expected


@pytest.mark.parametrize("state", ["held", "removed", "deleted"])
def test_comments_that_nobody_sees_are_no_record(db, state):
    member = make_record(7, 5)
    decision = None if state == "deleted" else decide(None, Kind.HOLD, 0)
    Comment.objects.filter(author=member, number=1).update(state=state, decision=decision)
    assert rank(member) == NEW


def test_a_removal_that_was_lifted_counts_for_nothing_and_no_milder_decision_does(db):
    member = make_record(7, 5)
    decide(member, Kind.WARN, 0)
    assert rank(member) == REGULAR
    removal = decide(member, Kind.REMOVE, 0)
    assert rank(member) == NEW
    removal.lifted_at = timezone.now()
    removal.save()
    assert rank(member) == REGULAR


def test_staff_stand_in_the_last_row(editor, moderator):
    assert [rank(editor), rank(moderator)] == [LONG, LONG]


def test_each_row_asks_and_allows_at_least_as_much_as_the_one_above(settings):
    for above, below in zip(settings.TRUST[:-1], settings.TRUST[1:], strict=True):
        pairs = list(zip(above[1:], below[1:], strict=True))
        votes_count_from = pairs.pop(6)
        assert all(small <= large for small, large in pairs)
        assert votes_count_from[0] >= votes_count_from[1]
    assert settings.TRUST[0][1:4] == (0, 0, 0)


def test_reading_the_record_costs_the_same_for_everybody(db, django_assert_num_queries):
    members = [make_record(7, count) for count in (0, 20)]
    for member in members:
        with django_assert_num_queries(2):
            trust.standing_of(member)
    with django_assert_num_queries(2):
        trust.ranks_of(members)


# --- What follows -----------------------------------------------------------------------------------------------------


def test_links_and_pace_grow_with_the_record(db):
    thread = make_thread()
    newcomer, regular = make_record(0, 0), make_record(7, 5)
    six = " ".join(f"https://{name}.example" for name in "abcdef")
    with refused("too-many-links"):
        make_comment(thread, newcomer, six)
    make_comment(thread, regular, six)
    for number in range(5):
        make_comment(thread, newcomer, f"Hello {number}.")
    with refused("too-fast"):
        make_comment(thread, newcomer, "Hello again.")


def test_members_see_what_they_may_do_and_why(db, signed_in, stranger):
    newcomer, regular = make_member(days=0), make_record(8, 6, removed_days_ago=7)
    page = signed_in(newcomer).get("/account/standing/")
    text = " ".join(strip_tags(page.content.decode()).split())
    assert "you are a new member, here for 0 days, with 0 comments that readers see." in text
    assert "post 5 comments within five minutes, each with up to 5 links" in text
    begin = timezone.localtime(newcomer.date_joined + timedelta(days=3))
    assert f"count from {begin:%-d %B %Y}: votes of new accounts wait for 3 days" in text
    assert "The next row, regular, asks for 7 days as a member, 5 comments" in text
    text = " ".join(strip_tags(signed_in(regular).get("/account/standing/").content.decode()).split())
    assert "you are a regular member, here for 8 days, with 6 comments that readers see, of which the last was" in text
    assert "They count." in text
    assert stranger.get("/account/standing/").status_code == 302
    assert "/account/standing/" in signed_in(regular).get("/account/").content.decode()


def test_a_thread_tells_a_new_member_from_when_their_votes_count(reader, signed_in):
    thread = make_thread()
    newcomer = make_member(days=1)
    for address in (f"/t/{thread.pk}/", f"/t/{thread.pk}/mine/"):
        assert "your votes are kept, and count from" in signed_in(newcomer).get(address).content.decode()
        assert "your votes are kept" not in signed_in(reader).get(address).content.decode()


@override_settings(TRUST=(("all", 0, 0, 0, 1, 0, 1, 0, 1, 1),))
def test_a_site_may_change_the_table(reader):
    thread = make_thread()
    make_comment(thread, reader)
    with refused("too-fast"):
        make_comment(thread, reader, "And again.")
    assert rank(reader) == 0
