"""Who wrote a comment and when, as far as the headings of later quotations tell.

Readers who quote by copy and paste often copy the name and the hour above the words, or type the name. Such a heading
is evidence only about the comment its words were copied from, and only when those words are found there. Nothing else
is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kawaraban.importers.page_parts import Evidence, PageWarning, SavedComment
from kawaraban.importers.page_text import one_line
from kawaraban.importers.quote_search import TELLING, Found, Question, bare, search

__all__ = ["attribute", "conflicts"]

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sep(?:tember|t\.?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_TIMED = re.compile(
    rf"(?P<name>\S.{{0,59}}?)\s*(?:(?P<day>Today|Yesterday)|(?P<date>{_MONTH}\s+[0-9]{{1,2}}(?:,?\s+[0-9]{{4}})?))?,?(?P<gap>\s*)"
    r"(?P<clock>[0-9]{1,2}:[0-9]{2}(?P<half>\s*[AaPp]\.?[Mm]\.?)?(?P<zone>\s*[A-Z]{1,5}(?:[+-][0-9]{1,2}(?::?[0-9]{2})?)?)?)"
)
_NO_NAME = re.compile(rf"(?:Today|Yesterday|{_MONTH}\s+[0-9]{{1,2}}(?:,?\s+[0-9]{{4}})?)", re.IGNORECASE)
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}\s*(?:[ap]\.?m\.?)?\s*[A-Z]{0,5}\S*$", re.IGNORECASE)
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}")
# "I posted that at 07:01 am JST" is a sentence.
_LEADS_TO_AN_HOUR = frozenset({
    "at", "on", "by", "until", "till", "from", "since", "before", "after", "around", "about", "and", "is", "was",
})  # fmt: skip
# One-word answers that people put above the words they answer to. A member called Exactly loses a little evidence.
_ANSWERS = frozenset({
    "agree", "agreed", "amen", "and", "answer", "bingo", "but", "classic", "correct", "disagree", "dude",
    "edit", "err", "exactly", "example", "fact", "facts", "false", "fantasy", "fixed", "funny", "good",
    "great", "ha", "haha", "hahaha", "hello", "hey", "hi", "hmm", "hmmm", "huh", "incorrect", "indeed",
    "interesting", "lies", "link", "lmao", "lol", "maybe", "me", "nah", "never", "nice", "no", "nonsense",
    "nope", "nothing", "ok", "okay", "omg", "opinion", "or", "p.s", "ps", "point", "precisely", "question",
    "quote", "really", "reply", "right", "rofl", "rubbish", "same", "sigh", "sigh*", "so", "sorry", "source",
    "sure", "thanks", "that", "this", "true", "truth", "update", "ugh", "us", "well", "what", "why", "wow",
    "wrong", "wtf", "yawn", "yeah", "yep", "yes", "you", "yup",
})  # fmt: skip
_NAME_MARKS = re.compile(r"[^\w .'\u2019_\-*~!$+&#@]")  # What no handle has; a bare heading is nothing but a handle.
_MAX_NAME = 40
_MAX_WORDS = 5
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
    questions = [Question(heading.index, heading.name, heading.lines, heading.at + 1) for heading in headings]
    answers = search([comment.text for comment in comments], questions)
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
            name, time_text = _timed(text) or (text, None)
            line = comment.line_numbers[place] if place < len(comment.line_numbers) else comment.first_line + place
            possible.append(_Heading(index, at, line, text, name, time_text, lines))
            if time_text is not None or (at == 0 and _is_name(text)):
                seen.add(name.casefold())
    return [heading for heading in possible if heading.time_text is not None or heading.name.casefold() in seen]


def _timed(text: str) -> tuple[str, str] | None:
    """Name and time of a heading such as "NAMEToday 07:01 am JST", or None."""
    match = _TIMED.fullmatch(text) if ":" in text and len(text) <= 120 else None
    if match is None:
        return None
    name = match["name"].strip(" ,|\u00b7")
    dated = match["day"] or match["date"]
    # "Scored 3:2" has neither day nor zone; "bass4funk09:37" could be cut in two ways.
    if not (
        dated or ((match["half"] or match["zone"]) and match["gap"] + text[match.end("name") : match.start("gap")])
    ):
        return None
    words = name.split()
    if not words or len(name) > _MAX_NAME or len(words) > _MAX_WORDS or not any(c.isalnum() for c in name):
        return None
    if _NO_NAME.fullmatch(name) or words[-1].lower() in _LEADS_TO_AN_HOUR or "//" in name:
        return None
    clock = one_line(match["clock"])
    # "Today" meant the day it was copied, which the page does not tell.
    return name, one_line(f"{match['date']} {clock}") if match["date"] else clock


def _is_name(text: str) -> bool:
    """Whether a line alone can be a handle: short, no sentence, capitals when there are several words."""
    words = text.split()
    if not 2 <= len(text) <= _MAX_NAME or len(words) > 4 or text[-1] in ".?!,;:" or _NAME_MARKS.search(text):
        return False
    if not any(c.isalpha() for c in text) or text.casefold() in _ANSWERS or text.lower().startswith("www."):
        return False
    return len(words) == 1 or all(not word[0].islower() for word in words)


def _taken_lines(headings: Sequence[_Heading], answers: Sequence[tuple[Found, ...]]) -> set[tuple[int, int]]:
    """Lines that belong to a quotation under a heading further up, so that they head nothing themselves."""
    taken: set[tuple[int, int]] = set()
    for heading, found in zip(headings, answers, strict=True):
        if (heading.index, heading.at) in taken and heading.time_text is None:
            continue
        length = _length(found)
        # A name over a name whose words are nowhere under both: to whom they belong cannot be told.
        if not length and _is_name(one_line(heading.following(1)[0])):
            length = 1
        taken.update((heading.index, heading.at + 1 + step) for step in range(length))
    return taken


# --- Which comment is meant -------------------------------------------------------------------------------------------
def _proof(heading: _Heading, found: Sequence[Found], story_text: str) -> int:
    """Characters of the quotation that are a reader's own words: no names, and nothing the story says."""
    run = heading.following(_length(found))
    own = (bare(line) for line in run if not (_is_name(one_line(line)) or _timed(one_line(line))))
    return sum(len(line) for line in own if line not in story_text)


def _length(found: Sequence[Found]) -> int:
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

    def choose(self, heading: _Heading, found: Sequence[Found], proof: int) -> int | None:
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
            longer = time_text is None or (_clock(time_text) and len(heading.time_text) > len(time_text))
            time_text = heading.time_text if longer else time_text
        self.evidence[index].append(evidence)
        self.comments[index] = replace(comment, author=comment.author or heading.name, time_text=time_text)

    def _contradicts(self, index: int, heading: _Heading) -> bool:
        return bool(_contradicts(self.comments[index], heading.name, heading.time_text))

    def _confirms(self, index: int, heading: _Heading) -> bool:
        comment = self.comments[index]
        if comment.author is not None and comment.author.casefold() == heading.name.casefold():
            return True
        return bool(heading.time_text and comment.time_text and _clock(heading.time_text) == _clock(comment.time_text))


def _contradicts(comment: SavedComment, author: str | None, time_text: str | None) -> str:
    """What is known about the comment that cannot be true together with this, or nothing."""
    if author and comment.author and author.casefold() != comment.author.casefold():
        return comment.author
    mine, other = _clock(comment.time_text), _clock(time_text)
    return comment.time_text or "" if mine and other and mine != other else ""


def _clock(time_text: str | None) -> str:
    """The hour of "May 31 07:01 am JST", comparable; empty where there is none, as in a full timestamp."""
    match = _CLOCK.search(time_text) if time_text and not _TIMESTAMP.match(time_text) else None
    return re.sub(r"[\s.]", "", match[0]).casefold() if match else ""
