"""A thread in reading order, page by page, and how its comments hang together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from kawaraban.discussion.models import NEVER_SHOWN, Closing, Comment, Quote, Source, Thread
from kawaraban.discussion.orders import (
    BEST,
    COMMON_GROUND,
    DEFAULT,
    ORDERS,
    PAGE_SIZE,
    WHOLE,
    Order,
    Standing,
    View,
    sort,
)
from kawaraban.discussion.reads.groups import no_groups, tallies_of
from kawaraban.ranking.common_ground import Votes
from kawaraban.theme.templatetags.times import printed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

# The most comments that a conversation shows; whoever answers to more has started a thread.
EXCHANGE = 300


@dataclass(frozen=True, slots=True)
class Links:
    """How a comment hangs together with others, by their numbers.

    `answers` are those it answers without showing a quotation of them. Who quotes it is not among who else answers it.
    """

    answers: tuple[tuple[int, str], ...] = ()  # number and name
    quoted_by: tuple[int, ...] = ()
    answered_by: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()  # addresses


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A thread in reading order, or a page of it: alike for everyone, so that it can be remembered and sent to all."""

    thread: Thread
    comments: list[Comment]
    path: str  # of the thread's own page; a comment's addresses are made of it
    today: date  # in the site's time zone: times of today are shown without their date
    view: View = field(default_factory=View)
    pages: int = 1
    found: int = 0  # comments in this order and part, on all pages
    closing: Closing | None = None
    no_groups: StrPromise | str = ""  # why a page that was to be in the order of common ground cannot be

    @property
    def order(self) -> Order:
        """The order in force."""
        return ORDERS[BEST if self.no_groups else self.view.order]

    @property
    def takes_new(self) -> bool:
        """True where the next comment belongs at the end of what is shown."""
        return self.view.order == DEFAULT and not self.view.part and self.view.page in (0, self.pages)


def thread_page(thread: Thread, view: View | None = None) -> ThreadPage:
    """A page of a thread with what hangs together with its comments; all on one page only up to `WHOLE` comments.

    Cost: 4 queries at any length; 1 more for a closed thread, for a part, for an order other than by time, and where
    readers fall into groups; in the order of common ground 1 more.
    """
    view = view or View()
    view = _offered(thread, view)
    numbers, pages, found = _numbers(thread, view)
    whole = view.page == 0 and found <= WHOLE
    shown = View(view.order, view.part, 0 if whole else min(max(view.page, 1), pages))
    by_number = {comment.number: comment for comment in _readable(thread).filter(_numbered(numbers))}
    comments = [by_number[number] for number in numbers if number in by_number]
    return _page(
        thread,
        comments,
        view=shown,
        pages=pages,
        found=found,
        closing=closing_of(thread),
        no_groups=no_groups(thread) if _lacks_groups(thread, view) else "",
    )


def numbers_shown(thread: Thread, view: View) -> list[int]:
    """The numbers of the comments on a page. Cost: none in the order of writing; else those of its part and order."""
    return _numbers(thread, _offered(thread, view))[0]


def place_of(number: int, path: str) -> str:
    """Where a comment stands in the order of writing, on the page of its thread that is read at this path."""
    return f"{path}{_query_of_page((number - 1) // PAGE_SIZE + 1)}#comment-{number}"


@cache
def _query_of_page(page: int) -> str:
    return View(page=page).query()


def since(thread: Thread, number: int) -> ThreadPage:
    """The comments after a number, at most a page of them. Cost: 4 queries."""
    comments = list(_readable(thread).filter(number__gt=number)[:PAGE_SIZE])
    return _page(thread, comments)


def conversation(comment: Comment) -> ThreadPage:
    """One exchange: what a comment answers, up to where it began, and what answers it, in order.

    Cost: 5 queries, 1 more for a closed thread.
    """
    thread = comment.thread
    shown = Q(comment__state=Comment.State.VISIBLE) | Q(comment__born__gt=0)
    edges = Quote.objects.filter(shown, comment__thread=thread, source__isnull=False, parent=None)
    up: dict[int, list[int]] = defaultdict(list)
    down: dict[int, list[int]] = defaultdict(list)
    for answer, source in edges.values_list("comment__number", "source__number"):
        up[answer].append(source)
        down[source].append(answer)
    numbers = _reach(comment.number, up) | _reach(comment.number, down)
    nearest = sorted(numbers, key=lambda number: abs(number - comment.number))[:EXCHANGE]
    comments = list(_readable(thread).filter(number__in=nearest))
    return _page(thread, comments, found=len(numbers), closing=closing_of(thread))


def whole_thread(thread: Thread) -> QuerySet[Comment]:
    """Every comment of a thread with everything about it, oldest first: for exports. Cost: 1 query."""
    return Comment.objects.filter(thread=thread).select_related("author").order_by("number")


def single(comment: Comment) -> ThreadPage:
    """One comment as a page of its thread, to render the very fragment that the whole page holds. Cost: 3 queries."""
    return _page(comment.thread, [comment])


def closing_of(thread: Thread) -> Closing | None:
    """The decision by which a thread is closed. Cost: 1 query; none for an open thread."""
    if thread.state != Thread.State.CLOSED:
        return None
    closing = Closing.objects.filter(thread=thread, lifted_at=None).select_related("successor").first()
    if closing and closing.successor and closing.successor.state == Thread.State.OFF:
        closing.successor = None  # its story may have been taken back; its name is nobody's business then
    return closing


def name_of(comment: Comment) -> str:
    """The name by which others can quote a comment's author; empty where it is not known. Cost: none."""
    return "" if comment.is_placeholder else comment.author_name


def time_of(comment: Comment) -> str:
    """The time at which a comment was written as the page prints it, or as an import did. Cost: none."""
    return comment.time_text or (printed(comment.created_at) if comment.created_at else "")


# --- What these share ------------------------------------------------------------------------------------------------


def _readable(thread: Thread) -> QuerySet[Comment]:
    return (
        Comment.objects.filter(thread=thread)
        .exclude(NEVER_SHOWN)
        .select_related("author", "decision__rule")
        .only(
            "number", "signed", "state", "html", "created_at", "time_text", "edited_at", "changed",
            "up", "down", "imported_up", "imported_down", "worth", "source_requests", "pick_reason",
            "is_folded", "author__handle", "author__slug", "author__title",
            "decision__kind", "decision__law", "decision__rule__number", "decision__rule__name",
        )
        .order_by("number")
    )  # fmt: skip


def _offered(thread: Thread, view: View) -> View:
    """The view, in the order of writing where it asks for groups that nobody looks for."""
    return replace(view, order=DEFAULT) if view.order == COMMON_GROUND and not thread.finds_groups else view


def _lacks_groups(thread: Thread, view: View) -> bool:
    """True where the view asks for the order of groups that there are not."""
    return view.order == COMMON_GROUND and not thread.group_count


def _numbers(thread: Thread, view: View) -> tuple[list[int], int, int]:
    """The numbers on a page in order, how many pages there are, and how many comments in all."""
    if _lacks_groups(thread, view):
        view = replace(view, order=BEST)
    if view.order in ("oldest", "newest") and not view.part:
        numbers = list(range(1, thread.last_number + 1))
        if view.order == "newest":
            numbers.reverse()
    else:
        numbers = sort(_standings(thread, view), view.order)
    pages = max(1, -(-len(numbers) // PAGE_SIZE))
    if view.page == 0 and len(numbers) <= WHOLE:
        return numbers, pages, len(numbers)
    first = (min(max(view.page, 1), pages) - 1) * PAGE_SIZE
    return numbers[first : first + PAGE_SIZE], pages, len(numbers)


def _numbered(numbers: Sequence[int], which: str = "") -> Q:
    """Comments with these numbers, or what has such a comment as its `which`.

    Neighbours are asked for by the first and the last: a list of a thousand takes Django and the database longer.
    """
    if numbers and max(numbers) - min(numbers) + 1 == len(numbers):
        return Q((f"{which}number__range", (min(numbers), max(numbers))))
    return Q((f"{which}number__in", numbers))


def _standings(thread: Thread, view: View) -> list[Standing]:
    """Every visible comment of a part with what an order may look at. Cost: 1 query, 2 to count answers."""
    comments = Comment.objects.filter(thread=thread, state=Comment.State.VISIBLE)
    if view.part == "worth":
        comments = comments.filter(Q(worth__gt=0) | ~Q(pick_reason=""))
    elif view.part == "sources":
        comments = comments.filter(Q(source_requests__gt=0) | Exists(Source.objects.filter(comment=OuterRef("pk"))))
    elif view.part == "answered":
        staff = Quote.objects.filter(comment__state=Comment.State.VISIBLE).exclude(comment__author__title="")
        comments = comments.filter(Exists(staff.filter(source=OuterRef("pk"), comment__author__isnull=False)))
    answers: dict[int, int] = {}
    if view.order == "discussed":
        edges = Quote.objects.filter(source__thread=thread, comment__state=Comment.State.VISIBLE, parent=None)
        counted = edges.values_list("source__number").annotate(n=Count("comment", distinct=True)).order_by()
        answers = dict(counted)
    rows = comments.values_list("pk", "number", F("up") + F("imported_up"), F("down") + F("imported_down"))
    groups = tallies_of(thread) if view.order == COMMON_GROUND else {}
    nobody = (Votes(0, 0),) * thread.group_count
    return [Standing(number, up, down, groups.get(pk, nobody), answers.get(number, 0)) for pk, number, up, down in rows]


def _page(thread: Thread, comments: list[Comment], **more: Any) -> ThreadPage:
    """These comments, linked, as a page; `more` as in `ThreadPage`. Cost: 3 queries."""
    _link(thread, comments)
    return ThreadPage(thread, comments, thread.get_absolute_url(), timezone.localdate(), **more)


def _link(thread: Thread, comments: Sequence[Comment]) -> None:
    """Tell each comment of a thread what it hangs together with, and what groups say of it. Cost: 3 or 4 queries."""
    numbers = [comment.number for comment in comments]
    theirs = _numbered(numbers, "comment__")
    answers: dict[int, dict[int, str]] = defaultdict(dict)
    unseen = Quote.objects.filter(theirs, comment__thread=thread, source__isnull=False, parent=None).filter(
        Q(words="") | Q(is_block=False)
    )
    for pk, number, handle, signed in unseen.order_by("position").values_list(
        "comment_id", "source__number", "source__author__handle", "source__signed"
    ):
        answers[pk][number] = handle or signed
    quoted: dict[int, dict[int, bool]] = defaultdict(dict)
    back = Quote.objects.filter(
        _numbered(numbers, "source__"), source__thread=thread, comment__state=Comment.State.VISIBLE, parent=None
    )
    for pk, number, words in back.order_by("comment__number").values_list("source_id", "comment__number", "words"):
        quoted[pk][number] = bool(words) or quoted[pk].get(number, False)
    sources: dict[int, list[str]] = defaultdict(list)
    for pk, url in Source.objects.filter(theirs, comment__thread=thread).values_list("comment_id", "url"):
        sources[pk].append(url)
    groups = tallies_of(thread, theirs) if thread.group_count else {}
    for comment in comments:
        comment.groups = groups.get(comment.pk, ())
        by = quoted.get(comment.pk, {})
        comment.links = Links(
            tuple(answers.get(comment.pk, {}).items()),
            tuple(number for number, quotes in by.items() if quotes),
            tuple(number for number, quotes in by.items() if not quotes),
            tuple(sources.get(comment.pk, ())),
        )


def _reach(number: int, edges: dict[int, list[int]]) -> set[int]:
    """Every number that can be reached; circles, which edits can make, end where they began."""
    seen = {number}
    ahead = [number]
    while ahead:
        for other in edges[ahead.pop()]:
            if other not in seen:
                seen.add(other)
                ahead.append(other)
    return seen
