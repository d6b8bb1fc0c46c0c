"""Agreement and disagreement: what counts, and what is set aside. How votes are cast stands in `ballots`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from kawaraban.accounts.models import User
from kawaraban.decisions.models import KEEPS_OUT, Decision
from kawaraban.discussion import announce, trust
from kawaraban.discussion.actions.ballots import DECIDED
from kawaraban.discussion.actions.groups import recount_in_groups, votes_changed
from kawaraban.discussion.models import Comment, Vote

# What comes to count by itself.
WAITING = (Vote.Aside.FRESH, Vote.Aside.NEW)
MOST_AT_ONCE = 500  # votes that begin to count in one transaction


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
    votes_changed([comment])


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


def _locked(votes: QuerySet[Vote]) -> list[Comment]:
    """The comments of these votes, locked in one order, so that two at this never wait for each other."""
    comments = Comment.objects.select_for_update(of=("self",)).select_related("thread")
    return list(comments.filter(pk__in=votes.values("comment")).order_by("pk"))


def _recount(comments: Collection[Comment]) -> None:
    """Make the counters of locked comments the sums of the votes that count, and tell open pages of the new ones."""
    counted = Vote.objects.filter(comment__in=comments, set_aside="").values_list("comment", "value").order_by()
    sums = {(key, value): count for key, value, count in counted.annotate(n=Count("pk"))}
    changed = []
    for comment in comments:
        up, down = sums.get((comment.pk, 1), 0), sums.get((comment.pk, -1), 0)
        if (comment.up, comment.down) != (up, down):
            comment.up, comment.down = up, down
            comment.save(update_fields=["up", "down"])
            changed.append(comment)
    announce.scores_changed(changed)
    recount_in_groups(changed)
    votes_changed(changed)


def _old_enough() -> datetime:
    return timezone.now() - timedelta(days=trust.rows()[0].votes_count_after_days)
