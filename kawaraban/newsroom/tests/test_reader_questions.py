"""What a story asks stands where it is answered: at the box to write in, on every page that has one."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kawaraban.discussion.models import Thread
from kawaraban.discussion.testing import make_comment
from kawaraban.newsroom.testing import make_poll, make_story
from kawaraban.newsroom.tests.pages import page, publish_again, words

ASKED = "Which word did your grandmother use?"
SAID = f"The newsroom asks: {ASKED}"


@pytest.fixture
def story(site):
    """A story that asks its readers something."""
    return make_story(kind="question", question=ASKED)


def box_of(soup):
    """What stands at the place to write, as text, and the names of what describes the box."""
    box = soup.select_one("#reply") or soup.select_one("#write")
    area = box.select_one("textarea")
    described = area["aria-describedby"].split() if area else []
    return words(box.select_one(".asked")), [words(soup.select_one(f"#{name}")) for name in described]


def test_the_question_stands_where_readers_are_invited_to_write(story, stranger):
    for address in (story.url, f"/t/{story.thread_id}/"):
        assert box_of(page(address, stranger)) == (SAID, []), address


def test_the_question_stands_at_the_box_and_describes_it(story, reader, signed_in):
    make_comment(story.thread, reader)
    browser = signed_in(reader)
    for address in (f"/t/{story.thread_id}/", f"/t/{story.thread_id}/write/?to=1"):
        asked, described = box_of(page(address, browser))
        assert asked == described[0] == SAID, address
        assert described[1].startswith("Up to 5,000 characters.")


def test_the_box_that_is_laid_over_the_story_holds_the_question(story, reader, signed_in):
    laid = page(f"/t/{story.thread_id}/mine/", signed_in(reader)).select_one('template[data-into="reply"]')
    assert box_of(BeautifulSoup(f'<div id="reply">{laid.decode_contents()}</div>', "html.parser"))[0] == SAID
    assert len(page(story.url).select("#asked-here")) == 1


def test_a_refused_comment_comes_back_below_the_question(story, reader, signed_in):
    answer = signed_in(reader).post(f"/t/{story.thread_id}/comments/", {"body": " ", "key": "k1"})
    assert answer.status_code == 409
    assert ASKED in answer.content.decode()


def test_a_question_that_is_changed_or_taken_back_is_so_at_the_box(story):
    publish_again(story, question="And your grandfather?")
    assert box_of(page(story.url)) == ("The newsroom asks: And your grandfather?", [])
    publish_again(story, kind="news")
    assert box_of(page(story.url)) == ("(none)", [])
    assert Thread.objects.get().question == ""


def test_a_question_that_was_only_noted_and_that_of_a_poll_are_not_at_the_box(site):
    for asks in (make_story(question="Perhaps later?"), make_poll().story):
        assert box_of(page(asks.url)) == ("(none)", [])


def test_a_draft_of_the_question_is_not_shown_before_it_is_published(story):
    story.question = "Something else?"
    story.save_revision()
    assert box_of(page(story.url)) == (SAID, [])


def test_nobody_is_asked_in_a_discussion_that_is_closed(story):
    publish_again(story, comments="closed")
    assert page(f"/t/{story.thread_id}/").select(".asked") == []


def test_the_question_is_words_and_no_markup(site):
    story = make_story(kind="question", question="<i>1 < 2</i> & \"'{{ x }}?")
    assert box_of(page(story.url)) == ("The newsroom asks: <i>1 < 2</i> & \"'{{ x }}?", [])
