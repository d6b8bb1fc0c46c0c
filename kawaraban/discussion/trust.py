"""How a member stands, by their record alone: days here, comments that are shown, and how long none was removed.

No points and no badges: a figure that can be collected is collected. The table is `TRUST` in settings.py, and every
member can see their own row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from kawaraban.accounts.models import User
from kawaraban.decisions.models import Decision
from kawaraban.decisions.models import Kind as Decided
from kawaraban.discussion.models import Comment

# What the rows of the table are called; a site that names its own is taken by its word.
NAMES = {
    "new": pgettext_lazy("a member", "new"),
    "regular": pgettext_lazy("a member", "regular"),
    "long-standing": pgettext_lazy("a member", "long-standing"),
}
# Of a member's comments only the newest are looked at; who has written so many meets every number in the table.
LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """A row of the table of trust, in the order of its columns; `rank` is its place, 0 for new members."""

    rank: int
    name: str
    member_days: int
    comments_shown: int
    clean_days: int
    comments_in_5_minutes: int
    links: int
    votes_in_an_hour: int
    votes_count_after_days: int
    votes_on_one_author: int
    reports_weigh: int

    @property
    def called(self) -> str:
        """The name of the row, in the language of the page."""
        return str(NAMES.get(self.name, self.name))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record says of a member; `removed_at` is the last removal that still holds."""

    days: float
    comments_shown: int
    removed_at: datetime | None

    def meets(self, row: Standing) -> bool:
        """True if the record is as good as a row of the table asks."""
        since = timezone.now() - timedelta(days=row.clean_days)
        is_clean = self.removed_at is None or self.removed_at <= since
        return self.days >= row.member_days and self.comments_shown >= row.comments_shown and is_clean


def rows() -> tuple[Standing, ...]:
    """The table, from new members to long-standing ones."""
    return tuple(Standing(rank, *row) for rank, row in enumerate(settings.TRUST))


def facts_of(member: User) -> Facts:
    """What the record says of a member today. Cost: 2 queries."""
    newest = Comment.objects.filter(author=member).order_by("-id")[:LOOKED_AT]
    shown = newest.aggregate(shown=Count("pk", filter=Q(state=Comment.State.VISIBLE)))["shown"]
    removed_at = _removals().filter(member=member).aggregate(at=Max("decided_at"))["at"]
    return Facts(_days(member.date_joined), shown, removed_at)


def standing_of(member: User) -> Standing:
    """The member's row in the table: the lowest that their record meets. Cost: 2 queries, none for staff."""
    table = rows()
    return table[-1] if member.is_staff else _row(table, facts_of(member))


def ranks_of(members: Iterable[User]) -> dict[int, int]:
    """The ranks of many members by their keys. Cost: 2 queries."""
    known = {member.pk: member for member in members}
    visible = Comment.objects.filter(author__in=known, state=Comment.State.VISIBLE).order_by()
    shown = dict(visible.values_list("author").annotate(shown=Count("pk")))
    removed = dict(_removals().filter(member__in=known).order_by().values_list("member").annotate(at=Max("decided_at")))
    table = rows()
    return {
        key: table[-1].rank
        if member.is_staff
        else _row(table, Facts(_days(member.date_joined), shown.get(key, 0), removed.get(key))).rank
        for key, member in known.items()
    }


def votes_count_from(member: User) -> datetime | None:
    """When the votes of a new account begin to count; None where they count already. Cost: none."""
    begin = member.date_joined + timedelta(days=rows()[0].votes_count_after_days)
    return begin if begin > timezone.now() and not member.is_staff else None


def _row(table: tuple[Standing, ...], facts: Facts) -> Standing:
    return next((row for row in reversed(table) if facts.meets(row)), table[0])


def _removals() -> QuerySet[Decision]:
    """Decisions to remove that hold: what was lifted counts for nothing."""
    return Decision.objects.filter(kind=Decided.REMOVE, lifted_at=None)


def _days(since: datetime) -> float:
    return (timezone.now() - since) / timedelta(days=1)
