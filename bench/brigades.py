"""How far twenty accounts move a comment by common ground, and by best: `python -m bench.brigades`, in `make bench`.

A thread of two groups, the same on every run. The accounts come to move one comment from the middle of the list, up or
down; they differ in what else they vote, by which they try to be taken for readers of a group.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np

from bench.opinion import Floats, Integers, Votes, crowd
from kawaraban.ranking.opinion import Opinion, opinion
from kawaraban.ranking.orders import best

READERS, COMMENTS, VOTES = 400, 80, 9_000
ACCOUNTS, TARGETS, PLAUSIBLE = 20, 7, 10

Said = tuple[Integers, Integers]  # comments and values
Disguise = Callable[[np.random.Generator, Votes, Opinion], Said]


def nothing(chance: np.random.Generator, votes: Votes, found: Opinion) -> Said:
    """No other vote."""
    return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)


def friendly(chance: np.random.Generator, votes: Votes, found: Opinion) -> Said:
    """Ten comments that they agree with."""
    return chance.choice(COMMENTS, PLAUSIBLE, replace=False), np.ones(PLAUSIBLE, dtype=np.int64)


def partisan(chance: np.random.Generator, votes: Votes, found: Opinion) -> Said:
    """Ten votes of a member of the largest group."""
    u, c, v = votes
    frequent = np.flatnonzero((found.label == 0) & (np.bincount(u, minlength=READERS) > PLAUSIBLE))
    known = chance.permutation(np.flatnonzero(u == chance.choice(frequent)))[:PLAUSIBLE]
    return c[known], v[known]


# With how far each may move a comment by common ground, in percent of the list, in the median.
BRIGADES: tuple[tuple[str, Disguise, float], ...] = (
    ("only vote for it", nothing, 0.0),
    ("agree with ten other comments", friendly, 0.0),
    ("copy ten votes of the largest group", partisan, 8.0),
)


def places(votes: Votes) -> tuple[Opinion, Integers, Integers]:
    """The groups of a thread, and the place of each comment by common ground and by best."""
    u, c, v = votes
    found = opinion(u, c, v, int(u.max()) + 1, COMMENTS)
    up, n = np.bincount(c[v > 0], minlength=COMMENTS), np.bincount(c, minlength=COMMENTS)
    by_best = np.array([-best(agree, cast - agree) for agree, cast in zip(up.tolist(), n.tolist(), strict=True)])
    return found, _ranked(by_best if found.score is None else -found.score), _ranked(by_best)


def moved(votes: Votes, disguise: Disguise) -> tuple[float, float]:
    """By how much of the list, in percent and in the median, by common ground and by best."""
    found, by_ground, by_best = places(votes)
    middle = np.argsort(by_best)[(np.linspace(0.35, 0.65, TARGETS) * COMMENTS).astype(int)]
    ways = []
    for target in middle.tolist():
        for value in (1, -1):
            chance = np.random.default_rng(target)
            parts = [votes]
            for account in range(READERS, READERS + ACCOUNTS):
                c, v = disguise(chance, votes, found)
                c, v = np.append(c[c != target], target), np.append(v[c != target], value)
                parts.append((np.full(len(c), account), c, v))
            u, c, v = (np.concatenate([part[which] for part in parts]) for which in (0, 1, 2))
            _, ground, wilson = places((u, c, v))
            ways.append((abs(ground[target] - by_ground[target]), abs(wilson[target] - by_best[target])))
    median = np.median(np.array(ways), axis=0) * 100 / COMMENTS
    return float(median[0]), float(median[1])


def main() -> int:
    """Print every figure. Returns 1 if a brigade moves a comment further than it may."""
    votes = crowd(READERS, COMMENTS, VOTES)
    print(f"{ACCOUNTS} accounts among {READERS} readers with {len(votes[0]):,} votes on {COMMENTS} comments:")
    failed = False
    for name, disguise, most in BRIGADES:
        ground, by_best = moved(votes, disguise)
        print(
            f"  they {name}: {ground:.1f} % of the list by common ground (at most {most:.0f}), {by_best:.1f} % by best"
        )
        failed |= ground > most
    return int(failed)


def _ranked(figures: Floats) -> Integers:
    return np.argsort(np.argsort(figures, kind="stable")).astype(np.int64)


if __name__ == "__main__":
    sys.exit(main())
