"""Threads and comments for tests, made through the room's actions."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kawaraban.accounts.models import User
from kawaraban.accounts.testing import make_member
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions
from kawaraban.discussion.models import Comment, Thread


@transaction.atomic
def make_thread(comments: int = 0, author: User | None = None) -> Thread:
    """An open thread with so many comments by one author."""
    thread = actions.open_thread("A bridge is promised", "/city/bridge/")
    for number in range(1, comments + 1):
        author = author or make_member()
        record = actions.Record(f"Comment {number}, at some length.", author=author, created_at=timezone.now())
        actions.record_comment(thread, record)
    return thread


def make_comment(thread: Thread, author: User, text: str = "The ferry was never late.") -> Comment:
    """A comment posted by a member."""
    return actions.post_comment(author, thread.pk, text, key=f"key-{author.pk}-{thread.pk}-{hash(text)}")


def remove_comment(moderator: User, thread_id: int, number: int) -> Comment:
    """The comment, removed by a moderator with a reason that passes every check."""
    return actions.remove_comment(moderator, thread_id, number, RUDE)
