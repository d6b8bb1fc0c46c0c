"""Where the parts of a saved page stand: headline, story, notice, comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kawaraban.importers.page_parts import PageError, PageLine
from kawaraban.importers.page_story import byline_of, is_date_line, is_prose
from kawaraban.importers.page_text import (
    count_of,
    is_blank,
    is_closed_notice,
    is_copyright,
    is_footer,
    is_sign_in,
    one_line,
)

NOT_A_PAGE = (
    "This is not a saved story page ({missing}), so nothing was imported; open the story in a browser, save the whole"
    " page as text or as HTML, and import that file."
)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the parts of the page stand, as indexes of lines.

    Args:
        top_count: the "N Comments" line under the headline, or None.
        bottom_count: the one above the comments, or None.
        headline: the headline.
        body_end: the line after the last of the story.
        comments: the first line that may belong to a comment.
        notice: the lines that say the discussion is closed.
        aside: lines between story and comments that belong to neither.
    """

    top_count: int | None
    bottom_count: int | None
    headline: int
    body_end: int
    comments: int
    notice: tuple[int, ...]
    aside: tuple[int, ...]

    @property
    def count(self) -> int | None:
        """The count nearest to the comments."""
        return self.top_count if self.bottom_count is None else self.bottom_count


def find_frame(lines: Sequence[PageLine], first_score: int, *, has_scores: bool) -> Frame:
    """Where the parts of the page stand.

    Args:
        first_score: index of the first score line, or the number of lines when there is none.
    Raises:
        PageError: this is no saved story page, or its comments begin nowhere in particular.
    """
    counts = [at for at in range(first_score) if count_of(lines[at].text) is not None]
    if not counts and not has_scores:
        raise PageError(NOT_A_PAGE.format(missing="it has neither a line with the number of comments nor a score"))
    top, bottom = _count_lines(lines, counts, first_score)
    headline = _headline(lines, top, bottom if bottom is not None else first_score)
    if bottom is not None:
        body_end = bottom
        after = bottom + 1
    else:
        body_end = after = _end_without_count(lines, headline + 1, first_score, has_scores=has_scores)
    notice, aside, start = _notice(lines, after, first_score)
    return Frame(top, bottom, headline, body_end, start, notice, aside)


def _count_lines(lines: Sequence[PageLine], counts: Sequence[int], first_score: int) -> tuple[int | None, int | None]:
    """The count under the headline and the count above the comments, each None when the page lacks it."""
    if not counts:
        return None, None
    first, later = counts[0], counts[1:]
    if _stands_below_the_story(lines, first, alone=not later):
        return None, first
    # A comment may consist of the words "12 Comments", so the second count must agree, or stand where it should.
    for at in later:
        if count_of(lines[at].text) == count_of(lines[first].text):
            return first, at
    for at in later:
        if _is_under_copyright(lines, at) or is_closed_notice(_next_text(lines, at + 1)):
            return first, at
    if later and not any(is_copyright(lines[at].text) for at in range(first, first_score)):
        return first, later[0]
    return first, None


def _stands_below_the_story(lines: Sequence[PageLine], count: int, *, alone: bool) -> bool:
    above = [line for line in lines[:count] if not is_blank(line.text)]
    if byline_of(_next_text(lines, count + 1)):
        return False
    prose = sum(is_prose(line) for line in above)
    if (_is_under_copyright(lines, count) and len(above) >= 3) or prose >= 3:
        return True
    has_byline = any(byline_of(line.text) for line in above[2:])
    return alone and (prose >= 2 or (has_byline and prose >= 1) or is_closed_notice(_next_text(lines, count + 1)))


def _headline(lines: Sequence[PageLine], top: int | None, limit: int) -> int:
    """The line of the headline; -1 when there is none."""
    if top is not None:
        above = [at for at in range(top) if not is_blank(lines[at].text)]
        # Some pages print byline and date above the count. A headline is longer than "By Popular Demand".
        for at in reversed(above):
            is_byline = byline_of(lines[at].text) and not byline_of(_next_text(lines, top + 1)) and at != above[0]
            if not (is_byline or is_date_line(one_line(lines[at].text))):
                return at
        return -1
    filled = [at for at in range(limit) if not is_blank(lines[at].text)][:12]
    for before, at in pairwise(filled):
        if byline_of(lines[at].text) or (is_prose(lines[at]) and before != filled[0]):
            return before
    return filled[1] if len(filled) > 2 else -1


def _end_without_count(lines: Sequence[PageLine], start: int, first_score: int, *, has_scores: bool) -> int:
    """Where the story ends on a page that does not say a second time how many comments it has."""
    seen_text = False
    for at in range(start, first_score):
        text = lines[at].text
        if is_copyright(text) and seen_text:
            while at < first_score and (is_blank(lines[at].text) or is_copyright(lines[at].text)):
                at += 1
            return at
        if is_closed_notice(text) or (not has_scores and seen_text and is_footer(text)):
            return at
        seen_text = seen_text or not (
            is_blank(text) or count_of(text) is not None or byline_of(text) or is_copyright(text)
        )
    if not has_scores:
        return len(lines)
    line = lines[first_score].number
    raise PageError(
        f"Nothing above line {line} tells where the story ends and its comments begin, so nothing was imported; put"
        ' a line with their number, such as "12 Comments", above the first comment and try again.',
        line,
    )


def _notice(lines: Sequence[PageLine], start: int, first_score: int) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """The closed notice, what else stands above the comments, and where the comments begin."""
    notice: list[int] = []
    aside: list[int] = []
    at = start
    while at < first_score:
        text = lines[at].text
        if is_blank(text):
            pass
        elif is_closed_notice(text) and len(notice) < 3:
            notice.append(at)
        elif is_sign_in(text) and not notice:
            aside.append(at)
        else:
            break
        at += 1
    return tuple(notice), tuple(aside), at


def _is_under_copyright(lines: Sequence[PageLine], at: int) -> bool:
    above = next((lines[i].text for i in range(at - 1, -1, -1) if not is_blank(lines[i].text)), "")
    return is_copyright(above)


def _next_text(lines: Sequence[PageLine], start: int) -> str:
    return next((lines[at].text for at in range(start, len(lines)) if not is_blank(lines[at].text)), "")
