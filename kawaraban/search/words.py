"""What a text is found by: the words of spaced scripts by their stem, Japanese and its like by pairs of signs.

Both databases are given these terms and none of their own rules, so that a search finds the same on each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]

MOST_TERMS = 15_000
"""Of one text; what stands behind them is not found. PostgreSQL keeps no position beyond 16,383."""
LONGEST_TERM = 60
"""Signs of a term that count: no word is longer, and an address or a row of letters need not be found whole."""
MOST_ASKED = 12
"""Terms of a search that count."""

# Han, the signs that repeat one, kana, hangul: written without spaces, or with endings that no space divides.
_UNSPACED = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003134f"
)
_RUN = re.compile(rf"[{_UNSPACED}]+|(?:(?![{_UNSPACED}])\w)+(?:['’](?:(?![{_UNSPACED}])\w)+)*")
# A sign with the mark that changes its sound.
_SIGN = re.compile(".[\u3099\u309a\uff9e\uff9f]?", re.DOTALL)
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]").match
_IS_ENGLISH = re.compile(r"[a-z]+").fullmatch
_english = snowballstemmer.stemmer("english")


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a text, and where it stands there: signs from `start` up to `end`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms that stand one behind the other.

    `is_start` says that the only one may go on: one sign of an unspaced script, which the index holds with the next.
    """

    terms: tuple[str, ...]
    is_start: bool = False


def terms(text: str) -> Iterator[Term]:
    """The terms of a text in order, as the index holds them: at most `MOST_TERMS`.

    A run of an unspaced script gives each pair of neighbours, and its last sign alone, so that a single sign is found
    wherever it stands. Source: the pairs are those of Lucene's CJKBigramFilter; stems are Snowball's English.
    """
    count = 0
    for run in _RUN.finditer(text):
        for term in _in_run(run):
            count += 1
            if count > MOST_TERMS:
                return
            yield term


def query(typed: str) -> tuple[Phrase, ...]:
    """What somebody asks for who types this: all of these phrases; none where no word is in it.

    Words between two quotation marks stand together, and so do the pairs of an unspaced run.
    """
    phrases: list[Phrase] = []
    # Every second part stands between quotation marks; the last has none behind it.
    parts = typed.split('"')
    for number, part in enumerate(parts, 1):
        asked = [_asked(run) for run in _RUN.finditer(part)]
        if number % 2 == 0 and number < len(parts) and asked:
            phrases.append(Phrase(tuple(term for phrase in asked for term in phrase.terms)[:MOST_ASKED]))
        else:
            phrases += asked
    return tuple(dict.fromkeys(phrases))[:MOST_ASKED]


def _in_run(run: re.Match[str]) -> Iterator[Term]:
    start, text = run.start(), run[0]
    if not _IS_UNSPACED(text):
        yield Term(_folded(text), start, run.end())
        return
    signs = [(unicodedata.normalize("NFKC", sign[0]), sign.span()) for sign in _SIGN.finditer(text)]
    for place in range(len(signs)):
        pair = signs[place : place + 2]
        yield Term("".join(sign for sign, _ in pair), start + pair[0][1][0], start + pair[-1][1][1])


def _asked(run: re.Match[str]) -> Phrase:
    found = tuple(term.text for term in _in_run(run))
    if not _IS_UNSPACED(run[0]):
        return Phrase(found)
    # The last sign alone would be found at the end of a run only.
    return Phrase(found, is_start=True) if len(found) == 1 else Phrase(found[:-1][:MOST_ASKED])


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    """A word without case, marks and ending. Japanese keeps its marks: か is not が."""
    plain = unicodedata.normalize("NFKD", word.replace("’", "'").casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign) or ord(sign) > 0x36F)
    plain = unicodedata.normalize("NFC", plain.removesuffix("'s").replace("'", ""))[:LONGEST_TERM]
    stem: str = _english.stemWord(plain) if _IS_ENGLISH(plain) else plain
    return stem
