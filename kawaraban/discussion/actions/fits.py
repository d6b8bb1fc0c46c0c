"""Looking for opinion groups in the votes of a thread, on the clock, and keeping what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from kawaraban.caching.actions import purge
from kawaraban.discussion.actions.groups import ROWS_AT_ONCE, blank, drop_tallies, lock_tallies, recount, write_tallies
from kawaraban.discussion.groups import DOT, LETTERS
from kawaraban.discussion.models import Agreed, Comment, Fit, Place, Tally, Thread, Vote

if TYPE_CHECKING:
    from kawaraban.ranking.opinion import Opinion

# A thread is looked at anew after so many more votes, or after so long.
MORE_VOTES = 1.05
AT_LATEST = timedelta(minutes=10)
# With fewer there cannot be thirty readers who have voted five times.
FEWEST_VOTES = 150
THREADS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class _Found:
    """What a fit has found, and the members that its readers are, by their numbers."""

    opinion: Opinion | None  # None for too few votes to look at
    members: list[int]
    votes: int
    label: list[int] = field(default_factory=list)  # the group of each member; -1 for none
    sums: dict[int, tuple[int, int]] = field(default_factory=dict)  # votes up and down, by the number of the comment


def fit_due_threads() -> int:
    """Look for groups in threads with new votes that have waited long enough; in how many, 100 at most, oldest first.

    That is after 5 % more votes, or after ten minutes. Where no groups are wanted any more, what is kept of them goes
    at once. Cost: 1 query, 1 more for all that have too few votes; that of `fit_thread` for each other.
    """
    new = Thread.objects.filter(has_new_votes=True).annotate(
        votes=Coalesce(Sum(F("comments__up") + F("comments__down")), 0)
    )
    oldest = new.order_by(F("fit__fitted_at").asc(nulls_first=True), "pk")
    rows = list(oldest.values_list("pk", "votes", "finds_groups", "fit__votes", "fit__fitted_at"))
    few = {pk for pk, votes, _, before, _ in rows if before is None and votes < FEWEST_VOTES}
    Thread.objects.filter(pk__in=few).update(has_new_votes=False)
    long_ago = timezone.now() - AT_LATEST
    due = [
        pk
        for pk, votes, is_wanted, before, at in rows
        if pk not in few and (before is None or not is_wanted or at <= long_ago or votes >= before * MORE_VOTES)
    ][:THREADS_AT_ONCE]
    for pk in due:
        fit_thread(pk)
    return len(due)


def fit_thread(thread_id: int) -> Fit | None:
    """Find the groups of a thread anew, from those on that there were; None where none are to be found.

    Votes that count are looked at, on comments that everybody can read. Time in proportion to votes. Cost: 4 queries,
    then 13 in one transaction, 1 more for each 1,000 comments and each 1,000 members whose group has changed.
    """
    thread = Thread.objects.get(pk=thread_id)
    if not thread.finds_groups:
        _forget(thread)
        return None
    former = Fit.objects.filter(thread=thread).first()
    places = dict(Place.objects.filter(thread=thread).values_list("member", "group"))
    began = timezone.now()
    found = _find(thread, former, places)
    opinion = found.opinion
    fit = Fit(thread=thread, why=Fit.Why.FEW, votes=found.votes, fitted_at=began)
    if opinion is not None:
        fit.placed = opinion.placed
        fit.why = opinion.why
        fit.sizes = [found.label.count(group) for group in range(opinion.groups)]
        fit.vectors = opinion.vectors.tobytes() if opinion.groups else b""
        fit.dots = _dots(found, opinion)
    _keep(thread, fit, found, places)
    return fit


@transaction.atomic
def _forget(thread: Thread) -> None:
    """Keep nothing of the groups of a thread that is to have none. Cost: 7 queries."""
    drop_tallies(thread)
    for table in (Place, Fit, Agreed):
        table._default_manager.filter(thread=thread).delete()
    Thread.objects.filter(pk=thread.pk, finds_groups=False).update(has_new_votes=False)
    purge(thread.cache_tag)


def _find(thread: Thread, former: Fit | None, places: Mapping[int, int]) -> _Found:
    """What the thread's votes say, from the former fit on."""
    # Here and not above: a hundredfold of what else a process needs, and only who looks for groups needs it.
    import numpy as np

    from kawaraban.ranking.opinion import VECTORS, Former, opinion

    rows = (
        Vote.objects.filter(comment__thread=thread, comment__state=Comment.State.VISIBLE, set_aside="")
        .order_by()
        .values_list("voter", "comment__number", "value")
    )
    kinds = [("voter", np.int64), ("number", np.int64), ("value", np.int64)]
    votes = np.fromiter(rows.iterator(chunk_size=10_000), dtype=kinds)
    if len(votes) < FEWEST_VOTES:
        return _Found(None, [], len(votes))
    members, readers = np.unique(votes["voter"], return_inverse=True)
    comments = max(thread.last_number, int(votes["number"].max()))
    before = None
    if former is not None and thread.group_letters:
        label = np.array([places.get(member, -1) for member in members.tolist()], dtype=np.int64)
        vectors = np.frombuffer(former.vectors, dtype=np.float64).reshape(-1, VECTORS)
        before = Former(names=tuple(map(LETTERS.index, thread.group_letters)), label=label, vectors=vectors)
    found = opinion(readers, votes["number"] - 1, votes["value"], len(members), comments, former=before)
    up = np.bincount(votes["number"][votes["value"] > 0], minlength=comments + 1)
    down = np.bincount(votes["number"][votes["value"] < 0], minlength=comments + 1)
    sums = dict(enumerate(zip(up.tolist(), down.tolist(), strict=True)))
    return _Found(found, members.tolist(), len(votes), found.label.tolist(), sums)


def _dots(found: _Found, opinion: Opinion) -> bytes:
    """Where each reader stands; those on one axis stand in a line."""
    return b"".join(
        DOT.pack(member, position[0], position[1] if len(position) > 1 else 0.0, group)
        for member, position, group in zip(found.members, opinion.position.tolist(), found.label, strict=True)
        if group >= 0
    )


@transaction.atomic
def _keep(thread: Thread, fit: Fit, found: _Found, former: Mapping[int, int]) -> None:
    """Put a fit in the place of the former, with what its groups say of comments, and votes that came meanwhile.

    The thread's row comes last, so that nobody who writes in it waits for the counting. If votes came meanwhile, the
    thread still has new ones; and so it has if whoever looks for groups is ended before this.
    """
    opinion = found.opinion
    letters = "".join(LETTERS[name] for name in opinion.names) if opinion is not None else ""
    places = {member: group for member, group in zip(found.members, found.label, strict=True) if group >= 0}
    groups = len(letters)
    voted_on = Comment.objects.filter(Q(up__gt=0) | Q(down__gt=0), thread=thread).order_by()
    keys = list(voted_on.values_list("pk", flat=True)) if groups else []
    if not (groups and thread.group_count):
        drop_tallies(thread)  # those of groups that are no more, or that were turned off since
    tallies = lock_tallies(blank(key, thread.pk, groups) for key in keys)
    gone = [member for member in former if member not in places]
    changed = [member for member, group in places.items() if former.get(member) != group]
    for at in range(0, len(gone), ROWS_AT_ONCE):
        Place.objects.filter(thread=thread, member__in=gone[at : at + ROWS_AT_ONCE]).delete()
    Place.objects.bulk_create(
        (Place(thread=thread, member_id=member, group=places[member]) for member in changed),
        update_conflicts=True,
        unique_fields=["thread", "member"],
        update_fields=["group"],
        batch_size=ROWS_AT_ONCE,
    )
    if opinion is not None and groups:
        _count(thread, opinion, found.sums, fit.fitted_at, tallies)
    fit.save()
    readable = Comment.objects.filter(thread=thread, state=Comment.State.VISIBLE)
    now = readable.aggregate(votes=Coalesce(Sum(F("up") + F("down")), 0))["votes"]
    wanted = Thread.objects.filter(pk=thread.pk, finds_groups=True)
    if not wanted.update(group_letters=letters, has_new_votes=now != fit.votes):
        transaction.set_rollback(True)  # The newsroom has turned groups off since the votes were read.
    elif groups or thread.group_count:
        purge(thread.cache_tag)


def _count(
    thread: Thread,
    opinion: Opinion,
    sums: Mapping[int, tuple[int, int]],
    since: datetime,
    tallies: Mapping[int, Tally],
) -> None:
    """Write into locked tallies what the groups say.

    What the fit has counted holds for comments on which nobody has voted since, and whose counters are what they were;
    only the others are counted again, which takes the database seconds for a million votes.
    """
    up, n = opinion.up.T.tolist(), opinion.n.T.tolist()
    # A vote has its time a moment before others can see it.
    new = Vote.objects.filter(cast_at__gte=since - timedelta(minutes=1), comment__thread=thread)
    lately = set(new.values_list("comment", flat=True))
    rows = Comment.objects.filter(thread=thread)
    stale = dict(tallies)
    for key, number, agree, disagree in rows.order_by().values_list("pk", "number", "up", "down"):
        if key in tallies and key not in lately and sums.get(number) == (agree, disagree):
            stale.pop(key).votes = [list(pair) for pair in zip(up[number - 1], n[number - 1], strict=True)]
    recount(stale, dict.fromkeys(stale, opinion.groups), Vote.objects.filter(comment__in=stale))
    write_tallies(tallies.values())
