"""What concerns one member: their own state in a thread, and what was said by them and about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kawaraban.accounts.models import User
from kawaraban.accounts.reads import muted_by
from kawaraban.discussion import policy, trust
from kawaraban.discussion.models import NEVER_SHOWN, Comment, Seat, SourceRequest, Thread, Vote, Worth
from kawaraban.discussion.orders import PAGE_SIZE, View
from kawaraban.discussion.reads.threads import numbers_shown

MEMBER_PAGE_SIZE = 25

# Parts of the page about the viewer, with their headings.
CONCERNS = {"answers": _("Answers to me"), "quotes": _("Quotes of me"), "mine": _("My comments")}


@dataclass(frozen=True, slots=True)
class Mine:
    """What is laid over a thread for one member: never part of a page that others get.

    `votes` maps comment numbers to +1 or -1, `fresh` those that do not count yet, and `scores` to the votes up and down
    with such a vote among them. The sets hold the numbers of comments that the member may edit, delete, and as a
    moderator remove or restore, finds worth reading, has asked for a source, and wants folded. `waiting` are their own
    that wait for a moderator, `first_new` is the first comment they have not been shown, and `cases` maps numbers to
    the keys of comments that staff may decide about.
    """

    votes: dict[int, int] = field(default_factory=dict)
    fresh: dict[int, int] = field(default_factory=dict)
    scores: dict[int, tuple[int, int]] = field(default_factory=dict)
    editable: frozenset[int] = frozenset()
    deletable: frozenset[int] = frozenset()
    removable: frozenset[int] = frozenset()
    waiting: Sequence[Comment] = ()
    restorable: frozenset[int] = frozenset()
    worth: frozenset[int] = frozenset()
    asked: frozenset[int] = frozenset()
    folded: frozenset[int] = frozenset()
    seat: Seat | None = None
    may_close: bool = False
    may_choose: bool = False
    first_new: int | None = None
    votes_from: datetime | None = None
    cases: dict[int, int] = field(default_factory=dict)

    @property
    def marks(self) -> dict[str, list[int]]:
        """What the page's script shows of the viewer's own: comments found worth reading, and those to be folded."""
        return {"worth": sorted(self.worth), "folded": sorted(self.folded)}

    @property
    def linked(self) -> list[int]:
        """The comments that get links of the viewer's own beside everybody's, in order."""
        return sorted(self.editable | self.deletable | self.restorable)

    @property
    def staffed(self) -> list[int]:
        """The comments that get links for staff among the rarer ones, in order."""
        return sorted(self.removable)


def mine(thread: Thread, viewer: User, view: View | None = None) -> Mine:
    """The viewer's votes and what they may do in this thread. Cost: 7 queries, 8 for staff, 1 more each for who mutes
    and for who was here before.

    Args:
        view: the page that is looked at: what staff may do is told of its comments and of the newest, which may come
            to stand there. None tells of the whole thread. An order other than by time, or a part, costs staff up to
            2 queries more.
    """
    comments = Comment.objects.filter(thread=thread)
    own = list(
        comments.filter(author=viewer, state__in=(Comment.State.VISIBLE, Comment.State.HELD)).select_related("decision")
    )
    votes = list(_votes_of(viewer).filter(comment__thread=thread))
    fresh = [vote for vote in votes if vote.set_aside == Vote.Aside.FRESH]
    for vote in fresh:
        vote.comment.own_fresh = vote.value
    staff = policy.may_remove(viewer)
    states = list(_looked_at(comments, thread, view).values_list("number", "state", "pk")) if staff else []
    by_state = {state: frozenset(n for n, s, _ in states if s == state) for state in Comment.State}
    own_seat = seat(thread, viewer)
    worth = Worth.objects.filter(member=viewer, comment__thread=thread)
    asked = SourceRequest.objects.filter(member=viewer, comment__thread=thread)
    return Mine(
        votes={vote.comment.number: vote.value for vote in votes},
        fresh={vote.comment.number: vote.value for vote in fresh},
        scores={vote.comment.number: (vote.comment.agree, vote.comment.disagree) for vote in fresh},
        editable=frozenset(comment.number for comment in own if policy.may_edit(viewer, comment, thread)),
        deletable=frozenset(comment.number for comment in own if policy.may_delete(viewer, comment)),
        removable=by_state[Comment.State.VISIBLE],
        restorable=by_state[Comment.State.REMOVED] | by_state[Comment.State.HELD],
        waiting=[comment for comment in own if comment.state == Comment.State.HELD],
        worth=frozenset(worth.values_list("comment__number", flat=True)),
        asked=frozenset(asked.values_list("comment__number", flat=True)),
        folded=_folded(comments, viewer),
        seat=own_seat,
        first_new=_first_new(comments, own_seat),
        may_close=staff and policy.may_close(viewer),
        may_choose=bool(thread.group_count) and policy.may_pick(viewer),
        votes_from=trust.votes_count_from(viewer),
        cases={number: key for number, _, key in states},
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


def concerning(member: User, part: str, page: str | int) -> Page[Comment]:
    """A page of what concerns a member, newest first; `part` is one of `CONCERNS`. Cost: 2 queries."""
    comments = (
        Comment.objects.filter(state=Comment.State.VISIBLE)
        .exclude(thread__state=Thread.State.OFF)
        .select_related("thread", "author")
        .order_by("-id")
    )
    if part == "mine":
        comments = comments.filter(author=member)
    elif part == "quotes":
        comments = comments.filter(quotes__source__author=member, quotes__words__gt="").exclude(author=member)
    else:
        comments = comments.filter(quotes__source__author=member).exclude(author=member)
    return Paginator(comments.distinct(), MEMBER_PAGE_SIZE).get_page(page)


def followed_threads(member: User) -> list[Thread]:
    """The threads of which a member hears, the newest first. Cost: 1 query."""
    found = Thread.objects.filter(seats__member=member, seats__follows=True).exclude(state=Thread.State.OFF)
    return list(found.order_by("-id")[:100])


def seat(thread: Thread, member: User) -> Seat | None:
    """The member's own place in a thread, if they have taken one. Cost: 1 query."""
    return Seat.objects.filter(thread=thread, member=member).first()


def _votes_of(viewer: User) -> QuerySet[Vote]:
    """A member's votes with the scores of what they voted on, and without its words."""
    score = ("number", "up", "down", "imported_up", "imported_down")
    votes = Vote.objects.filter(voter=viewer).exclude(value=0).select_related("comment")
    return votes.only("value", "set_aside", "comment", *(f"comment__{name}" for name in score))


def _looked_at(comments: QuerySet[Comment], thread: Thread, view: View | None) -> QuerySet[Comment]:
    if view is None:
        return comments
    newest = Q(number__gt=thread.last_number - PAGE_SIZE)
    return comments.filter(newest | Q(number__in=numbers_shown(thread, view)))


def _first_new(comments: QuerySet[Comment], own_seat: Seat | None) -> int | None:
    """The first comment after those that a member has been shown; none on a first visit. Cost: at most 1 query."""
    if own_seat is None or not own_seat.seen_number:
        return None
    new = comments.filter(number__gt=own_seat.seen_number).exclude(NEVER_SHOWN)
    return new.order_by("number").values_list("number", flat=True).first()


def _folded(comments: QuerySet[Comment], viewer: User) -> frozenset[int]:
    """The numbers of comments by members whom the viewer has muted. Cost: 2 queries."""
    muted = muted_by(viewer)
    return frozenset(comments.filter(author__in=muted).values_list("number", flat=True)) if muted else frozenset()
