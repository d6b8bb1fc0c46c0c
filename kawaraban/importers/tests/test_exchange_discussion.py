"""What a discussion knows besides its comments, in the exported document: marks, picks, sources, closing, rules."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings

from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions
from kawaraban.discussion.testing import make_comment, remove_comment
from kawaraban.importers.actions import import_page
from kawaraban.importers.exchange import story_document
from kawaraban.importers.tests.documents import exported
from kawaraban.importers.tests.pages import page_text
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_story

NOON = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # in the paper's Tokyo
EVENING = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LOG = "https://archive.example/ferry-log"
NO_RULES = {"slow_seconds": 0, "member_days": 0, "questions": False}


@pytest.fixture
def marked(site, author, reader, moderator, editor):
    """A story whose first comment has everything that can be said about one; the second has nothing."""
    story = make_story()
    with time_machine.travel(NOON, tick=False):
        make_comment(story.thread, author, "The ferry was late twice in thirty-one years.")
        make_comment(story.thread, author, "I still have the timetable.")
        for member in (reader, moderator):
            actions.mark_worth(member, story.thread_id, 1, wanted=True)
            actions.request_source(member, story.thread_id, 1)
        actions.give_source(author, story.thread_id, 1, LOG)
        actions.give_source(moderator, story.thread_id, 1, "https://port.example/log/2")
        actions.pick_comment(editor, story.thread_id, 1, "First-hand knowledge")
    return story


def marks(story, number=1):
    """What the document says about a comment besides its words and votes."""
    comment = exported(story)["thread"]["comments"][number - 1]
    return {name: comment[name] for name in ("worth", "pick", "source_requests", "sources")}


# --- Marks ------------------------------------------------------------------------------------------------------------


def test_marks_picks_and_sources_are_exported_as_readers_see_them(marked):
    assert marks(marked) == {
        "worth": 2,
        "pick": "First-hand knowledge",
        "source_requests": 2,
        "sources": [
            {"url": LOG, "given": "2026-11-21T03:00:00Z"},
            {"url": "https://port.example/log/2", "given": "2026-11-21T03:00:00Z"},
        ],
    }
    assert marks(marked, 2) == {"worth": 0, "pick": "", "source_requests": 0, "sources": []}


def test_nobody_is_named_who_marked_asked_picked_or_gave(marked, reader, moderator, editor):
    document = json.dumps(exported(marked))
    for member in (reader, moderator, editor):
        assert member.handle not in document
        assert member.slug not in document


@pytest.mark.parametrize("deed", ["removed", "deleted"])
def test_nothing_of_what_readers_may_not_see_is_among_the_marks(marked, author, moderator, deed):
    if deed == "removed":
        remove_comment(moderator, marked.thread_id, 1)
    else:
        actions.delete_comment(author, marked.thread_id, 1)
    assert marks(marked) == {"worth": 0, "pick": "", "source_requests": 0, "sources": []}
    document = json.dumps(exported(marked))
    assert LOG not in document
    assert "First-hand" not in document


def test_what_is_restored_has_its_marks_again(marked, moderator):
    before = marks(marked)
    remove_comment(moderator, marked.thread_id, 1)
    actions.restore_comment(moderator, marked.thread_id, 1)
    assert marks(marked) == before


# --- Closing and rules ------------------------------------------------------------------------------------------------


def test_a_closing_is_exported_with_its_reason_its_end_and_where_it_goes_on(marked, editor):
    onward = make_story(headline="The new timetable")
    with time_machine.travel(NOON, tick=False):
        actions.close_thread(
            editor,
            marked.thread_id,
            reason="circles",
            words="The timetable is out.",
            until=EVENING,
            successor=onward.thread,
        )
    thread = exported(marked)["thread"]
    assert thread["closed"] == "2026-11-21T03:00:00Z"
    assert thread["closing"] == {
        "reason": "circles",
        "sentence": "The discussion went in circles.",
        "words": "The timetable is out.",
        "role": "Editor",
        "since": "2026-11-21T03:00:00Z",
        "until": "2026-11-21T09:30:00Z",
        "successor": {"title": "The new timetable", "url": f"{settings.SITE_URL}/city/the-new-timetable/"},
    }
    assert editor.handle not in json.dumps(thread)


def test_a_successor_that_was_taken_back_is_not_named(marked, editor):
    onward = make_story(headline="The new timetable")
    actions.close_thread(editor, marked.thread_id, reason="topic", successor=onward.thread)
    onward.unpublish()
    closing = exported(marked)["thread"]["closing"]
    assert (closing["reason"], closing["successor"]) == ("topic", None)


def test_a_closing_by_nobody_and_for_good_says_so(marked):
    actions.close_thread(None, marked.thread_id, reason="age")
    closing = exported(marked)["thread"]["closing"]
    assert (closing["reason"], closing["role"], closing["until"]) == ("age", "", None)


def test_a_closing_that_was_lifted_is_not_exported(marked, editor):
    actions.close_thread(editor, marked.thread_id, reason="heat")
    actions.reopen_thread(editor, marked.thread_id)
    thread = exported(marked)["thread"]
    assert (thread["state"], thread["closed"], thread["closing"]) == ("open", None, None)


def test_rules_for_writing_are_exported(marked, editor):
    assert exported(marked)["thread"]["rules"] == NO_RULES
    actions.set_rules(editor, marked.thread_id, slow_seconds=300, member_days=7, is_questions=True)
    assert exported(marked)["thread"]["rules"] == {"slow_seconds": 300, "member_days": 7, "questions": True}


# --- An imported page, out again --------------------------------------------------------------------------------------


def test_a_page_that_was_closed_where_it_came_from_says_so_and_imports_to_the_same_document_again(site, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(page_text(), encoding="utf-8")
    first = exported(import_page(page).story)
    assert first["thread"]["closing"] == {
        "reason": "import",
        "sentence": "It was closed where it came from.",
        "words": "",
        "role": "",
        "since": None,
        "until": None,
        "successor": None,
    }
    assert first["thread"]["rules"] == NO_RULES
    assert [comment["worth"] for comment in first["thread"]["comments"]] == [0, 0]
    import_page(page)
    assert {**exported(StoryPage.objects.get()), "exported": ""} == {**first, "exported": ""}


def test_a_document_costs_the_same_with_many_sources_as_with_one(marked, author, editor, django_assert_num_queries):
    actions.close_thread(editor, marked.thread_id, reason="heat")
    story_document(marked.url)
    with django_assert_num_queries(17):
        story_document(marked.url)
    actions.reopen_thread(editor, marked.thread_id)
    for number in range(3, 10):
        make_comment(marked.thread, make_member(f"Sailor {number}"), f"I was there on day {number}.")
        actions.give_source(author, marked.thread_id, number, f"https://archive.example/{number}")
    with django_assert_num_queries(16):
        story_document(marked.url)
