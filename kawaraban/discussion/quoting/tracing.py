"""Words that a comment quotes itself go to whom it quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from kawaraban.discussion.quoting.index import Part, Told
from kawaraban.discussion.quoting.lines import Line
from kawaraban.discussion.quoting.matching import Match

_LEAST = 3  # Words; fewer at the edge of a quotation are a matter of where it was cut.


@dataclass(frozen=True, slots=True)
class Share:
    """Words of a line, `start` to before `end`, and who said them."""

    line: Line
    start: int
    end: int
    told: Told
    is_exact: bool


def shares(match: Match, parts: Sequence[Part], line: Line) -> list[Share]:
    """The words of a match by who said them first: the text itself, or what the text quotes there."""
    count = len(line.words)
    owners: list[tuple[Told, bool] | None] = [None] * count
    for piece in match.pieces:
        length = piece.end - piece.start
        owners[piece.start : piece.end] = [(match.told, match.is_exact)] * length
        for part in parts:
            first = max(part.start, piece.at)
            last = min(part.end, piece.at + length, piece.at + count - piece.start)
            for n in range(first, last):
                owners[piece.start + n - piece.at] = (part.source, part.is_exact and match.is_exact)
    return _smooth(line, owners[match.start : match.end], match.start)


def within(match: Match, parts: Sequence[Part]) -> bool:
    """Whether all words of the match are quoted from somebody by the text."""
    return all(
        any(part.start <= piece.at and piece.at + piece.end - piece.start <= part.end for part in parts)
        for piece in match.pieces
    )


def _smooth(line: Line, owners: Sequence[tuple[Told, bool] | None], start: int) -> list[Share]:
    """Runs of words with one owner; what is left out or too short goes to its neighbour."""
    runs: list[tuple[tuple[Told, bool] | None, int]] = [(owner, len(list(run))) for owner, run in groupby(owners)]
    found: list[Share] = []
    waiting = 0
    for owner, length in runs:
        is_short = length < _LEAST and len(runs) > 1
        if found and (owner is None or is_short or owner[0] is found[-1].told):
            last = found[-1]
            exact = last.is_exact and (owner is None or is_short or owner[1])
            found[-1] = Share(line, last.start, last.end + length, last.told, exact)
        elif owner is None or (is_short and start + waiting + length < start + len(owners)):
            waiting += length
        else:
            begin = start + sum(share.end - share.start for share in found)
            found.append(Share(line, begin, begin + waiting + length, *owner))
            waiting = 0
    return found
