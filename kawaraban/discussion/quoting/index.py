"""Which texts of a thread have which words in a row: built once, kept, and asked for every quotation."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kawaraban.discussion.quoting.text import tokens

WINDOW = 3  # Words in a row that are looked up.
# Texts taken from one row of words: the oldest, which are the likely source, and the latest before the quotation.
# Without a bound a thousand pastes of one sentence would be compared a million times.
_OLDEST, _LATEST = 24, 24
_MOST_WINDOWS = 64  # Rows of words looked up for one quotation, spread over its length.
_COMPARED = 12  # Texts compared with a quotation that none of them has in one piece.
_MAX_LENGTH = 50_000  # Characters of a text that are read.

# In the order in which texts were said: comments by their numbers, passages below them, for the story was there first.
# Numbers in arrays, not tuples in lists: the garbage collector would look through a million of them again and again.
Key = int
Keys = array  # of keys, ascending
_PASSAGES = -(10**15)
_POSITIONS = 10**6  # Passages of one version.


def passage_key(version: int, position: int) -> Key:
    """The key of a passage."""
    return _PASSAGES + version * _POSITIONS + position


@dataclass(slots=True)
class Told:
    """One text that may be quoted: a comment, or a passage of the story at a version.

    Args:
        key: the number of a comment, or what `passage_key` tells of a passage.
        joined: its words, each with a blank before and behind it.
        places: where else the same paragraph stands in the story: version and position, in order.
        parts: what of it is quoted itself, as the search found when it was first asked; None until then.
    """

    key: Key
    text: str
    joined: str
    author: str = ""
    hour: str = ""
    places: list[tuple[int, int]] = field(default_factory=list)
    parts: tuple[Part, ...] | None = None

    @property
    def number(self) -> int:
        """The number of the comment."""
        return self.key

    @property
    def is_story(self) -> bool:
        """True for a passage of the story."""
        return self.key < 0

    def word_at(self, at: int) -> int:
        """Which word, counted from 0, begins at or around this place in `joined`."""
        spaces = self.joined.count(" ", 0, at)
        return spaces if self.joined.startswith(" ", at) else spaces - 1


@dataclass(frozen=True, slots=True)
class Part:
    """Words from `start` to before `end` of a text that are quoted from `source`."""

    start: int
    end: int
    source: Told
    is_exact: bool


class Index:
    """The texts of one thread by the rows of three words that are in them."""

    def __init__(self) -> None:
        self.all: dict[Key, Told] = {}
        self._rows: dict[int, Key | Keys[Key]] = {}
        self._short: dict[str, Keys[Key]] = {}
        self._by_author: dict[str, Keys[Key]] = {}

    def add(self, told: Told, words: Sequence[str]) -> None:
        """Take a text in; its words as `tokens` tells them."""
        self.remove(told.key)
        self.all[told.key] = told
        for row in _rows(words):
            at = self._rows.get(row)
            if at is None:
                self._rows[row] = told.key
            elif not isinstance(at, int):
                _insert(at, told.key)
            elif at != told.key:
                self._rows[row] = array("q", sorted((at, told.key)))
        for line in _short_sentences(told.text):
            _insert(self._short.setdefault(line, array("q")), told.key)
        if told.author:
            _insert(self._by_author.setdefault(told.author, array("q")), told.key)

    def remove(self, key: Key) -> None:
        """Forget a text; nothing happens when it is not known."""
        told = self.all.pop(key, None)
        if told is None:
            return
        for row in _rows(told.joined.split()):
            at = self._rows.get(row)
            if isinstance(at, array):
                _remove(at, key)
                if not at:
                    del self._rows[row]
            elif at == key:
                del self._rows[row]
        for line in _short_sentences(told.text):
            _remove(self._short[line], key)
        if told.author:
            _remove(self._by_author[told.author], key)

    def newer(self, key: Key) -> Iterator[Told]:
        """The texts that may quote this one."""
        return (told for other, told in self.all.items() if other > key)

    def is_author(self, name: str, before: Key) -> bool:
        """Whether somebody of this name, case apart, wrote one of the texts."""
        written = self._by_author.get(name)
        return written is not None and len(written) > 0 and written[0] < before

    def likely(self, words: Sequence[str], before: Key, author: str = "") -> list[tuple[int, Told]]:
        """Texts that have most rows of these words, with how many; the most first, then the oldest.

        Args:
            author: only texts by this member.
        """
        votes: Counter[Key] = Counter()
        rows = list(dict.fromkeys(_rows(words)))
        step = len(rows) / _MOST_WINDOWS if len(rows) > _MOST_WINDOWS else 1
        mine = set(self._by_author.get(author, ())) if author else None
        for n in range(min(len(rows), _MOST_WINDOWS)):
            at = self._rows.get(rows[int(n * step)])
            if at is None:
                continue
            found = _ends(at, before) if mine is None else [key for key in _all(at) if key in mine and key < before]
            votes.update(found)
        ranked = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
        return [(count, self.all[key]) for key, count in ranked[: _OLDEST + _LATEST]]

    def having(self, words: Sequence[str], before: Key) -> list[Told]:
        """Texts that may have all these words in one piece; oldest first."""
        if len(words) < WINDOW:
            return self.with_sentence(words, before)
        likely = self.likely(words, before)
        # The first and the last word may be cut, and with them a row each.
        return sorted((told for count, told in likely if count >= likely[0][0] - 2), key=lambda told: told.key)

    def by(self, author: str, before: Key) -> list[Told]:
        """What this member, case apart, has said; oldest first."""
        return [self.all[key] for key in self._by_author.get(author, ()) if key < before]

    def with_sentence(self, words: Sequence[str], before: Key) -> list[Told]:
        """Texts in which these one or two words are a sentence or line of their own; oldest first."""
        return [self.all[key] for key in _ends(self._short.get(" ".join(words), array("q")), before)]

    def scan(self, needle: str, before: Key) -> Told | None:
        """The latest text that has these words. Cost: a look at every text, so ask it seldom."""
        for key in sorted((key for key in self.all if key < before), reverse=True):
            if needle in self.all[key].joined:
                return self.all[key]
        return None


def compared(likely: Sequence[tuple[int, Told]]) -> list[Told]:
    """The texts worth comparing word by word."""
    return [told for _, told in likely[:_COMPARED]]


def read(text: str) -> tuple[str, list[str], str]:
    """A text cut to what is read of it, its words, and the words joined."""
    text = text[:_MAX_LENGTH]
    words, _ = tokens(text)
    return text, words, f" {' '.join(words)} "


def _rows(words: Sequence[str]) -> Iterator[int]:
    return (hash(row) for row in zip(words, words[1:], words[2:], strict=False))


def _short_sentences(text: str) -> set[str]:
    found: set[str] = set()
    for line in text.split("\n"):
        for sentence in _sentences(line):
            if sentence and len(sentence) <= 40:
                words, _ = tokens(sentence)
                if 0 < len(words) < WINDOW:
                    found.add(" ".join(words))
    return found


def _sentences(line: str) -> list[str]:
    if len(line) <= 40 and not any(sign in line for sign in ".!?"):
        return [line]
    for sign in "!?":
        line = line.replace(sign, ".")
    return line.split(".")


def _all(at: Key | Keys[Key]) -> Iterable[Key]:
    return (at,) if isinstance(at, int) else at


def _ends(at: Key | Keys[Key], before: Key) -> Sequence[Key]:
    if isinstance(at, int):
        return [at] if at < before else []
    earlier = bisect_left(at, before)
    return at[: min(earlier, _OLDEST)] + at[max(earlier - _LATEST, min(earlier, _OLDEST)) : earlier]


def _insert(keys: Keys[Key], key: Key) -> None:
    if not keys or keys[-1] < key:
        keys.append(key)
    elif key not in keys[-1:] and keys[bisect_left(keys, key)] != key:
        insort(keys, key)


def _remove(keys: Keys[Key], key: Key) -> None:
    at = bisect_left(keys, key)
    if at < len(keys) and keys[at] == key:
        del keys[at]
