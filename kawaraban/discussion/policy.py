"""May this person do this to this comment? Asked here and nowhere else."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from kawaraban.accounts.models import User
from kawaraban.accounts.policy import may_moderate
from kawaraban.discussion.models import EDIT_WINDOW, Comment, Thread

Viewer = User | AnonymousUser


def may_read(thread: Thread) -> bool:
    """True unless the subject has its discussion switched off."""
    return thread.state != Thread.State.OFF


def may_know_of(viewer: Viewer, comment: Comment) -> bool:
    """True for everybody once readers have seen it; before that for its author and those who moderate."""
    return comment.is_public or owns(viewer, comment) or may_moderate(viewer)


def owns(viewer: Viewer, comment: Comment) -> bool:
    """True for the member who wrote the comment."""
    return viewer.is_authenticated and comment.author_id == viewer.pk


def may_edit(viewer: Viewer, comment: Comment, thread: Thread) -> bool:
    """True for the author, within the edit window, while the thread is open and nothing was decided about the words."""
    return (
        owns(viewer, comment)
        and thread.is_open
        and comment.is_visible
        and comment.decision_id is None
        and comment.created_at is not None
        and timezone.now() - comment.created_at < EDIT_WINDOW
    )


def may_delete(viewer: Viewer, comment: Comment) -> bool:
    """True for the author, at any time, also in a closed thread or while they wait: the words are theirs."""
    return owns(viewer, comment) and comment.state in (Comment.State.VISIBLE, Comment.State.HELD)


def may_vote(viewer: Viewer, comment: Comment, thread: Thread) -> bool:
    """True for members whose account is in use, on visible comments of others, while the thread is open."""
    return viewer.is_active and thread.is_open and comment.is_visible and not owns(viewer, comment)


def may_remove(viewer: Viewer) -> bool:
    """True for those who moderate. Cost: 1 query, once per viewer."""
    return may_moderate(viewer)


def may_close(viewer: Viewer) -> bool:
    """True for those who close, open and slow down discussions. Cost: 1 query, once per viewer."""
    return may_moderate(viewer)


def may_pick(viewer: Viewer) -> bool:
    """True for those who point out comments for the newsroom. Cost: 1 query, once per viewer."""
    return may_moderate(viewer)


def may_ask_for_source(viewer: Viewer, comment: Comment) -> bool:
    """True for members in use, on visible comments of others."""
    return viewer.is_active and comment.is_visible and not owns(viewer, comment)
