"""Closing is a decision: who, when, why, until when, and where the discussion goes on; and rules for writing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions, reads, tasks
from kawaraban.discussion.models import Closing, Comment, Thread
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.discussion.tests.unchanged import everything, refused
from kawaraban.jobs.schedule import TIMETABLES
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_section, make_story

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # in the paper's Tokyo


@pytest.fixture
def story(site):
    """A published story with an open discussion."""
    return make_story()


@pytest.fixture
def people(reader, author, moderator, editor):
    """Members and staff by what they are."""
    return {"reader": reader, "author": author, "moderator": moderator, "editor": editor}


def thread_of(story):
    return Thread.objects.get(pk=story.thread_id)


def closing_form(browser, thread_id, **form):
    return browser.post(f"/t/{thread_id}/closing/", {"deed": "close", "reason": "heat", **form})


def notice(browser, address):
    """What the page says of the closing, without markup; empty for an open discussion."""
    found = re.search(r'<p class="notice" id="closed-notice">(.*?)</p>', browser.get(address).content.decode(), re.S)
    return " ".join(re.sub(r"<[^>]*>", "", found[1]).split()) if found else ""


# --- Who decides ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "may"), [("reader", False), ("author", False), ("moderator", True), ("editor", True)])
def test_only_the_newsroom_closes_opens_and_sets_rules(who, may, people, signed_in):
    thread, browser = make_thread(), signed_in(people[who])
    address, before = f"/t/{thread.pk}/closing/", everything()
    assert browser.get(address).status_code == (200 if may else 404)
    for form in (
        {"deed": "close", "reason": "heat"},
        {"deed": "open"},
        {"deed": "rules", "slow_minutes": "5", "member_days": "3", "is_questions": "on"},
    ):
        answer = browser.post(address, form)
        assert answer.status_code == (302 if may else 403)
        if not may:
            assert "Only the newsroom closes discussions. Nothing was changed." in answer.content.decode()
    assert (everything() == before) == (not may)


def test_nobody_decides_where_there_is_no_discussion(editor, reader, signed_in):
    thread = make_thread()
    actions.describe_thread(thread.pk, title="Secret title", url="/x/", state="off")
    for member in (editor, reader):
        for address in (f"/t/{thread.pk}/closing/", "/t/999999/closing/"):
            for answer in (signed_in(member).get(address), signed_in(member).post(address, {"deed": "open"})):
                assert answer.status_code == 404
                assert "Secret title" not in answer.content.decode()


# --- What readers are told --------------------------------------------------------------------------------------------


def test_the_notice_says_when_why_who_until_when_and_where_it_goes_on(story, editor, signed_in, stranger):
    successor = make_story(make_section(), headline="The <second> bridge", slug="second")
    with time_machine.travel(NOON, tick=False):
        answer = closing_form(
            signed_in(editor),
            story.thread_id,
            words="See you <there>.",
            until="2026-11-23T09:00",
            successor=successor.url,
        )
        assert answer.status_code == 302
        said = notice(stranger, story.url)
    assert said == (
        "Comments are closed since 12:00 pm JST. Too much of it had to be removed. See you &lt;there&gt;. "
        "Decided by: Editor. They open again Nov 23, 09:00 am JST. "
        "The discussion goes on under The &lt;second&gt; bridge. The discussion can be read, not answered."
    )
    closing = Closing.objects.get(thread=story.thread_id)
    assert (closing.closed_by, closing.until) == (editor, datetime(2026, 11, 23, 0, 0, tzinfo=UTC))
    assert f'href="{successor.url}#discussion"' in stranger.get(story.url).content.decode()
    assert editor.handle not in stranger.get(story.url).content.decode()


def test_someone_without_a_title_decides_in_their_role(story):
    from kawaraban.accounts.models import MODERATOR

    assert (
        actions.close_thread(make_member(role=MODERATOR), story.thread_id, reason="watch").role == "moderator".title()
    )


def test_where_it_goes_on_is_not_named_once_it_was_taken_back(story, editor, stranger, signed_in):
    successor = make_story(make_section(), headline="Secret successor", slug="second")
    closing_form(signed_in(editor), story.thread_id, successor=f"https://testserver{successor.url}?x=1#discussion")
    assert "Secret successor" in notice(stranger, story.url)
    successor.unpublish()
    assert "goes on" not in notice(stranger, story.url)
    assert "Secret successor" not in stranger.get(story.url).content.decode()
    assert closing_form(signed_in(editor), make_thread().pk, successor=successor.url).status_code == 409


def test_a_closed_discussion_is_read_and_takes_nothing(story, reader, author, moderator, signed_in):
    comment = make_comment(thread_of(story), author)
    actions.close_thread(moderator, story.thread_id, reason="circles")
    page = signed_in(reader).get(f"/t/{story.thread_id}/").content.decode()
    assert comment.source in page
    assert "<textarea" not in page
    answer = signed_in(reader).post(f"/t/{story.thread_id}/comments/", {"body": "Too <late>.", "key": "k"})
    assert answer.status_code == 409
    assert "Too &lt;late&gt;." in answer.content.decode()
    with refused("vote-closed"):
        actions.cast_vote(reader, story.thread_id, 1, 1)


# --- What makes no sense ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"reason": "because"}, "no-reason"),
        ({"reason": ""}, "no-reason"),
        ({"reason": "heat\x00"}, "no-reason"),
        ({"words": "x" * 301}, "reason-too-long"),
        ({"until": "2026-11-20T09:00"}, "until-past"),
        ({"until": "tomorrow"}, "until-unclear"),
        ({"until": "2026-13-45T99:99"}, "until-unclear"),
        ({"until": "9999-12-31T23:59-12:00"}, "until-unclear"),
        ({"until": "0001-01-01T00:00"}, "until-unclear"),
        ({"until": "\x00"}, "until-unclear"),
        ({"until": "9999-12-31T23:59"}, None),
        ({"successor": "/no/such/story/"}, "no-successor"),
        ({"successor": "\x00/"}, "no-successor"),
        ({"successor": "http://[/"}, "no-successor"),
        ({"successor": "/city/bridge/"}, "own-successor"),
        ({"deed": ""}, "no-deed"),
        ({"deed": "rules", "slow_minutes": "1441"}, "rules-range"),
        ({"deed": "rules", "slow_minutes": "-1"}, "rules-range"),
        ({"deed": "rules", "member_days": "367"}, "rules-range"),
        ({"deed": "rules", "member_days": "9" * 30}, "rules-range"),
        ({"deed": "rules", "member_days": "\u0663"}, "rules-range"),
        ({"words": "Nothing \x00 to see."}, None),
    ],
    ids=str,
)
def test_a_decision_that_makes_no_sense_is_not_made(editor, signed_in, form, code):
    thread = make_thread()
    with time_machine.travel(NOON, tick=False):
        before = everything()
        answer = closing_form(signed_in(editor), thread.pk, **form)
    if code is None:
        assert answer.status_code == 302
        assert Thread.objects.get().state == "closed"
    else:
        assert answer.status_code == 409
        assert 'role="alert"' in answer.content.decode()
        assert answer.context["refusal"].code == code
        assert everything() == before


def test_what_was_typed_is_still_there_after_a_refusal(editor, signed_in):
    answer = closing_form(signed_in(editor), make_thread().pk, reason="topic", words="Kept.", until="2001-01-01T09:00")
    page = answer.content.decode()
    assert ">Kept.</textarea>" in page
    assert 'value="2001-01-01T09:00"' in page
    assert '<option value="topic" selected>' in page


def test_no_person_closes_for_age_or_by_import_from_the_form(editor, signed_in):
    page = signed_in(editor).get(f"/t/{make_thread().pk}/closing/").content.decode()
    assert set(re.findall(r'<option value="(\w+)"', page)) == set(Closing.Reason.values) - {"age", "import"}


# --- How it ends ------------------------------------------------------------------------------------------------------


def test_a_closing_with_an_end_is_lifted_by_the_clock_and_one_without_is_not(story, moderator, stranger):
    for_good = make_thread()
    with time_machine.travel(NOON, tick=False) as clock:
        actions.close_thread(moderator, story.thread_id, reason="heat", until=NOON + timedelta(hours=2))
        actions.close_thread(moderator, for_good.pk, reason="heat")
        clock.shift(timedelta(hours=2) - timedelta(seconds=1))
        assert tasks.open_what_is_due.func() == 0
        clock.shift(timedelta(seconds=1))
        assert tasks.open_what_is_due.func() == 1
        assert tasks.open_what_is_due.func() == 0
    assert thread_of(story).state == "open"
    assert notice(stranger, story.url) == ""
    assert Thread.objects.get(pk=for_good.pk).state == "closed"
    assert TIMETABLES[tasks.open_what_is_due.module_path].interval == timedelta(minutes=1)


def test_a_changed_decision_takes_the_place_of_the_former(story, moderator, editor):
    first = actions.close_thread(moderator, story.thread_id, reason="heat", until=timezone.now() + timedelta(hours=1))
    actions.close_thread(editor, story.thread_id, reason="court", words="Until the verdict.")
    first.refresh_from_db()
    assert first.lifted_at is not None
    assert reads.closing_of(thread_of(story)).reason == "court"
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert actions.open_what_is_due() == 0
    assert thread_of(story).state == "closed"


def test_opening_what_is_open_changes_nothing(story, moderator):
    before = everything()
    actions.reopen_thread(moderator, story.thread_id)
    assert everything() == before


# --- The story's own field --------------------------------------------------------------------------------------------


def publish(story, **changes):
    """The story published again with changes, as the desk does."""
    page = StoryPage.objects.get(pk=story.pk)
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return thread_of(story).state


def test_publishing_a_correction_changes_no_decision(story, moderator):
    actions.close_thread(moderator, story.thread_id, reason="heat")
    assert publish(story, standfirst="Corrected.") == "closed"
    assert reads.closing_of(thread_of(story)).reason == "heat"
    actions.reopen_thread(moderator, story.thread_id)
    assert publish(story, standfirst="Corrected again.") == "open"


def test_the_storys_field_closes_and_opens(story, stranger):
    assert publish(story, comments="closed") == "closed"
    assert "The newsroom closed it." in notice(stranger, story.url)
    assert publish(story, comments="closed", standfirst="Corrected.") == "closed"
    assert publish(story, comments="open") == "open"


def test_what_was_opened_at_the_discussion_stays_open_though_the_storys_field_says_closed(story, moderator):
    publish(story, comments="closed")
    actions.reopen_thread(moderator, story.thread_id)
    assert publish(story, standfirst="Corrected.") == "open"


def test_the_storys_field_does_not_open_what_it_did_not_close(story, moderator):
    publish(story, comments="off")
    actions.close_thread(moderator, story.thread_id, reason="heat")
    assert thread_of(story).state == "off"
    assert publish(story, comments="open") == "closed"


def test_a_story_taken_back_and_published_again_keeps_its_decision(story, moderator, stranger):
    actions.close_thread(moderator, story.thread_id, reason="heat")
    StoryPage.objects.get(pk=story.pk).unpublish()
    assert thread_of(story).state == "off"
    assert stranger.get(f"/t/{story.thread_id}/").status_code == 404
    assert publish(story) == "closed"
    assert reads.closing_of(thread_of(story)).reason == "heat"


# --- Rules for writing ------------------------------------------------------------------------------------------------


def rule(editor, thread, **rules):
    actions.set_rules(editor, thread.pk, **{"slow_seconds": 0, "member_days": 0, "is_questions": False, **rules})


def post(member, thread, text):
    return actions.post_comment(member, thread.pk, text, key=f"key-{text}")


def test_in_slow_mode_a_member_waits_between_two_comments(reader, author, editor, signed_in):
    thread = make_thread()
    rule(editor, thread, slow_seconds=600)
    with time_machine.travel(NOON, tick=False) as clock:
        post(reader, thread, "One.")
        post(author, thread, "Somebody else does not wait for them.")
        clock.shift(timedelta(minutes=4))
        with refused("slow-mode") as refusal:
            post(reader, thread, "Two.")
        assert refusal.value.message.endswith("post it in 6 minutes.")
        # A comment that was posted can still be mended, and the newsroom does not wait.
        actions.edit_comment(reader, thread.pk, 1, "One, mended.")
        post(editor, thread, "We read along.")
        post(editor, thread, "And answer.")
        clock.shift(timedelta(minutes=5, seconds=30))
        with refused("slow-mode") as refusal:
            post(reader, thread, "Two.")
        assert refusal.value.message.endswith("post it in 30 seconds.")
        answer = signed_in(reader).post(f"/t/{thread.pk}/comments/", {"body": "Two.", "key": "k"})
        assert answer.status_code == 409
        assert ">Two.</textarea>" in answer.content.decode()
        clock.shift(timedelta(seconds=30))
        post(reader, thread, "Two.")


def test_deleting_the_last_comment_does_not_end_the_wait(reader, editor):
    thread = make_thread()
    rule(editor, thread, slow_seconds=600)
    post(reader, thread, "One.")
    actions.delete_comment(reader, thread.pk, 1)
    with refused("slow-mode"):
        post(reader, thread, "Two.")


def test_those_who_are_new_read_where_days_are_asked_for(editor):
    thread = make_thread()
    rule(editor, thread, member_days=7)
    with time_machine.travel(NOON, tick=False) as clock:
        newcomer = make_member(days=0)
        clock.shift(timedelta(days=7) - timedelta(seconds=1))
        with refused("too-new") as refusal:
            post(newcomer, thread, "Hello.")
        assert "members for 7 days." in refusal.value.message
        rule(editor, thread, member_days=8)
        rule(editor, thread, member_days=1)
        post(newcomer, thread, "Hello.")
        post(editor, thread, "The newsroom is never new.")


def test_where_readers_ask_the_page_says_so_and_the_answers_are_a_part(reader, editor, signed_in, stranger):
    thread = make_thread()
    rule(editor, thread, is_questions=True)
    assert "Here you ask, and the newsroom answers." in signed_in(reader).get(f"/t/{thread.pk}/").content.decode()
    question = post(reader, thread, "When does it open?")
    actions.post_comment(editor, thread.pk, "In April.", "key", reply_to=question.number)
    page = stranger.get(f"/t/{thread.pk}/", {"part": "answered"}).content.decode()
    assert re.findall(r'id="comment-(\d+)"', page) == ["1"]
    whole = stranger.get(f"/t/{thread.pk}/").content.decode()
    assert f"<bdi>{editor.handle}</bdi></a> <em>Editor</em>" in whole


def test_the_rules_are_kept_and_shown_again(editor, signed_in):
    thread, browser = make_thread(), signed_in(editor)
    address = f"/t/{thread.pk}/closing/"
    form = {"deed": "rules", "slow_minutes": "5", "member_days": "30", "is_questions": "on"}
    assert browser.post(address, form).status_code == 302
    thread.refresh_from_db()
    assert (thread.slow_seconds, thread.member_days, thread.is_questions) == (300, 30, True)
    page = browser.get(address).content.decode()
    for field in ('name="slow_minutes" type="number" min="0" max="1440" value="5"', 'value="30"', "checked"):
        assert field in page
    assert browser.post(address, {"deed": "rules", "slow_minutes": "0", "member_days": "0"}).status_code == 302
    thread.refresh_from_db()
    assert (thread.slow_seconds, thread.member_days, thread.is_questions) == (0, 0, False)


def test_an_imported_closing_has_no_time_and_no_reason_of_ours(site, stranger):
    story = make_story(comments="closed", origin="page:1")
    Comment.objects.all().delete()
    said = notice(stranger, story.url)
    assert said == "Comments are closed. The discussion can be read, not answered."
