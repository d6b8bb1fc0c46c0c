"""Who wrote a comment and when, as far as the headings of later quotations tell.

Readers who quote by copy and paste often copy the name and the hour above the words, or type the name. Such a heading
is evidence only about the comment its words were copied from, and only when those words are found there. Nothing else
is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kawaraban.discussion.quoting.headings import clock, is_name, timed
from kawaraban.discussion.quoting.index import Index, Told, read
from kawaraban.discussion.quoting.matching import behind, stands_as, whole
from kawaraban.discussion.quoting.runs import names_above
from kawaraban.discussion.quoting.text import bare, tokens
from kawaraban.importers.page_parts import Evidence, PageWarning, SavedComment
from kawaraban.importers.page_text import one_line

__all__ = ["attribute", "conflicts"]

TELLING = 12  # Characters from which a line is hardly in two comments by chance.
_LONG_LETTERS, _LONG_WORDS = 20, 10  # Of a line that is no coincidence within a longer one; either will do.
_FEW_WORDS = 4  # Fewer are no line of that kind however long they are.
_MOST_LINES = 40  # Quoted lines compared; nobody needs more to be recognised.
_TIMED_ONE, _FIRST_LINE, _FURTHER_DOWN = range(3)


@dataclass(frozen=True, slots=True)
class _Heading:
    """A line that may name who wrote what follows.

    Args:
        index: of the comment it stands in, from 0.
        at: which of that comment's filled lines it is.
        lines: the filled lines, shared by all headings of the comment.
    """

    index: int
    at: int
    line: int
    text: str
    name: str
    time_text: str | None
    lines: Sequence[str]

    @property
    def weight(self) -> int:
        """Which headings speak first: a pasted hour is no accident, and decides what the bare names may mean."""
        if self.time_text is not None:
            return _TIMED_ONE
        return _FIRST_LINE if self.at == 0 else _FURTHER_DOWN

    def following(self, length: int) -> Sequence[str]:
        """So many of the lines below it."""
        return self.lines[self.at + 1 : self.at + 1 + length]


def attribute(comments: Sequence[SavedComment], story: Sequence[str] = ()) -> tuple[SavedComment, ...]:
    """The same comments with author and time where the heading of a later quotation tells them.

    Args:
        comments: oldest first; evidence they already carry outweighs what is found.
        story: paragraphs of the story; quoting those says nothing about whoever quoted them first.
    """
    headings = _headings(comments)
    answers = _search(comments, headings)
    known = _Known(list(comments))
    story_text = "\n".join(bare(paragraph) for paragraph in story)
    names = {comment.author.casefold() for comment in comments if comment.author}
    names |= {heading.name.casefold() for heading in headings if heading.time_text}
    taken = _taken_lines(headings, answers)
    for heading, found in sorted(zip(headings, answers, strict=True), key=lambda pair: pair[0].weight):
        # Further down a short line is rather an answer: "Nope", and then the next quotation.
        if heading.weight == _FURTHER_DOWN and heading.name.casefold() not in names:
            continue
        if heading.time_text is None and (heading.index, heading.at) in taken:
            continue
        chosen = known.choose(heading, found, _proof(heading, found, story_text))
        if chosen is not None:
            known.add(chosen, heading)
            names.add(heading.name.casefold())
    return known.all()


def conflicts(comments: Sequence[SavedComment]) -> tuple[PageWarning, ...]:
    """A warning for each piece of evidence that contradicts what the comment was given."""
    warnings: list[PageWarning] = []
    for comment in comments:
        for evidence in comment.evidence:
            told = _contradicts(comment, evidence.author, evidence.time_text)
            if told:
                warnings.append(
                    PageWarning(
                        evidence.line,
                        f'Line {evidence.line}: "{evidence.heading_text}" contradicts what is known about comment'
                        f" {comment.number} ({told}); the first finding was kept.",
                    )
                )
    return tuple(warnings)


# --- Headings ---------------------------------------------------------------------------------------------------------
def _headings(comments: Sequence[SavedComment]) -> list[_Heading]:
    """Every line that may be a heading; those further down a comment only with a time or a name seen elsewhere."""
    possible: list[_Heading] = []
    seen = {comment.author.casefold() for comment in comments if comment.author}
    for index, comment in enumerate(comments):
        filled = [(at, text) for at, text in enumerate(comment.text.split("\n")) if text]
        lines = [text for _, text in filled]
        for at, (place, raw) in enumerate(filled[:-1]):
            if len(raw) > 140:
                continue
            text = one_line(raw)
            name, time_text = timed(text) or (text, None)
            line = comment.line_numbers[place] if place < len(comment.line_numbers) else comment.first_line + place
            possible.append(_Heading(index, at, line, text, name, time_text, lines))
            if time_text is not None or (at == 0 and is_name(text)):
                seen.add(name.casefold())
    return [heading for heading in possible if heading.time_text is not None or heading.name.casefold() in seen]


def _taken_lines(headings: Sequence[_Heading], answers: Sequence[tuple[_Found, ...]]) -> set[tuple[int, int]]:
    """Lines that belong to a quotation under a heading further up, so that they head nothing themselves."""
    taken: set[tuple[int, int]] = set()
    for heading, found in zip(headings, answers, strict=True):
        if (heading.index, heading.at) in taken and heading.time_text is None:
            continue
        length = _length(found)
        # A name over a name whose words are nowhere under both: to whom they belong cannot be told.
        if not length and is_name(one_line(heading.following(1)[0])):
            length = 1
        taken.update((heading.index, heading.at + 1 + step) for step in range(length))
    return taken


# --- Where the words stand --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Found:
    """How many of the lines asked for stand in comment `index`, one after another, the first of them included.

    Args:
        telling: how many of them are more than a "No." or "Thanks."
    """

    index: int
    length: int
    telling: int


def _search(comments: Sequence[SavedComment], headings: Sequence[_Heading]) -> list[tuple[_Found, ...]]:
    """For each heading the comments with most telling lines of what is below it, oldest first."""
    index = Index()
    for at, comment in enumerate(comments):
        text, words, joined = read(comment.text)
        index.add(Told(at, text, joined), words)
    words_of = lru_cache(maxsize=4096)(lambda line: tokens(line)[0])
    answers: list[tuple[_Found, ...]] = []
    for heading in headings:
        first = words_of(heading.lines[heading.at + 1])
        texts = index.having(first, heading.index)
        found = [each for told in texts if (each := _run(told, heading, words_of)).length]
        most = max((each.telling for each in found), default=0)
        answers.append(tuple(each for each in found if each.telling == most))
    return answers


def _run(told: Told, heading: _Heading, words_of: Callable[[str], list[str]]) -> _Found:
    """How many of the lines below the heading, from the first on, stand in the text in this order."""
    position = length = telling = 0
    for line in heading.following(_MOST_LINES):
        words = words_of(line)
        match = whole(words, told, position) if words else None
        if match is None or not (_is_long(words) or stands_as(match) == "line"):
            break
        if not length and names_above(match, heading.name):
            break
        position = behind(match)
        length += 1
        telling += len(bare(line)) >= TELLING
    return _Found(told.number, length, telling)


def _is_long(words: Sequence[str]) -> bool:
    """Whether a line is long enough to be recognised inside a longer one."""
    return len(words) >= _FEW_WORDS and (sum(map(len, words)) + len(words) > _LONG_LETTERS or len(words) >= _LONG_WORDS)


# --- Which comment is meant -------------------------------------------------------------------------------------------
def _proof(heading: _Heading, found: Sequence[_Found], story_text: str) -> int:
    """Characters of the quotation that are a reader's own words: no names, and nothing the story says."""
    run = heading.following(_length(found))
    own = (bare(line) for line in run if not (is_name(one_line(line)) or timed(one_line(line))))
    return sum(len(line) for line in own if line not in story_text)


def _length(found: Sequence[_Found]) -> int:
    """How many lines belong to the quotation."""
    return max((each.length for each in found), default=0)


class _Known:
    """The comments, and what has been found out about them so far."""

    def __init__(self, comments: list[SavedComment]) -> None:
        self.comments = comments
        # Gathered aside: a hundred thousand headings about one comment would copy its evidence as often.
        self.evidence: list[list[Evidence]] = [[] for _ in comments]

    def all(self) -> tuple[SavedComment, ...]:
        """The comments with all evidence."""
        return tuple(
            replace(comment, evidence=(*comment.evidence, *found)) if found else comment
            for comment, found in zip(self.comments, self.evidence, strict=True)
        )

    def choose(self, heading: _Heading, found: Sequence[_Found], proof: int) -> int | None:
        """Which of the comments found the heading speaks of, or None when that is not certain."""
        if not found or not proof or (heading.time_text is None and proof < TELLING):
            return None
        for each in sorted(found, key=lambda each: -each.length):
            if self._confirms(each.index, heading) and not self._contradicts(each.index, heading):
                return each.index
        if proof < TELLING and len(found) > 1:
            return None
        # Somebody quoted the words earlier and answered "No." as well; which of the two is quoted here, nobody knows.
        if found[0].length < _length(found):
            return None
        # The oldest has the words from nobody on this page; the later ones are likely to quote it.
        return found[0].index

    def add(self, index: int, heading: _Heading) -> None:
        """Notes what the heading tells about the comment; what is known already stays."""
        comment = self.comments[index]
        timed = heading.time_text is not None
        evidence = Evidence(
            comment=comment.number,
            line=heading.line,
            heading_text=heading.text,
            quoted_in=self.comments[heading.index].number,
            kind="heading with time" if timed else "heading",
            tells=("author", "time") if timed else ("author",),
            author=heading.name,
            time_text=heading.time_text,
        )
        time_text = comment.time_text
        # What contradicts the author is not believed in part. The same hour with its date tells more than without.
        if heading.time_text and not self._contradicts(index, heading):
            longer = time_text is None or (clock(time_text) and len(heading.time_text) > len(time_text))
            time_text = heading.time_text if longer else time_text
        self.evidence[index].append(evidence)
        self.comments[index] = replace(comment, author=comment.author or heading.name, time_text=time_text)

    def _contradicts(self, index: int, heading: _Heading) -> bool:
        return bool(_contradicts(self.comments[index], heading.name, heading.time_text))

    def _confirms(self, index: int, heading: _Heading) -> bool:
        comment = self.comments[index]
        if comment.author is not None and comment.author.casefold() == heading.name.casefold():
            return True
        return bool(heading.time_text and comment.time_text and clock(heading.time_text) == clock(comment.time_text))


def _contradicts(comment: SavedComment, author: str | None, time_text: str | None) -> str:
    """What is known about the comment that cannot be true together with this, or nothing."""
    if author and comment.author and author.casefold() != comment.author.casefold():
        return comment.author
    mine, other = clock(comment.time_text), clock(time_text)
    return comment.time_text or "" if mine and other and mine != other else ""
