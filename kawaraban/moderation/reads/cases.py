"""A case: a comment with all that a moderator needs to decide about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kawaraban.accounts.models import User
from kawaraban.decisions.models import OF_MEMBERS, Decision, Kind, Rule
from kawaraban.decisions.reads import restriction_of, rules
from kawaraban.discussion import checks
from kawaraban.discussion.models import Comment
from kawaraban.discussion.quoting import Quotation
from kawaraban.discussion.reads import conversation
from kawaraban.discussion.trust import Standing, standing_of
from kawaraban.moderation.models import Appeal, Approval, Batch, Claim, Notice, Report
from kawaraban.moderation.reads.alike import Alike, alike_to
from kawaraban.moderation.reads.queues import claims
from kawaraban.moderation.reads.states import state_of
from kawaraban.newsroom.models import StoryPage
from kawaraban.screening.samples import Finding

UNDO_TIME = timedelta(minutes=10)
BATCH_UNDO_TIME = timedelta(hours=24)
# As many of an exchange are shown around the comment; the rest is a press away.
AROUND = 8
MOST_SHOWN = 10
MOST_BATCHES = 20
# The names of the checks, as pages translate them.
CHECKS = (
    gettext_noop("words"),
    gettext_noop("links"),
    gettext_noop("repetition"),
    gettext_noop("shouting"),
    gettext_noop("speed"),
    gettext_noop("new account"),
    gettext_noop("first comments"),
    gettext_noop("quoted only"),
    gettext_noop("language"),
    gettext_noop("score"),
    gettext_noop("place"),
    gettext_noop("scorer"),
    gettext_noop("evasion"),
    gettext_noop("raid"),
)


@dataclass(frozen=True, slots=True)
class Merged:
    """What several reporters say alike: the rule, how many they are, what they weigh together, and their words."""

    rule: Rule | None
    count: int
    weight: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """What is known of a member here; nothing of it is a score.

    `decisions` are counts by kind and rule, the most frequent first.
    """

    shown: int = 0
    removed: int = 0
    decisions: tuple[tuple[str, str, int], ...] = ()
    reports_made: int = 0
    reports_upheld: int = 0
    reports_dismissed: int = 0
    restriction: Decision | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A comment and what surrounds it.

    `state` is what a form on the page is made on, `found` counts the whole exchange, and `alike` are comments with
    nearly the same words that were decided about.
    """

    comment: Comment
    state: str
    story: StoryPage | None
    exchange: list[Comment]
    found: int
    record: MemberRecord
    reports: list[Merged]
    notices: list[Notice]
    findings: list[Finding]
    decisions: list[Decision]
    approval: Approval | None
    alike: list[Alike]
    appeals: list[Appeal]
    claim: Claim | None
    rules: list[Rule] = field(default_factory=list)

    @property
    def subject(self) -> str:
        """The case's key."""
        return f"comment:{self.comment.pk}"

    @property
    def likely_rule(self) -> int | None:
        """The number of the rule that most reports name, or that a finding touches."""
        named = [(each.weight, each.rule.number) for each in self.reports if each.rule]
        if named:
            return max(named)[1]
        return next((each.rule for each in self.findings if each.rule), None)


def case(comment: Comment) -> Case:
    """The case of a comment that has its thread, author and decision loaded. Cost: about 25 queries at any length."""
    page = conversation(comment)
    exchange = sorted(page.comments, key=lambda each: abs(each.number - comment.number))[: 2 * AROUND + 1]
    subject = f"comment:{comment.pk}"
    approval = Approval.objects.filter(comment=comment).select_related("approved_by").first()
    return Case(
        comment=comment,
        state=state_of(comment),
        story=StoryPage.objects.filter(thread=comment.thread_id).first(),
        exchange=_with_sources(sorted(exchange, key=lambda each: each.number)),
        found=page.found,
        record=record_of(comment.author) if comment.author else MemberRecord(),
        reports=reports_on(comment),
        notices=list(Notice.objects.filter(comment=comment).order_by("-pk")[:MOST_SHOWN]),
        findings=_findings(comment),
        decisions=_decisions(subject),
        approval=approval,
        alike=alike_to(comment),
        appeals=list(Appeal.objects.filter(decision__subject=subject).order_by("-pk")[:MOST_SHOWN]),
        claim=claims([subject]).get(subject),
        rules=rules(),
    )


def record_of(member: User) -> MemberRecord:
    """What is known of a member. Cost: 6 queries."""
    own = Comment.objects.filter(author=member).aggregate(
        shown=Count("pk", filter=Q(born__gt=0)), removed=Count("pk", filter=Q(state=Comment.State.REMOVED))
    )
    kinds = Decision.objects.filter(member=member, is_reversed=False).exclude(kind__in=(Kind.SET_ASIDE, Kind.CLOSE))
    by_rule = kinds.values_list("kind", "rule__name").annotate(n=Count("pk")).order_by("-n", "kind", "rule__name")
    made = Report.objects.filter(reporter=member).aggregate(
        n=Count("pk"),
        upheld=Count("pk", filter=Q(outcome=Report.Outcome.UPHELD)),
        dismissed=Count("pk", filter=Q(outcome=Report.Outcome.DISMISSED)),
    )
    return MemberRecord(
        shown=own["shown"],
        removed=own["removed"],
        decisions=tuple((str(Kind(kind).label), name or "", n) for kind, name, n in by_rule),
        reports_made=made["n"],
        reports_upheld=made["upheld"],
        reports_dismissed=made["dismissed"],
        restriction=restriction_of(member),
        standing=standing_of(member),
    )


def reports_on(comment: Comment) -> list[Merged]:
    """All open reports on a comment, merged by rule, the weightiest first, without reporters. Cost: 1 query."""
    by_rule: dict[int | None, list[Report]] = {}
    for report in (
        Report.objects.filter(comment=comment, outcome=Report.Outcome.OPEN).select_related("rule").order_by("pk")
    ):
        by_rule.setdefault(report.rule.number if report.rule else None, []).append(report)
    merged = [
        Merged(
            same[-1].rule,
            len(same),
            sum(each.weight for each in same),
            tuple(each.words for each in same if each.words),
        )
        for same in by_rule.values()
    ]
    return sorted(merged, key=lambda each: -each.weight)


@dataclass(frozen=True, slots=True)
class Undoable:
    """A moderator's own last deed, which they can still take back."""

    comment: Comment | None
    decision: Decision | None
    approval: Approval | None

    @property
    def words(self) -> str:
        """What it was, for a button."""
        if self.decision is None:
            return _("approved #{number}").format(number=self.comment.number) if self.comment else _("approved")
        kind = self.decision.get_kind_display().lower()
        if self.comment:
            return _("{kind} #{number}").format(kind=kind, number=self.comment.number)
        return _("{kind}: {whom}").format(kind=kind, whom=self.decision.member or self.decision.subject)


def undoable(moderator: User) -> Undoable | None:
    """The moderator's last decision or approval of a case, if they can take it back still. Cost: 2 to 4 queries.

    What was done to many at once is undone with its batch.
    """
    since = timezone.now() - UNDO_TIME
    decision = (
        Decision.objects.filter(decided_by=moderator, decided_at__gt=since)
        .filter(Q(subject__startswith="comment:") | Q(subject__startswith="member:"))
        .select_related("member", "rule")
        .order_by("-pk")
        .first()
    )
    approval = (
        Approval.objects.filter(approved_by=moderator, approved_at__gt=since)
        .select_related("comment")
        .order_by("-approved_at")
        .first()
    )
    if approval and (decision is None or decision.decided_at < approval.approved_at):
        at_once = Batch.objects.filter(done_by=moderator, done_at__gt=since - UNDO_TIME, kind="approve")
        in_batch = any(str(approval.comment_id) in batch.before.get("comments", {}) for batch in at_once)
        return None if in_batch else Undoable(approval.comment, None, approval)
    if decision is None or decision.lifted_at is not None or Batch.objects.filter(decisions=decision).exists():
        return None
    kind, key = decision.subject.split(":", 1)
    comment = Comment.objects.filter(pk=int(key)).first() if kind == "comment" else None
    return Undoable(comment, decision, None)


def batches(thread_id: int | None = None) -> list[Batch]:
    """What was done to many at once within a day and can be undone still, the newest first. Cost: 1 query."""
    found = Batch.objects.filter(done_at__gt=timezone.now() - BATCH_UNDO_TIME, undone_at=None)
    if thread_id is not None:
        found = found.filter(thread=thread_id)
    return list(found.select_related("thread", "done_by").order_by("-pk")[:MOST_BATCHES])


def find_comment(comment_id: int) -> Comment | None:
    """The comment with what a case needs of it. Cost: 1 query."""
    return Comment.objects.select_related("thread", "author", "decision__rule").filter(pk=comment_id).first()


def is_of_member(kind: str) -> bool:
    """True for what is decided about a member and not about words."""
    return kind in (Kind.WARN, *OF_MEMBERS)


# --- What these share -------------------------------------------------------------------------------------------------


def _with_sources(comments: Sequence[Comment]) -> list[Comment]:
    """These comments with their text as it was written. Cost: 1 query."""
    sources = dict(Comment.objects.filter(pk__in=[each.pk for each in comments]).values_list("pk", "source"))
    for each in comments:
        each.source = sources[each.pk]
    return list(comments)


def _findings(comment: Comment) -> list[Finding]:
    """What rules and score say of the comment now. Cost: 5 queries."""
    if comment.author is None:
        return []
    rows = comment.quotes.filter(parent=None).exclude(words="").order_by("position")
    quoted = [
        Quotation(each.start, each.end, None, each.is_block, each.words, None, each.is_exact, ()) for each in rows
    ]
    return checks.findings(checks.Draft(comment.thread, comment.author, comment.source, comment, quoted))


def _decisions(subject: str) -> list[Decision]:
    return list(Decision.objects.on(subject).select_related("rule", "decided_by", "lifted_by"))
