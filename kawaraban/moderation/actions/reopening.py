"""What a decision had answered waits again when the decision is undone, and who was told of it hears so."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from kawaraban.accounts import actions as accounts
from kawaraban.accounts.models import User
from kawaraban.decisions import actions as decisions
from kawaraban.decisions.models import Decision
from kawaraban.discussion.models import Comment
from kawaraban.errors import Refused
from kawaraban.moderation import announce, reads
from kawaraban.moderation.models import Appeal, Approval, Notice, Report


def reopen(comment: Comment, settled_with: Decision | Approval, *, by: User) -> None:
    """Let the reports and notices wait again that an approval or a decision has answered. Cost: 4 to 10 queries.

    Call it in the transaction of the undo, with the comment and its thread locked. Of whoever was told, those hear a
    second time who have read it or were mailed; for the others the first message is taken back unsent.

    Raises:
        Refused: somebody has appealed against the answer, so another person decides.
    """
    answered = _answered_by(settled_with)
    reports = list(
        Report.objects.select_for_update(of=("self",)).filter(answered, comment=comment).select_related("reporter")
    )
    notices = list(
        Notice.objects.select_for_update(of=("self",)).filter(answered, comment=comment, answer="").order_by("pk")
    )
    if Appeal.objects.filter(Q(report__in=reports) | Q(notice__in=notices)).exists():
        raise Refused(
            "undo-appealed",
            _("Somebody has appealed against it meanwhile, so another person decides. It was not taken back."),
        )
    if not reports and not notices:
        return
    _tell_reporters(comment, reports)
    Report.objects.filter(pk__in=[each.pk for each in reports]).update(
        outcome=Report.Outcome.OPEN, settled_at=None, settled_by=None, decision=None
    )
    for notice in notices:
        _reopen_notice(notice)
    decisions.append(
        "reopened",
        {
            "subject": f"comment:{comment.pk}",
            "reports": [each.pk for each in reports],
            "notices": [each.pk for each in notices],
            "by": by.pk,
        },
    )


def _answered_by(settled_with: Decision | Approval) -> Q:
    if isinstance(settled_with, Decision):
        return Q(decision=settled_with)
    return Q(
        settled_by=settled_with.approved_by_id,
        settled_at__gte=settled_with.approved_at,
        outcome=Report.Outcome.DISMISSED,
        decision=None,
    )


def _tell_reporters(comment: Comment, reports: Sequence[Report]) -> None:
    """Take back what reporters were told and have not heard yet; tell the others that it is looked at again."""
    for moment in sorted({each.settled_at for each in reports if each.settled_at}):
        subject = announce.settlement(comment, moment)
        heard = reads.heard_of(subject)
        accounts.withdraw(subject)
        announce.reports_reopened(comment, heard, moment)


def _reopen_notice(notice: Notice) -> None:
    notice.outcome, notice.decision, notice.settled_by, notice.settled_at = Notice.Outcome.OPEN, None, None, None
    if notice.told == "settled":
        notice.mail = "reopened"
    else:
        # The mail about the decision was not sent yet. It may have taken the place of the receipt's.
        notice.mail = "received" if notice.email and not notice.told else ""
    notice.save(update_fields=["outcome", "decision", "settled_by", "settled_at", "mail"])
