"""Votes as they are cast. Those that come at the same moment share one transaction, and each of its queries."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban.accounts.models import User
from kawaraban.caching.actions import note_own_change
from kawaraban.decisions.models import Decision
from kawaraban.decisions.reads import restrictions_of
from kawaraban.discussion import announce, checks, policy, trust
from kawaraban.discussion.actions.groups import Counted, count_in_groups, votes_changed
from kawaraban.discussion.metrics import VOTES
from kawaraban.discussion.models import Comment, Vote
from kawaraban.errors import Refused
from kawaraban.together import Together

# Whose votes are set aside for these reasons cannot make them count by taking them back and casting them again.
DECIDED = (Vote.Aside.SERIAL, Vote.Aside.RING)


@dataclass(frozen=True, slots=True)
class _Ballot:
    """What one member says of one comment: +1, -1, or 0 to take back what they said."""

    voter: User
    thread_id: int
    number: int
    value: int


@dataclass(slots=True, eq=False)
class _Slip:
    """A ballot and what there is to it; `vote` is what stands in the end, if anything."""

    ballot: _Ballot
    comment: Comment
    vote: Vote | None
    restriction: Decision | None
    has_changed: bool = False  # what others see

    @property
    def is_decided(self) -> bool:
        return self.vote is not None and self.vote.set_aside in DECIDED

    @property
    def says_something_new(self) -> bool:
        return self.ballot.value != (self.vote.value if self.vote else 0)


def cast_vote(voter: User, thread_id: int, number: int, value: int) -> Comment:
    """The comment with its counters after this vote. Sent twice, the same value changes nothing.

    A vote of an account that is too new, and one of too many in a day on one author, is kept and not counted. Every
    other one counts after `VOTE_DELAY`; the comment that is returned shows it to its voter at once. Cost: 5 to 9
    queries for all votes that are cast at the same moment, 2 more for each voter near a limit; 4 more where readers
    fall into groups, 1 more for the first since somebody looked for these.

    Args:
        value: +1 agrees, -1 disagrees, 0 takes the vote back.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: the value is none of these, it is their own comment, it cannot be voted on, they vote too fast, or
            a decision keeps them from taking part.
    """
    if value not in (-1, 0, 1) or isinstance(value, bool):
        raise Refused("bad-vote", _("A vote is +1, -1 or 0. Nothing was counted."))
    ballot = _Ballot(voter, thread_id, number, value)
    # Whoever has begun a transaction of their own wants the vote in it.
    outcome = _cast([ballot])[0] if connection.in_atomic_block else _together.ask(ballot)
    if isinstance(outcome, Exception):
        raise outcome
    if outcome.has_changed:
        note_own_change()
    return outcome.comment


@transaction.atomic
def _cast(ballots: Sequence[_Ballot]) -> list[_Slip | Refused | Comment.DoesNotExist]:
    """What becomes of ballots of different voters, in their order."""
    slips = _slips(ballots)
    refusals: dict[_Ballot, Refused | Comment.DoesNotExist] = {}
    for ballot in ballots:
        try:
            _may_be_cast(ballot, slips.get(ballot))
        except (Refused, Comment.DoesNotExist) as refusal:
            refusals[ballot] = refusal
    new = [slip for ballot, slip in slips.items() if ballot not in refusals and slip.says_something_new]
    lately = _cast_lately([slip for slip in new if slip.ballot.value and not slip.is_decided])
    before = {slip.comment: (slip.comment.up, slip.comment.down) for slip in new}
    accepted = []
    for slip in new:
        try:
            aside = _aside(slip, *lately.get(slip.ballot.voter.pk, (0, 0)))
        except Refused as refusal:
            refusals[slip.ballot] = refusal
        else:
            accepted.append((slip, aside))
    _keep(accepted)
    changed = {comment for comment, counts in before.items() if (comment.up, comment.down) != counts}
    if changed:
        Comment.objects.bulk_update(changed, ["up", "down"])
        announce.scores_changed(changed)
        votes_changed(changed)
    _show_to_voters(slips.values(), changed)
    return [refusals.get(ballot) or slips[ballot] for ballot in ballots]


# Of one voter one at a time: each vote of theirs sees the one before.
_together = Together(_cast, within=transaction.atomic, one_each=lambda ballot: ballot.voter.pk)


def _slips(ballots: Sequence[_Ballot]) -> dict[_Ballot, _Slip]:
    """The ballots on comments that exist. Those are locked, in one order: all that count or cast wait here. 3 queries.

    What votes there are is asked when the comments are locked, so each transaction sees the one before.
    """
    numbers: dict[int, list[int]] = defaultdict(list)
    for ballot in ballots:
        numbers[ballot.thread_id].append(ballot.number)
    wanted = Q()
    for thread_id, of_thread in numbers.items():
        wanted |= Q(thread_id=thread_id, number__in=of_thread)
    rows = Comment.objects.select_for_update(of=("self",)).select_related("thread").filter(wanted).order_by("pk")
    comments = {(comment.thread_id, comment.number): comment for comment in rows}
    voters = [ballot.voter for ballot in ballots]
    votes = {
        (vote.comment_id, vote.voter_id): vote
        for vote in Vote.objects.filter(comment__in=comments.values(), voter__in=voters)
    }
    restrictions = restrictions_of([ballot.voter for ballot in ballots if ballot.value])
    slips = {}
    for ballot in ballots:
        comment = comments.get((ballot.thread_id, ballot.number))
        if comment is not None:
            vote = votes.get((comment.pk, ballot.voter.pk))
            slips[ballot] = _Slip(ballot, comment, vote, restrictions.get(ballot.voter.pk))
    return slips


def _may_be_cast(ballot: _Ballot, slip: _Slip | None) -> None:
    if slip is None:
        raise Comment.DoesNotExist
    if policy.owns(ballot.voter, slip.comment):
        raise Refused("own-comment", _("You cannot vote on your own comment. Nothing was counted."))
    if not policy.may_vote(ballot.voter, slip.comment, slip.comment.thread):
        raise Refused(
            "vote-closed",
            _("This comment takes no votes, because it or its discussion is closed. Nothing was counted."),
        )
    if ballot.value:
        checks.let_take_part(slip.restriction, _("Nothing was counted."))


def _cast_lately(slips: Collection[_Slip]) -> dict[int, tuple[int, int]]:
    """How many votes on other comments each voter has cast within an hour, and in a day alike on the same author.

    Votes in different processes do not wait for each other and may pass a limit by a few. Cost: 1 query, none if there
    are no slips.
    """
    if not slips:
        return {}
    hour = timezone.now() - timedelta(hours=1)
    alike: dict[tuple[int | None, int], list[User]] = defaultdict(list)
    for slip in slips:
        if slip.comment.author_id is not None:
            alike[slip.comment.author_id, slip.ballot.value].append(slip.ballot.voter)
    is_alike = Q(pk=None)
    for (author, value), voters in alike.items():
        is_alike |= Q(voter__in=voters, comment__author=author, value=value)
    lately = Vote.objects.filter(
        voter__in=[slip.ballot.voter for slip in slips], cast_at__gt=timezone.now() - timedelta(days=1)
    )
    rows = (
        lately.order_by()
        .values_list("voter")
        .annotate(in_hour=Count("pk", filter=Q(cast_at__gt=hour)), alike=Count("pk", filter=is_alike))
    )
    counts = {voter: (in_hour, in_day) for voter, in_hour, in_day in rows}
    found = {}
    for slip in slips:
        in_hour, in_day = counts.get(slip.ballot.voter.pk, (0, 0))
        # The vote that this one replaces is not on another comment. It says something else, so it is not alike.
        replaces_one = slip.vote is not None and slip.vote.cast_at > hour
        found[slip.ballot.voter.pk] = in_hour - replaces_one, in_day
    return found


def _aside(slip: _Slip, in_hour: int, alike: int) -> str:
    """Why this vote is kept and not counted; "" if it counts. Cost: none, 2 queries near a limit.

    Raises:
        Refused: the voter has used up their votes of this hour.
    """
    if slip.vote is not None and slip.is_decided:
        return slip.vote.set_aside
    if not slip.ballot.value:
        return ""
    standing, voter = trust.rows()[0], slip.ballot.voter
    if in_hour >= standing.votes_in_an_hour or alike >= standing.votes_on_one_author:
        standing = trust.standing_of(voter)
    if in_hour >= standing.votes_in_an_hour:
        raise Refused(
            "too-many-votes",
            _("You have cast {votes} votes within an hour. This one was not kept; vote again later.").format(
                votes=standing.votes_in_an_hour
            ),
        )
    if alike >= standing.votes_on_one_author:
        return Vote.Aside.SERIAL
    if trust.votes_count_from(voter):
        return Vote.Aside.NEW
    return Vote.Aside.FRESH if settings.VOTE_DELAY else ""


def _keep(accepted: Iterable[tuple[_Slip, str]]) -> None:
    """Keep votes in place of the former, and bring the counters of their comments up to date in memory. 2 queries.

    What is taken back stops counting at once: of the votes of others that tells nothing.
    """
    kept, taken_back = [], []
    counted: list[Counted] = []
    for slip, aside in accepted:
        counted += _add(slip, -1)
        if slip.ballot.value or aside:
            now, value = timezone.now(), slip.ballot.value
            slip.vote = Vote(comment=slip.comment, voter=slip.ballot.voter, value=value, cast_at=now, set_aside=aside)
            kept.append(slip.vote)
        elif slip.vote is not None:
            taken_back.append(slip.vote.pk)
            slip.vote = None
        counted += _add(slip, +1)
    if taken_back:
        Vote.objects.filter(pk__in=taken_back).delete()
    if kept:
        Vote.objects.bulk_create(
            kept,
            update_conflicts=True,
            unique_fields=["comment", "voter"],
            update_fields=["value", "cast_at", "set_aside"],
        )
    count_in_groups(counted)
    transaction.on_commit(lambda: VOTES.inc(len(kept) + len(taken_back)), robust=True)


def _show_to_voters(slips: Iterable[_Slip], changed: Collection[Comment]) -> None:
    """Give each voter a comment of their own, with their vote on it; it may be the same comment for several."""
    given = set()
    for slip in slips:
        slip.has_changed = slip.comment in changed
        if slip.comment in given:
            slip.comment = copy.copy(slip.comment)
        given.add(slip.comment)
        is_fresh = slip.vote is not None and slip.vote.set_aside == Vote.Aside.FRESH
        slip.comment.own_fresh = slip.vote.value if slip.vote is not None and is_fresh else 0


def _add(slip: _Slip, times: int) -> list[Counted]:
    """Add the vote to its comment in memory, or take it out (`times` -1); what is to be said of it to the groups."""
    if slip.vote is None or slip.vote.set_aside:
        return []
    slip.comment.up += times * (slip.vote.value == 1)
    slip.comment.down += times * (slip.vote.value == -1)
    return [Counted(slip.comment, slip.ballot.voter.pk, slip.vote.value, times)]
