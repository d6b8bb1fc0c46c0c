"""Before words wait for a moderator their writer is asked, and may say them otherwise."""

from __future__ import annotations

import pytest

from kawaraban.discussion import actions
from kawaraban.discussion.models import Comment
from kawaraban.discussion.testing import make_thread
from kawaraban.errors import Refused
from kawaraban.screening.actions import add_pattern

RUDE = "The toll bandits have decided it among themselves."
WAITS = "makes a comment wait until a moderator has read it"


@pytest.fixture(autouse=True)
def _listed(db):
    add_pattern(None, "toll bandits", rule=1)


@pytest.fixture
def thread(author):
    return make_thread(comments=1, author=author)


def post(browser, thread, **form):
    return browser.post(f"/t/{thread.pk}/comments/", {"body": RUDE, "key": "key", **form})


def test_who_would_have_to_wait_is_asked_first_and_may_post_it_as_it_is(thread, reader, signed_in):
    browser = signed_in(reader)
    asked = post(browser, thread)
    page = asked.content.decode()
    assert asked.status_code == 409
    assert WAITS in page
    assert RUDE in page
    assert '<input type="hidden" name="as_it_is" value="1">' in page
    assert thread.comments.count() == 1
    post(browser, thread, as_it_is="1")
    assert [comment.state for comment in thread.comments.order_by("number")] == ["visible", "held"]


def test_who_says_it_otherwise_is_published_at_once(thread, reader, signed_in):
    browser = signed_in(reader)
    post(browser, thread)
    post(browser, thread, body="The council has decided it among itself.")
    assert thread.comments.filter(state=Comment.State.VISIBLE).count() == 2


def test_the_preview_says_what_would_let_it_wait(thread, reader, moderator, signed_in):
    pages = [
        signed_in(member).post(f"/t/{thread.pk}/preview/", {"body": RUDE}).content.decode()
        for member in (reader, moderator)
    ]
    assert [WAITS in page for page in pages] == [True, False]


def test_the_newsroom_is_not_asked(thread, moderator, signed_in):
    post(signed_in(moderator), thread)
    assert thread.comments.filter(author=moderator, state=Comment.State.VISIBLE).exists()


def test_where_all_is_read_first_there_is_nothing_to_ask(thread, reader):
    thread.screens = "before"
    thread.save()
    comment = actions.post_comment(reader, thread.pk, "The ferry was never late.", "key", as_it_is=False)
    assert comment.state == Comment.State.HELD


def test_the_same_is_asked_of_whoever_calls_the_action_so(thread, reader):
    with pytest.raises(Refused) as refused:
        actions.post_comment(reader, thread.pk, RUDE, "key", as_it_is=False)
    assert refused.value.code == "would-wait"
    assert actions.post_comment(reader, thread.pk, RUDE, "key").state == Comment.State.HELD
