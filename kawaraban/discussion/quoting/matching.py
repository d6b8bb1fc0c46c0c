"""How the words of a line stand in a text: in one piece, with something left out, or changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kawaraban.discussion.quoting.index import WINDOW, Told
from kawaraban.discussion.quoting.text import tokens, weight

_CUT = 4  # Words from which the first and the last may be cut in the middle.
_SKIPPED, _ADDED = 3, 8  # Words that a misquote may put in and leave out in one place.
_SIGNS = 20  # Characters behind the last word that may belong to the sentence.
_MOST_GAPS = 12  # Places in one line where dots stand for words.


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a line that stand in a row in a text: `start` to before `end` of the line, from `at` in the text."""

    start: int
    end: int
    at: int


@dataclass(frozen=True, slots=True)
class Match:
    """Where words of a line stand in one text, piece by piece and in order.

    Args:
        is_exact: nothing lies between the pieces but what dots stand for.
    """

    told: Told
    pieces: tuple[Piece, ...]
    is_exact: bool

    @property
    def start(self) -> int:
        """The first word of the line that was found."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """Behind the last word of the line that was found."""
        return self.pieces[-1].end

    @property
    def matched(self) -> int:
        """How many words were found."""
        return sum(piece.end - piece.start for piece in self.pieces)


def whole(words: Sequence[str], told: Told, start: int = 0) -> Match | None:
    """The words in one piece; the first and the last may be cut. The search begins at `start` in `told.joined`."""
    at = told.joined.find(needle(words), start)
    return Match(told, (Piece(0, len(words), told.word_at(at)),), is_exact=True) if at >= 0 else None


def needle(words: Sequence[str]) -> str:
    """What to look for in a joined text; long enough rows may begin and end within a word."""
    cut = len(words) >= _CUT
    before = "" if cut and not words[0][0].isdigit() and len(words[0]) > 1 else " "
    behind = "" if cut and not words[-1][-1].isdigit() and len(words[-1]) > 1 else " "
    return f"{before}{' '.join(words)}{behind}"


def chain(words: Sequence[str], start: int, gaps: Collection[int], told: Told) -> Match | None:
    """As many of the words as follow one another in the text from `start` on, over gaps and small changes."""
    theirs = told.joined.split()
    # The first words may be the changed ones.
    first = next((row for skip in range(_SKIPPED + 1) if (row := _longest(words, start + skip, told))), None)
    if first is None:
        return None
    pieces = [first]
    is_exact = True
    while earlier := _before(words, start, theirs, pieces[0]):
        pieces.insert(0, earlier)
        is_exact = False
    gaps_left = _MOST_GAPS
    while pieces[-1].end < len(words):
        last = pieces[-1]
        here, there = last.end, last.at + last.end - last.start
        found = None
        if here in gaps and gaps_left:
            gaps_left -= 1
            found = _further_on(words, here, theirs, there)
        elif here not in gaps:
            found = _nearby(words, here, theirs, there)
            is_exact = is_exact and found is None
        if found is None:
            break
        pieces.append(found)
    return Match(told, tuple(pieces), is_exact)


def _longest(words: Sequence[str], start: int, told: Told) -> Piece | None:
    """The longest row of words from `start` on that is in the text. Cost: about ten searches in the text."""
    rest = len(words) - start
    if rest < WINDOW:
        return None

    def find(length: int) -> int:
        row = words[start : start + length]
        if start and length < rest:
            return told.joined.find(f" {' '.join(row)} ")
        wanted = needle(row)
        wanted = wanted if start == 0 else f" {wanted.lstrip()}"
        wanted = wanted if length == rest else f"{wanted.rstrip()} "
        return told.joined.find(wanted)

    found = find(WINDOW)
    if found < 0:
        return None
    low, high = WINDOW, rest + 1  # A row of `low` is there, a row of `high` is not.
    while high - low > 1:
        middle = (low + high) // 2
        at = find(middle)
        low, high, found = (middle, high, at) if at >= 0 else (low, middle, found)
    return Piece(start, start + low, told.word_at(found))


def _further_on(words: Sequence[str], here: int, theirs: Sequence[str], there: int) -> Piece | None:
    """The words behind dots, wherever they go on in the text."""
    row = list(words[here : here + 2])
    for at in range(there, len(theirs) - len(row) + 1):
        if list(theirs[at : at + len(row)]) == row or (len(row) == 1 and theirs[at].startswith(row[0])):
            return _row(words, here, theirs, at)
    return None


def _nearby(words: Sequence[str], here: int, theirs: Sequence[str], there: int) -> Piece | None:
    """The words after a small change: some put in, some left out, some others instead."""
    steps = sorted(((a, b) for a in range(_SKIPPED + 1) for b in range(_ADDED + 1) if a + b), key=sum)
    for a, b in steps:
        mine, other = here + a, there + b
        pair = words[mine : mine + 2]
        if pair and list(pair) == list(theirs[other : other + 2]) and (len(pair) == 2 or a + b <= 2):
            return _row(words, mine, theirs, other)
    return None


def _before(words: Sequence[str], start: int, theirs: Sequence[str], first: Piece) -> Piece | None:
    """Two words or more that stand a small change before the first piece."""
    for a, b in ((1, 1), (1, 0), (0, 1), (2, 2), (1, 2), (2, 1)):
        mine, other = first.start - a, first.at - b
        length = 0
        while length < min(mine - start, other) and words[mine - length - 1] == theirs[other - length - 1]:
            length += 1
        if length >= 2:
            return Piece(mine - length, mine, other - length)
    return None


def _row(words: Sequence[str], here: int, theirs: Sequence[str], at: int) -> Piece:
    length = 0
    while here + length < len(words) and at + length < len(theirs) and words[here + length] == theirs[at + length]:
        length += 1
    return Piece(here, here + max(length, 1), at)


def cover(words: Sequence[str], gaps: Collection[int], texts: Sequence[Told]) -> list[Match]:
    """The words as pieces of one text or of several glued together, in order; what is nowhere is left out.

    Args:
        texts: the likeliest first; among equals the first is taken.
    """
    found: list[Match] = []
    at = 0
    while at < len(words):
        chains = [each for told in texts if (each := chain(words, at, gaps, told))]
        best = max(chains, key=lambda each: each.matched, default=None)
        if best is None or not weight(words[best.start : best.end]):
            break
        found.append(best)
        at = best.end
    return found


def jumbled(words: Sequence[str], told: Told) -> Match | None:
    """The same words in another order, as somebody has them who quotes from memory."""
    theirs, wanted = told.joined.split(), Counter(words)
    left = wanted - Counter(theirs[: len(words)])
    if left and not wanted - Counter(theirs):
        for at in range(1, len(theirs) - len(words) + 1):
            if theirs[at] in wanted and not wanted - Counter(theirs[at : at + len(words)]):
                return Match(told, (Piece(0, len(words), at),), is_exact=False)
        return None
    return None if left else Match(told, (Piece(0, len(words), 0),), is_exact=False)


def resembles(words: Sequence[str], match: Match) -> float:
    """How many of the words stand near the match, whatever their order: 0 to 1."""
    theirs = match.told.joined.split()
    last = match.pieces[-1]
    near = set(theirs[max(0, match.pieces[0].at - 2) : last.at + last.end - last.start + 3])
    return sum(word in near for word in words) / len(words)


# --- Around the words -------------------------------------------------------------------------------------------------
_ENDS = frozenset('.!?\n:;\u2026\u3002\uff01\uff1f"\u201c\u201d\u00ab\u00bb')


def behind(match: Match) -> int:
    """Where in the joined words of the text the match ends."""
    last = match.pieces[-1]
    at = 0
    for _ in range(last.at + last.end - last.start):
        at = match.told.joined.find(" ", at + 1)
    return at


def stands_as(match: Match) -> str:
    """How the words stand in the text: as a "line", as a "sentence", or as part of one, which is ""."""
    text, places = match.told.text, _places(match.told.text)
    first, last = match.pieces[0].at, match.pieces[-1].at + match.pieces[-1].end - match.pieces[-1].start
    before = text[places[first - 1][1] : places[first][0]] if first else "\n"
    after = text[places[last - 1][1] : places[last][0]] if last < len(places) else "\n"
    if "\n" in before and "\n" in after:
        return "line"
    return "sentence" if _ENDS.intersection(before) and _ENDS.intersection(after) else ""


def surroundings(match: Match) -> str:
    """The words as the text spells them, with the signs around them."""
    places = _places(match.told.text)
    first, last = match.pieces[0].at, match.pieces[-1].at + match.pieces[-1].end - match.pieces[-1].start
    end = places[last][0] if last < len(places) else len(match.told.text)
    return match.told.text[places[first][0] : min(end, places[last - 1][1] + _SIGNS)]


def line_above(match: Match) -> str:
    """The filled line above the words, if they begin a line; else empty."""
    text, places = match.told.text, _places(match.told.text)
    first = match.pieces[0].at
    if not first or "\n" not in text[places[first - 1][1] : places[first][0]]:
        return ""
    above = text[: places[first - 1][1]]
    rest = text[places[first - 1][1] : places[first][0]].split("\n", 1)[0]
    return above[above.rfind("\n") + 1 :] + rest


@lru_cache(maxsize=512)
def _places(text: str) -> list[tuple[int, int]]:
    return tokens(text)[1]
