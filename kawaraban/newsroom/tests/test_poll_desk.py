"""A poll as the newsroom writes it, and what an edit, an older revision or a copy does to its votes: nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, rich_text, streamfield

from kawaraban.newsroom import actions
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.polls import Poll, PollOption, PollVote
from kawaraban.newsroom.testing import make_poll, make_section, make_story
from kawaraban.newsroom.tests.pages import MORNING, page, publish_again, texts, words

PUBLISH = {"action-publish": "action-publish"}
ASKED = {"kind": "poll", "question": "How do you cross?", "poll_options": "By ferry\n\n  By   bridge\r\nOn foot\n"}
KEPT = "Members have voted, so it stays as they read it:"


@pytest.fixture
def desk(site, editor, signed_in):
    """The browser of an editor."""
    return signed_in(editor)


@pytest.fixture
def story(site):
    """A published story that asks nothing yet."""
    return make_story()


@pytest.fixture
def voted(site, reader):
    """A poll with one vote, for its first answer."""
    poll = make_poll()
    actions.vote_in_poll(reader, poll.pk, poll.options.first().pk)
    return poll


def send(browser, story, **changes):
    """Send the edit form with changes, as a browser would."""
    address = f"/desk/pages/{story.pk}/edit/"
    form = querydict_from_html(browser.get(address).content.decode(), form_id="page-edit-form")
    body = streamfield([("paragraph", rich_text("<p>The second version.</p>"))])
    return browser.post(address, {**form.dict(), **nested_form_data({"body": body}), **changes})


def state(poll):
    """Everything about a poll: its words, its counters, its votes."""
    found = Poll.objects.get(pk=poll.pk)
    options = list(found.options.values_list("pk", "text", "votes"))
    return found.question, found.closes_at, options, list(found.cast.values_list("pk", "option", "voter"))


def asks(story):
    found = StoryPage.objects.get(pk=story.pk)
    return found.kind, found.question, found.poll_options.split("\n")


# --- Writing one ------------------------------------------------------------------------------------------------------


def test_an_editor_asks_in_the_storys_own_form(desk, story):
    assert send(desk, story, **ASKED, poll_closes_at="2031-05-12 10:00", **PUBLISH).status_code == 302
    soup = page(story.url)
    assert words(soup.select_one("#poll h2")) == "Poll: How do you cross?"
    assert texts(soup, "#poll label") == ["By ferry", "By bridge", "On foot"]
    assert Poll.objects.get().closes_at == datetime(2031, 5, 12, 1, 0, tzinfo=UTC)


def test_a_draft_of_a_poll_is_not_shown(desk, story):
    assert send(desk, story, **ASKED).status_code == 302
    assert page(story.url).select("#poll") == []
    assert not Poll.objects.exists()


def test_a_poll_is_previewed_before_it_is_kept(desk, story):
    address = f"/desk/pages/{story.pk}/edit/preview/"
    form = querydict_from_html(desk.get(f"/desk/pages/{story.pk}/edit/").content.decode(), form_id="page-edit-form")
    body = nested_form_data({"body": streamfield([("paragraph", rich_text("<p>x</p>"))])})
    assert desk.post(address, {**form.dict(), **body, **ASKED}).json()["is_valid"] is True
    soup = page(address, desk)
    assert texts(soup, "#poll label") == ["By ferry", "By bridge", "On foot"]
    assert soup.select_one("#poll button").has_attr("disabled")
    assert not Poll.objects.exists()


def test_a_poll_of_a_story_for_later_opens_when_the_story_does(site):
    with time_machine.travel(MORNING, tick=False) as clock:
        written = make_section().add_child(
            instance=StoryPage(title="At eight", slug="at-eight", live=False, **{**ASKED, "poll_options": "A\nB"})
        )
        publish_again(written, go_live_at=MORNING + timedelta(hours=1))
        assert not Poll.objects.exists()
        clock.shift(timedelta(hours=1, seconds=1))
        call_command("publish_scheduled")
        assert texts(page("/city/at-eight/"), "#poll label") == ["A", "B"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"question": " "}, "Write what the newsroom asks."),
        ({"kind": "question", "question": ""}, "Write what the newsroom asks."),
        ({"poll_options": "Only one"}, "A poll has 2 to 10 answers, one on each line; this one has 1."),
        ({"poll_options": ""}, "this one has 0."),
        ({"poll_options": "\n".join("abcdefghijk")}, "this one has 11."),
        ({"poll_options": "Ferry\nBridge\n ferry "}, "Two answers read the same: “ferry”."),
        ({"poll_options": f"Ferry\n{'b' * 161}"}, "An answer holds up to 160 characters"),
    ],
)
def test_a_poll_that_is_not_whole_is_refused_with_a_reason(desk, story, changes, reason):
    answer = send(desk, story, **{**ASKED, **changes, **PUBLISH})
    assert answer.status_code == 200
    assert reason in answer.content.decode()
    assert asks(story)[0] == "news"


@pytest.mark.parametrize("answers", ["\n".join("ab"), "\n".join("abcdefghij"), f"Ferry\n{'b' * 160}"])
def test_a_poll_may_have_two_answers_or_ten_and_long_ones(desk, story, answers):
    assert send(desk, story, **{**ASKED, "poll_options": answers, **PUBLISH}).status_code == 302
    assert texts(page(story.url), "#poll label") == answers.split("\n")


def test_a_poll_that_is_not_whole_is_not_shown_when_published_past_the_form(site, stranger):
    story = make_story(kind="poll", question="Which?", poll_options=("One",))
    assert page(story.url).select("#poll") == []
    assert not Poll.objects.exists()


# --- While nobody has voted -------------------------------------------------------------------------------------------


def test_while_nobody_has_voted_everything_can_be_changed(desk, site):
    poll = make_poll()
    answer = send(desk, poll.story, question="And now?", poll_options="Swim\nFly", **PUBLISH)
    assert answer.status_code == 302
    assert asks(poll.story) == ("poll", "And now?", ["Swim", "Fly"])
    soup = page(poll.story.url)
    assert texts(soup, "#poll label") == ["Swim", "Fly"]
    assert Poll.objects.get().pk == poll.pk


def test_an_edit_that_leaves_the_answers_alone_leaves_their_rows_alone(desk, site):
    poll = make_poll()
    before = state(poll)
    assert send(desk, poll.story, title="Another headline", **PUBLISH).status_code == 302
    assert state(poll) == before


# --- Once somebody has voted ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"question": "How do you cross?!"},
        {"poll_options": "By ferry\nBy bridge\nOn foot\nBy air"},
        {"poll_options": "By ferry\nBy bridge"},
        {"poll_options": "By bridge\nBy ferry\nOn foot"},
        {"poll_options": "By the ferry\nBy bridge\nOn foot"},
        {"kind": "question", "question": "What else?"},
        {"question": "", "poll_options": ""},
    ],
)
@pytest.mark.parametrize("button", [PUBLISH, {}], ids=["publish", "draft"])
def test_once_somebody_has_voted_the_wording_stays(desk, voted, changes, button):
    before = state(voted)
    answer = send(desk, voted.story, **changes, **button)
    assert answer.status_code == 200
    assert KEPT in answer.content.decode()
    assert state(voted) == before
    assert asks(voted.story) == ("poll", "How do you cross?", ["By ferry", "By bridge", "On foot"])


def test_once_somebody_has_voted_the_story_can_still_be_edited(desk, voted):
    before = state(voted)
    assert send(desk, voted.story, title="Mended", **PUBLISH).status_code == 302
    assert words(page(voted.story.url).h1) == "Mended"
    assert state(voted) == before


def test_an_open_poll_can_be_given_another_closing_time(desk, voted):
    assert send(desk, voted.story, poll_closes_at="2031-05-12 10:00", **PUBLISH).status_code == 302
    assert Poll.objects.get().closes_at == datetime(2031, 5, 12, 1, 0, tzinfo=UTC)
    assert PollVote.objects.count() == 1


def test_a_closed_poll_is_not_opened_again(desk, voted):
    publish_again(voted.story, poll_closes_at=MORNING + timedelta(seconds=7))
    before = state(voted)
    answer = send(desk, voted.story, poll_closes_at="", **PUBLISH)
    assert "it is not opened again" in answer.content.decode()
    publish_again(voted.story, poll_closes_at=None)  # past the form
    assert state(voted) == before
    assert before[1] == MORNING + timedelta(seconds=7)
    assert send(desk, voted.story, title="Mended", **PUBLISH).status_code == 302


def test_a_poll_is_taken_off_and_comes_back_with_its_votes(desk, voted):
    before = state(voted)
    assert send(desk, voted.story, kind="news", **PUBLISH).status_code == 302
    assert page(voted.story.url).select("#poll") == []
    assert send(desk, voted.story, kind="poll", **PUBLISH).status_code == 302
    assert state(voted) == before
    assert len(texts(page(voted.story.url), "#poll label")) == 3


def test_a_vote_between_the_form_and_the_publication_keeps_the_words_it_was_cast_on(site, reader):
    poll = make_poll()
    draft = StoryPage.objects.get(pk=poll.story_id)
    draft.question, draft.poll_options = "Other words?", "Swim\nFly"
    revision = draft.save_revision()
    actions.vote_in_poll(reader, poll.pk, poll.options.first().pk)
    before = state(poll)
    revision.publish()
    assert state(poll) == before
    assert asks(poll.story) == ("poll", "How do you cross?", ["By ferry", "By bridge", "On foot"])


# --- Revisions and copies ---------------------------------------------------------------------------------------------


def test_a_revision_from_before_the_poll_put_back_keeps_the_poll_and_its_votes(desk, story, reader):
    first = story.revisions.order_by("pk").first()
    assert send(desk, story, **ASKED, poll_closes_at="2031-05-12 10:00", title="Mended", **PUBLISH).status_code == 302
    poll = Poll.objects.get()
    actions.vote_in_poll(reader, poll.pk, poll.options.first().pk)
    before = state(poll)
    first.publish()
    soup = page(story.url)
    assert words(soup.h1) == story.title
    assert texts(soup, "#poll label") == ["By ferry", "By bridge", "On foot"]
    assert state(poll) == before


def test_a_revision_with_other_answers_put_back_keeps_the_answers_that_were_voted_on(site, reader):
    poll = make_poll("Swim", "Fly")
    old = StoryPage.objects.get(pk=poll.story_id).latest_revision
    publish_again(poll.story, poll_options="By ferry\nBy bridge")
    actions.vote_in_poll(reader, poll.pk, poll.options.first().pk)
    before = state(poll)
    for _ in range(2):
        old.publish()
        assert state(poll) == before
        assert asks(poll.story)[2] == ["By ferry", "By bridge"]


def test_unpublishing_and_publishing_again_keeps_the_votes(voted):
    before = state(voted)
    StoryPage.objects.get(pk=voted.story_id).unpublish()
    publish_again(voted.story)
    assert state(voted) == before
    assert StoryPage.objects.get(pk=voted.story_id).live


@pytest.mark.parametrize("where", ["desk", "code"])
def test_a_copy_asks_the_same_and_starts_without_votes(desk, voted, where):
    before = state(voted)
    if where == "desk":
        parent = voted.story.get_parent().pk
        form = {"new_title": "Again", "new_slug": "again", "new_parent_page": parent, "publish_copies": "on"}
        assert desk.post(f"/desk/pages/{voted.story_id}/copy/", form).status_code == 302
    else:
        copied = StoryPage.objects.get(pk=voted.story_id).copy(update_attrs={"slug": "again"}, keep_live=False)
        assert not Poll.objects.filter(story=copied).exists()
        copied.save_revision().publish()
    other = Poll.objects.exclude(pk=voted.pk).get()
    assert other.story.slug == "again"
    assert list(other.options.values_list("text", "votes")) == [("By ferry", 0), ("By bridge", 0), ("On foot", 0)]
    assert state(voted) == before


def test_the_poll_of_a_story_that_is_erased_is_erased_with_its_votes(voted):
    StoryPage.objects.get(pk=voted.story_id).delete()
    assert [table.objects.count() for table in (Poll, PollOption, PollVote)] == [0, 0, 0]
