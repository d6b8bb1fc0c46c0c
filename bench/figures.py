"""What `make bench-moderation` counts: plain numbers, and the words in which they are printed."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """How well something was found: of `taken` so many are `right`, of `wanted` so many ought to have been taken."""

    right: int
    taken: int
    wanted: int

    @property
    def precision(self) -> str:
        """Of what was taken, the part that was right; "-" if nothing was."""
        return f"{self.right / self.taken:.3f}" if self.taken else "-"

    @property
    def recall(self) -> str:
        """Of what ought to have been taken, the part that was; "-" if there was nothing."""
        return f"{self.right / self.wanted:.3f}" if self.wanted else "-"

    @property
    def words(self) -> str:
        """All of it in a line."""
        return (
            f"{self.taken:>5,} taken, {self.right:>5,} rightly, of {self.wanted:>5,}: "
            f"precision {self.precision}, recall {self.recall}"
        )


def found(taken: Collection[Hashable], wanted: Collection[Hashable]) -> Found:
    """How well what was taken agrees with what ought to have been."""
    one, other = set(taken), set(wanted)
    return Found(len(one & other), len(one), len(other))


@dataclass(frozen=True, slots=True)
class Apart:
    """How far scores are from what they ought to be: on the average and at the most, in votes."""

    mean: float
    most: int

    @property
    def words(self) -> str:
        """Both in a line."""
        return f"{self.mean:>6.1f} on the average, {self.most:>4} at the most"


def apart(scores: Mapping[int, int], wanted: Mapping[int, int]) -> Apart:
    """How far scores lie from those that are wanted, by comment; what has no score has 0."""
    distances = [abs(scores.get(key, 0) - score) for key, score in wanted.items()]
    return Apart(sum(distances) / len(distances), max(distances)) if distances else Apart(0.0, 0)


def per_thousand(count: int, of: int) -> int:
    """So many of each thousand, rounded."""
    return round(1_000 * count / of) if of else 0
