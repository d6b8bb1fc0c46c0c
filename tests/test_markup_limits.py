"""What hostile reader text costs: nothing that others would notice."""

# ruff: noqa: RUF001 - letters that look like others are part of what readers type

import random
import re
import sys
import unicodedata

import pytest

from kawaraban.markup import MAX_BLOCKS, MAX_DEPTH, MAX_EMPHASIS, MAX_LENGTH, MAX_LINES, plain_text, render, tidy
from tests.inert_html import inspect

# --- What hostile text costs ------------------------------------------------------------------------------------------

# fmt: off
UNITS = [
    "[", "![", "*", "_", "*_", "**a ", "**a", "*a ", "*a_ ", "*a **b ", "a**b", "`", "a`", "&", "&amp;", "<", "<a",
    "<!--", "<http://", "http://a.", "https://", "https://a.example/", "https://a.example/)", "https://a.example ",
    "](", "[](", "[a](", "[a](https://", "[a](https://a.example", "[a](<https://", "[a](https://((((",
    "[a](https://a.example) ", "[*a*](https://b.example)", "[[a]", "<https://日.jp>", "<mailto:a@b.example>", "\\",
    "\\*", "\\[", "!", "(", "{", "|", "#", "~", "h", "://", "@", "&#x6a;", "> ", ">\n", "> a\n", "- ", "-\n", "- a\n",
    "- a\n\n", "* a\n", "1.\n", "1. ", "1. a\n", "1. a\n2. b\n", "> - ", "> 1. ", "\n2. >><\n* \u0301", "_\n\n",
    "_\n\n\\\n\n[", " ", "    a\n", "\t", "\n", "a\n", "a\n\n", "a", "あ", "\u0301", "a\u0301", "\u3164", "\u202e",
    "\ufe0f", "👩\u200d", "א\u200f", "ก\u200b",
]
# fmt: on
HOSTILE = {unit: unit * (MAX_LENGTH // len(unit)) for unit in UNITS}
HOSTILE |= {
    "brackets open and close": "[" * 2_500 + "]" * 2_500,
    "brackets and targets": "[" * 2_500 + "](" * 1_250,
    "emphasis open and close": "*a " * 600 + " a*" * 600,
    "emphasis crossing": "*a _" * 75 + "x" + "_ a*" * 75,
    "a long label": "[" + "a *b* " * 600 + "](https://a.example)",
    "a long address": "https://a.example/" + "a" * 4_900,
    "brackets in an address": "https://a.example/" + "(" * 2_400 + ")" * 2_400,
    "nested lists": "\n".join(" " * min(depth * 2, 60) + "- a" for depth in range(110)),
    "nested numbers": "\n".join("   " * min(depth, 20) + "1. a" for depth in range(90)),
    "nested quotes": "\n".join(">" * depth + " a" for depth in range(95)),
}


def test_the_slowest_text_we_know_is_fast(capsys, stopwatch):
    seconds = {}
    for name, text in HOSTILE.items():
        with stopwatch:
            html = render(text)
        seconds[name] = stopwatch.seconds
        assert len(html) < 20 * MAX_LENGTH
    order = sorted(seconds, key=seconds.__getitem__)
    worst, p99 = order[-1], seconds[order[int(0.99 * len(order))]]
    with capsys.disabled():
        sys.stdout.write(
            f"\nmarkup: p99 {p99 * 1000:.0f} ms of {len(order)}, worst {seconds[worst] * 1000:.0f} ms {worst!r}\n"
        )
    # Five times what a quiet machine needs; what is quadratic exceeds it by far.
    assert seconds[worst] < 0.25, worst


@pytest.mark.parametrize("text", HOSTILE.values(), ids=map(repr, HOSTILE))
def test_the_slowest_text_we_know_is_safe(text):
    html = render(text)
    assert inspect(html).depth <= MAX_DEPTH
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    "text",
    [
        ">" * 1_000 + " x",
        "> " * 1_000 + "x",
        "- " * 1_000 + "x",
        "1. " * 1_000 + "x",
        "> - " * 1_000 + "x",
        "\n".join("  " * depth + "- x" for depth in range(MAX_LINES)),
        "\n".join(">" * depth + " x" for depth in range(MAX_LINES)),
        "*" * 1_000 + "x" + "*" * 1_000,
        "*x " * 1_000 + "x* " * 1_000,
        "[" * 1_000 + "x" + "](https://a.example)" * 1_000,
    ],
)
def test_depth_is_shown_up_to_a_limit_and_nothing_is_lost(text):
    html = render(text)
    assert inspect(html).depth <= MAX_DEPTH
    assert plain_text(html).count("x") >= text.count("x") - text.count("](")


def test_what_is_beyond_a_limit_is_shown_as_typed():
    assert "<em>" in render("*a* " * MAX_EMPHASIS)
    html = render("*a* " * (MAX_EMPHASIS + 2))
    assert html.count("<em>") == MAX_EMPHASIS // 2
    assert plain_text(html).endswith("*a* *a*")
    html = render("> a\n\n" * (MAX_BLOCKS + 2))
    assert html.count("<blockquote>") == MAX_BLOCKS
    assert plain_text(html).endswith("> a\n> a")
    html = render("- *a*\n\n" * MAX_LINES)
    assert html.count("<br>") == MAX_LINES * 2 - 2
    assert "<li>" not in html
    inspect(html)


def test_tidying_a_whole_request_body_takes_no_time(stopwatch):
    # Before the length is checked: normalising runs of marks costs their square.
    for unit in ("\u0301", "a\u0301\u200b", "👩\u200d", " \n", "א\u200f"):
        with stopwatch:
            tidy(unit * (200_000 // len(unit)))
        assert stopwatch.seconds < 1


# fmt: off
PARTS = [
    "[", "]", "(", ")", "*", "_", "**", "***", ">", "-", "1.", "2.", "17.", "2024.", "https://a.example/",
    "http://", "[a](https://a.example)", "<https://a.example>", "!", "`", "<", "&", "\\", "<b>", "</p>", "<svg>",
    "<style>", "javascript:", "&lt;", "a", "bc", "1", ".", "x", "|", "#", "é", "e\u0301", "あ", "漢", "か\u3099", "가",
    "ᄀ", "ᅡ", "א", "क", "\u094d", "ก", "ſ", "İ", "ﬁ", "👩", "\u200d", "\u200f", "\u200b", "\u0301\u0301\u0301",
    "\u0344", "\u0958", "\ufe0f", "\U000e0041", "\U0001f3f4", "\ud800", "\x00", "\u202e", " ", "  ", "    ", "\t",
    "\n", "\n", "\n\n", "\r\n", "\u2028", "- ", "> ", "1. ",
]
# fmt: on


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_typed_is_safe_and_stays_visible(seed):
    chance = random.Random(seed)  # noqa: S311 - a fuzz run must be repeatable
    for _ in range(300):
        typed = "".join(chance.choices(PARTS, k=chance.randint(1, 60)))
        stored = tidy(typed)
        assert tidy(stored) == stored
        assert unicodedata.is_normalized("NFC", stored)
        html = render(typed)
        assert html == render(stored)
        assert inspect(html).depth <= MAX_DEPTH
        html.encode()
        # Markup may go, words and numbers may not; only the target of a labelled link is not read.
        if "](" not in typed:
            visible, written = (re.sub(r"[^a-z0-9あ漢가א]", "", text) for text in (plain_text(html), stored))
            assert visible == written, typed
