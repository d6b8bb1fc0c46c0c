"""What the pages about reports need, and who is due for a warning, in a known number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from kawaraban.accounts.models import Notification, User
from kawaraban.decisions.models import OF_MEMBERS, Decision, Kind
from kawaraban.discussion import trust
from kawaraban.discussion.models import Comment, Quote
from kawaraban.moderation.models import Approval, ModerationSettings, Report

# The misuse rule (DSA Article 23), as it is published. Moderators are told who meets it; what follows they decide.
REMOVALS, REMOVALS_WITHIN = 3, timedelta(days=90)
DISMISSED, OF_LAST = 3, 5
REPORTS_WAIT = timedelta(days=30)
# What a warning of somebody who reports falsely covers; kept in English, and told in the reader’s language.
SCOPE = gettext_noop("Reports made here")
# The figures of the rule, for the page on which it is published.
MISUSE = {
    "removals": REMOVALS,
    "removals_days": REMOVALS_WITHIN.days,
    "dismissed": DISMISSED,
    "of_last": OF_LAST,
    "wait_days": REPORTS_WAIT.days,
}


def site_settings() -> ModerationSettings:
    """How the site moderates; the defaults where nobody has set anything. Cost: 1 query."""
    return ModerationSettings.objects.first() or ModerationSettings()


def report_of(member: User, comment: Comment) -> Report | None:
    """A member's own report of a comment, with its rule. Cost: 1 query."""
    return Report.objects.filter(reporter=member, comment=comment).select_related("rule", "decision").first()


def weight_of(member: User) -> int:
    """How much a member's report weighs now, 0 to 2: by their record, and nothing while theirs wait. Cost: 4 queries.

    It always comes to the moderators; a weight of 0 only means that it does not help to hold a comment by itself.
    """
    now = timezone.now()
    warned = Decision.objects.filter(
        member=member, kind=Kind.WARN, scope=SCOPE, lifted_at=None, decided_at__gt=now - REPORTS_WAIT
    )
    restricted = Decision.objects.in_force(now).filter(member=member, kind__in=OF_MEMBERS)
    if warned.exists() or restricted.exists():
        return 0
    return trust.standing_of(member).reports_weigh


def counting(comment: Comment) -> int:
    """How many members' open reports count towards holding a comment by itself. Cost: 1 query.

    Whoever has answered the comment takes part in the quarrel: their report is read like any other, and does not count.
    Source: Lobsters lets nobody flag whom they have answered.
    """
    answered = Quote.objects.filter(source=comment, comment__author=OuterRef("reporter"))
    waiting = Report.objects.filter(comment=comment, outcome=Report.Outcome.OPEN, weight__gt=0)
    return waiting.exclude(Exists(answered)).values("reporter").distinct().count()


def was_let_stand(comment: Comment) -> bool:
    """Whether a moderator has let these words stand already. Cost: 2 queries."""
    approved = Approval.objects.filter(comment=comment)
    dismissed = Report.objects.filter(comment=comment, outcome=Report.Outcome.DISMISSED)
    if comment.edited_at:
        approved = approved.filter(approved_at__gt=comment.edited_at)
        dismissed = dismissed.filter(settled_at__gt=comment.edited_at)
    return approved.exists() or dismissed.exists()


def heard_of(subject: str) -> list[User]:
    """Members who have read what they were told about this, or were mailed it, be it this moment. Cost: 1 query."""
    told = Notification.objects.filter(subject=subject, withdrawn_at=None)
    heard = ~Q(read_at=None) | ~Q(mailed_at=None) | ~Q(claimed_at=None)
    return list(User.objects.filter(pk__in=told.filter(heard).values("recipient")))


# --- Misuse -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """A member who meets the published rule about misuse, and has not been warned since; `count` is out of `of`."""

    member: User
    count: int
    of: int


def posters_due() -> list[Due]:
    """Members who should be warned for what they post, the most removals first. Cost: 2 queries."""
    since = timezone.now() - REMOVALS_WITHIN
    warned = _warnings().filter(decided_at__gt=since).exclude(scope=SCOPE)
    removed = Decision.objects.filter(kind=Kind.REMOVE, decided_at__gt=since, lifted_at=None, member__isnull=False)
    counts = dict(
        removed.annotate(warned=Exists(warned.filter(decided_at__gt=OuterRef("decided_at"))))
        .filter(warned=False)
        .order_by()
        .values_list("member")
        .annotate(count=Count("pk"))
        .filter(count__gte=REMOVALS)
    )
    members = User.objects.filter(is_active=True).in_bulk(counts)
    due = [Due(members[key], count, count) for key, count in counts.items() if key in members]
    return sorted(due, key=lambda each: (-each.count, each.member.pk))


def reporters_due() -> list[Due]:
    """Members who should be warned for what they report: most of their last reports were dismissed. Cost: 3 queries."""
    dismissed = Report.objects.filter(outcome=Report.Outcome.DISMISSED).order_by()
    suspects = dismissed.values_list("reporter").annotate(count=Count("pk")).filter(count__gte=DISMISSED)
    keys = [key for key, _ in suspects]
    last: dict[int, list[Report]] = defaultdict(list)
    warned_at = _last_warning(keys)
    settled = Report.objects.filter(reporter__in=keys, settled_at__isnull=False).select_related("reporter")
    for report in settled.order_by("-settled_at", "-pk"):
        after = warned_at.get(report.reporter_id)
        is_since = after is None or (report.settled_at is not None and report.settled_at > after)
        if is_since and len(last[report.reporter_id]) < OF_LAST:
            last[report.reporter_id].append(report)
    due = []
    for reports in last.values():
        count = sum(report.outcome == Report.Outcome.DISMISSED for report in reports)
        if count >= DISMISSED and reports[0].reporter.is_active:
            due.append(Due(reports[0].reporter, count, len(reports)))
    return sorted(due, key=lambda each: (-each.count, each.member.pk))


def _warnings() -> QuerySet[Decision]:
    return Decision.objects.filter(member=OuterRef("member"), kind=Kind.WARN, lifted_at=None)


def _last_warning(members: list[int]) -> dict[int, datetime]:
    found = Decision.objects.filter(member__in=members, kind=Kind.WARN, scope=SCOPE, lifted_at=None)
    return {decision.member_id: decision.decided_at for decision in found.order_by("decided_at") if decision.member_id}
