"""What a search for quotations answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoryPassage:
    """A paragraph of the story as one version has it; position 0 is headline and standfirst."""

    version: int
    position: int


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of a comment that somebody else said first. Positions are in code points of the text that was searched.

    Args:
        start: first position, with the marks (`>`, quotation marks), without the heading.
        end: behind the last position.
        heading: where the line stands that names who is quoted, if there is one.
        is_block: whole lines; False for words within a sentence.
        words: the quoted words without marks, line breaks kept.
        source: number of a comment, or a passage; None when the words are marked as a quotation but nobody here said
            them.
        is_exact: equal to the source but for typography, white space, elisions and cuts.
        inner: quotations inside these words whose source is another.
    """

    start: int
    end: int
    heading: tuple[int, int] | None
    is_block: bool
    words: str
    source: int | StoryPassage | None
    is_exact: bool
    inner: tuple[Quotation, ...]
