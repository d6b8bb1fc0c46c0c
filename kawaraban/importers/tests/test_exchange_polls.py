"""What a story asks its readers, in the exported document."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from kawaraban.importers.tests.documents import exported
from kawaraban.newsroom import actions
from kawaraban.newsroom.testing import make_poll, make_story
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
