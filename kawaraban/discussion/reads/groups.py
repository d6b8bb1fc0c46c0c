"""What opinion groups say of comments, and why a thread has none."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kawaraban.discussion.models import Comment, Fit, Tally, Thread
from kawaraban.ranking.common_ground import Counts, Votes

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

WHY = {
    Fit.Why.FEW: _("There is no common ground to tell yet: too few readers have voted both ways."),
    Fit.Why.NO_DIVIDE: _("Readers do not fall into groups here: their votes show no stable divide."),
}


def no_groups(thread: Thread) -> StrPromise:
    """Why a thread without groups has none, in a sentence. Cost: 1 query."""
    return reason(Fit.objects.filter(thread=thread).only("why").first())


def reason(fit: Fit | None) -> StrPromise:
    """The sentence for what was found last, if somebody has looked. Cost: none."""
    return WHY[Fit.Why(fit.why) if fit and fit.why else Fit.Why.FEW]


def tallies_of(thread: Thread, comments: Q | None = None) -> dict[int, tuple[Votes, ...]]:
    """What each group says, by the key of the comment; nothing of comments that no group has voted on. Cost: 1 query.

    Args:
        comments: which, as a condition on tallies; None for all.
    """
    tallies = Tally.objects.filter(comments or Q(), thread=thread).only("votes")
    return {tally.pk: tally.groups for tally in tallies if len(tally.votes) == thread.group_count}


def counts_of(thread: Thread, numbers: Collection[int] | None = None) -> Counts:
    """What each group says of comments that it has voted on and everybody can read, by number. Cost: 1 query.

    Args:
        numbers: of which comments; None for all.
    """
    shown = Tally.objects.filter(thread=thread, comment__state=Comment.State.VISIBLE, comment__is_folded=False)
    if numbers is not None:
        shown = shown.filter(comment__number__in=numbers)
    tallies = shown.annotate(number=F("comment__number")).only("votes")
    return {tally.number: tally.groups for tally in tallies if len(tally.votes) == thread.group_count}
