"""What waits for a moderator, queue by queue: read off comments, reports, appeals, notices, rings; kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Left
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kawaraban.decisions.models import Decision
from kawaraban.discussion.models import Comment
from kawaraban.moderation.models import Appeal, Claim, Notice, Report, Ring
from kawaraban.moderation.reads.states import states_of
from kawaraban.newsroom.models import SectionPage, StoryPage
from kawaraban.screening import languages
from kawaraban.sent import number as sent_number

# Of comments, with their headings; those of other things follow on the page.
QUEUES = {
    "reported": _("Reported"),
    "rule": _("Held by a rule"),
    "score": _("Held by the score"),
    "held": _("Held by one of us"),
    "new": _("First comments of new members"),
}
OTHERS = {"appeals": _("Appeals"), "notices": _("Notices from outside"), "rings": _("Votes set aside")}

PAGE_SIZE = 50
# As far as a queue is counted out for its next and last page, and looked through for a language.
MOST_LISTED = 2_000
CLAIM_TIME = timedelta(minutes=5)
# Whose comments are looked at after publication: those who came within a month, and their first three.
NEW_MEMBER = timedelta(days=30)
FIRST_COMMENTS = 3
AGES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class Filters:
    """What of a queue is wanted; nothing named is everything.

    `rule` is a rule's number, `age` a key of `AGES` that a case has waited at least, `language` two letters.
    """

    section: int | None = None
    rule: int | None = None
    age: str = ""
    language: str = ""

    def query(self, **more: object) -> str:
        """The filters as they stand in an address, with more in front; those that ask nothing left out."""
        named = {"section": self.section, "rule": self.rule, "age": self.age, "language": self.language}
        return urlencode({name: value for name, value in {**more, **named}.items() if value})


def filters_of(sent: QueryDict) -> Filters:
    """The filters that an address names; what makes no sense is left out."""
    age, language = sent.get("age", ""), sent.get("language", "")
    return Filters(
        sent_number(sent.get("section")),
        sent_number(sent.get("rule")),
        age if age in AGES else "",
        language if language in languages.KNOWN else "",
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many cases a queue has, and since when the oldest of them waits."""

    count: int = 0
    oldest: datetime | None = None


@dataclass(slots=True)
class Line:
    """A case as it stands in a queue. `why` names rules, `weight` is the sum of its reports' weights.

    `tick` is what a form sends that ticks it: its key, and the state it was shown in.
    """

    comment: Comment
    since: datetime | None
    tick: str = ""
    section: str = ""
    reports: int = 0
    weight: int = 0
    why: list[str] = field(default_factory=list)
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a queue, in the order in which it should be worked off."""

    lines: list[Line]
    found: int
    page: int
    pages: int


def counts() -> dict[str, Waiting]:
    """How much waits in each queue. Cost: 6 queries at any length."""
    found = {**_decidable(), "new": _waiting(comments("new"), "new")}
    return {name: found[name] for name in (*QUEUES, *OTHERS)}


def open_count() -> int:
    """How many cases wait for a decision; first comments, which are read without one, are not among them.

    Cost: 5 queries at any length.
    """
    return sum(each.count for each in _decidable().values())


def _decidable() -> dict[str, Waiting]:
    found = {"reported": _waiting(comments("reported"), "reported")}
    held: dict[str, Any] = {}
    rows = Comment.objects.filter(state=Comment.State.HELD, decision__isnull=False)
    for name in ("rule", "score", "held"):
        held[name] = Count("pk", filter=_held_by(name))
        held[f"{name}_oldest"] = Min("decision__decided_at", filter=_held_by(name))
    sums: dict[str, Any] = rows.aggregate(**held)
    for name in ("rule", "score", "held"):
        found[name] = Waiting(sums[name], sums[f"{name}_oldest"])
    for name, model, moment in (
        ("appeals", Appeal, "made_at"),
        ("notices", Notice, "made_at"),
        ("rings", Ring, "found_at"),
    ):
        open_ones = model._default_manager.filter(outcome="open").aggregate(n=Count("pk"), oldest=Min(moment))
        found[name] = Waiting(open_ones["n"], open_ones["oldest"])
    return found


def listing(name: str, filters: Filters, page: int = 1) -> Listing:
    """A page of a queue of comments. Cost: 9 queries at any length; with a language, 1 more."""
    found = _filtered(name, filters)
    keys = _of_language(found, filters.language) if filters.language else None
    total = len(keys) if keys is not None else found.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    first = (page - 1) * PAGE_SIZE
    if keys is not None:
        found = found.filter(pk__in=keys[first : first + PAGE_SIZE])
        shown = list(found)
    else:
        shown = list(found[first : first + PAGE_SIZE])
    return Listing(_lines(shown), total, page, pages)


def neighbours(name: str, filters: Filters, comment_id: int) -> tuple[int | None, int | None]:
    """The keys of the cases before and after one in its queue. Cost: 1 query, 2 with a language.

    A case that has left the queue has the first one after it.
    """
    found = _filtered(name, filters)
    keys = (
        _of_language(found, filters.language)
        if filters.language
        else list(found.values_list("pk", flat=True)[:MOST_LISTED])
    )
    if comment_id not in keys:
        return None, keys[0] if keys else None
    place = keys.index(comment_id)
    return keys[place - 1] if place else None, keys[place + 1] if place + 1 < len(keys) else None


def sections() -> list[SectionPage]:
    """The sections, for a choice. Cost: 1 query."""
    return list(SectionPage.objects.live().order_by("path"))


def claims(subjects: Sequence[str]) -> dict[str, Claim]:
    """Who has which of these cases open now, by its subject. Cost: 1 query."""
    since = timezone.now() - CLAIM_TIME
    found = Claim.objects.filter(subject__in=subjects, claimed_at__gt=since).select_related("moderator")
    return {claim.subject: claim for claim in found}


def open_rings() -> list[Ring]:
    """The votes that were set aside and are not decided about, the oldest first. Cost: 3 queries."""
    found = Ring.objects.filter(outcome=Ring.Outcome.OPEN).order_by("found_at", "pk")
    return list(found.prefetch_related("comments__thread"))


def comments(name: str) -> QuerySet[Any]:
    """The comments of a queue, each with `since`. Cost: none until asked."""
    if name == "reported":
        return _reported()
    if name == "new":
        return _first()
    held = Comment.objects.filter(_held_by(name), state=Comment.State.HELD)
    return held.annotate(since=F("decision__decided_at"))


# --- What these share -------------------------------------------------------------------------------------------------


def _reported() -> QuerySet[Any]:
    """Comments with reports nobody has answered; a removed or deleted one has nothing left to decide."""
    waiting = Report.objects.filter(comment=OuterRef("pk"), outcome=Report.Outcome.OPEN).order_by().values("comment")
    there = Comment.objects.filter(state__in=(Comment.State.VISIBLE, Comment.State.HELD))
    return there.filter(Exists(waiting)).annotate(
        since=Subquery(waiting.annotate(at=Min("made_at")).values("at")),
        weight=Coalesce(Subquery(waiting.annotate(sum=Sum("weight")).values("sum")), 0),
    )


def _held_by(name: str) -> Q:
    origin = {"rule": Decision.Origin.RULE, "score": Decision.Origin.SCORE}.get(name)
    if origin:
        return Q(decision__origin=origin)
    open_report = Report.objects.filter(comment=OuterRef("pk"), outcome=Report.Outcome.OPEN)
    # What was reported is in that queue already.
    return ~Q(decision__origin__in=(Decision.Origin.RULE, Decision.Origin.SCORE)) & Q(~Exists(open_report))


def _first() -> QuerySet[Any]:
    """What new members said first, shown to everybody and read by none of us."""
    earlier = (
        Comment.objects.filter(author=OuterRef("author"), pk__lt=OuterRef("pk"), born__gt=0)
        .order_by()
        .values("author")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        Comment.objects.filter(
            state=Comment.State.VISIBLE,
            approval=None,
            author__is_staff=False,
            author__date_joined__gt=timezone.now() - NEW_MEMBER,
        )
        .annotate(since=F("created_at"), earlier=Coalesce(Subquery(earlier), 0))
        .filter(earlier__lt=FIRST_COMMENTS)
    )


def _waiting(found: QuerySet[Any], name: str) -> Waiting:
    sums = found.aggregate(n=Count("pk"), oldest=Min("since"))
    return Waiting(sums["n"], sums["oldest"])


def _filtered(name: str, filters: Filters) -> QuerySet[Any]:
    found = comments(name)
    if filters.section:
        section = SectionPage.objects.filter(pk=filters.section).first()
        stories = StoryPage.objects.child_of(section) if section else StoryPage.objects.none()
        found = found.filter(thread__in=stories.order_by().values("thread"))
    if filters.rule:
        named = Report.objects.filter(comment=OuterRef("pk"), outcome=Report.Outcome.OPEN, rule__number=filters.rule)
        found = found.filter(Exists(named) if name == "reported" else Q(decision__rule__number=filters.rule))
    if filters.age:
        found = found.filter(since__lte=timezone.now() - AGES[filters.age])
    found = found.select_related("author", "thread", "decision__rule")
    # What many have reported first; else whoever has waited longest.
    return found.order_by("-weight", "since", "pk") if name == "reported" else found.order_by("since", "pk")


def _of_language(found: QuerySet[Any], language: str) -> list[int]:
    """The keys of the comments written in a language, by the first 1,000 characters of each. Cost: 1 query."""
    rows = found.annotate(opening=Left("source", 1_000)).values_list("pk", "opening")[:MOST_LISTED]
    return [pk for pk, opening in rows if languages.guess(opening) == language]


def _lines(shown: Sequence[Comment]) -> list[Line]:
    """These comments with their reports, sections, claims and states. Cost: 6 queries."""
    states = states_of(shown)
    lines = {
        each.pk: Line(each, each.since, f"{each.pk}:{states[each.pk]}")  # type: ignore[attr-defined]
        for each in shown
    }
    reports = Report.objects.filter(comment__in=list(lines), outcome=Report.Outcome.OPEN)
    for pk, _number, name, n, weight in (
        reports.values_list("comment", "rule__number", "rule__name")
        .annotate(n=Count("pk"), weight=Sum("weight"))
        .order_by("-weight", "rule__number")
    ):
        line = lines[pk]
        line.reports += n
        line.weight += weight
        line.why.append(f"{name or gettext('no rule named')} ({n})")
    parents = _sections_of({each.thread_id for each in shown})
    taken = claims([f"comment:{pk}" for pk in lines])
    for line in lines.values():
        line.section = parents.get(line.comment.thread_id, "")
        line.claim = taken.get(f"comment:{line.comment.pk}")
        if line.comment.decision and not line.reports:
            line.why = [line.comment.decision.ground or line.comment.decision.facts]
    return list(lines.values())


def _sections_of(threads: set[int]) -> dict[int, str]:
    """The section's title of each thread's story. Cost: 2 queries."""
    titles = {section.path: section.title for section in sections()}
    stories = StoryPage.objects.filter(thread__in=threads).order_by().values_list("thread", "path")
    return {thread: titles.get(path[: -StoryPage.steplen], "") for thread, path in stories}
