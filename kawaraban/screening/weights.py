"""The score: hashed pieces of a text, a weight for each, and the pieces that weighed most.

A piece is two to five characters of a folded text that do not reach over a space, the edges of words counting as one;
of scripts without spaces any two to five. scikit-learn's `HashingVectorizer` would hash them as quickly, but a web
process that imports it is 90 MB larger and 3 s later at work, and it forgets where a piece stood, which `pieces` tells
(docs/decisions/0022-screening.md). Weights are learned in `training`.
"""

from __future__ import annotations

import math
import re
import zlib
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kawaraban.screening.folding import fold

BITS = 18
SIZE = 1 << BITS
"""Different weights of one row; more pieces than that share some."""
PIECES = (2, 3, 4, 5)
"""Characters of a piece."""
LONGEST = 5_000
"""Characters of a text that are looked at."""

_SPACES = re.compile(r"[\s_]+")
_SCHEME = re.compile(r"https?://(?:www\.)?")
_PRIME = np.uint64(0x9E3779B97F4A7C15)

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Buckets = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text as it was read, and how much it weighs towards removal; below 0 it speaks against."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Score:
    """How much a text is like those that were removed here.

    Args:
        value: 0 to 1: about the part of such texts that were removed.
        group: what the texts that it resembles most were removed for, "" if that was not learned.
        pieces: those that weighed most, heaviest first.
    """

    value: float
    group: str
    pieces: tuple[Piece, ...] = ()


def read(text: str) -> str:
    """The text as its pieces are taken from it: folded, with single spaces, also around it."""
    # How an address begins says nothing of where it leads, and would weigh as much as ten words.
    return f" {_SPACES.sub(' ', _SCHEME.sub('', fold(text[:LONGEST]))).strip()} "


def pieces(read_text: str) -> tuple[Buckets, Ints, Ints]:
    """Of each piece of a `read` text its bucket, where it begins and how long it is."""
    codes = np.frombuffer(read_text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    spaces = codes == 32
    buckets, begins, lengths = [], [], []
    hashed = codes.copy()
    # A space within a piece: those after the first character and before the last.
    broken = np.zeros(len(codes), dtype=bool)
    for length in range(2, PIECES[-1] + 1):
        count = len(codes) - length + 1
        if count < 1:
            break
        hashed = (hashed[:count] * _PRIME) ^ (codes[length - 1 :] + np.uint64(length))
        broken = broken[:count]
        if length > 2:
            broken = broken | spaces[length - 2 : length - 2 + count]
        kept = np.flatnonzero(~broken)
        mixed = hashed[kept] * _PRIME
        buckets.append(((mixed ^ (mixed >> np.uint64(29))) * _PRIME >> np.uint64(64 - BITS)).astype(np.int32))
        begins.append(kept)
        lengths.append(np.full(len(kept), length))
    if not buckets:
        empty = np.zeros(0, dtype=np.int64)
        return empty.astype(np.int32), empty, empty
    return np.concatenate(buckets), np.concatenate(begins), np.concatenate(lengths)


def features(text: str) -> Buckets:
    """The buckets of a text's pieces, each once, in order."""
    return _each_once(pieces(read(text))[0])


def _each_once(buckets: Buckets) -> Buckets:
    # As np.unique does, which takes twenty times as long: it sorts other things than small numbers, too.
    ordered = np.sort(buckets)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


@dataclass(frozen=True, slots=True)
class Weights:
    """Rows of weights: the first for removal at all, then one for each group."""

    groups: tuple[str, ...]
    table: Floats
    intercepts: Floats

    def sums(self, unique: Buckets) -> Floats:
        """What each row makes of these buckets; 0 is a chance of one half."""
        found: Floats = self.table.take(unique, axis=1).sum(axis=1) / math.sqrt(max(1, len(unique))) + self.intercepts
        return found

    def score(self, text: str, explained: int = 0) -> Score:
        """How much a text is like those that were removed, with so many pieces that weighed most. Cost: below 2 ms."""
        shown = read(text)
        buckets, begins, lengths = pieces(shown)
        unique = _each_once(buckets)
        if not len(unique):
            return Score(0.0, "")
        sums = self.sums(unique)
        group = self.groups[int(sums[1:].argmax())] if self.groups else ""
        found: tuple[Piece, ...] = ()
        if explained:
            # What stands more than once counts once, so its weight is divided among its places.
            counts = np.bincount(np.searchsorted(unique, buckets))
            share = self.table[0, buckets] / (counts[np.searchsorted(unique, buckets)] * math.sqrt(len(unique)))
            found = _heaviest(shown, share, begins, lengths, explained)
        return Score(between_0_and_1(float(sums[0])), group, found)


def between_0_and_1(total: float) -> float:
    """The score that a sum stands for."""
    # What is beyond doubt still differs, so that a threshold can lie between any two.
    if abs(total) > 4:
        total = math.copysign(4 + math.log(abs(total) - 3), total)
    return 1 / (1 + math.exp(-total))


def pack(weights: Weights) -> bytes:
    """The weights as bytes, with half precision: about 400 KB a row."""
    scales = np.maximum(np.abs(weights.table).max(axis=1), 1e-9).astype(np.float32)
    table = (weights.table / scales[:, None]).astype(np.float16)
    return zlib.compress(scales.tobytes() + weights.intercepts.astype(np.float32).tobytes() + table.tobytes(), 6)


def unpack(groups: tuple[str, ...], packed: bytes) -> Weights:
    """The weights that were packed, for these groups.

    Raises:
        ValueError: the bytes are not those of so many groups.
    """
    rows = len(groups) + 1
    try:
        raw = zlib.decompress(packed)
    except zlib.error as error:
        raise ValueError("The weights are damaged.") from error
    if len(raw) != rows * (8 + 2 * SIZE):
        raise ValueError("The weights are not of this many groups.")
    scales = np.frombuffer(raw, np.float32, rows)
    intercepts = np.frombuffer(raw, np.float32, rows, 4 * rows)
    table = np.frombuffer(raw, np.float16, rows * SIZE, 8 * rows).reshape(rows, SIZE)
    return Weights(groups, table.astype(np.float32) * scales[:, None], intercepts)


def _heaviest(shown: str, share: Floats, begins: Ints, lengths: Ints, most: int) -> tuple[Piece, ...]:
    """The words that weighed most; of scripts without spaces the stretches between what weighs nothing."""
    # Each character gets its part of all pieces that it stands in.
    part = share / lengths
    height = np.zeros(len(shown))
    for offset in range(PIECES[-1]):
        inside = lengths > offset
        height += np.bincount(begins[inside] + offset, part[inside], len(shown))
    found: dict[str, float] = {}
    for word in re.finditer(r"\S+", shown):
        for begin, end in _stretches(height[word.start() : word.end()], word.start()):
            text = shown[begin:end]
            found[text] = found.get(text, 0.0) + float(height[begin:end].sum())
    order = sorted(found.items(), key=lambda item: (-abs(item[1]), item[0]))
    return tuple(Piece(text, round(weight, 3)) for text, weight in order[:most])


def _stretches(height: NDArray[np.float64], start: int) -> list[tuple[int, int]]:
    """A word of the usual length as it is; a longer one in stretches that speak for or against."""
    if len(height) <= 20:
        return [(start, start + len(height))]
    turns = np.flatnonzero(np.diff(height > 0)) + 1
    edges = [0, *turns.tolist(), len(height)]
    return [(start + begin, start + end) for begin, end in pairwise(edges)]
