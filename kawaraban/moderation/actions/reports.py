"""Members report comments; many reports hold one; each reporter hears what became of theirs."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.decisions import actions as decisions
from kawaraban.decisions import reads as rules
from kawaraban.decisions.actions import About, Ground
from kawaraban.decisions.models import MISUSE_LAW, Decision, Kind
from kawaraban.discussion.actions.comments import locked
from kawaraban.discussion.actions.restrictions import hold_by_itself
from kawaraban.discussion.checks import may_take_part
from kawaraban.discussion.models import Comment
from kawaraban.errors import Refused
from kawaraban.moderation import announce, policy, reads
from kawaraban.moderation.metrics import REPORTS
from kawaraban.moderation.models import Report

WORDS_LENGTH = 500
MOST_REPORTS = 20
WITHIN = timedelta(days=1)


@transaction.atomic
def report_comment(member: User, thread_id: int, number: int, *, rule: int | None, words: str = "") -> Report:
    """The member's report, in the moderators' queue; with enough others it holds the comment. Cost: 16 queries.

    Args:
        rule: number of the house rule that it is said to break.
        words: what the member adds, up to 500 characters; nobody but moderators reads it.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: their own, not shown, reported before, too many within a day; no rule, too many words; or a decision
            keeps them from taking part.
    """
    comment = locked(thread_id, number)
    words = markup.tidy(words).strip()
    if comment.author_id == member.pk:
        raise Refused("report-own", _("This is your own comment; you can delete it yourself. Nothing was reported."))
    if reads.report_of(member, comment):
        raise Refused(
            "reported-already",
            _("You have reported this comment before; what became of it is below. Nothing was changed."),
        )
    if not policy.may_report(member, comment):
        raise Refused("not-shown", _("This comment is not shown at present. Nothing was changed."))
    may_take_part(
        member,
        _(
            "Nothing was reported; your words are kept below. What may be illegal you can still give notice of: "
            "choose that answer."
        ),
    )
    if len(words) > WORDS_LENGTH:
        raise Refused(
            "report-too-long",
            _("What you add holds up to {length} characters. Nothing was reported; your words are kept below.").format(
                length=WORDS_LENGTH
            ),
        )
    broken = rules.rule(rule)
    if broken is None:
        raise Refused(
            "report-no-rule",
            _("Choose the rule that the comment breaks. Nothing was reported; your words are kept below."),
        )
    if Report.objects.filter(reporter=member, made_at__gt=timezone.now() - WITHIN).count() >= MOST_REPORTS:
        raise Refused(
            "reports-often",
            _(
                "You have reported {most} comments within a day; moderators read those. Nothing was reported now."
            ).format(most=MOST_REPORTS),
        )
    report = Report.objects.create(
        comment=comment, reporter=member, rule=broken, words=words, weight=reads.weight_of(member)
    )
    decisions.append("reported", {"report": report.pk, "subject": f"comment:{comment.pk}", "rule": broken.number})
    _hold_if_many(comment)
    transaction.on_commit(REPORTS.inc, robust=True)
    return report


def _hold_if_many(comment: Comment) -> None:
    """Let a comment wait that enough members have reported; never one that a moderator has looked at already."""
    enough = reads.site_settings().reports_hold_at
    if not enough or comment.decision_id or reads.was_let_stand(comment):
        return
    if reads.counting(comment) < enough:
        return
    numbers = Report.objects.filter(comment=comment, outcome=Report.Outcome.OPEN).values_list("rule__number", flat=True)
    ((number, _count),) = Counter(numbers).most_common(1)
    sentence = _("Several readers have reported it, so it waits until a moderator has read it.")
    hold_by_itself(comment, Ground(sentence, rule=number), origin=Decision.Origin.REPORT)


@transaction.atomic
def settle_reports(comment: Comment, upheld: bool, decision: Decision | None = None, *, by: User | None = None) -> int:
    """How many open reports of a comment are settled by what was decided; each reporter hears of it. Cost: 6 queries.

    Call it in the transaction of the decision, with the comment locked.

    Args:
        upheld: the comment was restricted; else it stays as it is.
        decision: what was decided, where it was restricted.
        by: who decided; whoever that is does not decide an appeal.
    """
    waiting = Report.objects.select_for_update(of=("self",)).filter(comment=comment, outcome=Report.Outcome.OPEN)
    reports = list(waiting.select_related("reporter").order_by("pk"))
    if not reports:
        return 0
    outcome = Report.Outcome.UPHELD if upheld else Report.Outcome.DISMISSED
    by = by or (decision.decided_by if decision else None)
    keys, now = [report.pk for report in reports], timezone.now()
    Report.objects.filter(pk__in=keys).update(outcome=outcome, decision=decision, settled_by=by, settled_at=now)
    decisions.append(
        "reports_settled",
        {
            "reports": keys,
            "subject": f"comment:{comment.pk}",
            "upheld": upheld,
            "decision": decision.pk if decision else None,
            "by": by.pk if by else None,
        },
    )
    announce.reports_settled(comment, [report.reporter for report in reports], upheld, now)
    return len(reports)


@transaction.atomic
def warn_of_reports(moderator: User, member: User, facts: str) -> Decision:
    """The warning of a member who reports again and again what breaks no rule; their reports weigh nothing for a month.

    They still come to the moderators. Cost: 8 queries.

    Raises:
        Refused: they do not moderate, it is a colleague, or it says no reason.
    """
    if not policy.may_settle(moderator):
        raise Refused("not-moderator", _("Only moderators do that. Nothing was changed."))
    if policy.may_settle(member):
        raise Refused(
            "is-staff", _("This is a colleague; an administrator sees to their account. Nothing was changed.")
        )
    about = About(f"member:{member.pk}", member, member.get_absolute_url())
    return decisions.decide(Kind.WARN, about, Ground(facts, law=MISUSE_LAW), by=moderator, scope=reads.SCOPE)
