"""What groups of opinion say of comments: the approval of each, common ground of all, what tells one from another.

Everything here follows from votes counted by group and comment; how groups are found stands in `opinion`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple, TypeAlias

# The badge says: so many votes from every group, and such a score.
BADGE_VOTES, BADGE_SCORE = 5, 0.70
# One-sided 95 %; Polis asks for 90 %, in each of the same two tests.
Z_95 = 1.6448536269515


class Votes(NamedTuple):
    """How many of one group's votes on a comment agree, and how many there are in all: 0 <= up <= n."""

    up: int
    n: int


# By comment: the votes of each group, from the largest group to the smallest; the same number of groups everywhere.
Counts: TypeAlias = Mapping[int, Sequence[Votes]]


@dataclass(frozen=True, slots=True)
class Statement:
    """A comment that a group says something about as the others do not.

    `agrees` says whether the group agrees with it or disagrees; `share` is the part of its votes that do, 0 to 1, out
    of `votes`, and `elsewhere` the part of all other groups' votes that do.
    """

    comment: int
    agrees: bool
    share: float
    votes: int
    elsewhere: float


def approval(votes: Votes) -> float:
    """How much a group approves, 0 to 1; 0.5 where nothing is known.

    Two votes for and two against are added to those that were cast. Source: A. Agresti and B. A. Coull, The American
    Statistician 52 (1998), 119-126.
    """
    return (votes.up + 2) / (votes.n + 4)


def score(groups: Sequence[Votes]) -> float:
    """Approval in the group that likes a comment least, 0 to 1.

    Raises:
        ValueError: there are no groups.
    """
    return min(map(approval, groups))


def has_badge(groups: Sequence[Votes]) -> bool:
    """True where enough of every group have voted and each approves."""
    return bool(groups) and all(each.n >= BADGE_VOTES for each in groups) and score(groups) >= BADGE_SCORE


def stands_for(counts: Counts, group: int, most: int = 5) -> list[Statement]:
    """Comments by which a group can be told from the others, the clearest first; none where nothing is clear.

    The group must be on one side by itself, and more so than all other groups together: a test of one proportion
    against a half and one of two proportions, both with one vote on each side added and both at 95 %, on at least 5
    votes of the group and 5 of the others. Sorted by the product of the two statistics; of equals the newest first.

    Args:
        group: its place among the groups, from 0.
        most: how many at most.

    Source: the tests are those by which Polis chooses representative comments (C. Small et al., Recerca 26, 2021),
    with a higher threshold and a least number of votes.
    """
    found: list[tuple[float, Statement]] = []
    for comment, groups in counts.items():
        up, n = groups[group]
        other_up, other_n = sum(each.up for each in groups) - up, sum(each.n for each in groups) - n
        if n < BADGE_VOTES or other_n < BADGE_VOTES:
            continue
        for agrees, ours, theirs in ((True, up, other_up), (False, n - up, other_n - other_up)):
            alone, beside = _above_half(ours, n), _above_other(ours, n, theirs, other_n)
            if alone > Z_95 and beside > Z_95:
                found.append((alone * beside, Statement(comment, agrees, ours / n, n, theirs / other_n)))
    found.sort(key=lambda each: (-each[0], -each[1].comment))
    return [statement for _, statement in found[:most]]


def all_approve(counts: Counts, most: int = 5) -> list[int]:
    """Comments with the badge, the highest score first; of equals the newest first."""
    badged = [comment for comment, groups in counts.items() if has_badge(groups)]
    return sorted(badged, key=lambda each: (-score(counts[each]), -each))[:most]


def divide_most(counts: Counts, most: int = 5) -> list[int]:
    """Comments that one group rather approves and another rather does not, the widest gap first.

    Each group must have cast 5 votes; of equal gaps the newest comment comes first.
    """
    gaps = {}
    for comment, groups in counts.items():
        if groups and all(each.n >= BADGE_VOTES for each in groups):
            approvals = [approval(each) for each in groups]
            if min(approvals) < 0.5 < max(approvals):
                gaps[comment] = max(approvals) - min(approvals)
    return sorted(gaps, key=lambda each: (-gaps[each], -each))[:most]


def _above_half(part: int, whole: int) -> float:
    """How many standard errors a share is above a half."""
    return 2 * sqrt(whole + 1) * ((part + 1) / (whole + 2) - 0.5)


def _above_other(part: int, whole: int, other_part: int, other_whole: int) -> float:
    """How many pooled standard errors the first share is above the second."""
    a, n, b, m = part + 1, whole + 2, other_part + 1, other_whole + 2
    pooled = (a + b) / (n + m)
    return (a / n - b / m) / sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
