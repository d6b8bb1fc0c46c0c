"""The last hour as plain plots: where the lines of an SVG run, and the same in a few figures for a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kawaraban.metrics.history import MINUTES, Minute

WIDTH, HEIGHT = 300.0, 100.0
HOUR = timedelta(minutes=MINUTES)
GAP = timedelta(seconds=100)  # two minutes further apart than this are not joined by a line

# What is shown: the heading, then each line's name in `history.figures` and its label.
PLOTS: tuple[tuple[str | Promise, tuple[tuple[str, str | Promise], ...]], ...] = (
    (_("Pages a minute"), (("pages", _("read")), ("made", _("of these, made anew")))),
    (_("Time to make a page, in milliseconds"), (("page_p50", _("half within")), ("page_p99", _("99 % within")))),
    (_("Answered from memory, in percent"), (("remembered", _("of the pages asked for")),)),
    (
        _("Faults a minute"),
        (
            ("faults", _("answers 500 and above")),
            ("database_errors", _("database away or locked")),
            ("shed", _("turned away, for want of room")),
        ),
    ),
    (_("Time of a statement, in milliseconds"), (("query_p50", _("half within")), ("query_p99", _("99 % within")))),
    (_("Open streams"), (("streams", _("pages that are kept up to date")),)),
    (_("Jobs"), (("waiting", _("waiting")), ("dead", _("dead")))),
    (_("Comments and votes a minute"), (("votes", _("votes")), ("comments", _("comments")))),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plot, in pieces where there are gaps, with what stands of it in the table."""

    label: str | Promise
    pieces: list[str]
    dots: list[tuple[str, str]]  # minutes that stand alone
    last: float | None
    highest: float
    highest_at: datetime


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot of the last hour. `top` is the figure at its upper edge; without lines nothing is known."""

    heading: str | Promise
    top: float
    lines: list[Line]


def draw(minutes: Sequence[Minute]) -> list[Plot]:
    """Every plot, of the hour before the last of these minutes."""
    return [_plot(heading, of, minutes) for heading, of in PLOTS]


def round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 …, so that the scale has a figure that one can read."""
    step = 1.0
    while step < value:
        for factor in (2, 5, 10):
            if step * factor >= value:
                return step * factor
        step *= 10
    return step


def _plot(heading: str | Promise, of: Sequence[tuple[str, str | Promise]], minutes: Sequence[Minute]) -> Plot:
    end = minutes[-1].at if minutes else None
    recent = [minute for minute in minutes if end is not None and end - minute.at < HOUR]
    known = {name: [(each.at, each.figures[name]) for each in recent if name in each.figures] for name, _ in of}
    top = round_up(max((value for values in known.values() for _, value in values), default=0.0))
    lines = [_line(label, known[name], end, top) for name, label in of if known[name] and end is not None]
    return Plot(heading, top, lines)


def _line(label: str | Promise, values: list[tuple[datetime, float]], end: datetime, top: float) -> Line:
    pieces, dots = [], []
    for piece in _pieces(values):
        across = [f"{WIDTH * (1 - (end - at) / HOUR):.1f}" for at, value in piece]
        down = [f"{HEIGHT * (1 - value / top):.1f}" for at, value in piece]
        points = list(zip(across, down, strict=True))
        if len(points) == 1:
            dots += points
        else:
            pieces.append(" ".join(f"{x},{y}" for x, y in points))
    highest_at, highest = max(values, key=lambda each: each[1])
    last = values[-1][1] if values[-1][0] == end else None
    return Line(label, pieces, dots, last, highest, highest_at)


def _pieces(values: list[tuple[datetime, float]]) -> Iterator[list[tuple[datetime, float]]]:
    piece: list[tuple[datetime, float]] = []
    for at, value in values:
        if piece and at - piece[-1][0] > GAP:
            yield piece
            piece = []
        piece.append((at, value))
    yield piece
