"""Plots: where lines run, where they break, and what stands in the table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kawaraban.metrics.history import Minute
from kawaraban.metrics.plots import draw, round_up

END = datetime(2026, 11, 23, 14, 3, tzinfo=UTC)


def minutes(*ago_and_streams: tuple[int, float]) -> list[Minute]:
    """Minutes so long before the end, with so many open streams."""
    return [Minute(END - timedelta(minutes=ago), {"streams": value}) for ago, value in ago_and_streams]


def streams(*ago_and_streams: tuple[int, float]):
    """The plot of open streams."""
    return next(plot for plot in draw(minutes(*ago_and_streams)) if plot.heading == "Open streams")


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (0.4, 1), (1, 1), (1.2, 2), (3, 5), (7, 10), (100, 100), (101, 200), (4_321, 5_000)]
)
def test_the_scale_ends_at_a_round_figure(value, top):
    assert round_up(value) == top


def test_a_line_runs_from_the_left_edge_to_the_right():
    line = streams((59, 0), (58, 40), *((ago, 20) for ago in range(57, 0, -1)), (0, 50)).lines[0]
    points = line.pieces[0].split()
    assert (points[0], points[1], points[-1]) == ("5.0,100.0", "10.0,20.0", "300.0,0.0")
    assert (line.last, line.highest, line.highest_at) == (50, 50, END)


def test_a_gap_is_no_line():
    line = streams((30, 1), (29, 2), (10, 3), (1, 4), (0, 5)).lines[0]
    assert [len(piece.split()) for piece in line.pieces] == [2, 2]
    assert line.dots == [("250.0", "40.0")]


def test_what_is_older_than_the_hour_is_not_drawn():
    assert streams((61, 900), (60, 900), (0, 5)).top == 5


def test_a_figure_that_is_missing_now_is_not_told_as_the_last():
    told = [*minutes((1, 8)), Minute(END, {"dead": 0})]
    plots = {str(plot.heading): plot for plot in draw(told)}
    assert (plots["Open streams"].lines[0].last, plots["Open streams"].lines[0].highest) == (None, 8)
    assert [line.label for line in plots["Jobs"].lines] == ["dead"]
    assert plots["Pages a minute"].lines == []
