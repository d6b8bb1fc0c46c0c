"""A member agrees or disagrees once with the words of others; every score is the sum of its votes."""

from __future__ import annotations

import random

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.html import strip_tags

from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions
from kawaraban.discussion.models import Comment, Thread, Vote
from kawaraban.discussion.testing import make_comment, make_thread, put_away, remove_comment
from kawaraban.discussion.tests.unchanged import everything, refused
from kawaraban.errors import Refused

NO_VOTES = [
    "2", "-5", "up", "true", "null", "", " ", "+1", "1 ", "01", "1.0", "1e0", "1e309", "[1]", "--1", "\uff11", "None",
    "1\x00", "1" * 5000,
]  # fmt: skip


@pytest.fixture
def comment(author):
    """A comment that anybody else may vote on."""
    return make_comment(make_thread(), author)


def vote(member, comment, value):
    return actions.cast_vote(member, comment.thread_id, comment.number, value)


def kept(comment):
    """What the comment says of its votes, and the votes themselves."""
    comment = Comment.objects.get(pk=comment.pk)
    return comment.up, comment.down, sorted(comment.votes.values_list("value", flat=True))


def send(browser, comment, value, **headers):
    address = f"/t/{comment.thread_id}/{comment.number}/vote/"
    return browser.post(address, {} if value is None else {"value": value}, headers=headers)


# --- One vote ---------------------------------------------------------------------------------------------------------


def test_a_vote_counts_changes_and_can_be_taken_back(reader, comment):
    for value, expected in (
        (1, (1, 0, [1])),
        (-1, (0, 1, [-1])),
        (0, (0, 0, [])),
        (-1, (0, 1, [-1])),
        (1, (1, 0, [1])),
    ):
        returned = vote(reader, comment, value)
        assert kept(comment) == expected
        assert (returned.up, returned.down) == expected[:2]


@pytest.mark.parametrize("value", [1, -1, 0])
def test_the_same_vote_again_changes_nothing(reader, comment, value):
    vote(reader, comment, value)
    once = everything()
    vote(reader, comment, value)
    assert everything() == once


def test_votes_of_several_members_add_up(comment):
    for value in (1, 1, 1, -1):
        vote(make_member(), comment, value)
    assert kept(comment) == (3, 1, [-1, 1, 1, 1])
    assert Comment.objects.get(pk=comment.pk).net == 2


def test_votes_that_came_with_an_import_are_added_and_not_overwritten(reader):
    thread = make_thread()
    comment = actions.record_comment(thread, actions.Record("Old words.", signed="Yrral", imported=(19, 4)))
    vote(reader, comment, -1)
    comment.refresh_from_db()
    assert (comment.agree, comment.disagree, comment.net) == (19, 5, 14)


# --- No vote ----------------------------------------------------------------------------------------------------------


def test_nobody_votes_on_their_own_words(author, signed_in, comment):
    """S-046."""
    for value in (1, -1, 0):
        with refused("own-comment"):
            vote(author, comment, value)
    assert send(signed_in(author), comment, "1").status_code == 409
    assert kept(comment) == (0, 0, [])


@pytest.mark.parametrize("state", [Thread.State.CLOSED, Thread.State.OFF])
def test_a_closed_thread_takes_no_vote_and_gives_none_back(reader, comment, state):
    vote(reader, comment, 1)
    actions.describe_thread(comment.thread_id, title="x", url="/x/", state=state)
    for value in (-1, 0):
        with refused("vote-closed"):
            vote(reader, comment, value)


@pytest.mark.parametrize("state", ["held", "removed", "deleted"])
def test_what_is_not_shown_takes_no_vote(reader, signed_in, comment, state):
    """S-047."""
    put_away(comment, state)
    with refused("vote-closed"):
        vote(reader, comment, 1)
    assert send(signed_in(reader), comment, "1").status_code == 409


def test_an_account_that_is_switched_off_does_not_vote(reader, comment):
    reader.is_active = False
    reader.save()
    before = everything()
    with pytest.raises(Refused):
        vote(reader, comment, 1)
    assert everything() == before


@pytest.mark.parametrize("value", [2, -5, True, False, None, "1", 1.5, 10**30])
def test_a_value_that_is_no_vote_is_refused(reader, comment, value):
    with refused("bad-vote"):
        vote(reader, comment, value)


@pytest.mark.parametrize("value", [None, *NO_VOTES], ids=lambda value: repr(value)[:12])
def test_a_form_with_a_value_that_is_no_vote_is_a_bad_request(reader, signed_in, comment, value):
    """S-045."""
    before = everything()
    assert send(signed_in(reader), comment, value).status_code == 400
    assert everything() == before


def test_a_vote_without_an_account_is_not_counted(stranger, comment):
    before = everything()
    answer = send(stranger, comment, "1")
    assert answer.status_code in (302, 403)
    assert answer.get("Location", "/account/login/").startswith("/account/login/")
    assert everything() == before


def test_a_vote_on_what_does_not_exist_is_not_found(reader, signed_in, comment):
    browser = signed_in(reader)
    for address in (f"/t/{comment.thread_id}/99/vote/", "/t/999999/1/vote/", f"/t/{comment.thread_id}/0/vote/"):
        assert browser.post(address, {"value": "1"}).status_code == 404


# --- Over HTTP --------------------------------------------------------------------------------------------------------


def test_a_vote_shows_at_once_and_only_its_voter_sees_whose_it_is(reader, author, signed_in, comment):
    """S-033."""
    assert send(signed_in(reader), comment, "1").status_code == 302
    own = signed_in(reader).get(f"/t/{comment.thread_id}/").content.decode()
    assert 'value="0" data-vote="1" aria-pressed="true">Agree <span data-agree>1<' in own
    for browser in (Client(), signed_in(author)):
        page = browser.get(f"/t/{comment.thread_id}/").content.decode()
        assert 'data-vote="1" aria-pressed="false">Agree <span data-agree>1<' in page
        assert reader.handle not in page


def test_a_vote_by_script_answers_with_the_comment_alike_for_everyone(reader, signed_in, comment):
    answer = send(signed_in(reader), comment, "-1", **{"X-Fragment": "1"})
    assert answer.status_code == 200
    assert "-1 ( +0 / -1 )" in strip_tags(answer.content.decode())
    assert b"csrf" not in answer.content
    assert b'aria-pressed="true"' not in answer.content


# --- Sums -------------------------------------------------------------------------------------------------------------


def one_of_many(chance, members, moderator, thread):
    """Do something at random; what is refused is refused."""
    number, member = chance.randint(1, thread.comment_count + 1), chance.choice(members)
    deed = chance.choices(
        (
            lambda: actions.cast_vote(member, thread.pk, number, chance.choice((1, 1, -1, 0))),
            lambda: remove_comment(moderator, thread.pk, number),
            lambda: actions.restore_comment(moderator, thread.pk, number),
            lambda: actions.delete_comment(member, thread.pk, number),
            lambda: actions.edit_comment(member, thread.pk, number, f"Edited: {chance.random()}"),
            lambda: actions.post_comment(member, thread.pk, f"Said: {chance.random()}", f"{chance.random()}"),
        ),
        (60, 5, 8, 2, 3, 3),
    )[0]
    try:
        deed()
    except (Refused, Comment.DoesNotExist) as reason:
        return type(reason).__name__
    return "done"


def test_scores_and_counts_stay_the_sums_whatever_happens(moderator, capsys):
    """S-044."""
    chance = random.Random(1682)  # noqa: S311 - the same three hundred deeds each time
    members = [make_member() for _ in range(6)]
    thread = make_thread()
    for member in members[:4]:
        make_comment(thread, member)
    outcomes = []
    for _ in range(300):
        thread.refresh_from_db()
        outcomes.append(one_of_many(chance, members, moderator, thread))
    assert outcomes.count("done") > 150
    assert outcomes.count("Refused") > 20
    assert Vote.objects.count() > 5
    for comment in Comment.objects.all():
        values = list(comment.votes.values_list("value", flat=True))
        assert (comment.up, comment.down) == (values.count(1), values.count(-1))
    thread.refresh_from_db()
    assert thread.comment_count == Comment.objects.filter(state="visible").count()
    assert thread.last_number == Comment.objects.count()
    call_command("check_counters")
    assert "Every score is the sum of its votes" in capsys.readouterr().out


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE discussion_comment SET up = up + 1",
        "UPDATE discussion_comment SET down = 7",
        "UPDATE discussion_vote SET value = -1",
        "DELETE FROM discussion_vote",
        "UPDATE discussion_thread SET comment_count = comment_count + 1",
        "UPDATE discussion_thread SET comment_count = 0",
        "UPDATE discussion_comment SET state = 'deleted'",
    ],
)
def test_tampering_with_votes_or_counters_is_found(reader, comment, tampering):
    """F-24."""
    vote(reader, comment, 1)
    call_command("check_counters")
    with connection.cursor() as cursor:
        cursor.execute(tampering)
    with pytest.raises(CommandError, match="1 counters are wrong"):
        call_command("check_counters")


def test_the_database_itself_keeps_a_second_vote_out(reader, comment):
    vote(reader, comment, 1)
    statements = (
        "INSERT INTO discussion_vote (comment_id, voter_id, value, cast_at) VALUES (%s, %s, -1, '2026-11-21')",
        "UPDATE discussion_vote SET value = 2 WHERE comment_id = %s AND voter_id = %s",
    )
    for statement in statements:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [comment.pk, reader.pk])
