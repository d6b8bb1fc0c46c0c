"""What holding by score would catch: plain values, which the desk shows and by which a threshold is chosen."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

HELD_BACK = 0.2
"""The part of the decisions, the newest, that nothing is learned from: they tell how well it was learned."""
SHARE = 0.02
"""The part of all comments that is held when nobody has chosen another."""
FEWEST_REMOVED = 400
FEWEST_APPROVED = 1_600
"""Decisions from which on there is a score; with half of them its worth is chance: docs/reference/screening.md."""


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold does among the decisions that were held back.

    Args:
        share: of all comments that would be held, 0 to 1.
        threshold: scores from here on are held.
        held: so many comments.
        caught: of those that were removed, the part that would have been held: recall.
        right: of those held, the part that was removed: precision.
    """

    share: float
    threshold: float
    held: int
    caught: float
    right: float

    @property
    def sentence(self) -> str:
        """The point in words: "Hold the top 2 %: catches 61 % of removals, 1 in 9 held in error."."""
        share = f"{100 * self.share:.2g}"
        if not self.held:
            return f"Hold the top {share} %: holds nothing."
        wrong = 1 - self.right
        error = "none held in error" if wrong <= 0 else f"1 in {1 / wrong:.0f} held in error"
        if wrong > 0.5:
            error = f"{100 * wrong:.0f} in 100 held in error"
        return f"Hold the top {share} %: catches {100 * self.caught:.0f} % of removals, {error}."


@dataclass(frozen=True, slots=True)
class Figures:
    """How well one rule or language is told at a threshold; `caught` and `right` as in a `Point`, None without any."""

    removed: int
    held: int
    caught: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class Metrics:
    """What was measured on the decisions held back; `area` is the chance that a removed one scores above another."""

    learned_from: int
    measured_on: int
    area: float
    at: float
    curve: tuple[Point, ...]
    rules: dict[str, Figures] = field(default_factory=dict)
    languages: dict[str, Figures] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The metrics as plain values for a column of JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Metrics:
        """The metrics that `as_json` made."""
        return cls(
            **value
            | {
                "curve": tuple(Point(**point) for point in value["curve"]),
                "rules": {name: Figures(**figures) for name, figures in value["rules"].items()},
                "languages": {name: Figures(**figures) for name, figures in value["languages"].items()},
            }
        )

    def point_at(self, share: float) -> Point:
        """The point of the curve that holds the largest part of all comments up to `share`."""
        return max((point for point in self.curve if point.share <= share + 1e-9), key=lambda point: point.share)
