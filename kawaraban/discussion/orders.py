"""In which order a thread is read, and which part of it: what stands in its address, and one sentence for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from kawaraban.ranking import common_ground
from kawaraban.ranking import orders as ranking
from kawaraban.ranking.common_ground import Votes
from kawaraban.sent import number as sent_number

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

PAGE_SIZE = 100
# All on one page, for those who like to scroll and search; a longer thread would not open on a telephone.
WHOLE = 1_000
DEFAULT = "oldest"


@dataclass(frozen=True, slots=True)
class Standing:
    """What an order may look at: one comment's number and votes, what each opinion group says, and its answers."""

    number: int
    up: int
    down: int
    groups: Sequence[Votes] = ()
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """An order of comments. `rank` sorts ascending; ties go to the newer comment."""

    name: str
    label: StrPromise
    sentence: StrPromise
    rank: Callable[[Standing], float | tuple[float, ...]] | None = None


def _common_ground(each: Standing) -> tuple[float, float]:
    """Ties go to what can be counted on most, of all who are in a group."""
    placed, agreed = sum(group.n for group in each.groups), sum(group.up for group in each.groups)
    return -common_ground.score(each.groups), -ranking.best(agreed, placed - agreed)


BEST = "best"
COMMON_GROUND = "common-ground"


ORDERS: dict[str, Order] = {
    order.name: order
    for order in (
        Order("oldest", _("Oldest first"), _("In the order they were written.")),
        Order("newest", _("Newest first"), _("The newest comment first.")),
        Order(
            BEST,
            _("Best first"),
            _("First what most agree with, counted so that one vote of one does not beat ninety of a hundred."),
            lambda each: -ranking.best(each.up, each.down),
        ),
        Order(
            COMMON_GROUND,
            _("Common ground"),
            _("Ranked by the approval it gets in the group of readers that likes it least."),
            _common_ground,
        ),
        Order(
            "discussed",
            _("Most discussed"),
            _("First what has the most answers."),
            lambda each: -each.answers,
        ),
        Order(
            "controversial",
            _("Most divided"),
            _("First what has many votes that are evenly split."),
            lambda each: -ranking.controversial(each.up, each.down),
        ),
    )
}

# Parts of a thread, by the name in the address: what a reader calls them.
PARTS = {
    "worth": _("Worth reading"),
    "sources": _("Source requested or given"),
    "answered": _("Answered by the newsroom"),
}


@dataclass(frozen=True, slots=True)
class View:
    """What an address asks for: an order, a part, and a page; 0 stands for all on one page."""

    order: str = DEFAULT
    part: str = ""
    page: int = 1

    def query(self, **changes: str | int) -> str:
        """The query string of this view with changes, with its `?`; empty for the view that needs none."""
        wanted = {"order": self.order, "part": self.part, "page": self.page, **changes}
        said = {
            "order": wanted["order"] if wanted["order"] != DEFAULT else "",
            "part": wanted["part"],
            "page": "all" if wanted["page"] == 0 else wanted["page"] if wanted["page"] != 1 else "",
        }
        query = urlencode({name: value for name, value in said.items() if value})
        return f"?{query}" if query else ""


def view_of(query: Mapping[str, str]) -> View:
    """The view that a query string asks for; what it does not know, it takes for the default."""
    page = query.get("page", "1")
    return View(
        order=order if (order := query.get("order", DEFAULT)) in ORDERS else DEFAULT,
        part=part if (part := query.get("part", "")) in PARTS else "",
        page=0 if page == "all" else sent_number(page, digits=6) or 1,
    )


def sort(standings: list[Standing], order: str) -> list[int]:
    """The numbers of comments in an order. Cost: none."""
    rank = ORDERS[order].rank
    if rank is None:
        return sorted((each.number for each in standings), reverse=order == "newest")
    return [each.number for each in sorted(standings, key=lambda each: (rank(each), -each.number))]
