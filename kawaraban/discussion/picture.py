"""The picture of opinion groups: where dots stand in an SVG, each group in a shape and a colour of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from kawaraban.discussion.groups import Dot

WIDTH, EDGE = 640.0, 24.0
HEIGHT, HEIGHT_OF_LINE = 320.0, 150.0
MOST_DOTS = 1_200
COLUMNS = 64  # of a picture with a single axis, in which dots are piled up

# One dot of a group, from its middle on: a disc, a square, a triangle, a diamond. Drawn by their outline.
SHAPES = {
    "A": "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "B": "m-3.5-3.5h7v7h-7z",
    "C": "m0-5l4.5 8h-9z",
    "D": "m0-5l5 5l-5 5l-5-5z",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """All dots of one group as one path."""

    letter: str
    path: str

    @property
    def sign(self) -> str:
        """One dot of the group, for the key."""
        return f"M0 0{SHAPES[self.letter]}"


@dataclass(frozen=True, slots=True)
class Picture:
    """The shapes of all groups, the largest group first; `each` dot stands for so many readers."""

    shapes: list[Shape]
    each: int
    height: float


@dataclass(frozen=True, slots=True)
class Scale:
    """From places among opinions to places in the picture; `is_line` where readers stand on one axis."""

    left: float
    top: float
    across: float
    down: float
    height: float
    is_line: bool


def scale_of(dots: Sequence[Dot]) -> Scale:
    """The scale at which all dots fit into the picture."""
    xs, ys = [dot.x for dot in dots], [dot.y for dot in dots]
    is_line = not any(ys)
    across = (WIDTH - 2 * EDGE) / ((max(xs) - min(xs)) or 1.0)
    down = 0.0 if is_line else (HEIGHT - 2 * EDGE) / ((max(ys) - min(ys)) or 1.0)
    return Scale(min(xs), min(ys), across, down, HEIGHT_OF_LINE if is_line else HEIGHT, is_line)


def place(dot: Dot, scale: Scale) -> tuple[float, float]:
    """Where a dot stands, in the units of the picture; on one axis, at half its height."""
    down = scale.height / 2 if scale.is_line else EDGE + (dot.y - scale.top) * scale.down
    return EDGE + (dot.x - scale.left) * scale.across, down


def draw(dots: Sequence[Dot], letters: str) -> Picture:
    """The dots of each group, the largest group first. Dots on one axis are piled up around the middle."""
    if not dots:
        return Picture([], 1, HEIGHT_OF_LINE)
    scale, each = scale_of(dots), ceil(len(dots) / MOST_DOTS)
    # In an order that tells nothing of who they are.
    dots = sorted(dots, key=lambda dot: dot[1:])[each // 2 :: each]
    places = [place(dot, scale) for dot in dots]
    if scale.is_line:
        places = _piled(places)
    paths = [""] * len(letters)
    for dot, (x, y) in zip(dots, places, strict=True):
        paths[dot.group] += f"M{x:.0f} {y:.0f}{SHAPES[letters[dot.group]]}"
    return Picture([Shape(letter, path) for letter, path in zip(letters, paths, strict=True)], each, scale.height)


def _piled(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    width = WIDTH / COLUMNS
    columns = [int(x // width) for x, _ in places]
    sizes, stands = Counter(columns), Counter[int]()
    gap = min(width, (HEIGHT_OF_LINE - 2 * EDGE) / max(sizes.values()))
    piled = []
    for column, (_, y) in zip(columns, places, strict=True):
        piled.append(((column + 0.5) * width, y + gap * (stands[column] - (sizes[column] - 1) / 2)))
        stands[column] += 1
    return piled
