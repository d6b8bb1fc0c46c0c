"""What the markup of an HTML page tells about its comments: who wrote them, when, and which number they have."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from kawaraban.importers.page_text import one_line

_PAGE_WIDE = frozenset({"html", "body", "main"})  # "has-comments" on these says nothing about one comment.
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_SPACE = re.compile(r"[ \t\n\r\f]+")
# Characters that may stand beside an author's name, such as "wrote:"; more is a sentence that names somebody.
_BESIDE = 40
_MAX_NAME = 80

# What names a list of comments rather than one of them.
_MANY = frozenset({"comments", "list", "thread", "section", "area", "container", "wrapper", "discussion"})


@dataclass(slots=True)
class Span:
    """The lines of an element that calls itself a comment, or part or list of comments."""

    first: int
    last: int = -1
    single: bool = False  # It is no list, so that the first score after a name in it belongs to the name.


@dataclass(slots=True)
class Mark:
    """An element that names the author, time or number of the comment around it, or a button."""

    kind: str
    line: int
    number: int
    spans: tuple[Span, ...]
    said: str = ""
    pieces: list[str] = field(default_factory=list)
    replaced: bool = False  # A more exact element inside it tells the same.
    dropped: bool = False  # Its words are no part of the page's text.
    outer: Mark | None = None

    def value(self) -> str:
        """What it tells."""
        return self.said or one_line("".join(self.pieces))


@dataclass(slots=True)
class Line:
    """A line of the page being written, in pieces that may yet turn out to be no text."""

    number: int
    indent: int
    role: str
    new_paragraph: bool
    pieces: list[tuple[str, Mark | None]] = field(default_factory=list)

    def text(self) -> str:
        """The words, without what was dropped."""
        return _joined(text for text, mark in self.pieces if mark is None or not mark.dropped)

    def text_beside_marks(self) -> str:
        """The words that tell nothing about author, time or number."""
        return _joined(t for t, mark in self.pieces if mark is None or (mark.kind == "button" and not mark.dropped))

    def is_furniture(self) -> bool:
        """Whether this is the line of a comment that says by whom or when it is."""
        return any(mark is not None and mark.dropped and mark.kind != "button" for _, mark in self.pieces)


def _joined(pieces: Iterable[str]) -> str:
    return _SPACE.sub(" ", "".join(pieces)).strip(" ")


def words_of(text: str) -> set[str]:
    """The words in a class name: "comment", "who" in "comment__who", "author", "link" in "authorLink"."""
    return {word.lower() for word in _WORD.findall(text[:500])}


def comment_span(tag: str, given: dict[str, str], first: int) -> Span | None:
    """The span that the element begins if it calls itself a comment, else None."""
    if given.get("itemtype", "").rstrip("/").endswith("schema.org/Comment"):
        return Span(first, single=True)
    named = f"{given.get('class', '')} {given.get('id', '')}"
    if tag in _PAGE_WIDE or "comment" not in named.lower():
        return None
    words = words_of(named)
    return Span(first, single="comment" in words and not words & _MANY and tag not in ("ul", "ol", "section"))


def mark_kind(tag: str, given: dict[str, str], words: set[str], outer: Mark | None) -> str:
    """What the element tells about a comment, or nothing."""
    properties = given.get("itemprop", "").split()
    if tag == "time":
        return "time"
    if "author" in properties or "author" in given.get("rel", "").split() or words & {"author", "handle"}:
        return "author"
    if {"comment", "who"} <= words:
        return "author"
    if outer is not None and outer.kind == "author" and ("name" in properties or "fn" in words):
        return "author"
    if "position" in properties or "number" in words:
        return "number"
    return "button" if tag == "button" else ""


def confirm(lines: list[Line], marks: list[Mark], scores: list[int]) -> dict[int, list[Mark]]:
    """Score line by score line, the marks that really tell about the comment which ends there."""
    told: dict[int, list[Mark]] = {}
    for mark in marks:
        value = mark.value()
        score = _score_line(mark, scores)
        if mark.kind == "button" or mark.replaced or score is None or not value or len(value) > _MAX_NAME:
            continue
        if mark.kind == "number" and not value.removeprefix("#").isdecimal():
            continue
        if mark.pieces and _is_in_a_sentence(value, lines[mark.line]):
            continue
        already = told.setdefault(score, [])
        if all(known.kind != mark.kind for known in already):
            already.append(mark)
            outer: Mark | None = mark
            while outer is not None:
                outer.dropped = True
                outer = outer.outer
    return told


def _is_in_a_sentence(value: str, line: Line) -> bool:
    """Whether the name is mentioned in a sentence, such as "@somebody is wrong", and so is nobody's signature."""
    beside = line.text_beside_marks()
    if len(beside) > _BESIDE or beside.startswith("@") or (value.startswith("@") and beside):
        return True
    # "at 07:01 a.m." ends like a sentence too.
    return beside.endswith((".", "!", "?")) and not any(character.isdigit() for character in beside)


def _score_line(mark: Mark, scores: list[int]) -> int | None:
    """The score line that belongs to the innermost comment element around the mark, if it is certain which."""
    for span in mark.spans:
        low, high = bisect_left(scores, span.first), bisect_right(scores, span.last)
        if low == high:
            continue
        if high - low == 1:
            return scores[low]
        # Answers stand inside the comment they answer.
        following = bisect_left(scores, mark.line, low, high)
        return scores[following] if span.single and following < high else None
    return None
