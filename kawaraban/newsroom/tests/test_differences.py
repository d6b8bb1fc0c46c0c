"""What differs between two versions reads as people would mark it."""

from __future__ import annotations

import random

import pytest

from kawaraban.newsroom.differences import differences


def marked(before, after):
    """The differences in one line for each paragraph: [-went-] and {+came+}."""
    signs = {"": "{}", "del": "[-{}-]", "ins": "{{+{}+}}"}
    return [
        "".join(signs[piece.mark].format(piece.text) for piece in found.pieces) for found in differences(before, after)
    ]


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        (["Same."], ["Same."], ["Same."]),
        (["It is 15 per cent."], ["It is 60 per cent."], ["It is [-15-]{+60+} per cent."]),
        (["He paid 10 yen then."], ["He paid 300 dollars then."], ["He paid [-10 yen-]{+300 dollars+} then."]),
        (["A.", "C."], ["A.", "B.", "C."], ["A.", "{+B.+}", "C."]),
        (["A.", "B.", "C."], ["A.", "C."], ["A.", "[-B.-]", "C."]),
        (["The ferry stops."], ["Rain, and wind."], ["[-The ferry stops.-]", "{+Rain, and wind.+}"]),
        (["橋は四月に始まる。"], ["橋は五月に始まる。"], ["橋は[-四-]{+五+}月に始まる。"]),
        ([], ["New."], ["{+New.+}"]),
    ],
)  # fmt: skip
def test_what_changed_is_marked_and_the_rest_is_not(before, after, read):
    assert marked(before, after) == read


def test_both_versions_can_be_read_out_of_their_differences():
    dice = random.Random(5)  # noqa: S311 - test data
    words = ["salt ", "ferry, ", "bridge. ", "橋", "は", "1,200 ", "“Yes” ", "\n"]
    for _ in range(200):
        texts = [["".join(dice.choices(words, k=dice.randint(1, 12))) for _ in range(dice.randint(0, 6))] for _ in "12"]
        found = differences(*texts)
        for text, other in zip(texts, ("ins", "del"), strict=True):
            read = "".join(piece.text for paragraph in found for piece in paragraph.pieces if piece.mark != other)
            assert read == "".join(text)


def test_two_long_texts_with_nothing_in_common_are_compared_in_time(stopwatch):
    dice = random.Random(7)  # noqa: S311 - test data
    long = [[" ".join(dice.choices("abcdefghij", k=length)) for length in (20_000, *[900] * 30)] for _ in "12"]
    with stopwatch:
        differences(*long)
    assert stopwatch.seconds < 1
