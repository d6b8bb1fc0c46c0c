"""What is the same word to the search, and what is looked for."""

from __future__ import annotations

import pytest

from kawaraban.search.words import LONGEST_TERM, MOST_ASKED, MOST_TERMS, Phrase, query, terms


def words(text):
    return [term.text for term in terms(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bridges", "Bridge"),
        ("rebuilding", "rebuilt rebuild"),
        ("CAFÉ", "cafe"),
        ("\uff26\uff25\uff32\uff32\uff39", "ferry"),
        ("harbour’s", "harbour"),
        ("O’Brien", "o'brien"),
        ("ﾌｪﾘ", "フェリ"),
        ("ｶﾞｽ", "ガス"),
        ("straße", "STRASSE"),
    ],
)
def test_the_same_word_is_written_in_many_ways(one, other):
    assert set(words(one)) & set(words(other))


@pytest.mark.parametrize(("one", "other"), [("か", "が"), ("は", "ぱ"), ("bridge", "bride"), ("7", "77")])
def test_other_words_are_others(one, other):
    assert not set(words(one)) & set(words(other))


def test_a_run_of_an_unspaced_script_gives_its_pairs_and_its_last_sign():
    assert words("港湾局は鉄橋を2基") == ["港湾", "湾局", "局は", "は鉄", "鉄橋", "橋を", "を", "2", "基"]


def test_each_term_tells_where_it_stands():
    text = "The O’Briens’ 鉄橋!"
    assert [text[term.start : term.end] for term in terms(text)] == ["The", "O’Briens", "鉄橋", "橋"]


def test_a_search_asks_for_all_its_words_and_for_quoted_ones_together():
    assert query('ferry "harbour wall" 港湾局 橋 ferries') == (
        Phrase(("ferri",)),
        Phrase(("harbour", "wall")),
        Phrase(("港湾", "湾局")),
        Phrase(("橋",), is_start=True),
    )


@pytest.mark.parametrize("typed", ["", " ", '"', '""', '" "', "!?", "-- \\ :* &", "\u202e"])
def test_a_search_without_a_word_asks_for_nothing(typed):
    assert query(typed) == ()


def test_one_mark_alone_quotes_nothing():
    assert query('harbour "wall of') == (Phrase(("harbour",)), Phrase(("wall",)), Phrase(("of",)))


def test_what_is_kept_and_asked_has_an_end():
    assert len(words("word " * 20_000)) == MOST_TERMS
    assert words("a" * 10_000) == ["a" * LONGEST_TERM]
    asked = query(" ".join(f"word{number}" for number in range(500)))
    assert len(asked) == MOST_ASKED
    assert len(query("港" * 500)[0].terms) == MOST_ASKED
