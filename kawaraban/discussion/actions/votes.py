"""Agreement and disagreement: what is cast, what counts, and what is set aside."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban.accounts.models import User
from kawaraban.decisions.models import KEEPS_OUT, Decision
from kawaraban.discussion import announce, checks, policy, trust
from kawaraban.discussion.metrics import VOTES
from kawaraban.discussion.models import Comment, Vote
from kawaraban.errors import Refused

# Whose votes are set aside for these reasons cannot make them count by taking them back and casting them again.
DECIDED = (Vote.Aside.SERIAL, Vote.Aside.RING)
# What comes to count by itself.
WAITING = (Vote.Aside.FRESH, Vote.Aside.NEW)
MOST_AT_ONCE = 500  # votes that begin to count in one transaction


@transaction.atomic
def cast_vote(voter: User, thread_id: int, number: int, value: int) -> Comment:
    """The comment with its counters after this vote. Sent twice, the same value changes nothing. Cost: 6 to 8 queries.

    A vote of an account that is too new, and one of too many in a day on one author, is kept and not counted. Every
    other one counts after `VOTE_DELAY`; the comment that is returned shows it to its voter at once.

    Args:
        value: +1 agrees, -1 disagrees, 0 takes the vote back.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: the value is none of these, it is their own comment, it cannot be voted on, they vote too fast, or
            a decision keeps them from taking part.
    """
    if value not in (-1, 0, 1) or isinstance(value, bool):
        raise Refused("bad-vote", _("A vote is +1, -1 or 0. Nothing was counted."))
    # The comment's row is locked, so one member's parallel votes queue here and each sees the one before.
    comment = (
        Comment.objects.select_for_update(of=("self",)).select_related("thread").get(thread_id=thread_id, number=number)
    )
    if policy.owns(voter, comment):
        raise Refused("own-comment", _("You cannot vote on your own comment. Nothing was counted."))
    if not policy.may_vote(voter, comment, comment.thread):
        raise Refused(
            "vote-closed",
            _("This comment takes no votes, because it or its discussion is closed. Nothing was counted."),
        )
    if value:
        checks.may_take_part(voter, _("Nothing was counted."))
    vote = Vote.objects.filter(comment=comment, voter=voter).first()
    if value != (vote.value if vote else 0):
        before = (comment.up, comment.down)
        vote = _replace_vote(comment, voter, vote, value)
        transaction.on_commit(VOTES.inc, robust=True)
        if (comment.up, comment.down) != before:
            comment.save(update_fields=["up", "down"])
            announce.score_changed(comment)
    comment.own_fresh = vote.value if vote is not None and vote.set_aside == Vote.Aside.FRESH else 0
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


@transaction.atomic
def set_votes_aside(vote_ids: Collection[int], wanted: bool) -> int:
    """Count these votes no more, or again, and tell open pages; how many votes changed. Cost: 5 queries, 1 per comment.

    Each voter's vote stays as they cast it, and only they see it. What counts again waits first, where the account is
    still too new. Doing it twice changes nothing.
    """
    comments = _locked(Vote.objects.filter(pk__in=vote_ids))
    votes = Vote.objects.filter(pk__in=vote_ids)
    if wanted:
        changed = votes.exclude(set_aside=Vote.Aside.RING).update(set_aside=Vote.Aside.RING)
    else:
        votes = votes.filter(set_aside__in=DECIDED)
        changed = votes.filter(value=0).delete()[0]
        young = votes.filter(voter__date_joined__gt=_old_enough(), voter__is_staff=False)
        changed += Vote.objects.filter(pk__in=list(young.values_list("pk", flat=True))).update(set_aside=Vote.Aside.NEW)
        changed += votes.update(set_aside="")
    _recount(comments)
    return changed


@transaction.atomic
def count_waiting_votes() -> int:
    """Count votes whose time has come; how many, 500 at most. Cost: 4 queries, 1 per comment.

    That is after `VOTE_DELAY`, and once the account is old enough. Votes of members who are switched off, or whom a
    decision keeps from taking part, go on waiting.
    """
    kept_out = Decision.objects.in_force().filter(kind__in=KEEPS_OUT).exclude(member=None)
    of_age = Q(set_aside=Vote.Aside.FRESH) | Q(set_aside=Vote.Aside.NEW, voter__date_joined__lte=_old_enough())
    delayed = timezone.now() - timedelta(minutes=settings.VOTE_DELAY)
    due = (
        Vote.objects.filter(of_age, cast_at__lte=delayed, voter__is_active=True)
        .exclude(voter__in=kept_out.values("member"))
        .order_by("pk")
    )
    keys = list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])
    comments = _locked(Vote.objects.filter(pk__in=keys))
    # Some may have been taken back, cast anew, or set aside, before the comments were locked.
    still = Vote.objects.filter(pk__in=keys, set_aside__in=WAITING, cast_at__lte=delayed)
    changed = still.update(set_aside="")
    _recount(comments)
    return changed


def _replace_vote(comment: Comment, voter: User, former: Vote | None, value: int) -> Vote | None:
    """The vote kept in place of the former, if any; the counters of the comment are brought up to date in memory.

    What is taken back stops counting at once: of the votes of others that tells nothing.
    """
    _add(comment, former, -1)
    is_decided = former is not None and former.set_aside in DECIDED
    if former is not None and value == 0 and not is_decided:
        former.delete()
        return None
    vote = former or Vote(comment=comment, voter=voter)
    if not is_decided:
        vote.set_aside = _why_not_counted(voter, comment, value)
    vote.value, vote.cast_at = value, timezone.now()
    vote.save()
    _add(comment, vote, +1)
    return vote


def _add(comment: Comment, vote: Vote | None, times: int) -> None:
    if vote is not None and not vote.set_aside:
        comment.up += times * (vote.value == 1)
        comment.down += times * (vote.value == -1)


def _why_not_counted(voter: User, comment: Comment, value: int) -> str:
    """Why this vote is kept and not counted; "" if it counts. Cost: 1 query, 2 more near a limit.

    Votes on different comments at the same moment do not wait for each other and may pass a limit by a few.

    Raises:
        Refused: the voter has used up their votes of this hour.
    """
    now = timezone.now()
    lately = Vote.objects.filter(voter=voter, cast_at__gt=now - timedelta(days=1)).exclude(comment=comment)
    alike = Q(comment__author=comment.author_id, value=value) if comment.author_id else Q(pk=None)
    cast = lately.aggregate(
        hour=Count("pk", filter=Q(cast_at__gt=now - timedelta(hours=1))), alike=Count("pk", filter=alike)
    )
    standing = trust.rows()[0]
    if cast["hour"] >= standing.votes_in_an_hour or cast["alike"] >= standing.votes_on_one_author:
        standing = trust.standing_of(voter)
    if cast["hour"] >= standing.votes_in_an_hour:
        raise Refused(
            "too-many-votes",
            _("You have cast {votes} votes within an hour. This one was not kept; vote again later.").format(
                votes=standing.votes_in_an_hour
            ),
        )
    if cast["alike"] >= standing.votes_on_one_author:
        return Vote.Aside.SERIAL
    if trust.votes_count_from(voter):
        return Vote.Aside.NEW
    return Vote.Aside.FRESH if settings.VOTE_DELAY else ""


def _locked(votes: QuerySet[Vote]) -> list[Comment]:
    """The comments of these votes, locked in one order, so that two at this never wait for each other."""
    return list(Comment.objects.select_for_update().filter(pk__in=votes.values("comment")).order_by("pk"))


def _recount(comments: Collection[Comment]) -> None:
    """Make the counters of locked comments the sums of the votes that count, and tell open pages of the new ones."""
    counted = Vote.objects.filter(comment__in=comments, set_aside="").values_list("comment", "value").order_by()
    sums = {(key, value): count for key, value, count in counted.annotate(n=Count("pk"))}
    for comment in comments:
        up, down = sums.get((comment.pk, 1), 0), sums.get((comment.pk, -1), 0)
        if (comment.up, comment.down) != (up, down):
            comment.up, comment.down = up, down
            comment.save(update_fields=["up", "down"])
            announce.score_changed(comment)


def _old_enough() -> datetime:
    return timezone.now() - timedelta(days=trust.rows()[0].votes_count_after_days)
