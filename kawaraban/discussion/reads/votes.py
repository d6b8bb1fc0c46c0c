"""Votes as evidence, for whoever looks for rings among them."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from kawaraban.accounts.models import Trace, User
from kawaraban.discussion import trust
from kawaraban.discussion.models import Vote
from kawaraban.ranking.rings import Cast


def recent_votes(minutes: int) -> list[Cast]:
    """The votes of the last minutes for `ranking.rings.find_rings`, whether they count or not. Cost: 5 queries.

    It holds who voted on what, so it goes to a program or to the desk as counts, and to nobody else.

    Args:
        minutes: back from now, a day at most: over more time strangers meet by chance.
    """
    since = timezone.now() - timedelta(minutes=min(minutes, 24 * 60))
    votes = Vote.objects.filter(cast_at__gte=since)
    voters = {
        voter.pk: voter
        for voter in User.objects.filter(pk__in=votes.values("voter")).only("pk", "date_joined", "is_staff")
    }
    ranks = trust.ranks_of(voters.values())
    # A trace is written once an hour, so that of a vote may be older than the vote. The newest one stays.
    traces = Trace.objects.filter(member__in=voters, seen_at__gte=since - timedelta(hours=1)).order_by("seen_at", "pk")
    networks = dict(traces.values_list("member", "network"))
    rows = votes.exclude(value=0).values_list(
        "pk", "voter", "comment", "comment__author", "comment__signed", "value", "cast_at"
    )
    return [
        Cast(
            key=key,
            voter=voter,
            target=comment,
            author=author or f"signed {name}",
            value=value,
            at=cast_at.timestamp(),
            age_days=max(0.0, (cast_at - voters[voter].date_joined) / timedelta(days=1)),
            network=networks.get(voter, ""),
            standing=ranks[voter],
        )
        for key, voter, comment, author, name, value, cast_at in rows.order_by("pk")
        if voter in voters
    ]
