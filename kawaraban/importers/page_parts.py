"""What a saved story page is made of: its lines, what was found in them, and what is said when something is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

BylineKind = Literal["person", "agency", "staff"]
EvidenceKind = Literal["heading", "heading with time", "html"]


class PageError(Exception):
    """Why a saved page cannot be imported; nothing was.

    Args:
        message: one sentence: what is wrong, that nothing was imported, what to do.
        line: the line of the file it is about, counted from 1, where there is one.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class PageWarning:
    """Something odd that did not stop the import, and the line it is about."""

    line: int | None
    message: str


# --- The file ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PageLine:
    """One line of the page and where it stands in the file; `role` is "photo" where HTML says so."""

    number: int
    text: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class HtmlHint:
    """What HTML tells about a comment and its text does not.

    Args:
        at: index in `PageLines.lines` of the score line that ends the comment.
        kind: "author", "time" or "number".
        line: line of the file that told it.
    """

    at: int
    kind: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class PageLines:
    """A saved page as lines of text, from either kind of file.

    Args:
        title: the document title of an HTML page, else empty.
        set_aside: words that stood beside an author's name in HTML; they belong to no comment's text.
    """

    lines: tuple[PageLine, ...]
    title: str = ""
    hints: tuple[HtmlHint, ...] = ()
    set_aside: tuple[tuple[int, str], ...] = ()
    warnings: tuple[PageWarning, ...] = ()


# --- What was found ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Guess:
    """A value the page does not state, where it was read from, and the line of that."""

    value: str
    source: str
    line: int | None


@dataclass(frozen=True, slots=True)
class PhotoText:
    """The words around the lead photo; `credit` is the credit as it stood, the others are read from it."""

    title: str
    caption: str
    photographer: str
    agency: str
    credit: str
    file_photo: bool
    line: int


@dataclass(frozen=True, slots=True)
class Byline:
    """One name of the byline and what bears it."""

    name: str
    kind: BylineKind


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a comment is said to be by somebody or from some hour.

    Args:
        comment: number of the comment it is about.
        line: line of the file where it stands.
        heading_text: the words themselves.
        quoted_in: number of the comment whose quotation told it; None when HTML did.
        tells: "author", "time" or both.
        author: the name it tells, in the spelling of the page.
        time_text: the hour it tells.
    """

    comment: int
    line: int
    heading_text: str
    quoted_in: int | None
    kind: EvidenceKind
    tells: tuple[str, ...]
    author: str | None
    time_text: str | None


@dataclass(frozen=True, slots=True)
class SavedComment:
    """One comment of a saved page.

    Args:
        number: 1 for the oldest on the page.
        text: paragraphs separated by one blank line; leading spaces mark an indented block.
        net: `up - down`, whatever the page printed.
        first_line: where its text begins in the file.
        last_line: its score line.
        author: as evidence tells it, else None.
        time_text: as evidence tells it, such as "07:01 am JST", else None.
        evidence: all of it, also what contradicts `author` or `time_text`.
        line_numbers: where each line of `text` stands in the file.
    """

    number: int
    text: str
    net: int
    up: int
    down: int
    first_line: int
    last_line: int
    author: str | None = None
    time_text: str | None = None
    evidence: tuple[Evidence, ...] = ()
    line_numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A story and its discussion, as a saved page shows them.

    Args:
        agency: agency of origin; never stated by the page, hence a guess.
        standfirst: always empty: a page of text does not tell it from the first paragraph.
        copyright_lines: with their ©.
        comment_count: the number the page states, or None.
        network_heading: first line of what follows the comments.
        network_lines: the lines below that heading, with their numbers.
        leftovers: lines that found no place, with their numbers.
    """

    site_name: str
    section: str
    headline: str
    photo: PhotoText | None
    bylines: tuple[Byline, ...]
    agency: Guess | None
    standfirst: str
    paragraphs: tuple[str, ...]
    copyright_lines: tuple[str, ...]
    comment_count: int | None
    closed: bool
    closed_notice: str
    comments: tuple[SavedComment, ...]
    network_heading: str
    network_lines: tuple[tuple[int, str], ...]
    leftovers: tuple[tuple[int, str], ...]
    warnings: tuple[PageWarning, ...]

    def report(self) -> dict[str, object]:
        """What was found, what was guessed and from where, what was left over and what is odd, ready for JSON."""
        return {
            "found": self._found(),
            "guessed": {
                "agency": _guess(self.agency),
                "comments": [_comment_guess(comment) for comment in self.comments if comment.evidence],
            },
            "left_over": [{"line": line, "text": text} for line, text in self.leftovers],
            "warnings": [{"line": warning.line, "message": warning.message} for warning in self.warnings],
        }

    def _found(self) -> dict[str, object]:
        return {
            "site_name": self.site_name,
            "section": self.section,
            "headline": self.headline,
            "photo": _photo(self.photo),
            "bylines": [{"name": byline.name, "kind": byline.kind} for byline in self.bylines],
            "paragraphs": len(self.paragraphs),
            "copyright_lines": list(self.copyright_lines),
            "comments_stated": self.comment_count,
            "comments": len(self.comments),
            "comments_with_author": sum(comment.author is not None for comment in self.comments),
            "comments_with_time": sum(comment.time_text is not None for comment in self.comments),
            "authors": dict(sorted(Counter(c.author for c in self.comments if c.author is not None).items())),
            "votes_up": sum(comment.up for comment in self.comments),
            "votes_down": sum(comment.down for comment in self.comments),
            "closed": self.closed,
            "closed_notice": self.closed_notice,
            "network_heading": self.network_heading,
            "network_lines": len(self.network_lines),
        }


def _guess(guess: Guess | None) -> dict[str, object] | None:
    if guess is None:
        return None
    return {"value": guess.value, "source": guess.source, "line": guess.line}


def _photo(photo: PhotoText | None) -> dict[str, object] | None:
    if photo is None:
        return None
    return {
        "title": photo.title,
        "caption": photo.caption,
        "photographer": photo.photographer,
        "agency": photo.agency,
        "credit": photo.credit,
        "file_photo": photo.file_photo,
        "line": photo.line,
    }


def _comment_guess(comment: SavedComment) -> dict[str, object]:
    return {
        "comment": comment.number,
        "first_line": comment.first_line,
        "author": comment.author,
        "time_text": comment.time_text,
        "evidence": [
            {
                "line": evidence.line,
                "heading_text": evidence.heading_text,
                "quoted_in": evidence.quoted_in,
                "kind": evidence.kind,
                "tells": list(evidence.tells),
                "author": evidence.author,
                "time_text": evidence.time_text,
            }
            for evidence in comment.evidence
        ],
    }
