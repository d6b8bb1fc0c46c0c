"""Recognise quotations in a comment and find who said the words first; plain Python, without Django.

    words = Words()
    words.add_passage(version=1, position=3, text="The ferry will keep its timetable.")
    words.add_comment(1, "mikan", "It was never late in thirty-one years.")
    words.find("> never late in thirty-one years\n\nExcept in fog.", before=2)

The rules in short, and how well they do: docs/reference/quoting.md.
"""

from kawaraban.discussion.quoting.finding import Words
from kawaraban.discussion.quoting.shapes import Quotation, StoryPassage

__all__ = ["Quotation", "StoryPassage", "Words"]
