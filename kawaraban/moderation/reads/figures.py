"""What is published about moderation, by month and as a log: counts, rules and roles, and nobody's name or words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from kawaraban.decisions.models import Decision, Kind
from kawaraban.discussion.models import Thread
from kawaraban.moderation.models import Appeal, Notice, Report

MONTHS = 12
LOGGED = 100


@dataclass(slots=True)
class Month:
    """The figures of one month; `begins` is its first moment in the site's time.

    `by_rule` counts decisions by what they rest on and by kind, the most frequent first. `wait` is the median time from
    a report or notice until it was settled in this month; None where none was.
    """

    begins: datetime
    decisions: int = 0
    automated: int = 0
    by_rule: list[tuple[str, str, int]] = field(default_factory=list)
    reports: int = 0
    notices: int = 0
    wait: timedelta | None = None
    appeals: int = 0
    reversals: int = 0
    by_same_person: int = 0

    @property
    def automated_share(self) -> int:
        """How many in a hundred decisions no person made."""
        return round(100 * self.automated / self.decisions) if self.decisions else 0

    @property
    def wait_words(self) -> str:
        """The median time in words: "40 minutes", "3 hours", "2 days"."""
        return in_words(self.wait)


@dataclass(frozen=True, slots=True)
class Logged:
    """A line of the public log. `thread` is where it was, with its headline; None for what concerns a member."""

    kind: str
    ground: str
    role: str
    at: datetime
    is_in_force: bool
    is_reversed: bool
    thread: Thread | None


def months(count: int = MONTHS) -> list[Month]:
    """The figures of so many months, the newest first, of which the first is not over. Cost: 6 queries."""
    first = _months_ago(count - 1)
    found: dict[tuple[int, int], Month] = {}
    for back in range(count):
        begin = _months_ago(back)
        found[begin.year, begin.month] = Month(begin)
    _count_decisions(found, first)
    _count_waits(found, first)
    for month, name, number in _counts(Report.objects.filter(made_at__gte=first), "made_at", "reports"):
        setattr(found[month], name, number)
    for month, name, number in _counts(Notice.objects.filter(made_at__gte=first), "made_at", "notices"):
        setattr(found[month], name, number)
    for at, outcome, is_same in Appeal.objects.filter(made_at__gte=first).values_list(
        "made_at", "outcome", "is_same_person"
    ):
        of_month = found[_key(at)]
        of_month.appeals += 1
        of_month.reversals += outcome == Appeal.Outcome.REVERSED
        of_month.by_same_person += is_same
    return list(found.values())


def logged(count: int = LOGGED) -> list[Logged]:
    """The last decisions, the newest first, without names and without words. Cost: 2 queries."""
    last = list(Decision.objects.select_related("rule").order_by("-pk")[:count])
    threads = Thread.objects.exclude(state=Thread.State.OFF).in_bulk({_thread_of(each) for each in last} - {None})
    return [
        Logged(
            kind=each.get_kind_display(),
            ground=each.ground,
            role=_("by a rule that runs by itself") if each.is_automated else each.role,
            at=each.decided_at,
            is_in_force=each.is_in_force,
            is_reversed=each.is_reversed,
            thread=threads.get(_thread_of(each) or 0),
        )
        for each in last
    ]


def in_words(wait: timedelta | None) -> str:
    """A length of time, in the unit that fits it; "" for none."""
    if wait is None:
        return ""
    minutes = max(1, round(wait / timedelta(minutes=1)))
    if minutes >= 2 * 1440:
        days = round(minutes / 1440)
        return npgettext("length of time", "{days} day", "{days} days", days).format(days=days)
    if minutes >= 2 * 60:
        hours = round(minutes / 60)
        return npgettext("length of time", "{hours} hour", "{hours} hours", hours).format(hours=hours)
    return npgettext("length of time", "{minutes} minute", "{minutes} minutes", minutes).format(minutes=minutes)


def waits(since: datetime, until: datetime | None = None) -> list[tuple[datetime, timedelta]]:
    """When each report and notice was settled, and how long that took. Cost: 2 queries."""
    until = until or timezone.now()
    settled_then = Q(settled_at__gte=since, settled_at__lte=until)
    moments = [
        *Report.objects.filter(settled_then).values_list("made_at", "settled_at"),
        *Notice.objects.filter(settled_then).values_list("made_at", "settled_at"),
    ]
    return [(settled, settled - made) for made, settled in moments if settled is not None]


def median_of(lengths: Iterable[timedelta]) -> timedelta:
    """The median of some lengths of time, of which there is one at least."""
    return timedelta(seconds=median(each.total_seconds() for each in lengths))


def _count_decisions(found: dict[tuple[int, int], Month], first: datetime) -> None:
    rows = (
        Decision.objects.filter(decided_at__gte=first)
        .annotate(month=TruncMonth("decided_at"))
        .order_by()
        .values_list("month", "kind", "rule__number", "rule__name", "law", "is_automated")
        .annotate(count=Count("pk"))
    )
    by_rule: dict[tuple[int, int], Counter[tuple[str, str]]] = defaultdict(Counter)
    for month, kind, number, name, law, is_automated, count in rows:
        key = (month.year, month.month)
        ground = f"{number}. {name}" if number else _("A law") if law else ""
        by_rule[key][ground, str(Kind(kind).label)] += count
        found[key].decisions += count
        found[key].automated += count * is_automated
    for key, counted in by_rule.items():
        rows_of = sorted(counted.items(), key=lambda row: (-row[1], row[0]))
        found[key].by_rule = [(ground, kind, count) for (ground, kind), count in rows_of]


def _count_waits(found: dict[tuple[int, int], Month], first: datetime) -> None:
    lengths: dict[tuple[int, int], list[timedelta]] = defaultdict(list)
    for settled, length in waits(first):
        lengths[_key(settled)].append(length)
    for key, each in lengths.items():
        found[key].wait = median_of(each)


def _counts(rows: Any, moment: str, name: str) -> Iterable[tuple[tuple[int, int], str, int]]:
    counted = rows.annotate(month=TruncMonth(moment)).order_by().values_list("month").annotate(count=Count("pk"))
    return [((month.year, month.month), name, count) for month, count in counted]


def _months_ago(count: int) -> datetime:
    now = timezone.localtime()
    month = now.year * 12 + now.month - 1 - count
    return now.replace(year=month // 12, month=month % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)


def _key(at: datetime) -> tuple[int, int]:
    local = timezone.localtime(at)
    return local.year, local.month


def _thread_of(decision: Decision) -> int | None:
    """The thread that a decision on words or on a discussion happened in; none where it concerns a member."""
    subject, key = decision.subject.split(":", 1)
    if subject == "thread":
        return int(key)
    parts = decision.address.split("/")
    return int(parts[2]) if subject == "comment" and parts[1:2] == ["t"] and parts[2].isdigit() else None
