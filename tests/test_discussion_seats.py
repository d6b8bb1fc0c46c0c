"""A member's own place in a thread: what they have read, the answer they have begun, and what concerns them."""

from __future__ import annotations

import re

import pytest

from kawaraban.accounts import actions as accounts
from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions, reads
from kawaraban.discussion.models import Seat, Thread
from kawaraban.discussion.testing import hold_comment, make_comment, make_thread, remove_comment
from kawaraban.markup import MAX_LENGTH
from kawaraban.newsroom.testing import make_story

CANARY = "zqxcanaryzqx"


@pytest.fixture
def thread(author):
    """A thread with three comments by the author."""
    return make_thread(comments=3, author=author)


def send(browser, thread, deed, **form):
    return browser.post(f"/t/{thread.pk}/{deed}/", form)


def text_in_box(browser, thread, place=""):
    """The text in the reply box of a page."""
    page = browser.get(f"/t/{thread.pk}/{place}").content.decode()
    return re.search(r'<textarea id="reply-body"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1]


# --- Drafts -----------------------------------------------------------------------------------------------------------


def test_what_was_begun_is_there_again_for_its_writer_alone(thread, reader, author, editor, signed_in):
    browser = signed_in(reader)
    assert send(browser, thread, "draft", body=f"Begun <{CANARY}>\r\n\r\n> quoted").status_code == 204
    kept = f"Begun &lt;{CANARY}&gt;\n\n&gt; quoted"
    for place in ("", "mine/", "write/?to=1"):
        assert text_in_box(signed_in(reader), thread, place).strip() == kept
    quoting = text_in_box(browser, thread, "write/?quote=2")
    assert quoting.startswith(f"{kept}\n\nmikan ")
    assert "\n&gt; Comment 2, at some length.\n" in quoting
    assert text_in_box(browser, make_thread()) == ""
    for other in (author, editor):
        for place in ("", "mine/"):
            assert CANARY not in signed_in(other).get(f"/t/{thread.pk}/{place}").content.decode()


def test_a_draft_is_cleared_by_an_empty_one_and_by_posting(thread, reader, signed_in):
    browser = signed_in(reader)
    send(browser, thread, "draft", body="Begun.")
    send(browser, thread, "draft", body=" \n ")
    seat = Seat.objects.get()
    assert (seat.draft, seat.draft_at) == ("", None)
    send(browser, thread, "draft", body="Begun again.")
    send(browser, thread, "comments", body="Begun again, and done.", key="key-1")
    seat.refresh_from_db()
    assert (seat.draft, seat.draft_at) == ("", None)


def test_a_refused_comment_leaves_the_draft(thread, reader, signed_in):
    browser = signed_in(reader)
    send(browser, thread, "draft", body="Begun.")
    assert send(browser, thread, "comments", body="x" * (MAX_LENGTH + 1), key="key-1").status_code == 409
    assert Seat.objects.get().draft == "Begun."


def test_a_draft_may_be_longer_than_a_comment_but_not_endless(thread, reader, signed_in):
    browser = signed_in(reader)
    assert send(browser, thread, "draft", body="x" * 4 * MAX_LENGTH).status_code == 204
    answer = send(browser, thread, "draft", body="x" * (4 * MAX_LENGTH + 1))
    assert (answer.status_code, answer["Content-Type"]) == (409, "text/plain; charset=utf-8")
    assert answer.content.decode().startswith("This draft is too long to be kept here.")
    assert len(Seat.objects.get().draft) == 4 * MAX_LENGTH


def test_a_draft_with_signs_that_no_database_keeps_is_kept_without_them(thread, reader, signed_in):
    assert send(signed_in(reader), thread, "draft", body="Be\x00gun.").status_code == 204
    assert Seat.objects.get().draft == "Begun."


def test_nothing_is_kept_for_who_is_not_signed_in(thread, stranger):
    for deed, form in (("draft", {"value": "x"}), ("seen", {"number": "2"}), ("follow", {"value": "1"})):
        answer = send(stranger, thread, deed, **form)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")
    assert send(stranger, thread, "draft", body="Begun.").status_code == 403
    assert not Seat.objects.exists()


def test_nothing_is_kept_where_the_discussion_is_switched_off(thread, reader, signed_in):
    actions.describe_thread(thread.pk, title="x", url="/x/", state="off")
    for deed in ("draft", "seen", "follow", "preview", "comments"):
        assert send(signed_in(reader), thread, deed, body="x", number="1", value="1").status_code == 404
    for page in ("", "mine/", "since/0/", "story/1/", "write/", "1/", "1/conversation/"):
        assert signed_in(reader).get(f"/t/{thread.pk}/{page}").status_code == 404
    assert not Seat.objects.exists()


# --- What was read ----------------------------------------------------------------------------------------------------


def test_the_first_comment_since_the_last_visit_is_offered_where_there_is_one(site, author, reader, signed_in):
    story = make_story()
    thread = Thread.objects.get(pk=story.thread_id)
    make_comment(thread, author, "One.")
    make_comment(thread, author, "Two.")
    browser = signed_in(reader)
    link = f'<a href="/t/{thread.pk}/3/">To the first comment since your last visit</a>'
    pages = [f"/t/{thread.pk}/mine/", f"/t/{thread.pk}/"]
    assert send(browser, thread, "seen", number="2").status_code == 204
    assert [link in browser.get(page).content.decode() for page in pages] == [False, False]
    make_comment(thread, author, "Three.")
    assert [link in browser.get(page).content.decode() for page in pages] == [True, True]
    assert [link in signed_in(author).get(page).content.decode() for page in pages] == [False, False]
    assert link not in browser.get(story.url).content.decode()


def test_who_reads_without_scripts_has_seen_what_the_page_held(thread, author, reader, stranger, signed_in):
    browser, page = signed_in(reader), f"/t/{thread.pk}/"
    stranger.get(page)
    browser.head(page)
    browser.get(f"{page}?part=worth")
    assert not Seat.objects.filter(seen_number__gt=0).exists()
    browser.get(page)
    assert Seat.objects.get(member=reader).seen_number == thread.last_number
    comment = make_comment(thread, author, "One more.")
    link = f'<a href="/t/{thread.pk}/{comment.number}/">To the first comment since your last visit</a>'
    assert [link in browser.get(page).content.decode() for _ in range(2)] == [True, False]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("2", 2), ("1", 1), ("3", 3), ("4", 3), ("999999999", 3), ("9" * 30, 3), ("x", 3), ("\x00", 3), ("", 3)],
)
def test_nobody_has_read_more_than_there_is(thread, reader, signed_in, sent, kept):
    assert send(signed_in(reader), thread, "seen", number=sent).status_code == 204
    assert Seat.objects.get().seen_number == kept


def test_what_was_read_is_never_unread(thread, reader, signed_in):
    for number in ("3", "1", "2"):
        send(signed_in(reader), thread, "seen", number=number)
    assert Seat.objects.get().seen_number == 3


# --- Following and muting ---------------------------------------------------------------------------------------------


def test_a_thread_is_followed_and_left(thread, reader, signed_in):
    browser = signed_in(reader)
    for value, offered in (("1", "Stop following this discussion"), ("0", "Follow this discussion")):
        assert send(browser, thread, "follow", value=value).status_code == 302
        assert offered in browser.get(f"/t/{thread.pk}/").content.decode()
        listed = thread.title in browser.get("/account/discussions/").content.decode()
        assert listed == (value == "1")


def test_comments_of_muted_members_are_named_for_the_viewer_alone(thread, author, reader, moderator):
    make_comment(thread, moderator, "Calm down.")
    accounts.mute_member(reader, author)
    assert reads.mine(thread, reader).folded == {1, 2, 3}
    assert reads.mine(thread, reader).marks["folded"] == [1, 2, 3]
    assert reads.mine(thread, author).folded == reads.mine(thread, moderator).folded == frozenset()
    accounts.unmute_member(reader, author)
    assert reads.mine(thread, reader).folded == frozenset()


# --- What concerns a member -------------------------------------------------------------------------------------------


def listed(browser, **query):
    page = browser.get("/account/discussions/", query).content.decode()
    return [int(number) for number in re.findall(r'aria-label="See #(\d+) in context"', page)]


def test_answers_quotes_and_own_comments_are_listed_newest_first(thread, author, reader, signed_in):
    actions.post_comment(reader, thread.pk, "Four answers one.", "k4", reply_to=1)
    actions.post_comment(reader, thread.pk, "> Comment 2, at some length.\n\nFive quotes two.", "k5")
    # It quotes the author, and answers somebody else without quoting.
    actions.post_comment(reader, thread.pk, "> Comment 3, at some length.\n\nSix.", "k6", reply_to=4)
    actions.post_comment(author, thread.pk, "> Comment 1, at some length.\n\nSeven quotes myself.", "k7")
    browser = signed_in(author)
    assert listed(browser) == listed(browser, part="answers") == [6, 5, 4]
    assert listed(browser, part="quotes") == [6, 5]
    assert listed(browser, part="mine") == [7, 3, 2, 1]
    for part in ("x", "", "__class__", "author__password", "' OR 1=1"):
        assert listed(browser, part=part) == [6, 5, 4]


def test_what_is_out_of_sight_concerns_nobody(thread, author, reader, moderator, signed_in):
    """S-034."""
    off = make_thread(comments=1, author=author)
    actions.post_comment(reader, off.pk, f"Off {CANARY}", "k", reply_to=1)
    actions.follow_thread(author, off, wanted=True)
    for text, deed in (
        ("Removed", lambda number: remove_comment(moderator, thread.pk, number)),
        ("Deleted", lambda number: actions.delete_comment(reader, thread.pk, number)),
        ("Held", lambda number: hold_comment(moderator, thread.pk, number)),
    ):
        deed(actions.post_comment(reader, thread.pk, f"{text} {CANARY}", f"key-{text}", reply_to=1).number)
    actions.describe_thread(off.pk, title=f"Title {CANARY}", url="/x/", state="off")
    for member in (author, reader):
        for part in reads.CONCERNS:
            page = signed_in(member).get("/account/discussions/", {"part": part}).content.decode()
            assert CANARY not in page


def test_the_list_is_the_viewers_own_and_paged(reader, signed_in, stranger):
    make_thread(comments=30, author=reader)
    answer = stranger.get("/account/discussions/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")
    browser = signed_in(reader)
    assert "no-store" in browser.get("/account/discussions/")["Cache-Control"]
    assert listed(browser, part="mine") == list(range(30, 5, -1))
    assert listed(browser, part="mine", page="2") == listed(browser, part="mine", page="1000000000") == [5, 4, 3, 2, 1]
    assert listed(signed_in(make_member()), part="mine") == []
