"""What is said of a comment besides agreement: worth reading, source wanted and given, and the newsroom's pick."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions
from kawaraban.discussion.models import Pick, Source, SourceRequest, Worth
from kawaraban.discussion.testing import make_comment, make_thread, put_away
from kawaraban.discussion.tests.unchanged import everything, refused

# Nothing that a reader should be sent to as a source.
NO_SOURCES = [
    "ferry", "ftp://a.example/", "javascript:alert(1)", "//a.example/", "https://", "https://127.0.0.1/",
    "mailto:mikan@a.example", "data:text/html,x", "https://a.example/" + "x" * 500, "\x00https://a.example/",
    "https://a.example/ and more", "https:a.example",
]  # fmt: skip


@pytest.fixture
def comment(author):
    """A comment that anybody else may mark."""
    return make_comment(make_thread(), author)


def where(comment):
    return comment.thread_id, comment.number


def send(browser, comment, deed, **form):
    return browser.post(f"/t/{comment.thread_id}/{comment.number}/{deed}/", form)


def shown(browser, comment):
    return " ".join(browser.get(f"/t/{comment.thread_id}/").content.decode().split())


# --- Worth reading ----------------------------------------------------------------------------------------------------


def test_a_member_finds_a_comment_worth_reading_once_and_can_take_it_back(reader, comment, signed_in, stranger):
    browser = signed_in(reader)
    for value, count in (("1", 1), ("1", 1), ("0", 0), ("0", 0), ("1", 1)):
        assert send(browser, comment, "worth", value=value).status_code == 302
        comment.refresh_from_db()
        assert (comment.worth, Worth.objects.count()) == (count, count)
    assert "1 finds this worth reading" in shown(stranger, comment)
    actions.mark_worth(make_member(), *where(comment), wanted=True)
    assert "2 find this worth reading" in shown(stranger, comment)


def test_worth_reading_is_no_agreement(reader, comment):
    marked = actions.mark_worth(reader, *where(comment), wanted=True)
    assert (marked.net, marked.agree, marked.disagree) == (0, 0, 0)


def test_nobody_finds_their_own_words_worth_reading(author, comment, signed_in):
    with refused("own-worth"):
        actions.mark_worth(author, *where(comment), wanted=True)
    answer = send(signed_in(author), comment, "worth", value="1")
    assert answer.status_code == 409
    assert "Others say whether your comment is worth reading." in answer.content.decode()


# --- Sources ----------------------------------------------------------------------------------------------------------


def test_a_source_is_asked_for_once_and_touches_no_score(reader, author, comment, signed_in, stranger):
    actions.cast_vote(reader, *where(comment), 1)
    browser = signed_in(reader)
    for _ in range(2):
        assert send(browser, comment, "source").status_code == 302
    comment.refresh_from_db()
    assert (comment.source_requests, SourceRequest.objects.count(), comment.net) == (1, 1, 1)
    page = shown(stranger, comment)
    assert "Source requested by 1<" in page
    assert reader.handle not in page


def test_twenty_sources_within_an_hour_and_no_more(reader, author):
    thread = make_thread(comments=22, author=author)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(1, 21):
            actions.request_source(reader, thread.pk, number)
        with refused("asked-often"):
            actions.request_source(reader, thread.pk, 21)
        # What is asked already is not asked again, and so is not refused; others may ask.
        actions.request_source(reader, thread.pk, 20)
        actions.request_source(make_member(), thread.pk, 21)
        clock.shift(timedelta(hours=1))
        assert actions.request_source(reader, thread.pk, 21).source_requests == 2


def test_the_author_does_not_ask_themselves_but_gives(author, comment, signed_in, stranger):
    with refused("own-source"):
        actions.request_source(author, *where(comment))
    form = signed_in(author).get(f"/t/{comment.thread_id}/{comment.number}/source/").content.decode()
    assert "Give the source" in form
    assert send(signed_in(author), comment, "source", url=" https://a.example/page?x=1 ").status_code == 302
    assert 'href="https://a.example/page?x=1" rel="ugc nofollow noopener noreferrer"' in shown(stranger, comment)


def test_anybody_gives_a_source_and_the_same_one_counts_once(reader, comment, stranger):
    for url in ("http://a.example/1", "https://a.example/2", "HTTPS://A.example/2"):
        actions.give_source(reader, *where(comment), url)
    assert list(Source.objects.values_list("url", flat=True)) == ["http://a.example/1", "https://a.example/2"]
    page = shown(stranger, comment)
    assert page.count("Source given:") == 2
    assert reader.handle not in page


@pytest.mark.parametrize("url", NO_SOURCES, ids=lambda url: url[:16])
def test_what_is_no_web_address_is_no_source(reader, comment, signed_in, url):
    with refused("no-link"):
        actions.give_source(reader, *where(comment), url)
    answer = send(signed_in(reader), comment, "source", url=url)
    assert answer.status_code == 409
    assert "A source is a web address that begins with https://." in answer.content.decode()
    assert not Source.objects.exists()


def test_ten_sources_are_enough(reader, comment):
    for number in range(10):
        actions.give_source(reader, *where(comment), f"https://a.example/{number}")
    with refused("sources-enough"):
        actions.give_source(reader, *where(comment), "https://a.example/10")


# --- The newsroom's pick ----------------------------------------------------------------------------------------------


def test_the_newsroom_picks_with_a_reason_and_takes_it_back(editor, comment, signed_in, stranger):
    browser, address = signed_in(editor), f"/t/{comment.thread_id}/{comment.number}/pick/"
    assert browser.post(address, {"reason": "  First-hand \x00 <b>knowledge</b> "}).status_code == 302
    assert "The newsroom’s pick:</b> First-hand &lt;b&gt;knowledge&lt;/b&gt;" in shown(stranger, comment)
    assert 'value="First-hand &lt;b&gt;knowledge&lt;/b&gt;"' in browser.get(address).content.decode()
    picked = Pick.objects.get()
    assert (picked.comment, picked.picked_by) == (comment, editor)
    for _ in range(2):
        assert browser.post(address, {"reason": " "}).status_code == 302
    assert "The newsroom’s pick" not in shown(stranger, comment)
    assert not Pick.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("reader", 403), ("author", 403), ("moderator", 302), ("editor", 302)])
def test_only_the_newsroom_picks(who, status, reader, author, moderator, editor, comment, signed_in):
    member = {"reader": reader, "author": author, "moderator": moderator, "editor": editor}[who]
    browser, before = signed_in(member), everything()
    looked = browser.get(f"/t/{comment.thread_id}/{comment.number}/pick/").status_code
    assert looked == (200 if status == 302 else 404)
    answer = send(browser, comment, "pick", reason="Mine.")
    assert answer.status_code == status
    if status == 403:
        assert "Only the newsroom picks comments." in answer.content.decode()
        assert everything() == before


def test_a_reason_of_more_than_two_hundred_characters_is_not_kept(editor, comment, signed_in):
    actions.pick_comment(editor, *where(comment), "x" * 200)
    with refused("pick-too-long"):
        actions.pick_comment(editor, *where(comment), "x" * 201)
    answer = send(signed_in(editor), comment, "pick", reason="y" * 201)
    assert answer.status_code == 409
    assert "y" * 201 in answer.content.decode()


# --- What all have in common ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["held", "removed", "deleted"])
def test_what_is_not_shown_takes_no_mark(state, reader, editor, comment, signed_in):
    """S-047."""
    put_away(comment, state)
    deeds = (
        lambda: actions.mark_worth(reader, *where(comment), wanted=True),
        lambda: actions.request_source(reader, *where(comment)),
        lambda: actions.give_source(reader, *where(comment), "https://a.example/"),
        lambda: actions.pick_comment(editor, *where(comment), "Why."),
    )
    for deed in deeds:
        with refused("not-shown"):
            deed()
    for browser, deed, form in (
        (signed_in(reader), "worth", {"value": "1"}),
        (signed_in(reader), "source", {}),
        (signed_in(reader), "source", {"url": "https://a.example/"}),
        (signed_in(editor), "pick", {"reason": "Why."}),
    ):
        answer = send(browser, comment, deed, **form)
        assert answer.status_code == 409
        assert comment.source not in answer.content.decode()


def test_an_account_that_is_switched_off_marks_nothing(reader, comment):
    reader.is_active = False
    reader.save()
    for deed in (
        lambda: actions.mark_worth(reader, *where(comment), wanted=True),
        lambda: actions.request_source(reader, *where(comment)),
        lambda: actions.give_source(reader, *where(comment), "https://a.example/"),
    ):
        with refused("not-shown"):
            deed()


def test_a_mark_on_what_is_not_there_is_not_found(reader, comment, signed_in):
    browser, other = signed_in(reader), make_thread()
    for thread, number in ((comment.thread_id, 99), (999_999_999, 1), (other.pk, 1), (comment.thread_id, 999_999_999)):
        for deed in ("worth", "source", "pick", "conversation"):
            address = f"/t/{thread}/{number}/{deed}/"
            answer = browser.get(address) if deed == "conversation" else browser.post(address, {"value": "1"})
            assert answer.status_code == 404, address


def test_nothing_is_marked_where_the_discussion_is_switched_off(reader, editor, comment, signed_in):
    actions.describe_thread(comment.thread_id, title="x", url="/x/", state="off")
    before = everything()
    for member in (reader, editor):
        browser = signed_in(member)
        for deed in ("worth", "source", "pick"):
            assert send(browser, comment, deed, value="1", url="https://a.example/", reason="x").status_code == 404
            assert browser.get(f"/t/{comment.thread_id}/1/{deed}/").status_code in (404, 405)
    assert everything() == before


def test_only_the_viewer_learns_what_is_their_own(reader, author, comment, signed_in, stranger):
    actions.mark_worth(reader, *where(comment), wanted=True)
    own = signed_in(reader).get(f"/t/{comment.thread_id}/mine/").content.decode()
    assert '<script id="my-marks" type="application/json">{"worth": [1], "folded": []}</script>' in own
    others = signed_in(author).get(f"/t/{comment.thread_id}/mine/").content.decode()
    assert '{"worth": [], "folded": []}' in others
    assert "my-marks" not in stranger.get(f"/t/{comment.thread_id}/mine/").content.decode()


# --- Counters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE discussion_comment SET worth = worth + 1",
        "UPDATE discussion_comment SET source_requests = 0",
        "DELETE FROM discussion_worth",
        "DELETE FROM discussion_sourcerequest",
    ],
)
def test_tampering_with_marks_or_their_counters_is_found(reader, comment, tampering):
    """F-24."""
    for member in (reader, make_member()):
        actions.mark_worth(member, *where(comment), wanted=True)
        actions.request_source(member, *where(comment))
        actions.cast_vote(member, *where(comment), 1)
    call_command("check_counters")
    with connection.cursor() as cursor:
        cursor.execute(tampering)
    with pytest.raises(CommandError, match="1 counters are wrong"):
        call_command("check_counters")
