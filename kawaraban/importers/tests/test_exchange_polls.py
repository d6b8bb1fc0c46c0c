"""What a story asks its readers or tells them live, in the exported document."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from kawaraban.importers.tests.documents import exported
from kawaraban.newsroom import actions
from kawaraban.newsroom.kinds import Kind
from kawaraban.newsroom.testing import make_entry, make_live_report, make_poll, make_story
from kawaraban.newsroom.tests.pages import publish_again

CLOSES = datetime(2031, 5, 12, 1, 0, tzinfo=UTC)


@pytest.fixture
def poll(site, reader, author, moderator):
    """A poll with three votes."""
    made = make_poll(poll_closes_at=CLOSES)
    for voter, place in ((reader, 2), (author, 2), (moderator, 1)):
        actions.vote_in_poll(voter, made.pk, made.options.get(position=place).pk)
    return made


def test_a_poll_is_exported_with_its_counts_and_nobodys_vote(poll, reader):
    document = exported(poll.story)
    assert document["story"]["kind"] == "poll"
    assert document["story"]["poll"] == {
        "question": "How do you cross?",
        "closes": "2031-05-12T01:00:00Z",
        "answers": [
            {"text": "By ferry", "votes": 1},
            {"text": "By bridge", "votes": 2},
            {"text": "On foot", "votes": 0},
        ],
        "votes": 3,
    }
    assert reader.handle not in json.dumps(document)


def test_a_poll_that_was_taken_off_is_not_exported(poll):
    story = publish_again(poll.story, kind="news")
    assert (exported(story)["story"]["kind"], exported(story)["story"]["poll"]) == ("news", None)


def test_a_poll_without_end_and_without_votes_is_exported(site):
    document = exported(make_poll("Yes", "No").story)
    assert (document["story"]["poll"]["closes"], document["story"]["poll"]["votes"]) == (None, 0)


def test_a_reader_question_is_exported(site):
    story = exported(make_story(kind="question", question="Which word?"))["story"]
    assert (story["kind"], story["question"], story["poll"]) == ("question", "Which word?", None)


def test_a_story_that_asks_nothing_says_so(site):
    story = exported(make_story())["story"]
    assert (story["kind"], story["question"], story["poll"]) == ("news", "", None)


def test_a_story_of_every_kind_is_exported_as_what_it_is(site):
    for kind in Kind.values:
        assert exported(make_story(kind=kind, headline=kind))["story"]["kind"] == kind


def test_a_live_report_is_exported_as_readers_see_it(site, editor):
    story = make_live_report()
    make_entry(story, "It is *open*.", "The bridge opens", is_key=True)
    wrong = make_entry(story, "The name of the wrong man.", "A name", is_key=True)
    actions.take_back_entry(editor, story.pk, wrong.number, wrong.changed)
    actions.end_report(editor, story.pk)
    document = exported(story)
    report = document["story"]["live_report"]
    assert report["ended"]
    first, second = report["entries"]
    assert (first["number"], first["headline"], first["text"]) == (1, "The bridge opens", "It is *open*.")
    assert (second["headline"], second["text"], second["html"]) == ("", None, None)
    assert (first["key"], second["key"], first["taken_back"]) == (True, False, None)
    assert second["taken_back"]
    assert "wrong man" not in json.dumps(document)
    assert editor.handle not in json.dumps(document)
    assert exported(make_story())["story"]["live_report"] is None
