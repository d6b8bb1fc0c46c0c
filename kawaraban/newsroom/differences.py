"""What differs between two versions of a text, for people to read: plain Python, which asks nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

# Kana and Han signs are compared one by one: nothing separates the words of Japanese.
_SIGNS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_SIGNS}]|\s+|[^\W{_SIGNS}]+|[^\w\s]")
# Less alike than this, two paragraphs are better read one after the other than woven into each other.
ALIKE = 0.4
# The comparison takes time in the product of the lengths; beyond this, all together, it could hold up a page.
MOST_PAIRS = 4_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed (`mark` is empty), came (`ins`) or went (`del`)."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of both versions; of one that came or went as a whole, one piece says so."""

    pieces: tuple[Piece, ...]


def differences(before: Sequence[str], after: Sequence[str]) -> list[Paragraph]:
    """The paragraphs of both versions in one reading order, those that stayed included.

    Cost: at most some 4 million comparisons of words, a quarter of a second.
    """
    found: list[Paragraph] = []
    left = MOST_PAIRS
    for tag, start, end, at, until in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [_whole("", text) for text in after[at:until]]
            continue
        for old, new in zip_longest(before[start:end], after[at:until]):
            words = _WORD.findall(old or ""), _WORD.findall(new or "")
            left -= len(words[0]) * len(words[1])
            woven = _woven(*words) if old and new and left >= 0 else None
            whole = [_whole(mark, text) for mark, text in (("del", old), ("ins", new)) if text is not None]
            found += [woven] if woven else whole
    return found


def _whole(mark: str, text: str) -> Paragraph:
    return Paragraph((Piece(mark, text),))


def _woven(old: Sequence[str], new: Sequence[str]) -> Paragraph | None:
    """One paragraph of the words of two; None where they have too little in common to be read like that."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    # Spaces and stops are in every paragraph, and make none like another.
    kept = sum(_words(old[at : at + size]) for at, _, size in matcher.get_matching_blocks())
    is_alike = 2 * kept >= ALIKE * (_words(old) + _words(new))
    return Paragraph(tuple(_joined(_pieces(matcher, old, new)))) if is_alike else None


def _words(parts: Sequence[str]) -> int:
    return sum(part.isalnum() for part in parts)


def _pieces(matcher: SequenceMatcher[str], old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """What stayed, went and came, in order, as (same, old, new)."""
    for tag, start, end, at, until in matcher.get_opcodes():
        gone, come = "".join(old[start:end]), "".join(new[at:until])
        yield (come, "", "") if tag == "equal" else ("", gone, come)


def _joined(pieces: Iterator[tuple[str, str, str]]) -> Iterator[Piece]:
    """The pieces, with changes that only a space keeps apart as one change: it reads as people would mark it."""
    gone = come = gap = ""
    for same, old, new in pieces:
        if same and not same.strip() and (gone or come):
            gap += same
            continue
        if same:
            yield from _changed(gone, come)
            yield Piece("", gap + same)
            gone = come = gap = ""
            continue
        gone, come, gap = gone + gap + old, come + gap + new, ""
    yield from _changed(gone, come)
    if gap:
        yield Piece("", gap)


def _changed(gone: str, come: str) -> Iterator[Piece]:
    if gone:
        yield Piece("del", gone)
    if come:
        yield Piece("ins", come)
