"""Taking up a case, deciding it once, and taking one's own last decision back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kawaraban.accounts.models import User
from kawaraban.decisions import actions as decisions
from kawaraban.decisions.actions import Ground
from kawaraban.decisions.models import HAS_AN_END, Decision, Kind
from kawaraban.decisions.policy import role_of
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Comment, Thread
from kawaraban.errors import Refused
from kawaraban.languages import in_site_language
from kawaraban.moderation import policy
from kawaraban.moderation.actions.notices import settle_notices
from kawaraban.moderation.actions.reopening import reopen
from kawaraban.moderation.actions.reports import settle_reports
from kawaraban.moderation.models import Approval, Claim, Notice, Report
from kawaraban.moderation.reads.cases import UNDO_TIME, is_of_member, undoable
from kawaraban.moderation.reads.queues import CLAIM_TIME
from kawaraban.moderation.reads.states import state_of
from kawaraban.screening.actions import remember_words

# What a moderator can press, and how the desk names it once it is done.
DEEDS = {
    "approve": pgettext_lazy("deed", "approved"),
    "restore": pgettext_lazy("deed", "restored"),
    "remove": pgettext_lazy("deed", "removed"),
    "hold": pgettext_lazy("deed", "held"),
    "fold": pgettext_lazy("deed", "folded"),
    "edit_out": pgettext_lazy("deed", "personal data taken out"),
    "warn": pgettext_lazy("deed", "member warned"),
    "mute": pgettext_lazy("deed", "member muted"),
    "suspend": pgettext_lazy("deed", "member suspended"),
    "ban": pgettext_lazy("deed", "member banned"),
}
OF_WORDS = {"remove": discussion.remove_comment, "hold": discussion.hold_comment, "fold": discussion.fold_comment}
# What answers those who complained of the words; a hold does not, for somebody has still to decide.
ANSWERS = (Kind.REMOVE, Kind.FOLD, Kind.EDIT_OUT)
LONGEST_TERM = 3_650  # days
# Why somebody may look for a member's other accounts. Keys stand in the record, which holds nobody's words.
LOOK_REASONS = {
    "evasion": gettext_lazy("Somebody who may not take part seems to be back under another name"),
    "ring": gettext_lazy("Several accounts seem to act as one"),
    "threat": gettext_lazy("A threat to somebody has to be followed up"),
    "authority": gettext_lazy("An authority has asked for it in due form"),
}


@dataclass(frozen=True, slots=True)
class Deed:
    """What a moderator has pressed, with what they filled in.

    Args:
        name: a key of `DEEDS`.
        text: the comment's new text, where personal data is taken out.
        days: for how long a member is muted or suspended.
        why: for the member, with an approval that ends a restriction.
    """

    name: str
    ground: Ground = field(default_factory=lambda: Ground(""))
    text: str = ""
    days: int = 0
    why: str = ""


@transaction.atomic
def claim_case(moderator: User, subject: str, *, is_taken_over: bool = False) -> Claim:
    """The claim on a case: the moderator's own, renewed, or that of a colleague who has it open. Cost: 2 queries.

    Args:
        is_taken_over: take it from whoever has it.

    Raises:
        Refused: they do not moderate.
    """
    _must_moderate(moderator)
    now = timezone.now()
    held, is_new = Claim.objects.select_for_update(of=("self",)).get_or_create(
        subject=subject, defaults={"moderator": moderator, "claimed_at": now}
    )
    is_free = held.moderator_id == moderator.pk or held.claimed_at <= now - CLAIM_TIME
    if not is_new and (is_free or is_taken_over):
        held.moderator, held.claimed_at = moderator, now
        held.save(update_fields=["moderator", "claimed_at"])
    return held


@transaction.atomic
def decide_case(moderator: User, comment_id: int, deed: Deed, *, state: str) -> Comment:
    """The comment as the one decision leaves it; its reports and notices are answered by it. Cost: 25 queries.

    Args:
        state: what the form was made on (`reads.state_of`); whoever comes second is told what has happened.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: they do not moderate, it is their own, somebody was first, or the decision lacks something.
    """
    _must_moderate(moderator)
    comment = locked_case(comment_id)
    if comment.author_id == moderator.pk:
        raise Refused("own-case", _("This comment is your own; a colleague decides about it. Nothing was changed."))
    if state != state_of(comment):
        raise Refused(
            "decided-already",
            _("{what} Your decision was not made; look at it again.").format(what=_what_happened(comment)),
        )
    return carry_out(moderator, comment, deed)


def carry_out(moderator: User, comment: Comment, deed: Deed) -> Comment:
    """The comment after a deed; the caller holds its row and its thread's, and has asked whether it may be.

    Raises:
        Refused: the decision lacks something.
    """
    Claim.objects.filter(subject=f"comment:{comment.pk}").delete()
    if deed.name == "approve":
        return _approve(moderator, comment, deed.why)
    if deed.name == "restore":
        return discussion.restore_comment(moderator, comment.thread_id, comment.number, why=deed.why, is_reversed=True)
    if is_of_member(deed.name):
        _restrict_member(moderator, comment, deed)
        return comment
    where, origin = (moderator, comment.thread_id, comment.number), _origin(comment)
    if deed.name == "edit_out":
        done = discussion.edit_out(*where, deed.text, deed.ground, origin=origin)
    elif deed.name in OF_WORDS:
        ground = deed.ground
        if deed.name == "hold" and not ground.facts.strip() and ground.rule is None:
            ground = Ground(_held_for_now())
        done = OF_WORDS[deed.name](*where, ground, origin=origin)
    else:
        raise Refused("no-such-deed", _("It was not clear what to do with this comment. Nothing was changed."))
    Approval.objects.filter(comment=comment).delete()
    return done


def answer_complaints(decision: Decision) -> None:
    """Settle the open reports and notices of words that were just restricted, wherever that was pressed.

    Called in the transaction of the decision, which holds the comment. Cost: none for other decisions, else 3 queries,
    and those of `settle_reports` and `settle_notices` where something waits.
    """
    subject, _, key = decision.subject.partition(":")
    if subject != "comment" or decision.kind not in ANSWERS:
        return
    comment = Comment.objects.select_related("thread").filter(pk=int(key)).first()
    if comment is not None:
        settle_reports(comment, True, decision)
        settle_notices(comment, True, decision)


@transaction.atomic
def undo_last(moderator: User) -> Comment | User | None:
    """What the moderator's own last decision was about, as it was before. Cost: 20 to 40 queries.

    Words that waited before they were decided about wait again; nobody is published by an undo. So do reports and
    notices that the decision had answered.

    Raises:
        Refused: they do not moderate, there is nothing to take back, a colleague has decided since, or somebody has
            appealed against what they were answered.
    """
    _must_moderate(moderator)
    last = undoable(moderator)
    if last is None:
        raise Refused(
            "nothing-to-undo",
            _(
                "There is no decision of yours from the last {minutes} minutes to take back. "
                "Nothing was changed; open the case to decide anew."
            ).format(minutes=UNDO_TIME.seconds // 60),
        )
    if last.comment is None:
        assert last.decision is not None  # noqa: S101 - narrows the type: either is there
        decisions.lift(last.decision.pk, by=moderator, is_reversed=True)
        decisions.append("undone", {"decision": last.decision.pk, "by": moderator.pk})
        return last.decision.member
    comment = locked_case(last.comment.pk)
    if last.approval is not None:
        # Asked again under the lock.
        approval = Approval.objects.filter(pk=last.approval.pk, approved_by=moderator).first()
        if approval is None or not comment.is_visible:
            raise _overtaken(comment)
        former = approval.lifted or comment.decision
        reopen(comment, approval, by=moderator)
        approval.delete()
    else:
        assert last.decision is not None  # noqa: S101 - narrows the type: either is there
        if comment.decision_id != last.decision.pk:
            raise _overtaken(comment)
        former = hold_before(last.decision)
        reopen(comment, last.decision, by=moderator)
    put_back(moderator, comment, former)
    decisions.append("undone", {"subject": f"comment:{comment.pk}", "by": moderator.pk})
    return comment


def put_back(moderator: User, comment: Comment, former: Decision | None) -> None:
    """Let a comment be what it was before a decision: held for the same reason as before, or shown.

    The caller holds its row and its thread's.
    """
    where = (moderator, comment.thread_id, comment.number)
    if former is not None and former.kind == Kind.HOLD:
        rule = former.rule.number if former.rule else None
        discussion.hold_comment(*where, Ground(former.facts, rule, former.law), origin=former.origin)
    elif comment.decision_id and not (former and former.pk == comment.decision_id):
        discussion.restore_comment(*where, is_reversed=True)


def hold_before(decision: Decision) -> Decision | None:
    """The decision that another one took the place of, if that held the words. Cost: 1 query."""
    earlier = Decision.objects.filter(subject=decision.subject, pk__lt=decision.pk, kind=Kind.HOLD)
    return earlier.filter(lifted_at__gte=decision.decided_at).select_related("rule").order_by("-pk").first()


@transaction.atomic
def look_at_networks(moderator: User, member_id: int, reason: str) -> User:
    """The member whose other accounts may be shown now: the look and its reason stand in the record. Cost: 5 queries.

    Args:
        reason: a key of `LOOK_REASONS`.

    Raises:
        User.DoesNotExist: there is no such member.
        Refused: they do not moderate, or say no reason.
    """
    _must_moderate(moderator)
    if reason not in LOOK_REASONS:
        raise Refused("no-reason-to-look", _("Choose why you need to see it; that is kept. Nothing was shown."))
    member = User.objects.get(pk=member_id)
    decisions.append("look", {"member": member.pk, "by": moderator.pk, "reason": reason})
    return member


# --- What these share -------------------------------------------------------------------------------------------------


@in_site_language
def _held_for_now() -> str:
    return _("A moderator wants a second look at it.")


def _must_moderate(viewer: User) -> None:
    if not policy.may_settle(viewer):
        raise Refused("not-moderator", _("Only moderators do that. Nothing was changed."))


def locked_case(comment_id: int) -> Comment:
    """A comment and its thread, both locked, the thread first as everywhere. Cost: 3 queries."""
    thread_id = Comment.objects.values_list("thread", flat=True).get(pk=comment_id)
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    comment = Comment.objects.select_for_update(of=("self",)).select_related("author", "decision").get(pk=comment_id)
    comment.thread = thread
    return comment


def _approve(moderator: User, comment: Comment, why: str) -> Comment:
    """Let a comment stand as it is, or be shown if it is not; whoever reported it hears that it stays.

    What was folded or taken out of it stays so: that is another question, and `restore` answers it.
    """
    if comment.state == Comment.State.DELETED:
        raise Refused("deleted", _("Its author has deleted this comment; there is nothing left to show or remove."))
    former = comment.decision if not comment.is_visible else None
    if former is not None:
        # What waited has waited enough; what was removed was so in error.
        is_wrong = former.kind != Kind.HOLD
        where = (moderator, comment.thread_id, comment.number)
        comment = discussion.restore_comment(*where, why=why, is_reversed=is_wrong)
    said = {"approved_by": moderator, "role": role_of(moderator), "approved_at": timezone.now(), "lifted": former}
    Approval.objects.update_or_create(comment=comment, defaults=said)
    remember_words(comment.pk, comment.withheld or comment.source)
    decisions.append("approved", {"subject": f"comment:{comment.pk}", "by": moderator.pk})
    settle_reports(comment, False, None, by=moderator)
    settle_notices(comment, False, None, by=moderator)
    return comment


def _restrict_member(moderator: User, comment: Comment, deed: Deed) -> None:
    if comment.author is None:
        raise Refused("no-account", _("Who wrote this has no account here. Nothing was changed."))
    needs_end = deed.name in HAS_AN_END
    if needs_end and not 1 <= deed.days <= LONGEST_TERM:
        raise Refused(
            "no-days",
            _("Say for how many days, from 1 to {most:,}. Nothing was changed.").format(most=LONGEST_TERM),
        )
    until = timezone.now() + timedelta(days=deed.days) if needs_end else None
    kind, origin = Kind(deed.name), _origin(comment)
    decisions.restrict_member(moderator, comment.author, kind, deed.ground, until=until, origin=origin)


def _origin(comment: Comment) -> str:
    """What made us look: whoever complained, else what held it, else ourselves. Cost: 2 queries."""
    if Notice.objects.filter(comment=comment, outcome=Notice.Outcome.OPEN).exists():
        return Decision.Origin.NOTICE
    if Report.objects.filter(comment=comment, outcome=Report.Outcome.OPEN).exists():
        return Decision.Origin.REPORT
    return comment.decision.origin if comment.decision else Decision.Origin.OWN


def _what_happened(comment: Comment) -> str:
    """Who decided what about a comment last, in a sentence."""
    subjects = [f"comment:{comment.pk}", f"member:{comment.author_id}"]
    last = Decision.objects.filter(subject__in=subjects).order_by("-decided_at").first()
    approval = Approval.objects.filter(comment=comment).first()
    if approval and (last is None or last.decided_at < approval.approved_at):
        return _("{role} has approved this comment meanwhile.").format(role=approval.role)
    if comment.state == Comment.State.DELETED:
        return _("Its author has deleted this comment meanwhile.")
    if last is not None and (comment.decision_id == last.pk or last.subject.startswith("member:")):
        return _("{role} has decided meanwhile: {kind}.").format(
            role=last.role or _("A rule"), kind=last.get_kind_display().lower()
        )
    return _("This comment was changed meanwhile.")


def _overtaken(comment: Comment) -> Refused:
    return Refused(
        "undo-overtaken",
        _("{what} It was not taken back; open the case to decide anew.").format(what=_what_happened(comment)),
    )
