"""A comment as HTML: one fragment for a page, the answer to a deed, and open pages.

What readers get is made once for each state of a comment and kept in memory: `Shown` is all that the fragment knows of
it, and the key under which it is kept (docs/decisions/0036-fragments.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.template import Context, Engine
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kawaraban.discussion.models import Comment, Thread
from kawaraban.ranking.common_ground import Votes, approval, has_badge

if TYPE_CHECKING:
    from kawaraban.discussion.reads import Mine, ThreadPage

# About 4 kB each of 60 words, in Japanese 7: three of the longest pages, or thirty of a hundred comments.
KEPT = 3_000


class Around(NamedTuple):
    """What the fragments of a page have in common; times are printed in this language and time zone."""

    path: str
    is_open: bool
    today: date
    language: str
    zone: str


class Bar(NamedTuple):
    """What one opinion group says of a comment: `up` of `n` votes agree."""

    letter: str
    up: int
    n: int

    @property
    def percent(self) -> int:
        """How many of a hundred of the group's votes agree."""
        return round(100 * self.up / self.n) if self.n else 0


class Shown(NamedTuple):
    """Everything that a comment shows to everybody. Of one whose words may not be read it holds none."""

    around: Around
    number: int
    state: str
    ground: str = ""  # on which it was removed or is folded
    quoted_by: tuple[int, ...] = ()
    answered_by: tuple[int, ...] = ()
    name: str = ""
    slug: str = ""  # of the member; empty for a name that an import came with
    title: str = ""
    is_answer: bool = False  # the newsroom's, to readers who were asked for questions
    written_at: datetime | None = None
    time_text: str = ""
    is_edited: bool = False
    is_cut: bool = False
    is_folded: bool = False
    html: str = ""
    agree: int = 0
    disagree: int = 0
    worth: int = 0
    source_requests: int = 0
    pick_reason: str = ""
    answers: tuple[tuple[int, str], ...] = ()
    sources: tuple[str, ...] = ()
    groups: tuple[Bar, ...] = ()  # what each opinion group says, the largest first


def comment_html(page: ThreadPage, comment: Comment) -> SafeString:
    """The comment as everybody sees it; `page` holds it, linked. Cost: none."""
    return _neutral(_shown(_around(page), page, comment))


def comments_html(page: ThreadPage) -> Iterator[SafeString]:
    """The comments of a page as everybody sees them. Cost: none."""
    around = _around(page)
    return (_neutral(_shown(around, page, comment)) for comment in page.comments)


def own_comments_html(page: ThreadPage, mine: Mine, csrf_token: str) -> Iterator[SafeString]:
    """The comments of a page with what is the viewer's, which nobody else gets and nothing keeps. Cost: none."""
    around = _around(page)
    for comment in page.comments:
        own = {
            "mine": mine,
            "csrf_token": csrf_token,
            "vote": mine.votes.get(comment.number, 0),
            "is_own": comment.number in mine.deletable,
            "is_muted": comment.number in mine.folded,
            "is_worth": comment.number in mine.worth,
            "is_removable": comment.number in mine.removable,
        }
        yield _render(_shown(around, page, comment), own)


def bars_of(thread: Thread, groups: Sequence[Votes]) -> tuple[Bar, ...]:
    """What the opinion groups of a thread say, by their letters; nothing where it is said of other groups."""
    if len(groups) != thread.group_count:
        return ()
    return tuple(Bar(letter, votes.up, votes.n) for letter, votes in zip(thread.group_letters, groups, strict=True))


def common_ground_of(bars: tuple[Bar, ...]) -> dict[str, Any]:
    """What a template says of bars: the `least` approving one, its score in percent, and whether there is the badge."""
    if not bars:
        return {"least": None, "common_ground": 0, "has_badge": False}
    votes = [Votes(bar.up, bar.n) for bar in bars]
    least = min(range(len(bars)), key=lambda place: approval(votes[place]))
    return {"least": bars[least], "common_ground": round(100 * approval(votes[least])), "has_badge": has_badge(votes)}


def forget() -> None:
    """Begin as a process does, with nothing kept. Nothing but memory is lost."""
    _neutral.cache_clear()


# On a page that is alike for everyone. They are there so that the template finds them, which is quicker.
_NOBODYS: dict[str, Any] = dict.fromkeys(("mine", "vote", "is_own", "is_muted", "is_worth", "is_removable"))


@lru_cache(maxsize=KEPT)
def _neutral(shown: Shown) -> SafeString:
    return _render(shown, _NOBODYS)


def _render(shown: Shown, own: dict[str, Any]) -> SafeString:
    around = shown.around
    values = {
        **shown._asdict(),
        **own,
        "path": around.path,
        "place": f"{around.path}{shown.number}/",
        "is_open": around.is_open,
        "today": around.today,
        "net": shown.agree - shown.disagree,
        **common_ground_of(shown.groups),
    }
    # A context of its own: nothing of the page around it comes in. Numbers are written as they are.
    template = Engine.get_default().get_template("discussion/thread.html#comment")
    return template.render(Context(values, use_l10n=False))


def _around(page: ThreadPage) -> Around:
    return Around(
        page.path, page.thread.is_open, page.today, get_language() or "", timezone.get_current_timezone_name()
    )


def _shown(around: Around, page: ThreadPage, comment: Comment) -> Shown:
    links, decision, author = comment.links, comment.decision, comment.author
    quoted_by, answered_by = (links.quoted_by, links.answered_by) if links else ((), ())
    if not comment.is_visible:
        ground = decision.ground if decision and comment.state == Comment.State.REMOVED else ""
        return Shown(around, comment.number, str(comment.state), ground, quoted_by, answered_by)
    return Shown(
        around,
        comment.number,
        str(comment.state),
        decision.ground if decision and comment.is_folded else "",
        quoted_by,
        answered_by,
        author.handle if author else comment.signed,
        author.slug if author else "",
        author.title if author else "",
        bool(author and author.title and page.thread.is_questions),
        comment.created_at,
        comment.time_text,
        comment.edited_at is not None,
        bool(decision and decision.kind == "edit_out"),
        comment.is_folded,
        comment.html,
        comment.agree,
        comment.disagree,
        comment.worth,
        comment.source_requests,
        comment.pick_reason,
        links.answers if links else (),
        links.sources if links else (),
        bars_of(page.thread, comment.groups),
    )
