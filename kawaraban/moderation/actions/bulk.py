"""The same decision about many comments, each with its own reasons and all to be undone at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban.accounts.models import User
from kawaraban.decisions import actions as decisions
from kawaraban.decisions.models import Decision
from kawaraban.discussion.models import Comment
from kawaraban.errors import Refused
from kawaraban.moderation import policy
from kawaraban.moderation.actions.cases import Deed, carry_out, locked_case, put_back
from kawaraban.moderation.actions.reopening import reopen
from kawaraban.moderation.models import Approval, Batch
from kawaraban.moderation.reads.bulk import BULK_DEEDS, MOST_AT_ONCE, plan, reason_to_skip
from kawaraban.moderation.reads.cases import BATCH_UNDO_TIME


@dataclass(frozen=True, slots=True)
class Undone:
    """How many comments are as they were before, and how many somebody has decided about anew since."""

    count: int
    left: int


def decide_many(
    moderator: User, states: Mapping[int, str], deed: Deed, *, thread_id: int | None = None, kind: str = ""
) -> Batch:
    """What was done to all comments that it could be done to. Cost: 25 queries for each, in a transaction of its own.

    One after the other, so that whoever else decides waits for one comment and not for hundreds.

    Args:
        states: what was shown in the preview, by the comment's key; what has changed since is left alone.
        kind: what the batch is called; the deed's name unless said.

    Raises:
        Refused: they do not moderate, the deed is not done to many, there is nothing to do, or a reason lacks.
    """
    if not policy.may_settle(moderator):
        raise Refused("not-moderator", _("Only moderators do that. Nothing was changed."))
    if deed.name not in BULK_DEEDS:
        raise Refused("no-such-deed", _("It was not clear what to do with this comment. Nothing was changed."))
    ahead = plan(moderator, states, deed.name).comments
    if not ahead:
        raise Refused("nothing-to-do", _("There is no comment left that this could be done to. Nothing was changed."))
    if len(ahead) > MOST_AT_ONCE:
        raise Refused(
            "too-many-at-once",
            _("At most {most} comments are decided at once. Nothing was changed; take fewer.").format(
                most=MOST_AT_ONCE
            ),
        )
    batch = None
    for comment in ahead:
        batch = _one(moderator, comment.pk, states[comment.pk], deed, batch, thread_id, kind or deed.name)
    if batch is None:
        raise Refused("nothing-to-do", _("There is no comment left that this could be done to. Nothing was changed."))
    return batch


@transaction.atomic
def _one(
    moderator: User, key: int, state: str, deed: Deed, batch: Batch | None, thread_id: int | None, kind: str
) -> Batch | None:
    """The batch with one comment more, unless somebody was first. The batch begins with its first comment."""
    comment = locked_case(key)
    if reason_to_skip(moderator, comment, deed.name, state):
        return batch
    former = comment.decision_id
    done = carry_out(moderator, comment, deed)
    if batch is None:
        batch = Batch.objects.create(kind=kind, thread_id=thread_id, done_by=moderator, before={"comments": {}})
        decisions.append("batch", {"batch": batch.pk, "kind": kind, "by": moderator.pk})
    batch.before["comments"][str(key)] = former
    batch.save(update_fields=["before"])
    if done.decision_id and done.decision_id != former:
        batch.decisions.add(done.decision_id)
    return batch


def undo_batch(moderator: User, batch_id: int) -> Undone:
    """What is as before after all of a batch was taken back, within a day. Cost: 25 queries for each comment.

    What somebody has decided anew since stays as it is.

    Raises:
        Batch.DoesNotExist: there is no such batch.
        Refused: they do not moderate, it was undone before, or the day is over.
    """
    if not policy.may_settle(moderator):
        raise Refused("not-moderator", _("Only moderators do that. Nothing was changed."))
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch_id)
        if batch.undone_at is not None:
            raise Refused("undone-already", _("This was undone before. Nothing was changed."))
        if timezone.now() - batch.done_at > BATCH_UNDO_TIME:
            raise Refused(
                "undo-too-late", _("This can be undone for a day, which is over. Nothing was changed; decide anew.")
            )
        batch.undone_at = timezone.now()
        batch.save(update_fields=["undone_at"])
        decisions.append("batch_undone", {"batch": batch.pk, "by": moderator.pk})
    comments = batch.before.get("comments", {})
    count = sum(_undo_one(moderator, batch, int(key), former) for key, former in comments.items())
    return Undone(count, len(comments) - count)


@transaction.atomic
def _undo_one(moderator: User, batch: Batch, key: int, former_id: int | None) -> bool:
    """Whether a comment is as it was before the batch; not where somebody has decided since."""
    comment = Comment.objects.filter(pk=key).first()
    if comment is None or comment.state == Comment.State.DELETED:
        return False
    comment = locked_case(key)
    former = Decision.objects.filter(pk=former_id).select_related("rule").first() if former_id else None
    settled_with = _what_settled(batch, comment)
    if settled_with is None:
        return False
    try:
        reopen(comment, settled_with, by=moderator)
    except Refused:
        return False  # another person answers the appeal
    if isinstance(settled_with, Approval):
        settled_with.delete()
    put_back(moderator, comment, former)
    return True


def _what_settled(batch: Batch, comment: Comment) -> Decision | Approval | None:
    """What the batch did about a comment, if that still holds."""
    if batch.kind == "approve":
        approval = Approval.objects.filter(comment=comment, approved_by=batch.done_by_id).first()
        return approval if comment.is_visible else None
    decision = comment.decision
    return decision if decision and batch.decisions.filter(pk=decision.pk).exists() else None
