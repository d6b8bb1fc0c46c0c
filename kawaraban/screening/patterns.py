"""Words and patterns that a site keeps out or looks at first, and what they would have met.

Patterns run in RE2, whose time grows with the text alone: no pattern that anybody types can hold up a process.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import re2
from django.utils.translation import gettext as _

from kawaraban.errors import Refused
from kawaraban.screening import folding

LONGEST = 300
"""Characters of a word or pattern."""
MEMORY = 1 << 20
"""Bytes that one compiled pattern may take; RE2 goes on without its tables when they run out."""
LARGEST = 1_000
"""Steps of a compiled pattern: each character may cost so many. The worst that we found took 40 ms for 5,000."""

Kind = Literal["word", "pattern"]
_CJK = re.compile(f"[{folding.CJK}]")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the forms in which it is searched, made once for all patterns."""

    shown: str
    folded: str
    words: str

    @classmethod
    def of(cls, text: str) -> Text:
        """The forms of a text."""
        folded = folding.fold(text)
        return cls(folding.visible(text), folded, folding.words(folded))


Matcher = Callable[[Text], str]
"""What a pattern has met in a text, as it stands there or as the word was entered; "" when it met nothing."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a pattern would have met: how many texts were looked at, and the place and the find of each it met."""

    texts: int
    met: tuple[tuple[int, str], ...]

    @property
    def share(self) -> float:
        """0 to 1; 0 without texts."""
        return len(self.met) / self.texts if self.texts else 0.0


def matcher(text: str, kind: Kind) -> Matcher:
    """A function that looks for a word or pattern.

    A word, or several, is found whole, whatever its case, accents, width, punctuation and look-alike letters; in
    Chinese and Japanese, which leave no gap between words, it is found anywhere. A pattern is found whatever its case.

    Raises:
        Refused: it is empty, too long, matches a text with nothing in it, or is no pattern that RE2 takes.
    """
    if not text.strip():
        raise Refused("pattern-empty", _("There is nothing to look for. Enter a word or a pattern."))
    if len(text) > LONGEST:
        raise Refused(
            "pattern-too-long",
            _("A word or pattern has up to {longest} characters; this one has {count:,}. Make two of it.").format(
                longest=LONGEST, count=len(text)
            ),
        )
    return _word(text) if kind == "word" else _pattern(text)


def try_out(text: str, kind: Kind, texts: Iterable[str]) -> Trial:
    """Which of these texts a word or pattern meets, by their place from 0. Cost: about 0.1 ms for each text.

    Raises:
        Refused: as `matcher` does.
    """
    find = matcher(text, kind)
    found = [find(Text.of(each)) for each in texts]
    return Trial(len(found), tuple((place, piece) for place, piece in enumerate(found) if piece))


def _word(text: str) -> Matcher:
    shown = text.strip()
    needle = folding.words(folding.fold(shown)).strip()
    if not needle:
        raise Refused(
            "word-without-letters", _("A word needs a letter or a digit. For signs alone choose “pattern” instead.")
        )
    if _CJK.search(needle):
        return lambda text: shown if needle in text.folded else ""
    needle = f" {needle} "
    return lambda text: shown if needle in text.words else ""


def _pattern(text: str) -> Matcher:
    options = re2.Options()
    options.max_mem = MEMORY
    options.case_sensitive = False
    options.log_errors = False
    try:
        compiled = re2.compile(folding.visible(text), options)
    except re2.error as error:
        raise Refused(
            "bad-pattern",
            _(
                "This is not a pattern that can be used: {reason}. Nothing was saved; mend it, or enter it as words."
            ).format(reason=_reason(error)),
        ) from None
    if compiled.programsize > LARGEST:
        raise Refused(
            "pattern-too-large",
            _("This pattern grows too large when it is spelled out. Nothing was saved; use smaller numbers in { }."),
        )
    if compiled.search("") is not None:
        raise Refused(
            "pattern-meets-all",
            _(
                "This pattern matches even an empty text, so it would meet every comment. Nothing was saved; "
                "make it narrower."
            ),
        )

    def find(text: Text) -> str:
        found = compiled.search(text.shown)
        return (found.group() or _("a place between two letters"))[:LONGEST] if found else ""

    return find


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else _("it is malformed")
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
