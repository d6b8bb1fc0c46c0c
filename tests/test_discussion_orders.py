"""In which order a thread is read, in parts and in pages: each at its address, the usual one at the clean one."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kawaraban.accounts.testing import make_member
from kawaraban.accounts.tests.inert import ATTACKS, dangers, skeleton
from kawaraban.discussion import actions, reads
from kawaraban.discussion.models import Comment, Thread
from kawaraban.discussion.orders import ORDERS, PARTS, Standing, View, sort, view_of
from kawaraban.discussion.testing import make_thread, put_away, remove_comment
from kawaraban.newsroom.testing import make_story

# What an address may hold besides what it means.
NONSENSE = ["", " ", "x", "best ", "BEST", "oldest,id", "-id", "id", "author__password", "' OR 1=1 --", "1", "None",
            "__class__", "best\n", "newest&order=best", "worth"]  # fmt: skip
NO_PAGES = ["-1", "0", "x", "", "1e9", "1.5", "NaN", "None", "[]", "9" * 30, "9" * 5000, "\u0662", "ALL", " 2", "+2",
            "' OR 1=1"]  # fmt: skip


def numbers_on(page):
    """The numbers of the comments on a page, as they follow each other."""
    return [int(number) for number in re.findall(r'<li class="comment" id="comment-(\d+)"', page)]


def fill(thread, author, size):
    """So many comments at once; one by one, thousands would take the time of the whole test."""
    moment = timezone.now()
    Comment.objects.bulk_create(
        Comment(
            thread=thread,
            number=n,
            author=author,
            source=f"No. {n}",
            html=f"<p>No. {n}</p>",
            created_at=moment,
            born=1,
        )
        for n in range(thread.last_number + 1, thread.last_number + size + 1)
    )
    counted = {"last_number": thread.last_number + size, "comment_count": thread.comment_count + size}
    Thread.objects.filter(pk=thread.pk).update(**counted)
    thread.refresh_from_db()
    return thread


@pytest.fixture
def judged(site, author):
    """A story whose comments have these votes, up and down; the fourth was removed."""
    story = make_story()
    thread = Thread.objects.get(pk=story.thread_id)
    for imported in ((1, 0), (90, 10), (7, 7), (99, 0), (0, 5), (0, 0), (1, 0)):
        record = actions.Record("Said.", author=author, created_at=timezone.now(), imported=imported)
        actions.record_comment(thread, record)
    put_away(Comment.objects.get(number=4), "removed")
    return story


# --- Orders -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        ("oldest", [1, 2, 3, 4, 5, 6, 7]),
        ("newest", [7, 6, 5, 4, 3, 2, 1]),
        ("best", [2, 7, 1, 3, 6, 5]),
        ("discussed", [7, 6, 5, 3, 2, 1]),
        ("controversial", [3, 2, 7, 6, 5, 1]),
    ],
)
def test_each_order_has_its_address_and_says_what_it_is(judged, stranger, order, numbers):
    for place in (judged.url, f"/t/{judged.thread_id}/"):
        page = stranger.get(place, {"order": order}).content.decode()
        assert numbers_on(page) == numbers
        assert str(ORDERS[order].sentence) in page
        choices = page[page.index('<nav class="views"') :]
        shown = re.search(r'<a href="([^"]*)" aria-current="true"[^>]*>([^<]*)<', choices)
        assert shown.groups() == (f"{place}{View(order).query()}#discussion", ORDERS[order].label)


def test_votes_cast_here_and_imported_count_alike(author, reader):
    thread = make_thread()
    for imported in ((2, 0), (0, 0)):
        actions.record_comment(thread, actions.Record("Said.", author=author, imported=imported))
    for _ in range(3):
        actions.cast_vote(make_member(), thread.pk, 2, 1)
    assert [each.number for each in reads.thread_page(thread, View("best")).comments] == [2, 1]


def test_the_most_answered_comes_first_and_an_answer_counts_once(author, reader, moderator):
    thread = make_thread(comments=3, author=author)
    for text, to in (("One.", 2), ("Two.", 2), ("Three.", 3), ("> Comment 3, at some length.\n\nFour.", 3)):
        actions.post_comment(reader, thread.pk, text, f"key {text[-5:]}", reply_to=to)
    gone = actions.post_comment(reader, thread.pk, "Five.", "key five", reply_to=1)
    page = reads.thread_page(Thread.objects.get(pk=thread.pk), View("discussed"))
    assert [each.number for each in page.comments] == [3, 2, 1, 8, 7, 6, 5, 4]
    remove_comment(moderator, thread.pk, gone.number)
    page = reads.thread_page(Thread.objects.get(pk=thread.pk), View("discussed"))
    assert [each.number for each in page.comments] == [3, 2, 7, 6, 5, 4, 1]


@pytest.mark.parametrize("order", ["best", "discussed", "controversial"])
def test_of_equals_the_newest_comes_first(order):
    standings = [Standing(number, 3, 3, 2) for number in (4, 9, 1, 7)]
    assert sort(standings, order) == [9, 7, 4, 1]


def test_the_usual_view_has_the_clean_address(judged, stranger):
    page = stranger.get(judged.url).content.decode()
    assert f'<a href="{judged.url}#discussion" aria-current="true"' in page
    assert "order=oldest" not in page
    assert "page=1" not in page
    assert View().query() == View("oldest", "", 1).query() == ""
    assert View("best", "worth", 3).query() == "?order=best&part=worth&page=3"
    assert View("best", "", 0).query() == "?order=best&page=all"


@pytest.mark.parametrize("name", ["order", "part", "page"])
def test_what_an_address_does_not_mean_is_the_usual_view(judged, stranger, name):
    """S-016, S-099, S-107: a value is one that we know, or it is overlooked; none is put into the page or a query."""
    usual = stranger.get(judged.url).content
    with CaptureQueriesContext(connection) as queries:
        stranger.get(judged.url)
    for value in NO_PAGES if name == "page" else [value for value in NONSENSE if value != "worth" or name == "order"]:
        with CaptureQueriesContext(connection) as asked:
            answer = stranger.get(judged.url, {name: value})
        assert (answer.status_code, len(asked)) == (200, len(queries)), value
        assert answer.content == usual, value


def test_an_attack_in_the_view_is_not_in_the_page(judged, stranger):
    """S-016."""
    harmless = skeleton(stranger.get(judged.url).content)
    for attack in ATTACKS:
        answer = stranger.get(judged.url, {"order": attack, "part": attack, "page": attack, "sort": attack})
        assert (answer.status_code, dangers(answer.content)) == (200, [])
        assert skeleton(answer.content) == harmless


def test_a_view_keeps_only_what_it_knows():
    assert view_of({"order": "best", "part": "sources", "page": "12"}) == View("best", "sources", 12)
    assert view_of({"page": "all"}) == View(page=0)
    assert view_of({"page": "999999"}) == View(page=999_999)
    assert view_of({"page": "1000000"}) == view_of({"order": "oldest"}) == view_of({}) == View()


# --- Parts ------------------------------------------------------------------------------------------------------------


def test_parts_show_what_is_marked_and_nothing_hidden(author, reader, editor, moderator, stranger):
    thread = make_thread(comments=7, author=author)
    actions.mark_worth(reader, thread.pk, 1, wanted=True)
    actions.pick_comment(editor, thread.pk, 2, "First-hand knowledge")
    actions.request_source(reader, thread.pk, 3)
    actions.give_source(reader, thread.pk, 4, "https://a.example/4")
    for number in (5, 6):
        actions.mark_worth(reader, thread.pk, number, wanted=True)
        actions.request_source(reader, thread.pk, number)
    remove_comment(moderator, thread.pk, 6)
    actions.post_comment(editor, thread.pk, "An answer of the newsroom.", "key-1", reply_to=7)
    actions.post_comment(reader, thread.pk, "An answer of a reader.", "key-2", reply_to=1)
    hidden = actions.post_comment(editor, thread.pk, "An answer that is gone.", "key-3", reply_to=2)
    remove_comment(moderator, thread.pk, hidden.number)
    shown = {
        part: numbers_on(stranger.get(f"/t/{thread.pk}/", {"part": part}).content.decode()) for part in ("", *PARTS)
    }
    assert shown == {
        "": list(range(1, 11)),
        "worth": [1, 2, 5],
        "sources": [3, 4, 5],
        "answered": [7],
    }


def test_a_part_goes_with_an_order_and_leads_back_to_the_whole(author, reader, stranger):
    thread = make_thread(comments=3, author=author)
    for number in (1, 3):
        actions.mark_worth(reader, thread.pk, number, wanted=True)
    page = stranger.get(f"/t/{thread.pk}/", {"part": "worth", "order": "newest"}).content.decode()
    assert numbers_on(page) == [3, 1]
    assert (
        f'<a href="/t/{thread.pk}/?order=newest#discussion" aria-current="true" rel="nofollow">Worth reading</a>'
        in page
    )
    empty = stranger.get(f"/t/{thread.pk}/", {"part": "answered"}).content.decode()
    assert numbers_on(empty) == []
    assert "No comment here yet." in empty


# --- Pages ------------------------------------------------------------------------------------------------------------


def links_of_pages(page):
    """The text and address of each link to another page of the thread, and the words before them."""
    found = re.search(r'<nav class="pages meta" aria-label="Pages of the discussion">(.*?)</nav>', page, re.DOTALL)
    links = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', found[1])
    return re.search(r"<span>([^<]*)</span>", found[1])[1], {label: address for address, label in links}


def test_pages_go_by_number_and_permalinks_lead_to_theirs(site, author, stranger):
    story = make_story()
    thread = fill(Thread.objects.get(pk=story.thread_id), author, 250)
    place = story.url
    for page, first, last in ((1, 1, 100), (2, 101, 200), (3, 201, 250)):
        shown = stranger.get(place, {"page": page}).content.decode()
        assert numbers_on(shown) == list(range(first, last + 1))
        assert links_of_pages(shown)[0] == f"Page {page} of 3"
    assert links_of_pages(stranger.get(place, {"page": 2}).content.decode())[1] == {
        "First": f"{place}#discussion",
        "Previous": f"{place}#discussion",
        "Next": f"{place}?page=3#discussion",
        "Last": f"{place}?page=3#discussion",
        "All on one page": f"{place}?page=all#discussion",
    }
    for number, query in ((1, ""), (100, ""), (101, "?page=2"), (250, "?page=3")):
        assert stranger.get(f"/t/{thread.pk}/{number}/")["Location"] == f"{place}{query}#comment-{number}"
    assert numbers_on(stranger.get(place, {"page": "3", "order": "newest"}).content.decode()) == list(range(50, 0, -1))


def test_a_removed_comment_moves_no_other_to_another_page(author, moderator, stranger):
    thread = fill(make_thread(), author, 101)
    remove_comment(moderator, thread.pk, 1)
    assert numbers_on(stranger.get(f"/t/{thread.pk}/").content.decode()) == list(range(1, 101))
    assert numbers_on(stranger.get(f"/t/{thread.pk}/", {"page": 2}).content.decode()) == [101]


def test_a_page_beyond_the_last_is_the_last(author, stranger):
    thread = fill(make_thread(), author, 101)
    for asked in ("2", "3", "999999"):
        assert numbers_on(stranger.get(f"/t/{thread.pk}/", {"page": asked}).content.decode()) == [101]


def test_all_on_one_page_up_to_a_thousand(author, stranger):
    thread = fill(make_thread(), author, 1_000)
    address = f"/t/{thread.pk}/"
    page = stranger.get(address, {"page": "all"}).content.decode()
    assert numbers_on(page) == list(range(1, 1_001))
    assert links_of_pages(page) == ("All on one page", {"In pages": f"{address}#discussion"})
    fill(thread, author, 1)
    for asked in ("1", "all"):
        page = stranger.get(address, {"page": asked}).content.decode()
        assert numbers_on(page) == list(range(1, 101))
        said, links = links_of_pages(page)
        assert said == "Page 1 of 11"
        assert "All on one page" not in links


def test_ten_thousand_comments_cost_as_many_queries_as_four_hundred(author, reader, signed_in):
    browser, counts = signed_in(reader), {}
    for size in (1, 400, 10_000):  # the first round is for what is asked once and then known
        thread = fill(make_thread(), author, size)
        for query in ({}, {"order": "best"}, {"order": "discussed"}, {"part": "worth"}, {"page": "3"}):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(f"/t/{thread.pk}/", query).status_code == 200
            counts.setdefault(size, []).append(len(queries))
    assert counts[10_000] == counts[400]


def test_the_next_comment_belongs_at_the_end_of_the_last_page_only(author):
    thread = fill(make_thread(), author, 150)
    ends = {
        View(): False,
        View(page=2): True,
        View(page=0): True,
        View("newest"): False,
        View("oldest", "worth"): False,
        View("best", "", 2): False,
    }
    assert {view: reads.thread_page(thread, view).takes_new for view in ends} == ends


def own_links(browser, address, query):
    """The numbers of the comments for which the page asks and gets links of the viewer's own."""
    page = browser.get(address, query).content.decode()
    asked = html.unescape(re.search(r'<viewer-state[^>]* src="([^"]*)"', page)[1])
    return {
        int(number)
        for number in re.findall(r'<template data-into="comment-(\d+)"', browser.get(asked).content.decode())
    }


def test_staff_get_links_for_the_page_they_look_at_and_for_the_newest(site, author, moderator, signed_in):
    story = make_story()
    thread = fill(Thread.objects.get(pk=story.thread_id), author, 450)
    Comment.objects.filter(thread=thread, number=120).update(imported_up=9)
    browser, newest = signed_in(moderator), set(range(351, 451))
    for address in (story.url, f"/t/{thread.pk}/"):
        assert own_links(browser, address, {}) == {*range(1, 101)} | newest
        assert own_links(browser, address, {"page": "2"}) == {*range(101, 201)} | newest
        assert own_links(browser, address, {"page": "all"}) == {*range(1, 451)}
        assert own_links(browser, address, {"order": "best"}) == {120} | newest
        assert own_links(browser, address, {"order": "newest", "page": "2"}) == {*range(251, 351)} | newest
    assert own_links(browser, f"/t/{thread.pk}/150/conversation/", {}) == {*range(1, 451)}


# --- One exchange -----------------------------------------------------------------------------------------------------


@pytest.fixture
def exchange(author, reader):
    """1 ← 3 ← 4 ← 6, 1 ← 5; 2 stands by itself. Numbers 1 and 2 are the author's, the others by turns."""
    thread = make_thread(comments=2, author=author)
    for number, to in ((3, 1), (4, 3), (5, 1), (6, 4)):
        member = author if number % 2 == 0 else reader
        actions.post_comment(member, thread.pk, f"Answer {number}.", f"key-{number}", reply_to=to)
    return thread


@pytest.mark.parametrize(
    ("number", "shown"), [(1, [1, 3, 4, 5, 6]), (2, [2]), (3, [1, 3, 4, 6]), (5, [1, 5]), (6, [1, 3, 4, 6])]
)
def test_a_conversation_holds_what_is_answered_and_what_answers_it(exchange, stranger, number, shown):
    page = stranger.get(f"/t/{exchange.pk}/{number}/conversation/").content.decode()
    assert numbers_on(page) == shown
    assert f'<a href="/t/{exchange.pk}/{number}/">Back to its place in the discussion</a>' in page


def test_answers_lead_both_ways(exchange, stranger):
    page = stranger.get(f"/t/{exchange.pk}/").content.decode()
    first, third = (re.search(rf'id="comment-{n}".*?</li>', page, re.DOTALL)[0] for n in (1, 3))
    here = f"/t/{exchange.pk}"
    assert re.findall(r'aria-label="Answered by #(\d+)"', first) == ["3", "5"]
    assert f'In answer to <a href="{here}/1/">#1 <bdi>mikan</bdi></a>' in third
    assert f'<a href="{here}/3/conversation/" rel="nofollow">this exchange alone</a>' in third


def test_a_removed_answer_is_listed_nowhere_and_its_own_answers_stay(exchange, moderator, stranger):
    remove_comment(moderator, exchange.pk, 3)
    page = stranger.get(f"/t/{exchange.pk}/").content.decode()
    source, gone = (re.search(rf'id="comment-{n}".*?</li>', page, re.DOTALL)[0] for n in (1, 3))
    assert re.findall(r'aria-label="Answered by #(\d+)"', source) == ["5"]
    assert "Removed: rule 1, Speak to the argument." in gone
    assert f'<a href="/t/{exchange.pk}/4/" aria-label="Answered by #4">#4</a>' in gone
    assert "Answer 3." not in stranger.get(f"/t/{exchange.pk}/4/conversation/").content.decode()


def test_a_conversation_costs_the_same_however_long_and_shows_the_nearest(author, reader, stranger):
    counts = {}
    for size in (1, 2, 400):
        thread = fill(make_thread(), author, size)
        by_number = dict(thread.comments.values_list("number", "pk"))
        for number in range(2, size + 1):
            Comment.objects.get(pk=by_number[number]).quotes.create(position=0, source_id=by_number[number - 1])
        with CaptureQueriesContext(connection) as queries:
            page = stranger.get(f"/t/{thread.pk}/{max(1, size - 10)}/conversation/").content.decode()
        counts[size] = len(queries)
    assert counts[2] == counts[400]
    shown = numbers_on(page)
    assert len(shown) == reads.threads.EXCHANGE
    assert shown[-1] == 400
    assert f"the nearest {reads.threads.EXCHANGE} of 400" in page


def test_a_circle_of_answers_ends(author, stranger):
    thread = make_thread(comments=3, author=author)
    pks = dict(thread.comments.values_list("number", "pk"))
    for number, source in ((1, 3), (2, 1), (3, 2)):
        Comment.objects.get(pk=pks[number]).quotes.create(position=0, source_id=pks[source])
    assert numbers_on(stranger.get(f"/t/{thread.pk}/2/conversation/").content.decode()) == [1, 2, 3]


# --- What is new ------------------------------------------------------------------------------------------------------


def test_an_open_page_gets_the_comments_after_a_number_as_everybody_sees_them(author, moderator, stranger):
    thread = make_thread(comments=4, author=author)
    remove_comment(moderator, thread.pk, 3)
    page = stranger.get(f"/t/{thread.pk}/since/2/").content.decode()
    assert numbers_on(page) == [3, 4]
    assert "Comment 3," not in page
    whole = " ".join(stranger.get(f"/t/{thread.pk}/").content.decode().split())
    for fragment in re.findall(r'<li class="comment".*?</li>', page, re.DOTALL):
        # On the thread's own page nobody is signed in here, so the fragment is the page's.
        assert " ".join(fragment.split()) in whole
    assert numbers_on(stranger.get(f"/t/{thread.pk}/since/4/").content.decode()) == []
    fill(thread, author, 300)
    assert len(numbers_on(stranger.get(f"/t/{thread.pk}/since/0/").content.decode())) == 100


@pytest.mark.parametrize("number", ["999999999", "9" * 30, "9" * 5000, "-1", "x", "\u0662", "1.5"])
def test_a_number_after_which_nothing_can_be_is_no_error(author, stranger, number):
    """S-107."""
    thread = make_thread(comments=1, author=author)
    answer = stranger.get(f"/t/{thread.pk}/since/{number}/")
    assert answer.status_code in (200, 404)
    assert numbers_on(answer.content.decode()) == []


def test_imported_comments_without_a_time_are_ordered_like_others(db, stranger):
    thread = make_thread()
    for number in range(1, 4):
        actions.record_comment(thread, actions.Record(f"Old {number}.", signed="Yrral", time_text="long ago"))
    actions.record_comment(
        thread, actions.Record("Dated.", signed="Yrral", created_at=datetime(2001, 1, 1, tzinfo=UTC))
    )
    for order in ORDERS:
        assert sorted(numbers_on(stranger.get(f"/t/{thread.pk}/", {"order": order}).content.decode())) == [1, 2, 3, 4]
