"""Its author may mend a comment for a while, and delete it at any time; a moderator may take it out of sight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from kawaraban.accounts.models import ADMINISTRATOR, EDITOR, MODERATOR
from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions
from kawaraban.discussion.models import EDIT_WINDOW, Comment, Thread
from kawaraban.discussion.testing import make_comment, make_thread, put_away, remove_comment
from kawaraban.discussion.tests.unchanged import everything, refused
from kawaraban.markup import MAX_LENGTH

MORNING = datetime(2026, 11, 21, 7, 1, tzinfo=UTC)


@pytest.fixture
def comment(author):
    """A comment of the author's, posted just now."""
    return make_comment(make_thread(), author, "The ferry was never late.")


def edit(member, comment, text="The ferry was seldom late."):
    return actions.edit_comment(member, comment.thread_id, comment.number, text)


def delete(member, comment):
    return actions.delete_comment(member, comment.thread_id, comment.number)


def remove(member, comment):
    return remove_comment(member, comment.thread_id, comment.number)


def restore(member, comment):
    return actions.restore_comment(member, comment.thread_id, comment.number)


def count(comment):
    return Thread.objects.get(pk=comment.thread_id).comment_count


# --- Editing ----------------------------------------------------------------------------------------------------------


def test_a_comment_can_be_edited_for_fifteen_minutes_and_no_longer(author):
    with time_machine.travel(MORNING, tick=False) as clock:
        comment = make_comment(make_thread(), author, "As posted.")
        clock.shift(EDIT_WINDOW - timedelta(seconds=1))
        assert edit(author, comment, "Mended in time.").source == "Mended in time."
        clock.shift(timedelta(seconds=1))
        with refused("edit-closed"):
            edit(author, comment, "Mended too late.")
        clock.shift(timedelta(days=365))
        with refused("edit-closed"):
            edit(author, comment, "Mended too late.")


def test_an_edited_comment_says_so_and_keeps_its_place(author, reader, stranger, comment):
    actions.cast_vote(reader, comment.thread_id, comment.number, 1)
    with time_machine.travel(comment.created_at + timedelta(minutes=3), tick=False):
        edit(author, comment, "The ferry was *seldom* late.")
    mended = Comment.objects.get()
    assert mended.edited_at == comment.created_at + timedelta(minutes=3)
    assert mended.html == "<p>The ferry was <em>seldom</em> late.</p>"
    assert (mended.number, mended.up, mended.created_at) == (comment.number, 1, comment.created_at)
    page = stranger.get(f"/t/{comment.thread_id}/").content.decode()
    assert "· edited" in page
    assert "seldom" in page
    assert "never late" not in page


def test_the_same_words_again_are_no_edit(author, stranger, comment):
    before = everything()
    edit(author, comment, "\r\nThe ferry was never late.  ")
    assert everything() == before
    assert "· edited" not in stranger.get(f"/t/{comment.thread_id}/").content.decode()


def test_nobody_edits_the_words_of_others(reader, editor, moderator, comment):
    for member in (reader, moderator, editor):
        with refused("not-yours"):
            edit(member, comment)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("empty", " \u200b "),
        ("too-long", "x" * (MAX_LENGTH + 1)),
        ("too-many-links", "https://a.example " * 11),
        ("said-already", "I said this before."),
    ],
)
def test_an_edit_passes_the_same_checks_as_a_new_comment(author, comment, code, text):
    """S-007."""
    make_comment(comment.thread, author, "I said this before.")
    with refused(code):
        edit(author, comment, text)


def test_an_account_that_is_switched_off_edits_nothing(author, comment):
    author.is_active = False
    author.save()
    with refused("account-inactive"):
        edit(author, comment)


def test_mending_is_not_flooding(author):
    thread = make_thread()
    for number in range(10):
        last = make_comment(thread, author, f"Comment {number}.")
    assert edit(author, last, "Mended.").source == "Mended."


@pytest.mark.parametrize("state", [Thread.State.CLOSED, Thread.State.OFF])
def test_a_closed_thread_takes_no_edit(author, comment, state):
    actions.describe_thread(comment.thread_id, title="x", url="/x/", state=state)
    with refused("edit-closed"):
        edit(author, comment)


@pytest.mark.parametrize("state", ["held", "removed", "deleted"])
def test_words_that_are_not_shown_are_not_edited(author, comment, state):
    put_away(comment, state)
    with refused("edit-closed"):
        edit(author, comment)


def test_the_edit_form_holds_the_words_and_a_refusal_keeps_the_new_ones(author, signed_in, comment):
    browser, address = signed_in(author), f"/t/{comment.thread_id}/{comment.number}/edit/"
    assert "The ferry was never late.</textarea>" in browser.get(address).content.decode()
    answer = browser.post(address, {"body": "x" * (MAX_LENGTH + 7)})
    assert answer.status_code == 409
    assert "7 more" in answer.content.decode()
    assert "x" * (MAX_LENGTH + 7) + "</textarea>" in answer.content.decode()
    answer = browser.post(address, {"body": "Mended."})
    assert (answer.status_code, answer["Location"]) == (302, f"/t/{comment.thread_id}/#comment-{comment.number}")


@pytest.mark.parametrize("deed", ["edit", "delete", "remove", "restore"])
def test_what_a_member_may_not_do_has_no_page_and_does_nothing(deed, reader, signed_in, comment):
    """S-032, S-036."""
    browser, before = signed_in(reader), everything()
    address = f"/t/{comment.thread_id}/{comment.number}/{deed}/"
    assert browser.get(address).status_code == 404
    answer = browser.post(address, {"body": "Mine now."})
    assert everything() == before
    assert answer.status_code in (403, 404)


# --- Deleting ---------------------------------------------------------------------------------------------------------


def test_a_deleted_comment_leaves_its_number_and_not_a_word(author, stranger, comment):
    answer = make_comment(comment.thread, make_member(), "An answer.")
    edit(author, comment, "CanaryWord was here.")
    assert delete(author, comment).number == comment.number
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM discussion_comment WHERE id = %s", [comment.pk])
        row = repr(cursor.fetchall())
    assert "Canary" not in row
    assert "ferry" not in row
    page = stranger.get(f"/t/{comment.thread_id}/").content.decode()
    assert f'id="comment-{comment.number}"' in page
    assert "Deleted by its author." in page
    assert answer.source in page
    assert count(comment) == 1


def test_deleting_twice_counts_once(author, comment):
    make_comment(comment.thread, make_member())
    delete(author, comment)
    once = everything()
    assert delete(author, comment).state == "deleted"
    assert everything() == once
    assert count(comment) == 1


def test_words_can_be_taken_back_after_years_and_from_a_closed_thread(author, comment):
    actions.describe_thread(comment.thread_id, title="x", url="/x/", state=Thread.State.CLOSED)
    with time_machine.travel(comment.created_at + timedelta(days=2000), tick=False):
        assert delete(author, comment).source == ""
    assert count(comment) == 0


def test_nobody_deletes_the_words_of_others(reader, moderator, editor, comment):
    for member in (reader, moderator, editor):
        with refused("not-yours"):
            delete(member, comment)


def test_its_author_cannot_delete_what_a_moderator_removed(author, comment):
    put_away(comment, "removed")
    with refused("not-visible"):
        delete(author, comment)


def test_its_author_can_delete_what_waits_and_the_decision_ends(author, comment):
    put_away(comment, "held")
    decision = Comment.objects.get().decision
    gone = delete(author, comment)
    decision.refresh_from_db()
    assert (gone.source, gone.html, gone.decision, count(comment)) == ("", "", None, 0)
    assert not decision.is_in_force
    assert not decision.is_reversed


# --- Removing and restoring -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [MODERATOR, EDITOR, ADMINISTRATOR])
def test_the_staff_remove_a_comment_and_restore_it_as_it_was(role, author, stranger, comment):
    member = make_member(role=role)
    edit(author, comment, "Strong words.")
    before = everything()
    remove(member, comment)
    assert count(comment) == 0
    hidden = stranger.get(f"/t/{comment.thread_id}/").content.decode()
    assert "Removed: rule 1, Speak to the argument. Answers stay." in " ".join(hidden.split())
    assert "Strong words." not in hidden
    restore(member, comment)
    assert everything() == before
    assert "Strong words." in stranger.get(f"/t/{comment.thread_id}/").content.decode()


def test_nobody_else_removes_or_restores(reader, author, moderator, comment):
    """S-036."""
    for member in (reader, author):
        with refused("not-moderator"):
            remove(member, comment)
    remove(moderator, comment)
    for member in (reader, author):
        with refused("not-moderator"):
            restore(member, comment)


def test_a_moderator_who_was_switched_off_removes_nothing(moderator, comment):
    moderator.is_active = False
    moderator.save()
    with refused("not-moderator"):
        remove(moderator, comment)


def test_removing_or_restoring_twice_counts_once(moderator, comment):
    make_comment(comment.thread, make_member())
    for deed, left in ((remove, 1), (remove, 1), (restore, 2), (restore, 2)):
        deed(moderator, comment)
        assert count(comment) == left


def test_what_its_author_deleted_is_beyond_moderators(author, moderator, comment):
    delete(author, comment)
    for deed in (remove, restore):
        with refused("deleted"):
            deed(moderator, comment)


def test_a_held_comment_is_shown_once_it_is_restored(moderator, comment):
    put_away(comment, "held")
    assert count(comment) == 0
    restore(moderator, comment)
    assert count(comment) == 1


def test_moderation_over_http_asks_first(moderator, signed_in, comment):
    browser, address = signed_in(moderator), f"/t/{comment.thread_id}/{comment.number}/"
    before = everything()
    assert "What is to be done with #1?" in browser.get(f"{address}remove/").content.decode()
    assert everything() == before
    assert browser.post(f"{address}remove/", {"rule": "1", "facts": "It calls names."}).status_code == 302
    assert Comment.objects.get().state == "removed"
    assert "Restore #1?" in browser.get(f"{address}restore/").content.decode()
    assert browser.post(f"{address}restore/").status_code == 302
    assert everything() == before
