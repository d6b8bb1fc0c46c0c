"""Somebody asks for a decision to be looked at again; another person than the first answers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.decisions import actions as decisions
from kawaraban.decisions.actions import Ground
from kawaraban.decisions.models import Decision
from kawaraban.decisions.policy import role_of
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.actions.comments import locked
from kawaraban.discussion.models import Comment
from kawaraban.errors import Refused
from kawaraban.moderation import announce, policy, reads
from kawaraban.moderation.metrics import APPEALS
from kawaraban.moderation.models import Appeal, Notice, Report

WORDS_LENGTH = 2000
ANSWER_LENGTH = 1000


# --- Asking -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def appeal(member: User, decision_id: int, words: str) -> Appeal:
    """The member's appeal against a decision about them, for somebody else to decide. Cost: 11 queries.

    Args:
        words: why it is wrong, up to 2,000 characters.

    Raises:
        Decision.DoesNotExist: there is no such decision, or it concerns somebody else.
        Refused: too late, taken back already, appealed before, or no words.
    """
    _hold(reads.comment_of(Appeal(decision=Decision.objects.get(pk=decision_id, member=member))))
    decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision_id)
    said = _words(words)
    if reads.appeal_of(decision, member):
        raise _again()
    if not policy.may_appeal(member, decision):
        raise _over()
    return _appeal(Appeal(decision=decision, member=member, words=said, first_by=decision.decided_by))


@transaction.atomic
def appeal_report(member: User, report_id: int, words: str) -> Appeal:
    """The reporter's appeal against the dismissal of their report. Cost: 10 queries.

    Raises:
        Report.DoesNotExist: there is no such report, or it is somebody else's.
        Refused: as `appeal`; or it was not dismissed.
    """
    _hold(Report.objects.select_related("comment").get(pk=report_id, reporter=member).comment)
    report = Report.objects.select_for_update(of=("self",)).get(pk=report_id)
    said = _words(words)
    if reads.appeal_of_report(report):
        raise _again()
    if not policy.may_appeal_report(member, report):
        raise _over()
    return _appeal(Appeal(report=report, member=member, words=said, first_by=report.settled_by))


@transaction.atomic
def appeal_notice(key: str, words: str) -> Appeal:
    """The appeal of whoever gave notice against its dismissal; who knows the receipt's key gave it. Cost: 10 queries.

    Raises:
        Notice.DoesNotExist: there is no such notice.
        Refused: as `appeal`; or it was not dismissed.
    """
    _hold(Notice.objects.select_related("comment").get(key=key).comment)
    notice = Notice.objects.select_for_update(of=("self",)).get(key=key)
    said = _words(words)
    if reads.appeal_of_notice(notice):
        raise _again()
    if not policy.may_appeal_notice(notice):
        raise _over()
    return _appeal(Appeal(notice=notice, words=said, first_by=notice.settled_by))


def _hold(about: Comment | None) -> Comment | None:
    """The comment, locked before anything that hangs on it and before the record, as by whoever decides about it."""
    return locked(about.thread_id, about.number) if about else None


def _appeal(made: Appeal) -> Appeal:
    made.save()
    decisions.append(
        "appealed",
        {"appeal": made.pk, "decision": made.decision_id, "report": made.report_id, "notice": made.notice_id},
    )
    transaction.on_commit(APPEALS.inc, robust=True)
    return made


def _words(words: str) -> str:
    words = markup.tidy(words).strip()
    if not words:
        raise Refused("appeal-empty", _("Say why the decision is wrong, in your own words. Nothing was sent."))
    if len(words) > WORDS_LENGTH:
        raise Refused(
            "appeal-too-long",
            _(
                "An appeal holds up to {length:,} characters; yours has {more:,} more. "
                "Nothing was sent. Your words are kept below; shorten them."
            ).format(length=WORDS_LENGTH, more=len(words) - WORDS_LENGTH),
        )
    return words


def _again() -> Refused:
    return Refused("appealed-already", _("You have appealed before; the answer will stand here. Nothing was changed."))


def _over() -> Refused:
    return Refused(
        "appeal-over",
        _(
            "There is nothing to appeal against: it was taken back already, nobody has decided yet, or six months are "
            "over. Nothing was sent."
        ),
    )


# --- Answering --------------------------------------------------------------------------------------------------------


@transaction.atomic
def settle_appeal(moderator: User, appeal_id: int, outcome: str, answer: str) -> Appeal:
    """The appeal, answered; reversed, everything is back in its place. Cost: 12 queries, and those of what it changes.

    Reversed for a member, a comment comes back with its text, score, place and quotations, a restriction is lifted, a
    discussion opened. Reversed for whoever reported or gave notice, the comment is removed for what they named.

    Args:
        outcome: `Appeal.Outcome.UPHELD` or `REVERSED`.
        answer: for whoever appealed, in words, up to 1,000 characters.

    Raises:
        Appeal.DoesNotExist: there is no such appeal.
        Refused: they do not moderate, decided it themselves, or somebody has answered; no outcome, or no answer.
    """
    if not policy.may_settle(moderator):
        raise Refused("not-moderator", _("Only moderators do that. Nothing was changed."))
    answer = markup.tidy(answer).strip()
    if outcome not in (Appeal.Outcome.UPHELD, Appeal.Outcome.REVERSED):
        raise Refused("no-outcome", _("Choose whether the decision stands or is taken back. Nothing was changed."))
    if not answer or len(answer) > ANSWER_LENGTH:
        raise Refused(
            "no-answer",
            _("Answer in words, up to {length:,} characters: whoever appealed reads it. Nothing was changed.").format(
                length=ANSWER_LENGTH
            ),
        )
    comment = _hold(reads.comment_of(Appeal.objects.select_related(*reads.LOADED).get(pk=appeal_id)))
    found = Appeal.objects.select_for_update(of=("self",)).select_related(*reads.LOADED).get(pk=appeal_id)
    if found.outcome != Appeal.Outcome.OPEN:
        raise Refused(
            "appeal-settled",
            _("{role} has answered this appeal meanwhile: {outcome}. Nothing was changed.").format(
                role=found.role or _("Somebody"), outcome=found.get_outcome_display().lower()
            ),
        )
    found.is_same_person = _check_person(moderator, found)
    found.outcome, found.answer = Appeal.Outcome(outcome), answer
    found.settled_by, found.role, found.settled_at = moderator, role_of(moderator), timezone.now()
    found.save()
    made = _reverse(moderator, found, comment) if outcome == Appeal.Outcome.REVERSED else None
    decisions.append(
        "appeal_settled",
        {
            "appeal": found.pk,
            "outcome": found.outcome,
            "by": moderator.pk,
            "same_person": found.is_same_person,
            "decision": made.pk if made else found.decision_id,
        },
    )
    announce.appeal_settled(found)
    if found.notice and found.notice.email:
        found.notice.mail = "again"
        found.notice.save(update_fields=["mail"])
    return found


def _check_person(moderator: User, found: Appeal) -> bool:
    """Whether they decided it first and may answer all the same; refused where they may not."""
    if not policy.decided_first(moderator, found):
        return False
    if reads.other_moderators(moderator):
        raise Refused(
            "same-moderator",
            _("You made this decision yourself, so somebody else answers the appeal. Nothing was changed."),
        )
    if not reads.site_settings().single_moderator_allowed:
        raise Refused(
            "single-moderator",
            _(
                "You made this decision yourself, and nobody else here could answer. Give somebody the role of "
                "moderator, or allow it openly at the desk, under Settings, Moderation. Nothing was changed."
            ),
        )
    return True


def _reverse(moderator: User, found: Appeal, comment: Comment | None) -> Decision | None:
    """Put things right; the decision that does so, where there is one."""
    if found.decision:
        _take_back(moderator, found.decision, comment, found.answer)
        return None
    if comment is None or comment.state in (Comment.State.DELETED, Comment.State.REMOVED):
        return comment.decision if comment else None
    if found.report:
        ground = Ground("", rule=found.report.rule.number if found.report.rule else None)
    else:
        assert found.notice is not None  # noqa: S101 - narrows the type: an appeal is against one of the three
        ground = Ground(found.notice.ground, law=found.notice.ground[:200])
    removed = discussion.remove_comment(
        moderator, comment.thread_id, comment.number, ground, origin=Decision.Origin.APPEAL
    )
    if found.report:
        found.report.outcome, found.report.decision = Report.Outcome.UPHELD, removed.decision
        found.report.save(update_fields=["outcome", "decision"])
    elif found.notice:
        found.notice.outcome, found.notice.decision = Notice.Outcome.UPHELD, removed.decision
        found.notice.save(update_fields=["outcome", "decision"])
    return removed.decision


def _take_back(moderator: User, decision: Decision, comment: Comment | None, why: str) -> None:
    if comment and comment.decision_id == decision.pk and comment.state != Comment.State.DELETED:
        discussion.restore_comment(moderator, comment.thread_id, comment.number, why=why, is_reversed=True)
        return
    subject, _, key = decision.subject.partition(":")
    decisions.lift(decision.pk, by=moderator, why=why, is_reversed=True)
    if subject == "thread":
        discussion.reopen_thread(moderator, int(key))
