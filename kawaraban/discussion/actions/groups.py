"""What opinion groups say of comments, kept true by every vote between two fits.

It is counted in a comment's `Tally`. Whoever changes tallies first makes sure that they are there, then locks them in
the order of their keys, and only then asks which votes there are and who is in which group: so a vote and a fit that
come at the same moment see each other, whichever comes first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from kawaraban.accounts.models import User
from kawaraban.caching.actions import purge
from kawaraban.discussion import policy
from kawaraban.discussion.models import Agreed, Comment, Place, Tally, Thread, Vote
from kawaraban.discussion.reads.groups import counts_of
from kawaraban.errors import Refused
from kawaraban.ranking.common_ground import has_badge

ROWS_AT_ONCE = 1_000
MOST_AGREED = 3


@dataclass(frozen=True, slots=True)
class Counted:
    """A vote that begins to count (`times` +1), or does so no more (-1); the comment's thread is loaded."""

    comment: Comment
    voter_id: int
    value: int
    times: int


def count_in_groups(changes: Iterable[Counted]) -> None:
    """Bring tallies up to date with votes, in the transaction in which those are cast.

    A vote of who is in no group changes nothing: they come in at the next fit. Cost: none where no thread has groups,
    else 3 queries, 4 where a group votes.
    """
    changes = [each for each in changes if each.comment.thread.group_count]
    if not changes:
        return
    tallies = lock_tallies(_blank_of(each.comment) for each in changes)
    concerned = Q(member__in={each.voter_id for each in changes})
    rows = Place.objects.filter(concerned, thread__in={each.comment.thread_id for each in changes})
    places = {(thread, member): group for thread, member, group in rows.values_list("thread", "member", "group")}
    changed = {}
    for each in changes:
        group = places.get((each.comment.thread_id, each.voter_id))
        tally = tallies[each.comment.pk]
        votes = tally.votes
        if group is not None and group < len(votes):
            up, n = votes[group]
            votes[group] = [max(0, up + each.times * (each.value == 1)), max(0, n + each.times)]
            changed[tally.pk] = tally
    write_tallies(changed.values())


def recount_in_groups(comments: Collection[Comment]) -> None:
    """Make the tallies of comments, whose threads are loaded, the sums of the votes that count.

    Cost: none where no thread has groups, else 4 queries.
    """
    comments = [comment for comment in comments if comment.thread.group_count]
    if comments:
        tallies = lock_tallies(map(_blank_of, comments))
        groups = {comment.pk: comment.thread.group_count for comment in comments}
        recount(tallies, groups, Vote.objects.filter(comment__in=groups))
        write_tallies(tallies.values())


def votes_changed(comments: Iterable[Comment]) -> None:
    """Let somebody look for groups in the threads of these comments, which are loaded. Cost: 1 query, once a fit.

    After the commit, for whoever writes a comment locks its thread first and other comments then.
    """
    found = {each.thread_id for each in comments if each.thread.finds_groups and not each.thread.has_new_votes}
    if found:
        threads = Thread.objects.filter(pk__in=found)
        transaction.on_commit(lambda: threads.update(has_new_votes=True), robust=True)


@transaction.atomic
def choose_agreed(editor: User, thread_id: int, numbers: Sequence[int]) -> None:
    """Put comments into the box of what readers agree on, in this order, in the place of those that were there.

    None empties it. Cost: 7 queries.

    Args:
        numbers: of up to three comments that every group approves.

    Raises:
        Thread.DoesNotExist: there is no such thread.
        Refused: they may not, these are too many, or a group does not approve one of them any more.
    """
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    if not policy.may_pick(editor):
        raise Refused("not-editor", _("Only the newsroom chooses what stands here. Nothing was changed."))
    if len(numbers) > MOST_AGREED:
        raise Refused(
            "too-many-agreed",
            _("The box holds up to {most} comments. Nothing was changed; take some out.").format(most=MOST_AGREED),
        )
    counts = counts_of(thread, numbers)
    for number in numbers:
        if not has_badge(counts.get(number, ())):
            raise Refused(
                "not-agreed",
                _("Not every group approves #{number} any more. Nothing was changed; choose another.").format(
                    number=number
                ),
            )
    Agreed.objects.filter(thread=thread).delete()
    keys = dict(Comment.objects.filter(thread=thread, number__in=numbers).values_list("number", "pk"))
    Agreed.objects.bulk_create(
        Agreed(comment_id=keys[number], thread=thread, place=place, chosen_by=editor)
        for place, number in enumerate(dict.fromkeys(numbers), start=1)
    )
    purge(thread.cache_tag)


def blank(comment_id: int, thread_id: int, groups: int) -> Tally:
    """A tally of a comment on which no group has voted. Cost: none."""
    return Tally(comment_id=comment_id, thread_id=thread_id, votes=[[0, 0] for _ in range(groups)])


def lock_tallies(blanks: Iterable[Tally]) -> dict[int, Tally]:
    """The tallies that are kept in the place of these, made where there were none, and locked. Cost: 2 queries."""
    by_key = {tally.pk: tally for tally in blanks}
    Tally.objects.bulk_create(
        (tally for _, tally in sorted(by_key.items())), ignore_conflicts=True, batch_size=ROWS_AT_ONCE
    )
    return {tally.pk: tally for tally in Tally.objects.select_for_update().filter(pk__in=by_key).order_by("pk")}


def drop_tallies(thread: Thread) -> None:
    """Keep no tally of a thread. Cost: 2 queries."""
    tallies = Tally.objects.filter(thread=thread)
    len(tallies.select_for_update().order_by("pk"))  # locked
    tallies.delete()


def recount(tallies: Mapping[int, Tally], groups: Mapping[int, int], votes: QuerySet[Vote]) -> None:
    """Put into locked tallies, in memory, what these votes sum up to. Cost: 1 query.

    Args:
        groups: how many groups there are, by the key of the comment.
    """
    for key, tally in tallies.items():
        tally.votes = [[0, 0] for _ in range(groups[key])]
    placed = votes.filter(set_aside="", voter__places__thread=F("comment__thread")).order_by()
    sums = placed.values_list("comment", "voter__places__group").annotate(
        up=Count("pk", filter=Q(value=1)), n=Count("pk")
    )
    for key, group, up, n in sums:
        # A tally that has come since the others were locked is counted by the vote that made it.
        if key in tallies and group < groups[key]:
            tallies[key].votes[group] = [up, n]


def write_tallies(tallies: Collection[Tally]) -> None:
    """Keep locked tallies as they now are. Cost: 1 query for each 1,000."""
    Tally.objects.bulk_create(
        tallies, update_conflicts=True, unique_fields=["comment"], update_fields=["votes"], batch_size=ROWS_AT_ONCE
    )


def _blank_of(comment: Comment) -> Tally:
    return blank(comment.pk, comment.thread_id, comment.thread.group_count)
