# ruff: noqa: RUF001 - look-alike letters are what is tested
"""Tests of words and patterns: what they find, what is refused, what they cost."""

import time

import pytest

from kawaraban.errors import Refused
from kawaraban.screening.patterns import LONGEST, Text, matcher, try_out


def find(pattern, kind, text):
    return matcher(pattern, kind)(Text.of(text))


@pytest.mark.parametrize("text", ["You IDIOT!", "an 1d10t", "idiot’s", "such (idiot)"])
def test_a_word_is_found_whole(text):
    assert find("Idiot", "word", text) == "Idiot"


@pytest.mark.parametrize("text", ["idiotic", "id iot", "an id-iot", ""])
def test_a_word_is_not_found_within_another(text):
    assert find("idiot", "word", text) == ""


def test_several_words_are_found_over_whatever_is_between_them():
    assert find("go home", "word", "Go … HOME!") == "go home"


def test_a_japanese_word_is_found_where_there_are_no_gaps():
    assert find("馬鹿", "word", "お前は馬 鹿だな") == "馬鹿"
    assert find("バカ", "word", "ﾊﾞｶ野郎") == "バカ"


def test_a_pattern_finds_the_words_that_stand_there():
    assert find(r"bit\.ly/\w+", "pattern", "see HTTP://BIT.LY/x1 now") == "BIT.LY/x1"


def test_a_pattern_reads_wide_letters_and_over_invisible_ones():
    assert find("casino", "pattern", "ｃａ\u200bｓｉｎｏ") == "casino"


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        ("pattern-empty", "  ", "word"),
        ("word-without-letters", "!!!", "word"),
        ("pattern-too-long", "x" * (LONGEST + 1), "pattern"),
        ("bad-pattern", "(", "pattern"),
        ("bad-pattern", r"(a)\1", "pattern"),
        ("bad-pattern", "(?=a)", "pattern"),
        ("bad-pattern", r"\pL{1000}", "pattern"),
        ("pattern-too-large", "(a?b?){900}", "pattern"),
        ("pattern-meets-all", "x*", "pattern"),
    ],
)
def test_what_cannot_be_looked_for_is_refused_in_a_sentence(code, text, kind):
    with pytest.raises(Refused) as refusal:
        matcher(text, kind)
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize("pattern", [r"(a|aa)+$b", r"(x+x+)+y", r"(a*)*b", r"(.*?,){11}P", r"(?:\w+ ?){1,40}!"])
def test_no_pattern_can_hold_up_a_process(pattern):
    find = matcher(pattern, "pattern")
    text = Text.of("a" * 2_500 + "x" * 2_500)
    began = time.process_time()
    find(text)
    # The same in Python's own engine takes longer than the universe has lasted.
    assert time.process_time() - began < 0.5


def test_a_trial_tells_which_texts_would_have_been_met():
    trial = try_out("idiot", "word", ["You idiot", "Fine", "IDIOT", "idiots"])
    assert (trial.texts, trial.met, trial.share) == (4, ((0, "idiot"), (2, "idiot")), 0.5)
    assert try_out("idiot", "word", []).share == 0.0
