"""Text as it is compared: words with their places, and lines without their typography."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_MARKS = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'", "`": "'", "\u00b4": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u2033": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
    "\u200b": None, "\ufeff": None, "\u00ad": None,
})  # fmt: skip
_DOTS = re.compile(r"\.(?:\s*\.)+")
_SPACE = re.compile(r"\s+")
AROUND = " \"'>*.,;:\u2026"  # What people put around a quotation, and where they cut a sentence.

# Scripts written without spaces: every letter counts as a word, or a whole Japanese sentence would be one.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
# Marks over and under letters, the vowel signs of India, and what nobody sees.
_ADDED = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0dff\xad\u200b-\u200d"
_LETTER = rf"(?:[^\W_{_UNSPACED}]|[{_ADDED}])"
_TOKEN = re.compile(rf"[{_UNSPACED}]|[0-9]+(?:[.,][0-9]+)+|{_LETTER}+(?:['\u2018\u2019\u02bc]{_LETTER}+)*+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3})+")  # 1,900 is 1900.
_UNSEEN = re.compile("['\u2018\u2019\u02bc\xad\u200b-\u200d]")
# Addresses are no words: two readers who link the same page do not quote each other. Of a link only the label is said.
_ADDRESS = re.compile(r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)|https?://\S+")

# Words that stand in so many sentences that they tell nothing about where a sentence comes from.
COMMON = frozenset(
    """
    a about above actually after again against all almost already also always am an and another any anybody anymore
    anyone anything anyway are arent around as ask at away back bad be because been before being best better big both
    but by call came can cannot cant come comes could couldnt day days did didnt do does doesnt doing done dont down
    each either else end enough even ever every everybody everyone everything exactly fact far few find first for from
    get gets getting give go goes going gone good got great had happen happened happens hard has hasnt have havent
    having he her here hes him his hope how i id if ill im in indeed instead into is isnt it its itself ive just keep
    know known knows last least left less let lets like little long look looking lot made make makes making many matter
    may maybe me mean means might mine more most much must my myself need needs never new next nice no nobody none nor
    not nothing now of off oh ok old on once one only or other others our out over own part people perhaps place please
    point possible possibly probably put quite rather read real really right said same saw say saying says see seem
    seems seen she should shouldnt show so some somebody someone something sometimes soon sorry still such sure take
    tell than thank thanks that thats the their them then there theres these they theyre theyve thing things think this
    those though thought time times to today together told too took true try two under until up us use used very want
    wants was wasnt way we well went were werent weve what whatever whats when where whether which while who whole whose
    why will wish with without wont word words work works world would wouldnt wow wrong year years yes yet you youd
    youll your youre yours youve agree agreed couldn didn doesn don hadn isn wasn ll ve re
    """.split()  # noqa: SIM905 - a page of quotation marks would hide the words
)
_ONE_LETTER_WORD = 0.35  # A Japanese letter tells about a third of a word.


def tokens(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """The words of a text as they are compared, and where each stands in it."""
    if "://" in text or "](" in text:
        text = _ADDRESS.sub(lambda found: " " * len(found[0]), text)
    words: list[str] = []
    places: list[tuple[int, int]] = []
    for found in _TOKEN.finditer(text):
        word = _word(found[0])
        if word:
            words.append(word)
            places.append(found.span())
    return words, places


def _word(raw: str) -> str:
    if raw[0].isdigit() and _GROUPED.fullmatch(raw):
        return raw.replace(",", "").replace(".", "")
    if raw.isascii():
        return raw.lower().replace("'", "")
    # Without blanks: they separate words in the joined text. A few signs are compatible with two words.
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", raw)).casefold().replace(" ", "")


def weight(words: Iterable[str]) -> float:
    """How many of the words are worth something as proof of where they come from."""
    return sum(_ONE_LETTER_WORD if is_unspaced(word) else word not in COMMON for word in words)


def is_unspaced(word: str) -> bool:
    """Whether the word is one letter of a script written without spaces."""
    return len(word) == 1 and word > "\u0dff"


def typed(text: str) -> str:
    """The text with blanks, typographic quotes, dashes and dots made equal; case and other signs stay."""
    text = _DOTS.sub("...", unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS))
    return _SPACE.sub(" ", text).strip()


def bare(line: str) -> str:
    """The line without case, typography, and quotation marks and dots around it."""
    return typed(line).casefold().strip(AROUND)
