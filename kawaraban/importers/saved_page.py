"""A saved story page, line by line, as a story and its numbered comments.

The grammar: site, photo, section, headline, "N Comments", byline, paragraphs, copyright, "N Comments" again, a notice
when the discussion is closed, then the comments. Only a line that is nothing but `net ( +up / -down )` ends a comment,
whatever else the comment says; what follows the last of them is not the discussion's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kawaraban.importers.attribution import attribute, conflicts
from kawaraban.importers.page_frame import NOT_A_PAGE, Frame, find_frame
from kawaraban.importers.page_parts import (
    Byline,
    Evidence,
    Guess,
    HtmlHint,
    PageError,
    PageLine,
    PageLines,
    PageWarning,
    PhotoText,
    SavedComment,
    SavedPage,
)
from kawaraban.importers.page_story import guess_agency, read_body, read_head
from kawaraban.importers.page_text import Score, comment_text, count_of, is_blank, is_footer, one_line, score_of

__all__ = [
    "Byline",
    "Evidence",
    "Guess",
    "PageError",
    "PageLine",
    "PageLines",
    "PageWarning",
    "PhotoText",
    "SavedComment",
    "SavedPage",
    "parse",
]


def parse(page: PageLines) -> SavedPage:
    """The story and the discussion that the page shows, with all that is odd about it as warnings.

    Raises:
        PageError: this is no saved story page, or it broke off before its comments ended.
    """
    lines = page.lines
    scores = {at: score for at, line in enumerate(lines) if (score := score_of(line.text)) is not None}
    frame = find_frame(lines, min(scores, default=len(lines)), has_scores=bool(scores))
    head = read_head(lines[: frame.headline + 1], page.title)
    story = read_body([lines[at] for at in range(frame.headline + 1, frame.body_end) if at != frame.top_count])
    if not head.headline or not story.paragraphs:
        raise PageError(NOT_A_PAGE.format(missing="it has no headline with a story under it"))
    scores = {at: score for at, score in scores.items() if at >= frame.comments}
    comments, comment_warnings = _comments(lines, frame.comments, scores, page.hints)
    stated, count_warnings = _stated_count(lines, frame)
    tail = _tail(lines, max(scores, default=frame.comments - 1) + 1, stated, len(comments))
    comments = attribute(comments, story.paragraphs)
    closed_notice = " ".join(one_line(lines[at].text) for at in frame.notice)
    return SavedPage(
        site_name=head.site_name,
        section=head.section,
        headline=head.headline,
        photo=head.photo,
        bylines=story.bylines,
        agency=guess_agency(story.copyright_lines, head.photo),
        standfirst="",
        paragraphs=story.paragraphs,
        copyright_lines=tuple(text for _, text in story.copyright_lines),
        comment_count=stated,
        closed=bool(closed_notice),
        closed_notice=closed_notice,
        comments=comments,
        network_heading=tail.heading,
        network_lines=tail.lines,
        leftovers=tuple(
            sorted(
                [
                    *head.leftovers,
                    *story.leftovers,
                    *((lines[at].number, one_line(lines[at].text)) for at in frame.aside),
                    *page.set_aside,
                    *tail.leftovers,
                ]
            )
        ),
        warnings=tuple(
            sorted(
                [
                    *page.warnings,
                    *story.warnings,
                    *count_warnings,
                    *comment_warnings,
                    *_count_disagrees(lines, frame, stated, len(comments)),
                    *tail.warnings,
                    *conflicts(comments),
                ],
                key=lambda warning: warning.line or 0,
            )
        ),
    )


# --- Comments ---------------------------------------------------------------------------------------------------------
def _comments(
    lines: Sequence[PageLine], start: int, scores: dict[int, Score], hints: Sequence[HtmlHint]
) -> tuple[tuple[SavedComment, ...], list[PageWarning]]:
    comments: list[SavedComment] = []
    warnings: list[PageWarning] = []
    hints_at: dict[int, list[HtmlHint]] = {}
    for hint in hints:
        hints_at.setdefault(hint.at, []).append(hint)
    for at, score in scores.items():
        comment = _comment(lines[start : at + 1], len(comments) + 1, score)
        warnings.extend(_score_warnings(comment, score))
        comment, odd = _with_hints(comment, hints_at.get(at, ()))
        warnings.extend(odd)
        comments.append(comment)
        start = at + 1
    return tuple(comments), warnings


def _comment(lines: Sequence[PageLine], number: int, score: Score) -> SavedComment:
    """The comment made of these lines, of which the last is its score."""
    text, numbers = comment_text([(line.number, line.text) for line in lines[:-1]])
    last = lines[-1].number
    first = numbers[0] if numbers else last
    return SavedComment(number, text, score.up - score.down, score.up, score.down, first, last, line_numbers=numbers)


def _score_warnings(comment: SavedComment, score: Score) -> list[PageWarning]:
    line, number = comment.last_line, comment.number
    warnings: list[PageWarning] = []
    if score.net != comment.net:
        warnings.append(
            PageWarning(
                line,
                f"Line {line}: comment {number} is said to stand at {score.net}, but +{score.up} and -{score.down} make"
                f" {comment.net}; the votes were kept.",
            )
        )
    if not comment.text:
        warnings.append(PageWarning(line, f"Line {line}: comment {number} has a score but no text."))
    return warnings


def _with_hints(comment: SavedComment, hints: Sequence[HtmlHint]) -> tuple[SavedComment, list[PageWarning]]:
    """The comment with what HTML told about it."""
    warnings: list[PageWarning] = []
    for hint in hints:
        author = hint.value if hint.kind == "author" else None
        time_text = hint.value if hint.kind == "time" else None
        if hint.kind == "number":
            if int(hint.value.removeprefix("#")) != comment.number:
                message = f"Line {hint.line}: the page calls comment {comment.number} number {hint.value}."
                warnings.append(PageWarning(hint.line, message))
            continue
        evidence = Evidence(
            comment.number, hint.line, hint.value, None, "html", (hint.kind,), author=author, time_text=time_text
        )
        comment = replace(
            comment,
            author=comment.author or author,
            time_text=comment.time_text or time_text,
            evidence=(*comment.evidence, evidence),
        )
    return comment, warnings


# --- How many, and what follows ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Tail:
    """What stands below the last comment."""

    heading: str = ""
    lines: tuple[tuple[int, str], ...] = ()
    leftovers: tuple[tuple[int, str], ...] = ()
    warnings: tuple[PageWarning, ...] = ()


def _stated_count(lines: Sequence[PageLine], frame: Frame) -> tuple[int | None, list[PageWarning]]:
    """The number of comments the page states, the count nearer to the comments first."""
    at = frame.count
    if at is None:
        return None, [PageWarning(None, "The page does not say how many comments it has, so none can be missed.")]
    stated = count_of(lines[at].text)
    warnings: list[PageWarning] = []
    if frame.top_count is not None and frame.bottom_count is not None:
        above = count_of(lines[frame.top_count].text)
        if above != stated:
            line, other = lines[frame.top_count].number, lines[at].number
            warnings.append(
                PageWarning(
                    line, f"Line {line} says {above} comments and line {other} says {stated}; the second was believed."
                )
            )
    return stated, warnings


def _tail(lines: Sequence[PageLine], start: int, stated: int | None, found: int) -> _Tail:
    """What follows the comments, if the page is whole.

    Raises:
        PageError: comments are missing and so is everything that follows them.
    """
    below = [line for line in lines[start:] if not is_blank(line.text)]
    footer = next((at for at, line in enumerate(below) if is_footer(line.text)), None)
    missing = stated is not None and found < stated
    if footer is None and missing:
        last = next((line.number for line in reversed(lines) if not is_blank(line.text)), 0)
        raise PageError(
            f"The page breaks off at line {last} inside its comments, of which {found} of {stated} were found, so"
            " nothing was imported; save the page again down to its end and import that file.",
            last,
        )
    if stated is not None and not missing:
        # With every comment found, what follows is the page's own, whatever it calls it.
        footer = 0
    above = below[:footer]
    warnings = [
        PageWarning(
            line.number, f"Line {line.number} stands below the last score but looks like a comment; it was left out."
        )
        for line in above[:1]
    ]
    rest = [(line.number, one_line(line.text)) for line in below[len(above) :]]
    return _Tail(
        heading=rest[0][1] if rest else "",
        lines=tuple(rest[1:]),
        leftovers=tuple((line.number, one_line(line.text)) for line in above),
        warnings=tuple(warnings),
    )


def _count_disagrees(lines: Sequence[PageLine], frame: Frame, stated: int | None, found: int) -> list[PageWarning]:
    at = frame.count
    if at is None or stated == found:
        return []
    line = lines[at].number
    kept = "look whether two became one" if stated is not None and found < stated else "all of them were kept"
    return [PageWarning(line, f"Line {line} says {stated} comments, but {found} were found; {kept}.")]
