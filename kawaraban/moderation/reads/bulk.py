"""What a decision about many comments will do, told before it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from kawaraban.accounts.models import User
from kawaraban.decisions.models import Kind
from kawaraban.discussion.models import Comment, Thread
from kawaraban.moderation.reads.queues import claims
from kawaraban.moderation.reads.states import states_of

# What can be done to many at once, and how the desk names it before it is done.
BULK_DEEDS = {
    "approve": pgettext_lazy("button", "Approve"),
    "remove": pgettext_lazy("button", "Remove"),
    "hold": pgettext_lazy("button", "Hold"),
    "fold": pgettext_lazy("button", "Fold"),
}
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done, and what will be left alone with the reason and how many it is true of.

    `states` is to be sent back with the press that confirms it. `taken` of the comments are open at a colleague's.
    """

    comments: list[Comment]
    states: dict[int, str]
    members: int
    threads: int
    skipped: list[tuple[str, int]]
    taken: int


def plan(moderator: User, wanted: Mapping[int, str], deed: str) -> Plan:
    """What a deed would do to these comments. Cost: 4 queries at any number.

    Args:
        wanted: what the page showed of each comment, by its key (`state_of`); empty for one that it did not say.
    """
    found = list(
        Comment.objects.filter(pk__in=list(wanted)).select_related("thread", "author", "decision__rule").order_by("pk")
    )
    states = states_of(found)
    reasons = {each.pk: _reason(moderator, each, deed, wanted[each.pk], states[each.pk]) for each in found}
    ahead = [each for each in found if not reasons[each.pk]]
    keys = [f"comment:{each.pk}" for each in ahead]
    skipped = Counter(reason for reason in reasons.values() if reason)
    if gone := len(wanted) - len(found):
        skipped[_("it is not there any more")] += gone
    return Plan(
        comments=ahead,
        states={each.pk: states[each.pk] for each in ahead},
        members=len({each.author_id or each.signed for each in ahead}),
        threads=len({each.thread_id for each in ahead}),
        skipped=sorted(skipped.items(), key=lambda each: -each[1]),
        taken=sum(claim.moderator_id != moderator.pk for claim in claims(keys).values()),
    )


def reason_to_skip(moderator: User, comment: Comment, deed: str, state: str) -> str:
    """Why a deed is not done to a comment, or nothing. Cost: 2 queries."""
    return _reason(moderator, comment, deed, state, states_of([comment])[comment.pk])


def comments_of_new_accounts(thread: Thread, made_since: datetime, written_since: datetime) -> list[Comment]:
    """What accounts made since a time have written in a thread since another, and is not removed. Cost: 1 query."""
    there = Comment.objects.filter(thread=thread, state__in=(Comment.State.VISIBLE, Comment.State.HELD))
    found = there.filter(author__date_joined__gte=made_since, author__is_staff=False, created_at__gte=written_since)
    return list(found.select_related("author", "decision__rule").order_by("number")[: MOST_AT_ONCE + 1])


def _reason(moderator: User, comment: Comment, deed: str, wanted: str, state: str) -> str:
    if comment.state == Comment.State.DELETED:
        return _("its author has deleted it")
    if comment.author_id == moderator.pk:
        return _("it is your own")
    if wanted and wanted != state:
        return _("it was decided about or changed meanwhile")
    if comment.decision and comment.decision.kind == {"remove": Kind.REMOVE, "hold": Kind.HOLD, "fold": Kind.FOLD}.get(
        deed
    ):
        return _("it is so already")
    return ""
