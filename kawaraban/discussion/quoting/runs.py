"""Lines that follow one another in one comment, and the heading that names who wrote it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kawaraban.discussion.quoting.headings import clock, hour_alone, is_name, timed
from kawaraban.discussion.quoting.index import Index, Key, Part, Told
from kawaraban.discussion.quoting.lines import Line, Mark
from kawaraban.discussion.quoting.matching import Match, behind, chain, jumbled, line_above, whole
from kawaraban.discussion.quoting.text import bare, weight
from kawaraban.discussion.quoting.tracing import within

_MOST_LINES = 60  # Quoted lines under one heading that are compared; nobody needs more to be recognised.
_MOST_TEXTS = 16  # Texts in which the lines under one heading are looked for.
_SAYS = (" wrote", " writes", " said", " says")
_JUMBLED = 5  # Words that tell whose they are in whatever order they stand.
_HOUR = 40  # Characters an hour and a date may add to a name.
_LONGEST = 120  # Characters of a heading.


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that names who is quoted below it.

    Args:
        name: case apart.
        hour: comparable, or empty.
        is_timed: it was copied from a page, so it is no accident.
        is_guess: nobody of that name is known here; it only looks like a name.
        lines: how many it takes; where a page breaks the line, the hour stands below the name.
    """

    name: str
    hour: str
    is_timed: bool
    is_guess: bool
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Run:
    """A comment and where it has each of the lines, as many as there are of them."""

    told: Told
    matches: tuple[Match, ...]

    @classmethod
    def of(cls, told: Told, lines: Sequence[Line]) -> Run | None:
        """How many of the lines, from the first on, the comment has one after another; None when not even one."""
        found: list[Match] = []
        at = 0
        for n, line in enumerate(lines[:_MOST_LINES]):
            if n and (line.mark != lines[0].mark or (line.mark == Mark.ARROW and line.is_apart)):
                break
            match = _stands(line, told, at if found else 0)
            if match is None:
                break
            at = behind(match)
            found.append(match)
        # A word or two that end the comment are the writer's answer, even if the other gave the same.
        while len(found) > 1 and len(found) == len(lines) and _is_answer(lines[len(found) - 1]):
            found.pop()
        return cls(told, tuple(found)) if found else None

    @property
    def words(self) -> int:
        """How many words were found."""
        return sum(match.matched for match in self.matches)


def heading_of(text: str, lines: Sequence[Line], at: int, index: Index, before: Key) -> Heading | None:
    """The line as a heading of the lines below it, or None when it cannot be one."""
    line = lines[at]
    start, end = line.inside
    if at + 1 == len(lines) or end - start > _LONGEST or not line.words or line.mark == Mark.QUOTES:
        return None
    if line.mark == Mark.ARROW and lines[at + 1].mark != Mark.ARROW:
        return None
    spelled = " ".join(text[start:end].split())
    if found := timed(spelled):
        name = found[0].casefold()
        return Heading(name, clock(found[1]), is_timed=True, is_guess=False)
    below = " ".join(text[slice(*lines[at + 1].inside)].split()) if at + 2 < len(lines) else ""
    if is_name(spelled) and len(below) <= _LONGEST and (hour := hour_alone(below)):
        return Heading(spelled.casefold(), clock(hour), is_timed=True, is_guess=False, lines=2)
    name = spelled.strip("@:,*_ ")
    for verb in _SAYS:
        name = name.removesuffix(verb)
    if index.is_author(name.casefold(), before):
        return Heading(name.casefold(), "", is_timed=False, is_guess=False)
    return Heading(name.casefold(), "", is_timed=False, is_guess=True) if is_name(spelled) else None


def run_under(
    heading: Heading, lines: Sequence[Line], index: Index, before: Key, parts: Callable[[Told], Sequence[Part]]
) -> Run | None:
    """The comment that the heading names and the lines below it that it has; None when nobody has them."""
    first = lines[0]
    named = _texts(first, index, before, heading.name)
    if not named and not heading.is_guess and len(lines) > 1:
        # A name over a name: what is quoted begins with a heading of its own.
        named = _texts(lines[1], index, before, heading.name)
    runs = [run for told in named if (run := Run.of(told, lines)) and _is_enough(run, heading, lines)]
    if not runs:
        others = [told for told in _texts(first, index, before, "") if not told.is_story]
        others = [told for told in others if not (told.author and heading.is_guess)]
        runs = [run for told in others if (run := Run.of(told, lines)) and _is_enough(run, heading, lines)]
        runs = [run for run in runs if not names_above(run.matches[0], heading.name)] or runs

    if not runs and first.mark == Mark.ARROW and len(first.words) >= _JUMBLED and weight(first.words) >= 3:
        texts = index.by(heading.name, before)[-_MOST_TEXTS:]
        runs = [Run(told, (match,)) for told in texts if (match := jumbled(first.words, told))]

    def rank(run: Run) -> tuple[bool, int]:
        return bool(heading.hour and run.told.hour == heading.hour), run.words

    best = max(map(rank, runs), default=None)
    runs = sorted((run for run in runs if rank(run) == best), key=lambda run: run.told.key)
    # Whoever said it themselves rather than whoever only quotes it. Asked last: it means to search those comments.
    own = (run for run in runs if not all(within(match, parts(run.told)) for match in run.matches))
    return next(own, runs[0]) if len(runs) > 1 else next(iter(runs), None)


def _texts(line: Line, index: Index, before: Key, author: str) -> list[Told]:
    if len(line.words) >= 3:
        return [told for _, told in index.likely(line.words, before, author)[:_MOST_TEXTS]]
    if author:
        return [told for told in index.by(author, before) if whole(line.words, told)][-_MOST_TEXTS:]
    return index.with_sentence(line.words, before)


def _stands(line: Line, told: Told, at: int) -> Match | None:
    """Where the comment has the line, or nearly the line, not before `at` in its joined words."""
    if not line.words:
        return None
    match = whole(line.words, told, max(at - 1, 0))
    if match or len(line.words) < 5:
        return match
    match = chain(line.words, 0, line.gaps, told)
    return match if match and match.matched >= 0.75 * len(line.words) else None


def _is_answer(line: Line) -> bool:
    return line.mark == Mark.NONE and len(line.words) < 4 and weight(line.words) < 2


def _is_enough(run: Run, heading: Heading, lines: Sequence[Line]) -> bool:
    words = [word for line in lines[: len(run.matches)] for word in line.words]
    if lines[0].mark >= Mark.QUOTES or heading.is_timed:
        return True
    if heading.is_guess:
        return len(words) >= 4 and weight(words) >= 2
    return (len(words) >= 2 and weight(words) >= 1) or len(words) >= 4


def names_above(match: Match, name: str) -> bool:
    """Whether the line above the words is this name, with or without an hour: then the text quotes them as well."""
    above, name = bare(line_above(match)), bare(name)
    return bool(name) and above.startswith(name) and len(above) <= len(name) + _HOUR
