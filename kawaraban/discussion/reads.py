"""What the pages of the discussion need, in a known number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from kawaraban.accounts.models import User
from kawaraban.discussion import policy
from kawaraban.discussion.models import Comment, Thread, Vote

MEMBER_PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A thread in reading order: alike for everyone, so that it can be remembered and sent to all."""

    thread: Thread
    comments: list[Comment]
    path: str  # of the thread's own page; a comment's addresses are made of it
    today: date  # in the site's time zone: times of today are shown without their date


@dataclass(frozen=True, slots=True)
class Mine:
    """What is laid over a thread for one member: never part of a page that others get.

    `votes` maps comment numbers to +1 or -1; the sets hold the numbers of comments that the member may edit, delete,
    and as a moderator remove or restore.
    """

    votes: dict[int, int] = field(default_factory=dict)
    editable: frozenset[int] = frozenset()
    deletable: frozenset[int] = frozenset()
    removable: frozenset[int] = frozenset()
    restorable: frozenset[int] = frozenset()

    @property
    def linked(self) -> list[int]:
        """The comments that get links of the viewer's own, in order."""
        return sorted(self.editable | self.deletable | self.removable | self.restorable)


def thread_page(thread: Thread) -> ThreadPage:
    """The comments of a thread, oldest first, with their authors. Cost: 1 query at any length."""
    comments = list(
        Comment.objects.filter(thread=thread)
        .select_related("author")
        .only(
            "number", "signed", "state", "html", "created_at", "time_text", "edited_at",
            "up", "down", "imported_up", "imported_down", "author__handle", "author__slug", "author__title",
        )
        .order_by("number")
    )  # fmt: skip
    return ThreadPage(thread, comments, thread.get_absolute_url(), timezone.localdate())


def whole_thread(thread: Thread) -> QuerySet[Comment]:
    """Every comment of a thread with everything about it, oldest first: for exports. Cost: 1 query."""
    return Comment.objects.filter(thread=thread).select_related("author").order_by("number")


def single(comment: Comment) -> ThreadPage:
    """One comment as a page of its thread, to render the very fragment that the whole page holds. Cost: none."""
    thread = comment.thread
    return ThreadPage(thread, [comment], thread.get_absolute_url(), timezone.localdate())


def mine(thread: Thread, viewer: User) -> Mine:
    """The viewer's votes and what they may do in this thread. Cost: 3 queries, 4 for staff."""
    comments = Comment.objects.filter(thread=thread)
    own = list(comments.filter(author=viewer, state=Comment.State.VISIBLE))
    votes = Vote.objects.filter(voter=viewer, comment__thread=thread).values_list("comment__number", "value")
    states = comments.values_list("number", "state") if policy.may_remove(viewer) else []
    by_state = {state: frozenset(n for n, s in states if s == state) for state in Comment.State}
    return Mine(
        votes=dict(votes),
        editable=frozenset(comment.number for comment in own if policy.may_edit(viewer, comment, thread)),
        deletable=frozenset(comment.number for comment in own if policy.may_delete(viewer, comment)),
        removable=by_state[Comment.State.VISIBLE],
        restorable=by_state[Comment.State.REMOVED],
    )


def member_comments(member: User, page: str | int) -> Page[Comment]:
    """A page of a member's visible comments, newest first, with their threads. Cost: 2 queries."""
    comments = (
        Comment.objects.filter(author=member, state=Comment.State.VISIBLE)
        .exclude(thread__state=Thread.State.OFF)
        .select_related("thread", "author")
        .order_by(F("created_at").desc(nulls_last=True), "-id")
    )
    return Paginator(comments, MEMBER_PAGE_SIZE).get_page(page)


def drifted_comments() -> QuerySet[Any]:
    """Comments whose counters differ from the votes that are kept: none, while all is well. Cost: 1 query."""
    return (
        Comment.objects.annotate(
            counted_up=Count("votes", filter=Q(votes__value=1)),
            counted_down=Count("votes", filter=Q(votes__value=-1)),
        )
        .exclude(up=F("counted_up"), down=F("counted_down"))
        .order_by("id")
    )


def drifted_threads() -> QuerySet[Any]:
    """Threads whose comment count differs from the visible comments. Cost: 1 query."""
    visible = Case(When(comments__state=Comment.State.VISIBLE, then=1), output_field=IntegerField())
    return Thread.objects.annotate(counted=Coalesce(Count(visible), 0)).exclude(comment_count=F("counted"))
