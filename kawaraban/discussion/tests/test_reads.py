"""What the pages of the discussion cost and show, at any length."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions, reads
from kawaraban.discussion.models import Comment, Thread
from kawaraban.discussion.reads import MEMBER_PAGE_SIZE
from kawaraban.discussion.testing import make_comment, make_thread, make_waiting, put_away, remove_comment


def thread_of(size, author, voter):
    """A thread by two authors in turn, of which the voter likes the first half."""
    other, thread = make_member(), make_thread(comments=size // 2, author=author)
    for number in range(size - size // 2):
        actions.record_comment(thread, actions.Record(f"Answer {number}.", author=other, created_at=thread.created_at))
    for comment in thread.comments.filter(number__lte=size // 2):
        actions.record_votes(comment, {voter: 1})
    return thread


def cost(browser, address):
    """The queries of a page."""
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


# --- Cost -------------------------------------------------------------------------------------------------------------


def test_every_page_costs_the_same_at_any_length(reader, author, moderator, stranger, signed_in):
    browsers = {"stranger": stranger, "author": signed_in(author), "moderator": signed_in(moderator)}
    costs = {}
    # The first round is for what is asked once and then known.
    for size in (1, 2, 400):
        with time_machine.travel(datetime(2026, 11, 21, 7, 1, tzinfo=UTC), tick=False):
            thread = thread_of(size, author, reader)
            pages = {"thread": f"/t/{thread.pk}/", "mine": f"/t/{thread.pk}/mine/", "member": author.get_absolute_url()}
            costs[size] = {
                (who, name): cost(browser, page) for who, browser in browsers.items() for name, page in pages.items()
            }
    assert costs[2] == costs[400]
    assert max(costs[2].values()) <= 21
    assert costs[2]["stranger", "mine"] <= costs[2]["author", "mine"] - 3


@pytest.mark.parametrize("size", [2, 50])
def test_reads_cost_what_they_say(size, author, reader, django_assert_num_queries):
    thread = thread_of(size, author, reader)
    thread = Thread.objects.get(pk=thread.pk)
    with django_assert_num_queries(4):
        page = reads.thread_page(thread)
        assert len([(comment.author_name, comment.net, comment.html) for comment in page.comments]) == size
    with django_assert_num_queries(7):
        assert len(reads.mine(thread, reader).votes) == size // 2
    with django_assert_num_queries(2):
        listed = {(c.thread.title, c.author.handle) for c in reads.member_comments(author, 1)}
    assert listed == {(thread.title, author.handle)}


# --- Order ------------------------------------------------------------------------------------------------------------


def test_a_thread_is_read_in_the_order_of_its_numbers_whatever_the_clock_said(author):
    thread = make_thread()
    for year in (2020, 2001, 2026, 2011):
        moment = datetime(year, 1, 1, tzinfo=UTC)
        actions.record_comment(thread, actions.Record(f"In {year}.", author=author, created_at=moment))
    assert [comment.number for comment in reads.thread_page(thread).comments] == [1, 2, 3, 4]


# --- What is the viewer's own ----------------------------------------------------------------------------------------


def test_everyone_is_offered_what_they_may_do_and_nothing_else(author, reader, moderator):
    thread = make_thread()
    mine, removed = make_comment(thread, author, "One."), make_comment(thread, author, "Two.")
    answer = make_comment(thread, reader, "Three.")
    remove_comment(moderator, thread.pk, removed.number)
    actions.cast_vote(author, thread.pk, answer.number, -1)
    thread.refresh_from_db()
    own = reads.mine(thread, author)
    assert (own.votes, own.editable, own.deletable) == ({3: -1}, {1}, {1})
    assert not own.removable | own.restorable
    staff = reads.mine(thread, moderator)
    assert (staff.removable, staff.restorable, staff.staffed, staff.linked) == ({1, 3}, {2}, [1, 3], [2])
    assert mine.number in own.linked


def test_a_closed_thread_offers_deletion_and_no_more(author):
    thread = make_thread()
    make_comment(thread, author)
    thread = actions.describe_thread(thread.pk, title="x", url="/x/", state=Thread.State.CLOSED)
    own = reads.mine(thread, author)
    assert (own.editable, own.deletable) == (frozenset(), {1})


# --- A member's page --------------------------------------------------------------------------------------------------


@pytest.fixture
def talker(db):
    """A member with three pages of comments in one thread."""
    member = make_member("Talker")
    make_thread(comments=MEMBER_PAGE_SIZE * 2 + 1, author=member)
    return member


def test_a_members_comments_are_listed_newest_first_in_pages(talker, stranger):
    page = stranger.get(talker.get_absolute_url()).content.decode()
    assert page.count('<li class="said__item">') == MEMBER_PAGE_SIZE
    assert page.index("Comment 51,") < page.index("Comment 50,")
    assert "Comment 26," not in page
    assert "Page 1 of 3" in page
    last = stranger.get(talker.get_absolute_url(), {"page": "3"}).content.decode()
    assert "Comment 1," in last
    assert last.count('<li class="said__item">') == 1


def test_any_page_number_leads_to_a_page_at_the_same_cost(talker, stranger):
    """S-107."""
    address, last = talker.get_absolute_url(), 3
    usual = cost(stranger, address), cost(stranger, address)
    asked = {
        "2": 2, "-1": last, "0": last, "4": last, "1000000000": last, "9" * 30: last, "x": 1, "1e9": 1, "": 1, "1.5": 1,
        "9" * 5000: 1, "' OR 1=1": 1, "\u0662": 2, "<script>": 1, "NaN": 1, "inf": 1, "None": 1, "[]": 1,
    }  # fmt: skip
    for number, shown in asked.items():
        with CaptureQueriesContext(connection) as queries:
            answer = stranger.get(address, {"page": number})
        assert (answer.status_code, len(queries)) == (200, usual[1])
        assert f"Page {shown} of 3" in answer.content.decode()


def test_a_page_number_of_any_kind_asks_for_no_more_rows_than_a_page_holds(talker):
    for asked in ("-1", "1000000000", "x"):
        assert len(reads.member_comments(talker, asked)) <= MEMBER_PAGE_SIZE


def test_a_members_page_leaves_out_what_nobody_may_read(author, moderator, stranger):
    thread, off = make_thread(), make_thread()
    actions.record_comment(off, actions.Record("Off words.", author=author))
    for text in ("Shown.", "Removed words.", "Deleted words.", "Held words."):
        make_comment(thread, author, text)
    remove_comment(moderator, thread.pk, 2)
    actions.delete_comment(author, thread.pk, 3)
    put_away(Comment.objects.get(source="Held words."), "held")
    make_waiting(thread, author, "Waiting words.")
    actions.describe_thread(off.pk, title="Secret title", url="/secret/", state=Thread.State.OFF)
    page = stranger.get(author.get_absolute_url()).content.decode()
    assert "Shown." in page
    assert "1 comment" in page
    assert "5 comments" not in page
    for word in ("Removed words", "Deleted words", "Held words", "Waiting words", "Off words", "Secret title"):
        assert word not in page


def test_a_member_who_is_switched_off_or_unknown_has_no_page(author, stranger):
    assert stranger.get("/member/nobody-at-all/").status_code == 404
    author.is_active = False
    author.save()
    assert stranger.get(author.get_absolute_url()).status_code == 404


def test_a_member_page_shows_no_address(author, stranger):
    """S-038."""
    make_comment(make_thread(), author)
    for page in (author.get_absolute_url(), f"/t/{Thread.objects.get().pk}/"):
        content = stranger.get(page).content.decode()
        assert author.email not in content
        assert "readers.example" not in content
