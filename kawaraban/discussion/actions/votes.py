"""Agreement and disagreement."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from kawaraban.accounts.models import User
from kawaraban.discussion import announce, policy
from kawaraban.discussion.models import Comment, Vote
from kawaraban.errors import Refused


@transaction.atomic
def cast_vote(voter: User, thread_id: int, number: int, value: int) -> Comment:
    """The comment with its counters after this vote. Sending the same value twice changes nothing. Cost: 5 queries.

    Args:
        value: +1 agrees, -1 disagrees, 0 takes the vote back.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: the value is none of these, it is their own comment, or it cannot be voted on.
    """
    if value not in (-1, 0, 1) or isinstance(value, bool):
        raise Refused("bad-vote", "A vote is +1, -1 or 0. Nothing was counted.")
    # The comment's row is locked, so one member's parallel votes queue here and each sees the one before.
    comment = (
        Comment.objects.select_for_update(of=("self",)).select_related("thread").get(thread_id=thread_id, number=number)
    )
    if policy.owns(voter, comment):
        raise Refused("own-comment", "You cannot vote on your own comment. Nothing was counted.")
    if not policy.may_vote(voter, comment, comment.thread):
        raise Refused(
            "vote-closed", "This comment takes no votes, because it or its discussion is closed. Nothing was counted."
        )
    former = Vote.objects.filter(comment=comment, voter=voter).values_list("value", flat=True).first() or 0
    if value != former:
        _replace_vote(comment, voter, former, value)
        announce.score_changed(comment)
    return comment


@transaction.atomic
def record_votes(comment: Comment, votes: Mapping[User, int]) -> None:
    """Keep votes that somebody has vouched for, on a comment that has none of these voters' yet. Cost: 2 queries."""
    Vote.objects.bulk_create(
        Vote(comment=comment, voter=voter, value=value, cast_at=comment.created_at or timezone.now())
        for voter, value in votes.items()
    )
    comment.up += sum(value == 1 for value in votes.values())
    comment.down += sum(value == -1 for value in votes.values())
    comment.save(update_fields=["up", "down"])


def _replace_vote(comment: Comment, voter: User, former: int, value: int) -> None:
    if value == 0:
        Vote.objects.filter(comment=comment, voter=voter).delete()
    else:
        Vote.objects.update_or_create(
            comment=comment, voter=voter, defaults={"value": value, "cast_at": timezone.now()}
        )
    comment.up += (value == 1) - (former == 1)
    comment.down += (value == -1) - (former == -1)
    comment.save(update_fields=["up", "down"])
