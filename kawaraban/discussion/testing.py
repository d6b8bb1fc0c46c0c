"""Threads and comments for tests, made through the room's actions."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from django.db import transaction
from django.utils import timezone

from kawaraban.accounts.models import MODERATOR, User
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


@transaction.atomic
def make_divided_thread(
    sizes: Sequence[int] = (24, 18), comments: int = 20, seed: int = 5
) -> tuple[Thread, list[User]]:
    """A thread in whose votes groups of these sizes can be found, and who has voted, one group after the other.

    All like the first fifth of the comments; on each other one a group stands against the rest. Of 20 votes of a group
    19 are alike. Everybody votes on two comments of three.
    """
    chance = Random(seed)  # noqa: S311 - the same votes each time
    thread = make_thread(comments)
    voters = [make_member() for _ in range(sum(sizes))]
    group_of = [group for group, size in enumerate(sizes) for _ in range(size)]
    for comment in Comment.objects.filter(thread=thread).select_related("thread").order_by("number"):
        alone, is_liked = comment.number % len(sizes), chance.random() < 0.5
        likes = [comment.number <= comments / 5 or (group == alone) == is_liked for group in range(len(sizes))]
        votes = {
            voter: 1 if likes[group] == (chance.random() < 0.95) else -1
            for voter, group in zip(voters, group_of, strict=True)
            if chance.random() < 2 / 3
        }
        actions.record_votes(comment, votes)
    return thread, voters


def make_waiting(thread: Thread, author: User, text: str = "The ferry was never late.") -> Comment:
    """A comment that waits for a moderator, and that nobody has seen: its thread is read before publication."""
    former = thread.screens
    Thread.objects.filter(pk=thread.pk).update(screens="before")
    comment = make_comment(thread, author, text)
    Thread.objects.filter(pk=thread.pk).update(screens=former)
    return comment


def remove_comment(moderator: User, thread_id: int, number: int) -> Comment:
    """The comment, removed by a moderator with a reason that passes every check."""
    return actions.remove_comment(moderator, thread_id, number, RUDE)


def hold_comment(moderator: User, thread_id: int, number: int) -> Comment:
    """The comment, held by a moderator after readers have seen it."""
    return actions.hold_comment(moderator, thread_id, number, RUDE)


def fold_comment(moderator: User, thread_id: int, number: int) -> Comment:
    """The comment, folded by a moderator for everybody."""
    return actions.fold_comment(moderator, thread_id, number, RUDE)


def put_away(comment: Comment, state: str) -> Comment:
    """The comment, out of sight: "held" or "removed" by a moderator of its own, "deleted" by its author."""
    where = comment.thread_id, comment.number
    if state == Comment.State.DELETED:
        assert comment.author is not None  # noqa: S101 - narrows the type, decides nothing
        return actions.delete_comment(comment.author, *where)
    deed = hold_comment if state == Comment.State.HELD else remove_comment
    return deed(make_member(role=MODERATOR), *where)
