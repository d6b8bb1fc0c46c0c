"""Find which earlier comment some quoted lines were copied from, in one walk over the whole discussion."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

_MARKS = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'", "`": "'", "\u00b4": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u2033": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
    "\u200b": None, "\ufeff": None, "\u00ad": None,
})  # fmt: skip
_DOTS = re.compile(r"\.(?:\s*\.)+")
_SPACE = re.compile(r"\s+")
_AROUND = " \"'>*.,;:\u2026"  # What people put around a quotation, and where they cut a sentence.
# Words; of scripts written without spaces every letter, or a whole Japanese sentence would be one word.
_TOKEN = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\W\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]+")

_WINDOW = 4  # Words in a row that make a comment worth comparing.
TELLING = 12  # Characters from which a line is hardly in two comments by chance.
_LONG = 20  # Characters from which a line found within a longer one is no coincidence.
_LONG_WORDS = 10  # The same where every letter counts as a word.
# Comments compared for one quotation: the oldest, which are the likely source, and the latest before it. Without a
# bound a thousand pastes of one sentence would be compared a million times.
_OLDEST, _LATEST = 24, 24
_MOST_LINES = 40  # Quoted lines compared; nobody needs more to be recognised.
_HOUR = 40  # Characters an hour and a date may add to a name.
_MAX_LENGTH = 50_000  # Characters of a comment in which quotations are looked for.


def normal(text: str) -> str:
    """The line as it is compared: case, blanks, typographic quotes, dashes and dots made equal."""
    text = _DOTS.sub("...", unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS))
    return _SPACE.sub(" ", text).strip().casefold()


def bare(text: str) -> str:
    """The normal line without quotation marks and dots around it."""
    return normal(text).strip(_AROUND)


@dataclass(frozen=True, slots=True)
class Found:
    """How many of the lines asked for stand in comment `index`, one after another, the first of them included.

    Args:
        telling: how many of them are more than a "No." or "Thanks."
    """

    index: int
    length: int
    telling: int


@dataclass(frozen=True, slots=True)
class Question:
    """A quotation to look up.

    Args:
        asked_in: index of the comment that quotes; only earlier ones are searched.
        name: the name above the quotation; a comment that has it there too only quotes the same.
        lines: lines of the comment that quotes.
        start: which of them is the first of the quotation; how many more are, the search tells.
    """

    asked_in: int
    name: str
    lines: Sequence[str]
    start: int


@dataclass(slots=True)
class _Searched:
    """A comment ready for comparison."""

    text: str
    lines: frozenset[str]
    starts: list[int]  # Where each line begins in the text.


def search(comments: Sequence[str], questions: Sequence[Question]) -> list[tuple[Found, ...]]:
    """For each question the comments with most telling lines of it, oldest first; empty when there is none.

    Cost: one walk over all comments, then at most 48 comparisons per question.
    """
    keys = [_key(bare(question.lines[question.start])) for question in questions]
    searched = [_searched(text) for text in comments]
    places = _places(searched, {key for key in keys if key})
    answers: list[tuple[Found, ...]] = []
    for question, key in zip(questions, keys, strict=True):
        everywhere = places.get(key, [])
        earlier = bisect_left(everywhere, question.asked_in)
        compared = everywhere[: min(earlier, _OLDEST)] + everywhere[max(earlier - _LATEST, _OLDEST) : earlier]
        needles = _Needles(question)
        found = [each for at in compared if (each := _run(at, searched[at], needles)).length]
        most = max((each.telling for each in found), default=0)
        answers.append(tuple(each for each in found if each.telling == most))
    return answers


def is_long(line: str) -> bool:
    """Whether a bare line is long enough to be recognised inside a longer one."""
    words = len(_TOKEN.findall(line))
    return words >= _WINDOW and (len(line) >= _LONG or words >= _LONG_WORDS)


def _searched(text: str) -> _Searched:
    lines = [line for raw in text[:_MAX_LENGTH].split("\n") if (line := normal(raw))]
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    return _Searched(" ".join(lines), frozenset(line.strip(_AROUND) for line in lines), starts)


def _key(line: str) -> str:
    """What to look the line up by: four of its words, or all of it when it is short."""
    if not is_long(line):
        return line
    words = _TOKEN.findall(line)
    # The first word is left out where there are enough: whoever cut the sentence may have cut that word.
    return " ".join(words[1 : 1 + _WINDOW] if len(words) > _WINDOW else words)


def _places(searched: Sequence[_Searched], keys: set[str]) -> dict[str, list[int]]:
    """The comments in which each key occurs, oldest first."""
    firsts = {key.split(" ", 1)[0] for key in keys}
    places: dict[str, list[int]] = {key: [] for key in keys}
    for at, comment in enumerate(searched):
        here = {line for line in comment.lines if line in places}
        tokens = _TOKEN.findall(comment.text)
        for start, token in enumerate(tokens):
            if token in firsts:
                window = " ".join(tokens[start : start + _WINDOW])
                if window in places:
                    here.add(window)
        for key in here:
            places[key].append(at)
    return places


class _Needles:
    """The lines of a quotation made ready for comparison when they are first needed."""

    def __init__(self, question: Question) -> None:
        self.name = bare(question.name)
        self._question = question
        self._ready: list[tuple[str, bool]] = []

    def get(self, step: int) -> tuple[str, bool]:
        """The line that many steps into the quotation, and whether it is long; an empty one past the end."""
        while len(self._ready) <= step:
            at = self._question.start + len(self._ready)
            if step >= _MOST_LINES or at >= len(self._question.lines):
                return "", False
            line = bare(self._question.lines[at])
            self._ready.append((line, is_long(line)))
        return self._ready[step]


def _run(index: int, comment: _Searched, needles: _Needles) -> Found:
    """How many of the lines, from the first on, stand in the comment in this order."""
    position = length = telling = 0
    while True:
        line, long = needles.get(length)
        if not line or not (long or line in comment.lines):
            break
        at = comment.text.find(line, position)
        if at < 0 or (not length and _has_above(comment, needles.name, at)):
            break
        position = at + len(line)
        length += 1
        telling += len(line) >= TELLING
    return Found(index, length, telling)


def _has_above(comment: _Searched, name: str, at: int) -> bool:
    """Whether the line above is the name, with or without an hour."""
    line = bisect_right(comment.starts, at) - 1
    if line == 0 or comment.text[comment.starts[line] : at].strip(_AROUND):
        return False
    above = comment.text[comment.starts[line - 1] : comment.starts[line]].strip(_AROUND)
    return above.startswith(name) and len(above) <= len(name) + _HOUR
