"""A comment that is held before anybody has seen it is, for readers, not there: on no page, in no count (S-034)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from kawaraban.accounts.models import Notification
from kawaraban.accounts.testing import make_member
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions, announce, reads
from kawaraban.discussion.models import Comment, Quote, Thread
from kawaraban.discussion.testing import make_comment, make_waiting, remove_comment
from kawaraban.discussion.tests.unchanged import refused
from kawaraban.newsroom.testing import make_story
from tests.test_honest_quotes import surfaces

WORD = "quaggamire"
OUT_LOUD = "The ferry was never late in thirty-one years."
SECRET = f"> {OUT_LOUD}\n\nThe {WORD} of the second pier knows better than that."


@pytest.fixture
def now():
    """A moment at which nothing is too late to be edited."""
    with time_machine.travel(datetime(2026, 11, 21, 7, 1, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def thread(site, author, now):
    """Under a story, three comments of which the first is the author's."""
    thread = Thread.objects.get(pk=make_story().thread_id)
    for member, text in ((author, OUT_LOUD), (make_member("Tidewater"), "It was."), (make_member("Quiet"), "Was it?")):
        make_comment(thread, member, text)
    return thread


@pytest.fixture
def writer(db):
    """Who writes what waits, and answers the author."""
    return make_member("Nightshift")


@pytest.fixture
def waiting(thread, writer, author, reader):
    """The fourth comment, which quotes the first; others follow the thread and its writer."""
    actions.follow_thread(reader, thread, wanted=True)
    return make_waiting(thread, writer, SECRET)


@pytest.fixture
def browsers(stranger, signed_in, author, reader, moderator):
    """Everybody who looks and may not see it; moderators look on pages that show it to nobody else."""
    members = {"reader": reader, "author": author, "quoting": author, "moderator": moderator}
    return {"stranger": stranger} | {name: signed_in(member) for name, member in members.items()}


def traces(waiting, browsers):
    """Where anybody but its writer and moderators can learn of it."""
    number = waiting.number
    marks = (WORD, f"comment-{number}", f"/{number}/", f">#{number}<", '"number": 4')
    found = [where for where, text in surfaces(waiting, browsers) if any(mark in text.casefold() for mark in marks)]
    own = (f"event of #{number}", "for moderator", f"/t/{waiting.thread_id}/{number}/")
    return [where for where in found if not any(part in where for part in own)]


def count(thread):
    return Thread.objects.get(pk=thread.pk).comment_count


@pytest.mark.parametrize("became", ["held", "removed", "deleted"])
def test_what_nobody_has_seen_is_nowhere_whatever_becomes_of_it(
    became, waiting, thread, browsers, writer, author, reader, moderator
):
    """S-034."""
    if became == "removed":
        remove_comment(moderator, thread.pk, waiting.number)
    elif became == "deleted":
        actions.delete_comment(writer, thread.pk, waiting.number)
    waiting.refresh_from_db()
    assert waiting.state == became
    assert traces(waiting, browsers) == []
    assert count(thread) == 3
    assert Notification.objects.filter(recipient__in=(author, reader)).count() == 0
    base = f"/t/{thread.pk}/{waiting.number}/"
    for who in ("stranger", "reader", "author"):
        for address in (base, f"{base}conversation/", f"/t/{thread.pk}/write/?to={waiting.number}", f"{base}source/"):
            answer = browsers[who].get(address)
            assert answer.status_code == 404 or "/account/login/" in answer.get("Location", ""), (who, address)
    for deed in ("vote", "worth", "source", "edit", "delete", "remove", "cut", "restore", "pick"):
        assert browsers["reader"].post(f"{base}{deed}/", {"value": "1", "rule": "1"}).status_code == 404, deed


def test_nobody_answers_or_quotes_what_they_cannot_see(waiting, thread, reader):
    with refused("no-such-comment"):
        actions.post_comment(reader, thread.pk, "An answer.", "key-1", reply_to=waiting.number)
    guess = f"> The {WORD} of the second pier knows better than that.\n\nI knew it."
    assert reads.preview(Thread.objects.get(pk=thread.pk), guess, ()).recognised == ()
    actions.post_comment(reader, thread.pk, guess, "key-2")
    assert not Quote.objects.filter(source=waiting).exists()


def test_its_writer_reads_it_is_told_why_and_can_delete_it(waiting, thread, writer, signed_in):
    browser, base = signed_in(writer), f"/t/{thread.pk}/{waiting.number}/"
    page = browser.get(base)
    assert WORD in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert f"Your comment #{waiting.number} waits for a moderator" in browser.get(f"/t/{thread.pk}/").content.decode()
    told = Notification.objects.get(recipient=writer)
    assert told.title == f"Your comment on “{thread.title}” waits for a moderator"
    assert "Here a moderator reads every comment before it appears." in browser.get(told.address).content.decode()
    assert browser.post(f"{base}delete/").status_code == 302
    assert Comment.objects.get(pk=waiting.pk).source == ""
    assert count(thread) == 3


def test_a_moderator_reads_and_publishes_it_from_its_address(waiting, thread, moderator, stranger, signed_in):
    browser, base = signed_in(moderator), f"/t/{thread.pk}/{waiting.number}/"
    assert WORD in browser.get(base).content.decode()
    assert "It is published" in browser.get(f"{base}restore/").content.decode()
    assert browser.post(f"{base}restore/").status_code == 302
    assert stranger.get(base).status_code == 302
    assert WORD in stranger.get(f"/t/{thread.pk}/").content.decode()


def test_what_is_published_is_announced_and_told_once(waiting, thread, author, reader, moderator, writer):
    before = Thread.objects.get(pk=thread.pk).activity
    for _ in range(2):
        actions.restore_comment(moderator, thread.pk, waiting.number)
    assert count(thread) == 4
    told = Notification.objects.filter(recipient__in=(author, reader)).values_list("recipient__handle", "kind")
    assert sorted(told) == sorted([(author.handle, "quoted"), (reader.handle, "followed_story")])
    events = [(event.name, event.id) for event in announce.missed(thread.pk, before, "")]
    shown = Comment.objects.get(pk=waiting.pk)
    assert ("new", shown.born) in events
    assert [name for name, _ in events if name in ("new", "comment")] == ["new"]
    lifted = Notification.objects.get(recipient=writer, kind="lifted")
    assert "was taken back" in lifted.title


@pytest.mark.parametrize("deed", ["fold", "cut"])
def test_what_waits_can_be_published_folded_or_without_personal_data(deed, waiting, thread, moderator, stranger):
    where = thread.pk, waiting.number
    if deed == "fold":
        actions.fold_comment(moderator, *where, RUDE)
    else:
        actions.edit_out(moderator, *where, SECRET.replace(WORD, "[personal data taken out]"), RUDE)
    page = stranger.get(f"/t/{thread.pk}/").content.decode()
    assert 'id="comment-4"' in page
    assert (WORD in page) == (deed == "fold")
    assert count(thread) == 4


def test_the_link_to_what_is_new_leads_past_what_waits(waiting, thread, reader, signed_in):
    actions.mark_seen(reader, Thread.objects.get(pk=thread.pk), 3)
    mine = f"/t/{thread.pk}/mine/"
    assert "since your last visit" not in signed_in(reader).get(mine).content.decode()
    later = make_comment(thread, make_member(), "Later.")
    assert f'<a href="/t/{thread.pk}/{later.number}/">' in signed_in(reader).get(mine).content.decode()
