"""Figures to sort comments by. No figure looks at who voted or at the clock."""

from __future__ import annotations

from math import sqrt

Z_80 = 1.2815515655446  # quantile of the normal distribution: 80 % two-sided confidence


def best(up: int, down: int, z: float = Z_80) -> float:
    """Approval that we can be sure of: 1 of 1 ranks below 90 of 100.

    Args:
        up: votes that agree, at least 0.
        down: votes that disagree, at least 0.
        z: normal quantile of the confidence wanted.

    Returns:
        0 to 1: the lower bound of the Wilson score interval; 0 where nobody agrees.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
    """
    if not up:
        return 0.0  # exactly, so that all of these are equal; rounding would put some below others
    votes = up + down
    share = up / votes
    spread = z * sqrt(share * (1 - share) / votes + z * z / (4 * votes * votes))
    return (share + z * z / (2 * votes) - spread) / (1 + z * z / votes)


def controversial(up: int, down: int) -> float:
    """How many votes there are, and how evenly they are split.

    Returns:
        0 where nobody or only one side voted; else `(up + down) ** (smaller / larger)`, from 1 to the number of votes.

    Source: the formula that Reddit published with its code (r2, `_sorts.pyx`, 2008-2017).
    """
    if not up or not down:
        return 0.0
    return float((up + down) ** (min(up, down) / max(up, down)))
