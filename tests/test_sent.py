"""What addresses and forms send as a number."""

from __future__ import annotations

import pytest

from kawaraban.sent import number


@pytest.mark.parametrize(("text", "found"), [("1", 1), ("007", 7), ("999999999", 999_999_999)])
def test_a_number_is_read(text, found):
    assert number(text) == found


@pytest.mark.parametrize("text", [None, "", "0", "-1", "+1", "1.0", " 1", "1\n", "٣", "²", "1e3", "1000000000", "x"])
def test_anything_else_is_none(text):
    assert number(text) is None


def test_nothing_may_be_the_least_and_more_digits_may_be_taken():
    assert (number("0", least=0), number("7", least=8)) == (0, None)
    assert number("1000000000", digits=10) == 1_000_000_000
