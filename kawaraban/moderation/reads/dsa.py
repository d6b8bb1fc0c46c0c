"""The figures of the yearly report, counted from the record, so that who leaves takes no figure with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Site

from kawaraban.accounts.models import ADMINISTRATOR, EDITOR, MODERATOR, User
from kawaraban.decisions.models import OF_MEMBERS, Decision, Entry, Kind
from kawaraban.decisions.reads import rulebook
from kawaraban.moderation.models import Appeal
from kawaraban.moderation.reads.figures import median_of
from kawaraban.moderation.reads.reports import SCOPE
from kawaraban.moderation.report_dsa import Complaints, Counted, Notices, Own

CAME = ("decided", "noticed", "appealed")
FOLLOWED = ("notice_settled", "reopened", "appeal_settled")
# What a program came upon; that many have reported something is what people came upon.
DETECTED = (Decision.Origin.RULE, Decision.Origin.SCORE)

Facts = Mapping[str, Any]


@dataclass(slots=True)
class _Case:
    """A notice or an appeal: when it came, and when and how it was answered."""

    at: datetime
    facts: Facts
    settled_at: datetime | None = None
    outcome: str = ""
    decisions: set[int] = field(default_factory=set)


def counted(begin: date, end: date) -> Counted:
    """The figures of the days from `begin` to `end`, both included, in the site's time.

    What came in these days and was answered later counts as it stands now. Reports of members count as the site's own
    initiative, as the template has it; notices do not. Cost: 7 queries.
    """
    first = timezone.make_aware(datetime.combine(begin, time.min))
    last = timezone.make_aware(datetime.combine(end + timedelta(days=1), time.min))
    decided, notices, appeals = _read(first, last)
    known = _decisions(notices.values(), appeals.values())
    by_clock = sum(_is_by_clock(each) for each in decided)
    measures = [each for each in decided if each["kind"] != Kind.WARN and not _is_by_clock(each)]
    own = [each for each in measures if each["origin"] != Decision.Origin.NOTICE]
    warnings = [each for each in decided if each["kind"] == Kind.WARN]
    return Counted(
        begin=begin,
        end=end,
        service=str(Site.objects.filter(is_default_site=True).values_list("site_name", flat=True).first() or ""),
        practice=rulebook().practice,
        notices=_notices(notices.values(), known),
        by_law=_own([each for each in own if each["law"]]),
        by_rules=_own([each for each in own if not each["law"]]),
        complaints=_complaints(appeals.values(), known),
        automated=sum(each["automated"] for each in measures),
        by_people=sum(not each["automated"] for each in measures),
        own_automated=sum(each["automated"] for each in own),
        own_by_people=sum(not each["automated"] for each in own),
        closed=by_clock,
        warnings=len(warnings),
        suspended=sum(each["kind"] in OF_MEMBERS and bool(each["law"]) for each in measures),
        warned_reporters=sum(each["scope"] == SCOPE for each in warnings),
        moderators=_moderators(),
    )


def _read(first: datetime, last: datetime) -> tuple[list[Facts], dict[int, _Case], dict[int, _Case]]:
    """What was decided, which notices came and which appeals, with what became of these until now. Cost: 1 query."""
    decided: list[Facts] = []
    notices: dict[int, _Case] = {}
    appeals: dict[int, _Case] = {}
    entries = Entry.objects.filter(kind__in=(*CAME, *FOLLOWED), at__gte=first).order_by("number")
    for entry in entries.iterator(chunk_size=2_000):
        facts = entry.facts
        if entry.kind in FOLLOWED:
            _follow(entry, notices, appeals)
        elif entry.at >= last:
            continue
        elif entry.kind == "decided":
            decided.append(facts)
        elif entry.kind == "noticed":
            notices[facts["notice"]] = _Case(entry.at, facts)
        else:
            appeals[facts["appeal"]] = _Case(entry.at, facts)
    return decided, notices, appeals


def _follow(entry: Entry, notices: Mapping[int, _Case], appeals: Mapping[int, _Case]) -> None:
    """Note of a notice or an appeal of the period what became of it."""
    facts = entry.facts
    if entry.kind == "notice_settled" and facts["notice"] in notices:
        notice = notices[facts["notice"]]
        notice.settled_at, notice.decisions = entry.at, {facts["decision"]} - {None}
    elif entry.kind == "reopened":
        for key in notices.keys() & facts["notices"]:
            notices[key].settled_at, notices[key].decisions = None, set()
    elif entry.kind == "appeal_settled" and facts["appeal"] in appeals:
        appeal = appeals[facts["appeal"]]
        appeal.settled_at, appeal.outcome = entry.at, facts["outcome"]
        against = notices.get(appeal.facts["notice"] or 0)
        if against and facts["outcome"] == Appeal.Outcome.REVERSED:
            against.decisions |= {facts["decision"]} - {None}


def _decisions(notices: Iterable[_Case], appeals: Iterable[_Case]) -> dict[int, tuple[str, str]]:
    """Kind and law of the decisions that these name. Cost: 1 query."""
    keys = {key for notice in notices for key in notice.decisions} | {each.facts["decision"] for each in appeals}
    rows = Decision.objects.filter(pk__in=keys - {None}).values_list("pk", "kind", "law")
    return {key: (kind, law) for key, kind, law in rows}


def _is_by_clock(facts: Facts) -> bool:
    """True of a discussion that was closed for its age, which is nobody's fault and no measure."""
    return bool(facts["kind"] == Kind.CLOSE and facts["automated"])


def _own(measures: Iterable[Facts]) -> Own:
    measures = list(measures)
    return Own(Counter(each["kind"] for each in measures), sum(each["origin"] in DETECTED for each in measures))


def _notices(notices: Iterable[_Case], known: Mapping[int, tuple[str, str]]) -> dict[str, Notices]:
    by_category: dict[str, list[_Case]] = defaultdict(list)
    for notice in notices:
        by_category[""].append(notice)
        by_category[notice.facts["category"]].append(notice)
    found = {}
    for category, each in by_category.items():
        followed = {key for notice in each for key in notice.decisions}
        by_law = sum(bool(known[key][1]) for key in followed)
        found[category] = Notices(len(each), _median(each), by_law, len(followed) - by_law)
    return found


def _complaints(appeals: Iterable[_Case], known: Mapping[int, tuple[str, str]]) -> dict[str, Complaints]:
    by_kind: dict[str, list[_Case]] = defaultdict(list)
    for appeal in appeals:
        by_kind["all"].append(appeal)
        by_kind[_kind_of(appeal.facts, known)].append(appeal)
    return {
        kind: Complaints(
            received=len(each),
            upheld=sum(appeal.outcome == Appeal.Outcome.UPHELD for appeal in each),
            reversed=sum(appeal.outcome == Appeal.Outcome.REVERSED for appeal in each),
            open=sum(not appeal.outcome for appeal in each),
            wait=_median(each),
        )
        for kind, each in by_kind.items()
    }


def _kind_of(facts: Facts, known: Mapping[int, tuple[str, str]]) -> str:
    if not facts["decision"]:
        return "notice"
    kind, _ = known[facts["decision"]]
    return "account" if kind in (*OF_MEMBERS, Kind.WARN) else "words"


def _median(cases: Iterable[_Case]) -> timedelta | None:
    lengths = [each.settled_at - each.at for each in cases if each.settled_at]
    return median_of(lengths) if lengths else None


def _moderators() -> int:
    roles = Q(groups__name__in=(MODERATOR, EDITOR, ADMINISTRATOR)) | Q(is_superuser=True)
    return User.objects.filter(roles, is_active=True).distinct().count()
