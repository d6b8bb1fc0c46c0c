"""Small invented pages for the tests of the parser."""

from collections.abc import Sequence

import pytest

from kawaraban.importers.page_file import lines_of
from kawaraban.importers.saved_page import PageError, SavedPage, parse

PHOTO = (
    "FILE PHOTO: A ferry leaves the old harbour",
    "FILE PHOTO: A ferry leaves the old harbour of Tsuno on a grey morning, April 2, 2021. AGENCE/Jane Roe/File Photo"
    " Image: Agence/Jane Roe",
)
STORY = (
    "The last ferry between Tsuno and the islands will leave the old harbour on Sunday, its owner said on Tuesday.",
    '"We carried more gulls than passengers," said one sailor.',
)
COMMENTS = (("A sad day.", "3 ( +4 / -1 )"), ("Good.\n\nBuild the bridge.", "-2 ( +1 / -3 )"))


def page_text(
    *,
    above: Sequence[str] = ("The Harbour Post", *PHOTO, "world", ""),
    headline: str = "Last ferry of the islands sails on Sunday",
    count: str | None = "2 Comments",
    byline: str = "By Jane Doe",
    story: Sequence[str] = STORY,
    copyright_lines: Sequence[str] = ("© Agence 2021.", "©2021 Harbour Press Inc."),
    second_count: str | None = "",
    notice: str = "Comments have been disabled You can no longer respond to this thread.",
    comments: Sequence[tuple[str, str]] = COMMENTS,
    below: Sequence[str] = ("Articles, Offers & Useful Resources", "", "A mix of what our sister sites write"),
) -> str:
    """A page as a browser saves it; `second_count=""` repeats the first, None leaves it out."""
    lines = [*above, headline, ""]
    lines += [count] if count is not None else []
    lines += [byline, ""] if byline else [""]
    for paragraph in (*story, *copyright_lines):
        lines += [paragraph, ""]
    second = count if second_count == "" else second_count
    lines += [second, ""] if second is not None else []
    lines += [notice, ""] if notice else []
    for text, score in comments:
        lines += [text, "", score, ""]
    return "\n".join([*lines, *below])


def parsed(text: str) -> SavedPage:
    """The page of this text."""
    return parse(lines_of(text.encode()))


def refusal(text: str) -> PageError:
    """Why this text is not imported."""
    with pytest.raises(PageError) as refused:
        parsed(text)
    assert "nothing was imported" in refused.value.message
    assert refused.value.message.endswith(".")
    return refused.value


def line_of(text: str, line: str) -> int:
    """The number of this line."""
    return text.split("\n").index(line) + 1
