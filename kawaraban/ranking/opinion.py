"""Groups of opinion in one thread, found from votes alone, and the comments that every group approves.

Readers who have voted both ways are placed on one or two axes, along which their votes differ most once it is taken out
how much a comment is liked by all and how readily a reader agrees; they are grouped where they stand close together.
Groups are only reported where votes divide readers clearly more than votes without any divide would: most threads have
none. A comment's score is its approval in the group that likes it least.

Nothing here is random, and the order of votes makes no difference to any bit of the result. The method and its measures
are explained in docs/reference/ranking.md. Sources: two-way analysis by ridge; spectral embedding of a degree-scaled
matrix as in Chaudhuri, Chung and Tsiatas (2012); singular vectors by block power iteration (Golub and Van Loan, 8.2);
sign-flip parallel analysis (Hong, Sheng and Dobriban, 2020); Lloyd's k-means with the simplified silhouette (Hruschka,
de Castro and Campello, 2004); plus-four approval (Agresti and Coull, 1998).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix

from kawaraban.ranking.common_ground import BADGE_SCORE, BADGE_VOTES

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Why = Literal["", "few", "no divide"]

# Who is placed, and how many must be.
VOTES, BOTH_WAYS, FEWEST_PLACED = 5, 2, 30
# Ridge of the two-way means; what is added to a reader's and a comment's number of votes before they scale.
RIDGE, SCALE, POSITION_SCALE = 3.0, 20.0, 5.0
ROUNDS_OF_MEANS = 5
VECTORS, ROUNDS, WARM_ROUNDS = 5, 20, 4
# An axis counts if its votes divide so much more than votes with flipped signs, and so many readers carry it.
DIVIDES, CARRIED_BY, MOST_AXES = 1.10, 0.05, 2
# How often signs are flipped: of few votes the mean of two is too much a matter of chance, of many it is not.
FEWEST_FLIPS, MOST_FLIPS, VOTES_FLIPPED = 2, 10, 200_000
MOST_GROUPS, SMALLEST_GROUP, SMALLEST_SHARE = 4, 5, 0.10
FORMER_NUMBER_COUNTS = 0.03
LLOYD = 50


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Former:
    """What a later fit of the same thread begins with.

    Attributes:
        names: of each group which name it bears, from 0 on; a group keeps the name of the former that most of it
            comes from. Empty where there are no groups.
        label: of each reader, shape (readers,): their group from 0, the largest, on; -1 if they have none.
        vectors: by which comments tell readers apart, shape (comments, 5).
    """

    names: tuple[int, ...]
    label: Integers
    vectors: Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Opinion(Former):
    """What a thread's votes say of its readers and comments.

    Attributes:
        groups: how many groups there are, 2 to 4; 0 for none.
        why: "" where there are groups; `few` if fewer than 30 readers have voted both ways, `no divide` if votes show
            no stable one.
        placed: how many readers have voted both ways.
        up: votes that agree, by group and comment, shape (groups, comments).
        n: all votes, likewise.
        score: of each comment, 0 to 1, shape (comments,): its approval in the group that likes it least, 0.5 where
            nothing is known; None where there are no groups.
        position: of each reader, shape (readers, axes), without a unit; NaN for who is not placed.
        divides: by how much votes divide along the axes, as multiples of what flipped signs do; the strongest first.
    """

    groups: int
    why: Why
    placed: int
    up: Integers
    n: Integers
    score: Floats | None
    position: Floats
    divides: tuple[float, ...]

    @property
    def badge(self) -> NDArray[np.bool_]:
        """Of each comment whether it is common ground: enough votes from every group, and approved by each."""
        if self.score is None:
            return np.zeros(self.n.shape[1], dtype=bool)
        enough: NDArray[np.bool_] = (self.n >= BADGE_VOTES).all(axis=0) & (self.score >= BADGE_SCORE)
        return enough


def opinion(u: ArrayLike, c: ArrayLike, v: ArrayLike, nu: int, nc: int, *, former: Former | None = None) -> Opinion:
    """The groups of opinion among readers, and each comment's approval in them.

    Takes time and memory in proportion to votes: a million votes of 50,000 readers on 10,000 comments below a second on
    one core.

    Args:
        u: the reader of each vote, from 0 to `nu` - 1, shape (votes,).
        c: its comment, from 0 to `nc` - 1. A reader's vote on their own comment is to be left out.
        v: +1 agrees, -1 disagrees.
        nu: number of readers.
        nc: number of comments.
        former: the last fit of the same thread, by the same numbers of readers and comments; there may be more of both
            since. It saves time, keeps the names of groups, and settles ties in favour of as many groups as before.

    Raises:
        ValueError: no votes, arrays of different length or shape, numbers that are out of range or no whole numbers, a
            value that is neither, or two votes of one reader on one comment.
    """
    votes = _matrix(u, c, v, nu, nc)
    agreed = np.asarray(votes.maximum(0).sum(axis=1)).ravel()
    cast = np.diff(votes.indptr)
    places = np.flatnonzero((cast >= VOTES) & (agreed >= BOTH_WAYS) & (cast - agreed >= BOTH_WAYS))
    if len(places) < FEWEST_PLACED:
        return _no_groups("few", len(places), nu, nc)
    votes = votes[places]
    residuals = _residuals(votes)
    begin = _begin(nc, former)
    vectors, position, divides = _axes(residuals, begin, WARM_ROUNDS if former is not None and former.names else ROUNDS)
    before = len(former.names) if former is not None else 0
    label = _grouped(position, before) if len(divides) else None
    if label is None:
        return _no_groups("no divide", len(places), nu, nc, divides)
    label = _by_size(label)
    groups = int(label.max()) + 1
    up, n = _counts(votes, label, groups)
    labels = np.full(nu, -1, dtype=np.int64)
    labels[places] = label
    positions = np.full((nu, position.shape[1]), np.nan)
    positions[places] = position
    return Opinion(
        groups=groups,
        why="",
        placed=len(places),
        label=labels,
        names=_names(labels, groups, former),
        up=up,
        n=n,
        score=np.asarray(((up + 2) / (n + 4)).min(axis=0)),
        position=positions,
        vectors=vectors,
        divides=divides,
    )


def _no_groups(why: Why, placed: int, nu: int, nc: int, divides: tuple[float, ...] = ()) -> Opinion:
    none = np.zeros((0, nc), dtype=np.int64)
    return Opinion(
        groups=0,
        why=why,
        placed=placed,
        label=np.full(nu, -1, dtype=np.int64),
        names=(),
        up=none,
        n=none,
        score=None,
        position=np.full((nu, 0), np.nan),
        vectors=np.zeros((nc, VECTORS)),
        divides=divides,
    )


# --- Votes ------------------------------------------------------------------------------------------------------------


def _matrix(u: ArrayLike, c: ArrayLike, v: ArrayLike, nu: int, nc: int) -> csr_matrix:
    """The votes by reader and comment, in one order whatever order they came in."""
    readers, comments = _whole(u, nu, "reader"), _whole(c, nc, "comment")
    values = np.asarray(v)
    if not len(readers) == len(comments) == len(values):
        raise ValueError("Each vote needs a reader, a comment and a value.")
    if values.ndim != 1 or not np.isin(values, (-1, 1)).all():
        raise ValueError("A vote is +1 or -1.")
    if not len(values):
        raise ValueError("There are no votes.")
    votes = csr_matrix((values.astype(np.float64), (readers, comments)), shape=(nu, nc))
    if votes.nnz != len(values):
        raise ValueError("A reader has voted twice on the same comment.")
    votes.sort_indices()
    return votes


def _whole(numbers: ArrayLike, count: int, what: str) -> Integers:
    given = np.asarray(numbers)
    if given.ndim != 1 or (len(given) and given.dtype.kind not in "iu"):
        raise ValueError(f"The number of a {what} is a whole number.")
    if len(given) and not (given.min() >= 0 and given.max() < count):
        raise ValueError(f"The number of a {what} is from 0 to {count - 1}.")
    return given.astype(np.int64)


def _rows(votes: csr_matrix) -> Integers:
    """The row of each stored value."""
    return np.repeat(np.arange(votes.shape[0]), np.diff(votes.indptr))


def _counts(votes: csr_matrix, label: Integers, groups: int) -> tuple[Integers, Integers]:
    """Votes that agree, and all votes, by group and comment."""
    nc = votes.shape[1]
    cell = label[_rows(votes)] * nc + votes.indices
    n = np.bincount(cell, minlength=groups * nc).reshape(groups, nc)
    up = np.bincount(cell[votes.data > 0], minlength=groups * nc).reshape(groups, nc)
    return up.astype(np.int64), n.astype(np.int64)


# --- Axes -------------------------------------------------------------------------------------------------------------


def _residuals(votes: csr_matrix) -> csr_matrix:
    """What is left of each vote without the mean, the comment's popularity and the reader's generosity."""
    rows, columns = _rows(votes), votes.indices
    n_u, n_c = np.diff(votes.indptr), np.bincount(columns, minlength=votes.shape[1])
    mean = votes.data.mean()
    rest = votes.data - mean
    by_reader, by_comment = np.zeros(votes.shape[0]), np.zeros(votes.shape[1])
    for _ in range(ROUNDS_OF_MEANS):
        by_comment = np.bincount(columns, rest - by_reader[rows], votes.shape[1]) / (n_c + RIDGE)
        by_reader = np.bincount(rows, rest - by_comment[columns], votes.shape[0]) / (n_u + RIDGE)
    return _like(votes, rest - by_reader[rows] - by_comment[columns])


def _like(votes: csr_matrix, data: Floats) -> csr_matrix:
    return csr_matrix((data, votes.indices, votes.indptr), shape=votes.shape)


def _axes(residuals: csr_matrix, begin: Floats, rounds: int) -> tuple[Floats, Floats, tuple[float, ...]]:
    """Vectors for the next fit, where readers stand on the axes that count, and by how much votes divide along them."""
    n_u = np.diff(residuals.indptr)
    n_c = np.bincount(residuals.indices, minlength=residuals.shape[1])
    scaled = _like(
        residuals, residuals.data / np.sqrt((n_u + SCALE)[_rows(residuals)] * (n_c + SCALE)[residuals.indices])
    )
    # Where each value stands in the transpose, which has the same for all patterns of signs.
    numbered = _like(residuals, np.arange(1, residuals.nnz + 1, dtype=np.float64)).T.tocsr()
    turned = numbered.data.astype(np.int64) - 1
    flat = np.mean(
        [
            _singular(scaled.data * signs, scaled, numbered, turned, _begin(len(n_c), None), ROUNDS)[1][0]
            for signs in _flips(scaled)
        ]
    )
    vectors, strength = _singular(scaled.data, scaled, numbered, turned, begin, rounds)
    divides: list[float] = []
    positions: list[Floats] = []
    for axis in range(VECTORS):
        ratio = float(strength[axis] / flat) if flat else 0.0
        position = residuals @ (vectors[:, axis] / np.sqrt(n_c + SCALE)) / np.sqrt(n_u + POSITION_SCALE)
        if ratio >= DIVIDES and len(positions) < MOST_AXES and _carried_by(position) >= CARRIED_BY:
            divides.append(ratio)
            positions.append(position)
    return vectors, np.array(positions).T.reshape(len(n_u), len(positions)), tuple(divides)


def _carried_by(position: Floats) -> float:
    """The share of readers who carry an axis: 1 if all stand equally far from its middle (participation ratio)."""
    squares = position**2
    return float(squares.sum() ** 2 / (squares**2).sum() / len(position)) if squares.any() else 0.0


def _singular(
    data: Floats, like: csr_matrix, turned_like: csr_matrix, turned: Integers, begin: Floats, rounds: int
) -> tuple[Floats, Floats]:
    """The first right singular vectors, each with its largest entry positive, and their singular values."""
    matrix, transpose = _like(like, data), _like(turned_like, data[turned])
    basis = np.linalg.qr(begin)[0]
    for _ in range(rounds):
        basis = np.linalg.qr(transpose @ (matrix @ basis))[0]
    _, strength, mixed = np.linalg.svd(matrix @ basis, full_matrices=False)
    vectors = basis @ mixed.T
    return vectors * np.where(vectors[np.abs(vectors).argmax(axis=0), np.arange(VECTORS)] < 0, -1.0, 1.0), strength


def _begin(nc: int, former: Former | None) -> Floats:
    """Vectors to begin with: those of the former fit, or a fixed pattern without a direction of its own."""
    pattern = _pattern(np.arange(nc * VECTORS, dtype=np.uint64)).reshape(nc, VECTORS) - 0.5
    if former is None or not former.names:
        return pattern
    known = former.vectors[:nc]
    begin = pattern * 1e-3
    begin[: len(known)] += known
    return begin


def _flips(like: csr_matrix) -> Iterator[Floats]:
    """Signs for each value by a fixed pattern, which depends on its reader and comment alone."""
    cell = _rows(like).astype(np.uint64) * np.uint64(like.shape[1]) + like.indices.astype(np.uint64)
    for number in range(min(MOST_FLIPS, max(FEWEST_FLIPS, VOTES_FLIPPED // like.nnz))):
        yield np.where(_pattern(cell + np.uint64((number + 1) << 48)) < 0.5, -1.0, 1.0)


def _pattern(numbers: NDArray[np.uint64]) -> Floats:
    """Numbers from 0 to 1 that look like chance and are always the same (SplitMix64, Steele, Lea and Flood, 2014)."""
    mixed = numbers * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) / 2.0**53


# --- Groups -----------------------------------------------------------------------------------------------------------


def _grouped(position: Floats, before: int) -> Integers | None:
    """The group of each reader; None where all would be splinters but one."""
    found = _best_grouping(position, before)
    if found is None and position.shape[1] > 1:
        found = _best_grouping(position[:, :1], before)
    return found


def _best_grouping(position: Floats, before: int) -> Integers | None:
    best, best_worth = None, -np.inf
    for groups in range(2, MOST_GROUPS + 1):
        for start in _starts(position, groups):
            label = _settled(position, start)
            number = int(label.max()) + 1
            if number < 2:
                continue
            worth = _silhouette(position, label, number) + FORMER_NUMBER_COUNTS * (number == before)
            if worth > best_worth:
                best, best_worth = label, worth
    return best


def _starts(position: Floats, groups: int) -> Iterator[Integers]:
    """Groupings to begin with: equal slices along each axis, and equal slices of the circle around the middle."""
    orders = [np.argsort(axis, kind="stable") for axis in position.T]
    if position.shape[1] == 2:
        orders.append(np.argsort(np.arctan2(position[:, 1], position[:, 0]), kind="stable"))
    for order in orders:
        label = np.empty(len(order), dtype=np.int64)
        label[order] = np.arange(len(order)) * groups // len(order)
        yield label


def _settled(position: Floats, label: Integers) -> Integers:
    """Lloyd's rounds to their end; groups that are too small are dissolved into the nearest, the smallest first."""
    least = max(SMALLEST_GROUP, SMALLEST_SHARE * len(position))
    while True:
        label = _lloyd(position, label)
        sizes = np.bincount(label)
        if sizes.min() >= least or len(sizes) == 1:
            return label
        middles = np.delete(_middles(position, label), sizes.argmin(), axis=0)
        label = _numbered(_distances(position, middles).argmin(axis=1))


def _lloyd(position: Floats, label: Integers) -> Integers:
    for _ in range(LLOYD):
        moved = _numbered(_distances(position, _middles(position, label)).argmin(axis=1))
        if np.array_equal(moved, label):
            break
        label = moved
    return label


def _numbered(label: NDArray[np.intp]) -> Integers:
    """The same groups, numbered without gaps."""
    return np.unique(label, return_inverse=True)[1].astype(np.int64)


def _middles(position: Floats, label: Integers) -> Floats:
    sizes = np.bincount(label)
    return np.array([np.bincount(label, axis) / sizes for axis in position.T]).T


def _distances(position: Floats, middles: Floats) -> Floats:
    """Squared, of each reader to each middle."""
    return np.asarray(
        sum((axis[:, None] - middle[None, :]) ** 2 for axis, middle in zip(position.T, middles.T, strict=True))
    )


def _silhouette(position: Floats, label: Integers, groups: int) -> float:
    """How much nearer readers stand to their own group's middle than to the next, -1 to 1 (simplified silhouette)."""
    away = np.sqrt(_distances(position, _middles(position, label)))
    own = away[np.arange(len(label)), label]
    away[np.arange(len(label)), label] = np.inf
    other = away.min(axis=1)
    larger = np.maximum(own, other)
    return float(np.where(larger > 0, (other - own) / np.where(larger > 0, larger, 1), 0).mean())


def _by_size(label: Integers) -> Integers:
    """The same groups, the largest first; of equal ones that of the first reader."""
    sizes = np.bincount(label)
    first = np.array([np.argmax(label == group) for group in range(len(sizes))])
    return np.argsort(np.lexsort((first, -sizes)))[label].astype(np.int64)


def _names(label: Integers, groups: int, former: Former | None) -> tuple[int, ...]:
    """Which name each group bears: that of the former group which it shares most readers with, or one that is free."""
    if former is None or not former.names:
        return tuple(range(groups))
    count = len(former.names)
    both = min(len(label), len(former.label))
    now, then = label[:both], former.label[:both]
    known = (now >= 0) & (then >= 0)
    shared = np.zeros((groups, count), dtype=np.int64)
    np.add.at(shared, (now[known], then[known]), 1)
    # Whichever way to give former names to groups keeps most readers under their name; 24 ways at most.
    former_of = max(
        permutations(range(MOST_GROUPS), groups),
        key=lambda each: sum(shared[group, then] for group, then in enumerate(each) if then < count),
    )
    names = {group: former.names[then] for group, then in enumerate(former_of) if then < count and shared[group, then]}
    free = (name for name in range(groups + count) if name not in names.values())
    return tuple(names[group] if group in names else next(free) for group in range(groups))
