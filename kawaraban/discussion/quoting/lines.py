"""A comment as the lines a reader sees, each with the marks that call it a quotation."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from kawaraban.discussion.quoting.text import tokens

_ARROWS = re.compile(r"[ \t]*(?:[>\uff1e][ \t]?)+")
_ELISION = re.compile(r"\.\s?\.|\u2026|\u22ef|\[\s*\]|\(\s*\)")
_OPEN = '"\u201c\u201e\u201f\u00ab\u300c\u300e\u2018'
_CLOSE = '"\u201d\u201c\u00bb\u300d\u300f\u2019'
_PAIRS = {
    '"': '"',
    "\u201c": "\u201d",
    "\u201e": "\u201c\u201d",
    "\u201f": "\u201d",
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab",
    "\u300c": "\u300d",
    "\u300e": "\u300f",
    "\u2018": "\u2019",
}
_WITHIN_WORDS = '"\u2018\u2019'
_OPENS = re.compile(f"[{''.join(_PAIRS)}]")
_STRAIGHT = re.compile('["\u201c\u201d\u201e\u00ab\u00bb]')
_BEHIND = " \t\u00a0.,;:!?)"  # What may follow a closing mark at the end of a line.
_MOST_QUOTED_LINES = 8  # Lines that one pair of quotation marks may span.


class Mark(IntEnum):
    """What calls a line a quotation, the weakest first."""

    NONE = 0
    INDENT = 1
    QUOTES = 2
    ARROW = 3


@dataclass(slots=True)
class Line:
    """One filled line.

    Args:
        start: where it begins, with its marks.
        end: behind its last sign.
        words: its words as they are compared.
        places: where each word stands in the text.
        inside: where the words begin and end, without marks.
        gaps: before which words something is left out, as dots tell.
        newlines: line breaks between the line above and this one.
        is_apart: an empty line is among them; a line of nothing but `>` is not empty.
        index: which of the filled lines it is, from 0; -1 for a part of one.
    """

    start: int
    end: int
    mark: Mark
    inside: tuple[int, int]
    words: list[str]
    places: list[tuple[int, int]]
    gaps: frozenset[int]
    newlines: int
    is_apart: bool = False
    index: int = -1


def lines_of(text: str) -> list[Line]:
    """The filled lines of a text, in order."""
    words, places = tokens(text)
    found: list[Line] = []
    at = word = newlines = 0
    is_apart = False
    for raw in text.split("\n"):
        arrows = _ARROWS.match(raw)
        if not raw.strip():
            is_apart = True
        elif not arrows or raw[arrows.end() :].strip():
            start, end = at + len(raw) - len(raw.lstrip()), at + len(raw.rstrip())
            first = word
            while word < len(places) and places[word][1] <= at + len(raw):
                word += 1
            inside = at + arrows.end() if arrows else start
            mark = Mark.ARROW if arrows else Mark.INDENT if raw[:2] in ("  ", " \t") or raw[0] == "\t" else Mark.NONE
            here = places[first:word]
            gaps, mine = _gaps(text, here, inside), words[first:word]
            found.append(Line(start, end, mark, (inside, end), mine, here, gaps, newlines, is_apart, len(found)))
            newlines, is_apart = 0, False
        at += len(raw) + 1
        newlines += 1
    _mark_quoted(text, found)
    return found


def in_quotes(text: str, line: Line) -> Iterator[Line]:
    """The parts of a line that stand in quotation marks, as lines of their own."""
    at, end = line.inside
    hopeless = ""  # What is not closed from here on will not be further on either; a text may be nothing but marks.
    while opened := _OPENS.search(text, at, end):
        start = opened.start()
        closed = -1 if opened[0] in hopeless else _closing(text, start, end)
        if closed < 0:
            hopeless += opened[0]
        before = text[start - 1] if start > line.inside[0] else " "
        # A mark within a word is an apostrophe or an inch; Japanese has no blank before its own.
        if closed < 0 or (opened[0] in _WITHIN_WORDS and before.isalnum()):
            at = start + 1
            continue
        inside = (start + 1, closed)
        first, last = bisect_left(line.places, (inside[0], 0)), bisect_left(line.places, (inside[1], 0))
        if first < last:
            here = line.places[first:last]
            yield Line(
                start, closed + 1, Mark.QUOTES, inside, line.words[first:last], here, _gaps(text, here, inside[0]), 0
            )
        at = closed + 1


def is_elided(text: str, start: int, end: int) -> bool:
    """Whether dots between these positions tell that something is left out."""
    return bool(_ELISION.search(text, start, min(end, start + 200)))


def _gaps(text: str, places: Sequence[tuple[int, int]], start: int) -> frozenset[int]:
    found = set()
    behind = start
    for n, place in enumerate(places):
        if place[0] - behind > 1 and is_elided(text, behind, place[0]):
            found.add(n)
        behind = place[1]
    return frozenset(found)


def _closing(text: str, start: int, end: int) -> int:
    """Where the quotation mark at `start` is closed, or -1."""
    closers = _PAIRS[text[start]]
    at = start + 1
    while at < end:
        if text[at] in closers:
            following = text[at + 1] if at + 1 < end else " "
            # A single mark within a word is an apostrophe; a straight one before a word opens something else.
            within = text[at] in _WITHIN_WORDS and following.isalnum()
            if not within and (text[at] != '"' or not text[at - 1].isspace() or at + 1 == end):
                return at
        at += 1
    return -1


def _mark_quoted(text: str, lines: list[Line]) -> None:
    """Mark the lines that stand wholly in quotation marks, alone or several between one pair."""
    n = 0
    while n < len(lines):
        line = lines[n]
        first = text[line.start]
        if line.mark >= Mark.QUOTES or first not in _PAIRS:
            n += 1
            continue
        last = next(
            (m for m in range(n, min(n + _MOST_QUOTED_LINES, len(lines))) if _closes(text, lines, n, m)),
            None,
        )
        if last is None:
            n += 1
            continue
        for m in range(n, last + 1):
            at, end = lines[m].inside
            if m == n:
                at += 1
            if m == last:
                end = _last_mark(text, lines[m])
            elif text[lines[m].start] == first:
                at = lines[m].start + 1
            lines[m].inside = (at, end)
            lines[m].mark = Mark.QUOTES
        n = last + 1


def _closes(text: str, lines: Sequence[Line], n: int, m: int) -> bool:
    """Whether the mark that opens line `n` is first closed at the very end of line `m`."""
    if lines[m].mark == Mark.ARROW:
        return False
    closing = _closing(text, lines[n].start, lines[n].end)
    last = _last_mark(text, lines[m])
    if last < 0 or text[last] not in _PAIRS[text[lines[n].start]]:
        return False
    if m == n:
        return closing == last
    between = "".join(text[line.start + 1 : line.end] for line in lines[n + 1 : m])
    return closing < 0 and not _STRAIGHT.search(between + text[lines[m].start + 1 : last])


def _last_mark(text: str, line: Line) -> int:
    """Where the quotation mark at the end of a line stands, or -1."""
    at = line.end - 1
    while at > line.start and text[at] in _BEHIND:
        at -= 1
    return at if at > line.start and text[at] in _CLOSE else -1
