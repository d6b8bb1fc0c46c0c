"""What the yearly transparency report is made of, counted from decisions, notices and appeals."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Site

from kawaraban.accounts.models import ADMINISTRATOR, EDITOR, MODERATOR, User
from kawaraban.decisions.models import OF_MEMBERS, Decision, Kind
from kawaraban.moderation.models import Appeal, Notice
from kawaraban.moderation.reads.figures import median_of
from kawaraban.moderation.reads.reports import SCOPE
from kawaraban.moderation.report_dsa import Complaints, Counted, Notices

# Reports of members count as our own initiative, as the template has it; notices do not.
OWN = (Decision.Origin.OWN, Decision.Origin.REPORT, Decision.Origin.RULE, Decision.Origin.SCORE, Decision.Origin.APPEAL)


def counted(begin: date, end: date) -> Counted:
    """The figures of the days from `begin` to `end`, both included, in the site's time. Cost: 6 queries."""
    first = timezone.make_aware(datetime.combine(begin, time.min))
    last = timezone.make_aware(datetime.combine(end + timedelta(days=1), time.min))
    decided = list(
        Decision.objects.filter(decided_at__gte=first, decided_at__lt=last).select_related("rule").order_by("pk")
    )
    own = [each for each in decided if each.origin in OWN]
    of_law = [each for each in own if each.law and each.scope != SCOPE]
    of_rules = [each for each in own if not each.law or each.scope == SCOPE]
    roles = Q(groups__name__in=(MODERATOR, EDITOR, ADMINISTRATOR)) | Q(is_superuser=True)
    return Counted(
        begin=begin,
        end=end,
        provider=str(Site.objects.filter(is_default_site=True).values_list("site_name", flat=True).first() or ""),
        notices=_notices(first, last),
        by_law=Counter(each.kind for each in of_law),
        by_rules=Counter(each.kind for each in of_rules),
        law_automated=sum(each.is_automated for each in of_law),
        rules_automated=sum(each.is_automated for each in of_rules),
        warnings=sum(each.kind == Kind.WARN for each in decided),
        complaints=_complaints(first, last),
        automated=sum(each.is_automated for each in decided),
        by_people=sum(not each.is_automated for each in decided),
        suspended=sum(each.kind in OF_MEMBERS and bool(each.law) for each in decided),
        warned_reporters=sum(each.kind == Kind.WARN and each.scope == SCOPE for each in decided),
        moderators=User.objects.filter(roles, is_active=True).distinct().count(),
    )


def _notices(first: datetime, last: datetime) -> dict[str, Notices]:
    found: dict[str, Notices] = defaultdict(Notices)
    waits: dict[str, list[timedelta]] = defaultdict(list)
    received = Notice.objects.filter(made_at__gte=first, made_at__lt=last)
    for notice in received.select_related("decision"):
        each = found[notice.category]
        each.received += 1
        if notice.settled_at:
            waits[notice.category].append(notice.settled_at - notice.made_at)
        if notice.decision:
            each.by_law += bool(notice.decision.law)
            each.by_rules += not notice.decision.law
    for category, lengths in waits.items():
        found[category].wait = median_of(lengths)
    return dict(found)


def _complaints(first: datetime, last: datetime) -> dict[str, Complaints]:
    found: dict[str, Complaints] = defaultdict(Complaints)
    waits: dict[str, list[timedelta]] = defaultdict(list)
    for appeal in Appeal.objects.filter(made_at__gte=first, made_at__lt=last).select_related("decision"):
        for key in ("all", _kind_of(appeal)):
            each = found[key]
            each.received += 1
            each.upheld += appeal.outcome == Appeal.Outcome.UPHELD
            each.reversed += appeal.outcome == Appeal.Outcome.REVERSED
            each.open += appeal.outcome == Appeal.Outcome.OPEN
            if appeal.settled_at:
                waits[key].append(appeal.settled_at - appeal.made_at)
    for key, lengths in waits.items():
        found[key].wait = median_of(lengths)
    return dict(found)


def _kind_of(appeal: Appeal) -> str:
    if appeal.decision is None:
        return "notice"
    return "account" if appeal.decision.kind in (*OF_MEMBERS, Kind.WARN) else "words"
