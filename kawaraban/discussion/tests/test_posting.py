"""A comment is posted once, or refused with a reason and its text kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions, trust
from kawaraban.discussion.models import Comment, Thread
from kawaraban.discussion.testing import make_comment, make_thread, remove_comment
from kawaraban.discussion.tests.unchanged import everything, refused
from kawaraban.markup import MAX_LENGTH

MORNING = datetime(2026, 11, 21, 7, 1, tzinfo=UTC)


def post(author, thread, text, key=""):
    return actions.post_comment(author, thread.pk, text, key or f"key for {text[:40]}")


def close(thread, state=Thread.State.CLOSED):
    return actions.describe_thread(thread.pk, title=thread.title, url=thread.url, state=state)


# --- Numbers ----------------------------------------------------------------------------------------------------------


def test_comments_are_numbered_from_one(reader, author):
    thread = make_thread()
    assert [make_comment(thread, reader).number, make_comment(thread, author).number] == [1, 2]


def test_every_thread_counts_for_itself(reader):
    make_thread(comments=3)
    assert make_comment(make_thread(), reader).number == 1


def test_a_number_is_never_changed_and_never_given_twice(author, moderator):
    thread = make_thread()
    numbers = {post(author, thread, text).pk: text for text in ("One.", "Two.", "Three.")}
    remove_comment(moderator, thread.pk, 2)
    actions.delete_comment(author, thread.pk, 3)
    assert post(author, thread, "Four.").number == 4
    actions.restore_comment(moderator, thread.pk, 2)
    actions.edit_comment(author, thread.pk, 1, "One, mended.")
    kept = Comment.objects.filter(pk__in=numbers).order_by("pk")
    assert [comment.number for comment in kept] == [1, 2, 3]
    assert post(author, thread, "Five.").number == 5


# --- Once -------------------------------------------------------------------------------------------------------------


def test_the_same_form_twice_posts_one_comment(reader):
    thread = make_thread()
    first = post(reader, thread, "Once.", "key-1")
    after_one = everything()
    assert post(reader, thread, "Once.", "key-1").pk == first.pk
    assert everything() == after_one


def test_a_retry_hears_posted_even_when_the_thread_closed_in_between(reader):
    thread = make_thread()
    first = post(reader, thread, "Just in time.", "key-1")
    close(thread)
    assert post(reader, thread, "Just in time.", "key-1").pk == first.pk


def test_a_retry_of_a_comment_that_was_removed_since_posts_no_second(reader, moderator):
    thread = make_thread()
    first = post(reader, thread, "Rude.", "key-1")
    remove_comment(moderator, thread.pk, first.number)
    assert post(reader, thread, "Rude.", "key-1").pk == first.pk
    assert Comment.objects.count() == 1


def test_a_used_form_with_other_words_keeps_them(reader):
    thread = make_thread()
    post(reader, thread, "Once.", "key-1")
    with refused("form-used") as refusal:
        post(reader, thread, "Something else.", "key-1")
    assert "#1" in refusal.value.message


def test_a_used_form_posts_nothing_in_another_thread(reader):
    post(reader, make_thread(), "Once.", "key-1")
    other = make_thread()
    with refused("form-used"):
        post(reader, other, "Once.", "key-1")


def test_a_key_belongs_to_the_member_who_used_it(reader, author):
    thread = make_thread()
    post(reader, thread, "Mine.", "key-1")
    assert post(author, thread, "Mine too.", "key-1").author == author


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", ["x", "語", "\U00020bb7", "e\u0301"], ids=["latin", "kanji", "astral", "composed"])
def test_length_is_counted_in_code_points_up_to_the_limit(reader, letter):
    """S-006: nothing is cut off, and what is counted is what is stored."""
    thread = make_thread()
    for over in (-1, 0):
        comment = post(reader, thread, letter * (MAX_LENGTH + over), f"key {over}")
        comment.refresh_from_db()
        assert len(comment.source) == MAX_LENGTH + over
    with refused("too-long") as refusal:
        post(reader, thread, letter * (MAX_LENGTH + 1), "key 1")
    assert "1 more" in refusal.value.message


def test_what_is_not_kept_is_not_counted(reader):
    comment = post(reader, make_thread(), "\r\n" + "\u200b" * 9 + "x" * MAX_LENGTH + "  \r\n\r\n")
    comment.refresh_from_db()
    assert comment.source == "x" * MAX_LENGTH


@pytest.mark.parametrize("text", ["", "   ", "\n \r\n\t", "\x00", "\u200b\u2060", "\u3000", "\u202e"])
def test_an_empty_comment_is_refused(reader, text):
    thread = make_thread()
    with refused("empty"):
        actions.post_comment(reader, thread.pk, text, "key-1")


@pytest.mark.parametrize("scheme", ["http://", "https://", "HtTpS://"])
def test_links_are_capped(reader, scheme):
    thread = make_thread()
    allowed = trust.standing_of(reader).links
    links = [f"{scheme}source{number}.example/page" for number in range(allowed + 1)]
    post(reader, thread, "\n".join(links[:allowed]))
    with refused("too-many-links") as refusal:
        post(reader, thread, " ".join(links))
    assert f"up to {allowed} links" in refusal.value.message


def test_the_same_words_by_the_same_member_in_one_thread_are_refused(reader, author):
    thread = make_thread()
    post(author, thread, "Something before.")
    post(reader, thread, "The ferry was never late.", "key-1")
    with refused("said-already") as refusal:
        post(reader, thread, "\r\nThe ferry was never late.  \n", "key-2")
    assert "#2" in refusal.value.message
    assert post(author, thread, "The ferry was never late.").number == 3
    assert post(reader, make_thread(), "The ferry was never late.", "key-3").number == 1


def test_what_its_author_deleted_may_be_said_again(reader):
    thread = make_thread()
    first = post(reader, thread, "On second thoughts.", "key-1")
    actions.delete_comment(reader, thread.pk, first.number)
    assert post(reader, thread, "On second thoughts.", "key-2").number == 2


def test_ten_comments_in_five_minutes_are_enough(reader, author):
    thread, other = make_thread(), make_thread()
    with time_machine.travel(MORNING, tick=False) as clock:
        for number in range(10):
            post(reader, (thread, other)[number % 2], f"Comment {number}.")
        with refused("too-fast"):
            post(reader, thread, "One too many.")
        post(author, thread, "Others go on.")
        clock.shift(timedelta(minutes=5, seconds=-1))
        with refused("too-fast"):
            post(reader, thread, "One too many.")
        clock.shift(timedelta(seconds=1))
        post(reader, thread, "Now it is time.")


@pytest.mark.parametrize("state", [Thread.State.CLOSED, Thread.State.OFF])
def test_a_closed_thread_takes_no_comment(reader, state):
    thread = make_thread()
    close(thread, state)
    with refused("thread-closed") as refusal:
        make_comment(thread, reader)
    assert "closed" in refusal.value.message


def test_a_thread_that_opens_again_takes_comments_again(reader):
    thread = make_thread()
    close(thread)
    close(thread, Thread.State.OPEN)
    assert make_comment(thread, reader).number == 1


def test_an_account_that_is_switched_off_posts_nothing(reader):
    thread = make_thread()
    reader.is_active = False
    reader.save()
    with refused("account-inactive"):
        make_comment(thread, reader)


def test_the_first_reason_is_the_one_that_is_told(reader):
    thread = make_thread()
    close(thread)
    with refused("thread-closed"):
        post(reader, thread, "x" * (MAX_LENGTH + 1))


# --- Over HTTP --------------------------------------------------------------------------------------------------------


def test_a_posted_form_leads_back_to_the_comment(reader, signed_in):
    thread = make_thread(comments=1)
    answer = signed_in(reader).post(f"/t/{thread.pk}/comments/", {"body": "Well said.", "key": "key-1"})
    assert (answer.status_code, answer["Location"]) == (302, f"/t/{thread.pk}/#comment-2")
    assert Comment.objects.get(number=2).author == reader


def test_a_refused_form_hands_back_its_words_and_a_fresh_key(reader, signed_in):
    thread = make_thread()
    browser = signed_in(reader)
    browser.post(f"/t/{thread.pk}/comments/", {"body": "Once.", "key": "key-1"})
    answer = browser.post(f"/t/{thread.pk}/comments/", {"body": "Other <words> here.", "key": "key-1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "has posted #1 already" in page
    assert "Other &lt;words&gt; here.</textarea>" in page
    assert 'name="key"' in page
    assert 'value="key-1"' not in page


def test_two_forms_without_a_key_post_two_comments(reader, signed_in):
    thread = make_thread()
    browser = signed_in(reader)
    for text in ("One.", "Two."):
        assert browser.post(f"/t/{thread.pk}/comments/", {"body": text}).status_code == 302
    assert Comment.objects.count() == 2


def test_a_form_says_nothing_but_its_words(reader, signed_in):
    """S-037: who wrote it, when, where and how it is valued is not for the form to say."""
    thread, other, somebody = make_thread(), make_thread(), make_member()
    claims = {
        "author": somebody.pk, "author_id": somebody.pk, "thread": other.pk, "number": 99, "up": 1000, "imported_up": 9,
        "state": "held", "created_at": "2001-01-01", "edited_at": "2001-01-01", "html": "<b>bold</b>",
        "signed": "The King", "is_staff": "1", "id": 12345, "source": "Other words.",
    }  # fmt: skip
    answer = signed_in(reader).post(f"/t/{thread.pk}/comments/", {"body": "Plain.", "key": "key-1", **claims})
    comment = Comment.objects.get()
    assert answer.status_code == 302
    assert (comment.author, comment.thread, comment.number, comment.state) == (reader, thread, 1, "visible")
    assert (comment.up, comment.imported_up, comment.signed, comment.edited_at) == (0, 0, "", None)
    assert (comment.source, comment.html) == ("Plain.", "<p>Plain.</p>")
    assert comment.created_at.year > 2001
    reader.refresh_from_db()
    assert not reader.is_staff
