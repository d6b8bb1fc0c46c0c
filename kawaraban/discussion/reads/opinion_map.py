"""The map of a thread's opinion groups, as everybody may know it: what each says, and never who is in it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kawaraban.discussion.groups import Dot
from kawaraban.discussion.models import Agreed, Comment, Fit, Thread
from kawaraban.discussion.reads.groups import counts_of, reason
from kawaraban.discussion.reads.quotes import said
from kawaraban.ranking import common_ground
from kawaraban.ranking.common_ground import Statement, Votes

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

STATEMENTS = 3
MOST_TO_CHOOSE_FROM = 20


@dataclass(frozen=True, slots=True)
class Voted:
    """A comment as the map shows it: its number, whose it is, its own words, and what each group says of it."""

    number: int
    name: str
    text: str
    groups: tuple[Votes, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What one group says of a comment as the others do not: so many in a hundred of its votes, and of the others'."""

    comment: Voted
    agrees: bool
    percent: int
    votes: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Group:
    """One opinion group: its letter, how many readers are in it, how many in a hundred, and what stands for it."""

    letter: str
    size: int
    percent: int
    says: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class OpinionMap:
    """What the votes of a thread say of its readers: alike for everyone, so that it can be remembered and sent to all.

    `dots` holds where each reader stands.
    """

    thread: Thread
    groups: tuple[Group, ...]
    agreed: tuple[Voted, ...]
    divided: tuple[Voted, ...]
    dots: tuple[Dot, ...]
    placed: int
    no_groups: StrPromise | str = ""


def opinion_map(thread: Thread) -> OpinionMap:
    """The groups, what stands for each, what all approve, and what divides them most. Cost: 5 queries."""
    fit = Fit.objects.filter(thread=thread).first()
    if fit is None or not thread.group_count or len(fit.sizes) != thread.group_count:
        return OpinionMap(thread, (), (), (), (), fit.placed if fit else 0, reason(fit))
    counts = counts_of(thread)
    statements = [common_ground.stands_for(counts, place, most=STATEMENTS) for place in range(thread.group_count)]
    agreed, divided = common_ground.all_approve(counts), common_ground.divide_most(counts)
    chosen = {*agreed, *divided, *(each.comment for of_group in statements for each in of_group)}
    comments = _voted(thread, counts, chosen)
    placed = sum(fit.sizes)
    groups = tuple(
        Group(letter, size, round(100 * size / placed), tuple(_said(each, comments[each.comment]) for each in of_group))
        for letter, size, of_group in zip(thread.group_letters, fit.sizes, statements, strict=True)
    )
    return OpinionMap(
        thread,
        groups,
        tuple(comments[number] for number in agreed),
        tuple(comments[number] for number in divided),
        tuple(fit.each_dot()),
        placed,
    )


def agreed_on(thread: Thread) -> list[Voted]:
    """What the newsroom has put into the box of what readers agree on, as far as every group still approves it.

    Cost: none where there are no groups, else 1 query, 5 with such comments.
    """
    if not thread.group_count:
        return []
    numbers = list(Agreed.objects.filter(thread=thread).values_list("comment__number", flat=True))
    counts = counts_of(thread, numbers) if numbers else {}
    shown = [number for number in numbers if common_ground.has_badge(counts.get(number, ()))]
    comments = _voted(thread, counts, shown) if shown else {}
    return [comments[number] for number in shown]


def may_be_agreed(thread: Thread) -> list[Voted]:
    """What may be put into that box: comments that every group approves, the highest first. Cost: 4 queries."""
    counts = counts_of(thread)
    numbers = common_ground.all_approve(counts, most=MOST_TO_CHOOSE_FROM)
    comments = _voted(thread, counts, numbers)
    return [comments[number] for number in numbers]


def dots_of(thread: Thread) -> tuple[Dot, ...]:
    """Where each reader stands; nobody where there are no groups. Cost: 1 query."""
    fit = Fit.objects.filter(thread=thread).only("dots", "sizes").first()
    return tuple(fit.each_dot()) if fit and thread.group_count and len(fit.sizes) == thread.group_count else ()


def _voted(thread: Thread, counts: common_ground.Counts, numbers: Collection[int]) -> dict[int, Voted]:
    """Comments as the map shows them, by number. Cost: 3 queries."""
    rows = list(Comment.objects.filter(thread=thread, number__in=numbers).select_related("author").defer("html"))
    texts = said(rows)
    return {row.number: Voted(row.number, row.author_name, texts[row.pk], tuple(counts[row.number])) for row in rows}


def _said(statement: Statement, comment: Voted) -> Said:
    share, elsewhere = round(100 * statement.share), round(100 * statement.elsewhere)
    return Said(comment, statement.agrees, share, statement.votes, elsewhere)
