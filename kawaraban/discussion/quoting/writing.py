"""What was found, written as quotations with their places in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kawaraban.discussion.quoting.index import Told
from kawaraban.discussion.quoting.lines import Line, Mark
from kawaraban.discussion.quoting.shapes import Quotation
from kawaraban.discussion.quoting.tracing import Share


@dataclass(slots=True)
class Found:
    """Lines, or words of one line, quoted from one text.

    Args:
        words: of a line with several sources, the first word of this one's and the first of the next one's, or -1.
    """

    lines: list[Line]
    told: Told | None
    is_exact: bool
    heading: tuple[int, int] | None = None
    inner: list[Share] = field(default_factory=list)
    is_block: bool = True
    words: tuple[int, int] | None = None


def quotations(text: str, found: Sequence[Found], name: Callable[[Any], Any]) -> Iterator[Quotation]:
    """One quotation for each finding; lines from one source that follow one another become one."""
    for group in _groups(found):
        first = group[0]
        lines = [line for each in group for line in each.lines]
        yield Quotation(
            start=_start(first),
            end=_end(text, group[-1]),
            heading=first.heading,
            is_block=first.is_block,
            words=_words(text, group),
            source=name(first.told),
            is_exact=first.told is not None and all(each.is_exact for each in group),
            inner=_inner(text, lines, [share for each in group for share in each.inner], name),
        )


def _groups(found: Iterable[Found]) -> Iterator[list[Found]]:
    group: list[Found] = []
    for each in found:
        if group and _go_on(group[-1], each):
            group.append(each)
            continue
        if group:
            yield group
        group = [each]
    if group:
        yield group


def _go_on(last: Found, each: Found) -> bool:
    """Whether two findings are one quotation: of one source, with nothing of the writer's own between them."""
    above, below = last.lines[-1], each.lines[0]
    if (
        last.told is not each.told
        or each.heading
        or not (last.is_block and each.is_block)
        or below.index != above.index + 1
    ):
        return False
    if (last.words and last.words[1] >= 0) or (each.words and each.words[0] > 0) or above.mark != below.mark:
        return False
    return not below.is_apart or above.mark != Mark.ARROW


def _start(found: Found) -> int:
    line = found.lines[0]
    return line.places[found.words[0]][0] if found.words and found.words[0] > 0 else line.start


def _end(text: str, found: Found) -> int:
    line = found.lines[-1]
    if found.words and found.words[1] >= 0:
        return len(text[: line.places[found.words[1]][0]].rstrip())
    return line.end


def _words(text: str, group: Sequence[Found]) -> str:
    pieces: list[str] = []
    for each in group:
        for line in each.lines:
            start, end = line.inside
            if each.words and each.words[0] > 0:
                start = _start(each)
            if each.words and each.words[1] >= 0:
                end = _end(text, each)
            pieces.append("\n" * line.newlines if pieces else "")
            pieces.append(text[start:end].strip())
    return "".join(pieces)


def _inner(
    text: str, lines: Sequence[Line], inner: Iterable[Share], name: Callable[[Any], Any]
) -> tuple[Quotation, ...]:
    found: list[Quotation] = []
    for share in inner:
        line = share.line
        is_whole = share.start == 0 and share.end == len(line.words)
        start = line.start if is_whole else line.places[share.start][0]
        end = line.end if is_whole else line.places[share.end - 1][1]
        source = name(share.told)
        words = text[slice(*line.inside)].strip() if is_whole else text[start:end]
        last = found[-1] if found else None
        if last and last.source == source and not text[last.end : start].strip(" \t\n>"):
            between = "\n" * text.count("\n", last.end, start) or " "
            found[-1] = replace(
                last, end=end, words=f"{last.words}{between}{words}", is_exact=last.is_exact and share.is_exact
            )
        else:
            found.append(Quotation(start, end, None, is_whole, words, source, share.is_exact, ()))
    return tuple(found)
