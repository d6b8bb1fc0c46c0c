"""What a score is learned from, and how the scores that were learned are shown."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban.accounts.models import ADMINISTRATOR, EDITOR, MODERATOR, User
from kawaraban.decisions.models import Decision, Kind
from kawaraban.decisions.reads import rules
from kawaraban.discussion.models import Comment
from kawaraban.jobs.models import Job
from kawaraban.moderation.models import Approval, Report
from kawaraban.moderation.reads.screening import own_words
from kawaraban.screening import curves, languages
from kawaraban.screening.curves import Figures, Metrics, Point
from kawaraban.screening.models import ScoreModel
from kawaraban.screening.reads import metrics
from kawaraban.screening.samples import Labelled

LEARN = "kawaraban.moderation.tasks.learn_score"
"""The task that learns, by the name under which the queue keeps it."""
MOST = 100_000
"""Comments, the newest, from which a score is learned."""
COUNTED = 10_000
"""Up to so many decisions are counted for the page."""
SETTLED_AFTER = timedelta(days=1)
"""What readers have left alone for so long stands."""
AT_ONCE = 2_000


# --- Decisions --------------------------------------------------------------------------------------------------------


def decided(most: int = MOST) -> Iterator[Labelled]:
    """What was decided about the newest comments. Cost: 3 queries, and 1 for each 2,000 comments.

    Of all comments that have been decided about the newest are taken, those that were removed and those that stayed:
    of a part of either, "the top 2 %" would be 2 % of something else.
    """
    # A rule that was moved keeps its name; under one that is no longer in force nothing is named.
    numbers = {rule.name: str(rule.number) for rule in rules()}
    found = _decided().order_by("-pk").values_list("pk", "source", "state", "created_at", "decision__rule__name")
    rows = found[:most].iterator(chunk_size=AT_ONCE)
    while chunk := list(islice(rows, AT_ONCE)):
        texts = own_words({key: source for key, source, *_ in chunk})
        for key, _source, state, created_at, rule in chunk:
            if not texts[key]:
                continue
            assert created_at is not None  # noqa: S101 - narrows the type, decides nothing
            removed = state == Comment.State.REMOVED
            # When it was written, not when it was decided about: many that are removed on one day would else stand
            # among the newest, and what is measured there would be of another mixture.
            group = numbers.get(rule or "", "") if removed else ""
            yield Labelled(texts[key], languages.guess(texts[key]), group, removed, created_at)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many decisions there are to learn from, up to 10,000 of each, and how many a score needs."""

    removed: int
    stayed: int
    removed_needed: int
    stayed_needed: int

    @property
    def is_enough(self) -> bool:
        """True when a score can be learned."""
        return self.removed >= self.removed_needed and self.stayed >= self.stayed_needed


def standing(fewest: tuple[int, int] = (curves.FEWEST_REMOVED, curves.FEWEST_APPROVED)) -> Standing:
    """How many decisions there are to learn from; `fewest` are those needed, removals first. Cost: 2 queries."""
    there = _decided()
    removed = there.filter(state=Comment.State.REMOVED)[:COUNTED].count()
    return Standing(removed, there.filter(state=Comment.State.VISIBLE)[:COUNTED].count(), *fewest)


def _decided() -> QuerySet[Comment]:
    """Comments that were removed and are still, and those that stand as they were written.

    Left out is what people have decided differently about, what a report still waits for, and what nobody here has
    screened: the words of the newsroom, and comments that came with an import.
    """
    staff = User.objects.filter(Q(is_superuser=True) | Q(groups__name__in=(MODERATOR, EDITOR, ADMINISTRATOR)))
    key = Concat(Value("comment:"), Cast(OuterRef("pk"), CharField()))
    reversed_ = Decision.objects.filter(subject=key, is_reversed=True)
    reports = Report.objects.filter(comment=OuterRef("pk"))
    approved = Approval.objects.filter(
        Q(comment__edited_at=None) | Q(approved_at__gt=F("comment__edited_at")), comment=OuterRef("pk")
    )
    dismissed = reports.filter(
        Q(comment__edited_at=None) | Q(settled_at__gt=F("comment__edited_at")), outcome=Report.Outcome.DISMISSED
    )
    was_looked_at = Exists(approved) | Exists(dismissed)
    is_old = Q(created_at__lt=timezone.now() - SETTLED_AFTER)
    removed = Q(state=Comment.State.REMOVED, decision__kind=Kind.REMOVE, decision__lifted_at=None)
    stands = Q(state=Comment.State.VISIBLE, decision=None) & ~Exists(reports.filter(outcome=Report.Outcome.OPEN))
    written_here = Comment.objects.filter(author__isnull=False, created_at__isnull=False).exclude(author__in=staff)
    return written_here.filter(removed | stands & (is_old | was_looked_at)).filter(~Exists(reversed_))


# --- Scores -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Version:
    """A score that was learned, and what was measured then."""

    model: ScoreModel
    measured: Metrics

    @property
    def key(self) -> int:
        """Its number, as pages and forms name it."""
        return self.model.pk


def versions() -> list[Version]:
    """The scores that are kept, the newest first. Cost: 1 query."""
    return [Version(each, metrics(each)) for each in ScoreModel.objects.defer("weights")]


@dataclass(frozen=True, slots=True)
class Telling:
    """How well one rule or language is told, in words for a table; how many were removed and held are numbers."""

    name: str
    removed: int
    held: int
    caught: str
    right: str


def by_rule(measured: Metrics) -> list[Telling]:
    """How well each rule is told, with the names of those in force. Cost: 1 query."""
    names = {str(rule.number): f"{rule.number}. {rule.name}" for rule in rules()}
    return [
        _telling(names.get(key, _("Rule {number}").format(number=key)), figures)
        for key, figures in measured.rules.items()
    ]


def by_language(measured: Metrics) -> list[Telling]:
    """How well texts in each language are told."""
    return [_telling(key or _("not recognised"), figures) for key, figures in measured.languages.items()]


def _telling(name: str, figures: Figures) -> Telling:
    return Telling(name, figures.removed, figures.held, _percent(figures.caught), _percent(figures.right))


def _percent(part: float | None) -> str:
    return "–" if part is None else f"{100 * part:.0f} %"


@dataclass(frozen=True, slots=True)
class Drawing:
    """The curve for a picture of `WIDTH` to `HEIGHT`: two lines as SVG has them, and where the marks stand."""

    caught: str
    right: str
    across: tuple[tuple[str, str], ...]
    up: tuple[tuple[str, str], ...]


WIDTH, HEIGHT = 480, 200
_MARKS = (0.001, 0.01, 0.02, 0.05, 0.1, 0.3)


def drawing(curve: tuple[Point, ...]) -> Drawing:
    """The curve as a picture: across the part of all comments held, by powers of ten, upwards 0 to 100 %."""
    least, most = math.log(curve[0].share), math.log(curve[-1].share)

    # As text: a template would write numbers as the editor's language does, and SVG knows no decimal comma.
    def across(share: float) -> str:
        return f"{WIDTH * (math.log(share) - least) / ((most - least) or 1):.1f}"

    def up(part: float) -> str:
        return f"{HEIGHT * (1 - part):.1f}"

    held = [point for point in curve if point.held]
    return Drawing(
        " ".join(f"{across(point.share)},{up(point.caught)}" for point in curve),
        " ".join(f"{across(point.share)},{up(point.right)}" for point in held),
        tuple(
            (across(share), f"{100 * share:.2g} %") for share in _MARKS if curve[0].share <= share <= curve[-1].share
        ),
        tuple((up(part / 100), f"{part} %") for part in (0, 50, 100)),
    )


# --- The job ----------------------------------------------------------------------------------------------------------


def last_learning() -> Job | None:
    """The last job that learned or is to learn; those that are done are kept for three days. Cost: 1 query."""
    return Job.objects.filter(task=LEARN).order_by("-pk").first()


def is_learning() -> bool:
    """Whether a job that learns is waiting or running. Cost: 1 query."""
    return Job.objects.filter(task=LEARN, state__in=(Job.State.WAITING, Job.State.RUNNING)).exists()
