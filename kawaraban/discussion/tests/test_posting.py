"""A comment is posted once, or refused with a reason and its text kept."""

from __future__ import annotations

import pytest

from kawaraban.accounts.models import User
from kawaraban.discussion import actions
from kawaraban.discussion.models import Comment, Thread
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.errors import Refused


def test_comments_are_numbered_from_one(reader: User, author: User) -> None:
    thread = make_thread()
    assert [make_comment(thread, reader).number, make_comment(thread, author).number] == [1, 2]


def test_the_same_form_twice_posts_one_comment(reader: User) -> None:
    thread = make_thread()
    first = actions.post_comment(reader, thread.pk, "Once.", "key-1")
    assert actions.post_comment(reader, thread.pk, "Once.", "key-1").pk == first.pk
    assert Comment.objects.count() == 1


def test_a_used_form_with_other_words_keeps_them(reader: User) -> None:
    thread = make_thread()
    actions.post_comment(reader, thread.pk, "Once.", "key-1")
    with pytest.raises(Refused) as refusal:
        actions.post_comment(reader, thread.pk, "Something else.", "key-1")
    assert refusal.value.code == "form-used"


def test_a_closed_thread_takes_no_comment(reader: User) -> None:
    thread = make_thread()
    actions.describe_thread(thread.pk, title="x", url="/x/", state=Thread.State.CLOSED)
    with pytest.raises(Refused, match="closed"):
        make_comment(thread, reader)
