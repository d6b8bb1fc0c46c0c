"""Texts as they sound rather than as they are typed: what tricks and typography differ in is made equal.

Both sides of every comparison are folded, so a letter may be folded to another of a different alphabet without harm.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from confusable_homoglyphs.utils import load

CJK = "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""Of Chinese and Japanese: scripts without spaces between words, for the inside of a character class."""

# Alphabets whose letters copy Latin ones. Kana and Han are left alone: 工 is no I to anybody who reads it.
_COPYING = ("GREEK ", "CYRILLIC ", "ARMENIAN ", "CHEROKEE ", "COPTIC ", "LISU ", "LATIN ")
# Signs that stand for letters, within a word that has two letters: 1d10t is a word, 100 and $5 are not. A sign @ at the
# beginning calls somebody.
_SIGNS = str.maketrans("013457@$|", "oieastasi")
_SIGNED = re.compile(r"[\w$|][\w@$|]*")
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bb\u02bc\u2032`\xb4", "'"))
# Five and more letters one by one, with the same kind of gap, are one word: i.d.i.o.t
_SPELLED = re.compile(r"(?<![^\W_])[^\W\d_](?:([ .*_-])[^\W\d_](?:\1[^\W\d_]){2,})(?![^\W_])")
_CJK_GAP = re.compile(f"(?<=[{CJK}])[ \u3000\n]+(?=[{CJK}])")
_NOT_WORD = re.compile(rf"[^\w{CJK}]+|_+")
# Nobody sees these; a tag, a joiner or a change of direction can hide a word.
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
# The marks on letters that copy or are copied. Those of Devanagari, Thai and kana (か is not が) make other words.
_OVERLOOKED = re.compile(f"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f{_UNSEEN}]")


def fold(text: str) -> str:
    """The text without case, accents, width, invisible characters and look-alike letters; never for showing."""
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES))
        text = unicodedata.normalize("NFC", _OVERLOOKED.sub("", unicodedata.normalize("NFD", text)))
        text = text.translate(_look_alikes())
    text = _SIGNED.sub(_spell_out, text)
    return _CJK_GAP.sub("", _SPELLED.sub(lambda found: found[0].replace(found[1], ""), text))


def words(folded: str) -> str:
    """The words of a folded text, each between two spaces, so that ` word ` is found only whole."""
    return f" {_NOT_WORD.sub(' ', folded).strip()} "


def visible(text: str) -> str:
    """The text in one width and without invisible characters; case and accents stay. What patterns look at."""
    if text.isascii():
        return text
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def _spell_out(found: re.Match[str]) -> str:
    word = found[0]
    if word.isalpha() or sum(each.isalpha() for each in word) < 2:
        return word
    return word.translate(_SIGNS)


@cache
def _look_alikes() -> dict[int, str]:
    """Small letters of other alphabets and of ornament, with the Latin one they look like. Cost: 0.1 s, once."""
    found: dict[int, str] = {}
    for letter, others in load("confusables.json").items():
        if len(letter) != 1 or letter.isascii() or not unicodedata.name(letter, "").startswith(_COPYING):
            continue
        latin = [each["c"].lower() for each in others if len(each["c"]) == 1 and each["c"].isascii()]
        latin = [each for each in latin if "a" <= each <= "z"]
        small = letter.casefold()
        # Capitals are copied most exactly, so the capital of a letter has the last word; but the data takes I for l.
        if (
            latin
            and len(small) == 1
            and not small.isascii()
            and (ord(small) not in found or (letter != small and latin[0] != "l"))
        ):
            found[ord(small)] = latin[0]
    return {code: letter for code, letter in found.items() if chr(code) not in "ßæœøđł"}
