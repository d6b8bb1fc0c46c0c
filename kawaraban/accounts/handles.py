"""Handles: the public names under comments. Which may be taken, which look alike, and how they stand in an address.

Source: Unicode Technical Standard 39 (security mechanisms), with the data of `confusable_homoglyphs`: its confusables
for `skeleton`, its sets of scripts that are written together ("highly restrictive") for `check`.
"""

import re
import unicodedata
from functools import cache

from anyascii import anyascii
from confusable_homoglyphs.categories import alias
from confusable_homoglyphs.utils import load
from django.utils.translation import gettext as _

from kawaraban.markup import MAX_MARKS

SHORTEST, LONGEST = 2, 30
"""Code points of a tidied handle."""

# Scripts one name may mix; Latin is at home in all three.
TOGETHER = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},  # Japanese
    {"LATIN", "HAN", "HANGUL"},  # Korean
    {"LATIN", "HAN", "BOPOMOFO"},  # Chinese
)

# Refused as a whole name, in any spelling that looks like it.
RESERVED = """
admin administrator administration moderator moderation mod editor editors editorial staff root superuser sysop system
kawaraban official newsroom news desk reporter publisher operator owner webmaster postmaster hostmaster security abuse
support help helpdesk contact info legal privacy press team bot
anonymous anon nobody unknown guest user member reader author banned removed deleted null none undefined nil
everyone everybody here channel me myself you yourself self true false
deletedreader deleteduser deletedmember houserules
管理者 管理人 運営 編集部 編集者 公式 匿名
""".split()  # noqa: SIM905 - seventy names one below the other are not read
# Refused also as a word among others, as in "Admin Bob": only staff may look like staff.
STAFF = ("admin", "administrator", "moderator", "editor", "staff", "official", "newsroom", "kawaraban")
# Refused wherever they occur, as in "RealKawaraban24": too long to be part of anything else.
TELLING = ("administrator", "moderator", "kawaraban")

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bb\u02bc\u02b9\u2032\uff07`\xb4", "'"))
_SPACES = re.compile("[ \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_ADDRESS = re.compile(
    r"[@/\\]|://|^www\.|\.(?:com|net|org|info|biz|edu|gov|jp|uk|de|fr|it|nl|ru|cn|kr|in|au|us|eu|io|tv|app|dev|blog|news"
    r"|online|shop|site|xyz)$",
    re.IGNORECASE,
)
# Letters and marks by category, but nobody sees them: Hangul fillers, joiners, selectors of variants.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# "Reader 12" stands for somebody whose name is not known; in a skeleton 1 is l and 0 is o.
_PLACEHOLDER = re.compile("reader[0-9lo]+")


class HandleError(ValueError):
    """A handle that cannot be had; its text says why and what to do, in full sentences."""


def check(handle: str) -> str:
    """The tidied handle, as it is stored and shown; whether somebody has it already is asked with `skeleton`.

    Raises:
        HandleError: the handle is too short or long, or could be mistaken for an address, the staff or nothing at all.
    """
    if len(handle) > 10 * LONGEST:  # Before any work on a text that is no handle.
        raise HandleError(_wrong_length(len(handle)))
    handle = _tidied(handle)
    if _ADDRESS.search(handle):
        raise HandleError(
            _(
                "Your handle is public, so it cannot be an e-mail address or a web address. Please choose a name "
                "instead."
            )
        )
    for character in handle:
        _check_character(character)
    if not SHORTEST <= len(handle) <= LONGEST:
        raise HandleError(_wrong_length(len(handle)))
    if not any(unicodedata.category(character)[0] == "L" for character in handle):
        raise HandleError(_("A handle needs at least one letter. Please add one."))
    # A name may end in an initial, as in "Setsuko B.".
    last = handle[-2] if handle[-1] == "." else handle[-1]
    if unicodedata.category(handle[0])[0] not in "LN" or unicodedata.category(last)[0] not in "LNM":
        raise HandleError(
            _("A handle begins and ends with a letter or a digit. Please leave out the sign at its edge.")
        )
    _check_scripts(handle)
    _check_reserved(handle)
    return handle


def skeleton(handle: str) -> str:
    """What is left of a handle without all that readers overlook: equal for handles they could confuse.

    Case, accents, separators and width are dropped ("José" is "jose" is "J.O.S.E"), and letters become the one they
    look like: 1, I, i and | are l, 0 is o, rn is m, vv is w, and Cyrillic or Greek letters are the Latin ones they
    copy. Marks that make another word stay: the voicing of kana, the vowel signs of Devanagari, the tones of Thai.

    For comparing, never for showing. It may be three times as long as the handle; its own skeleton is itself.

    Source: UTS 39, section 4, with case dropped. A letter whose capital copies a Latin one is taken for that: Greek nu
    is N, although the small one looks like v. To follow both would make all of n and v, and u and y and r, equal.
    """
    prototypes = _prototypes()
    return "".join(prototypes.get(character, character) for character in _bare(handle))


def slug(handle: str) -> str:
    """The handle for an address: readable lower-case ASCII, never empty, at most 50 characters, not always unique."""
    words = anyascii(handle.translate(_APOSTROPHES).replace("'", "")).lower()
    return re.sub("[^a-z0-9]+", "-", words)[:50].strip("-") or "member"


# --- What check asks --------------------------------------------------------------------------------------------------


def _tidied(handle: str) -> str:
    # Japanese keyboards type wide Latin letters and narrow kana, other programs join fi; they are the same letters.
    parts = (
        unicodedata.normalize("NFKC", part) if re.match("[\ufb00-\ufb06\uff01-\uffef]", part) else part
        for part in handle
    )
    return _SPACES.sub(" ", unicodedata.normalize("NFC", "".join(parts).translate(_APOSTROPHES))).strip(" ")


def _wrong_length(length: int) -> str:
    return _("A handle has {shortest} to {longest} characters; this one has {length:,}. Please choose another.").format(
        shortest=SHORTEST, longest=LONGEST, length=length
    )


def _check_character(character: str) -> None:
    kind = unicodedata.category(character)
    if kind[0] == "C" or kind in ("Zl", "Zp") or _UNSEEN.match(character):
        raise HandleError(
            _("Your handle holds a character that nobody can see (U+{code:04X}). Please type it again by hand.").format(
                code=ord(character)
            )
        )
    # Mathematical, circled and raised letters, which many readers cannot read and screen readers spell out.
    decorated = re.match("<(?!compat)", unicodedata.decomposition(character)) or "\u02b0" <= character <= "\u02ff"
    if character not in " ._-'&" and (decorated or kind not in ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd")):
        raise HandleError(
            _(
                "“{character}” cannot be in a handle: letters, digits, spaces and . _ - & ' can. Please leave it out."
            ).format(character=character)
        )


def _check_scripts(handle: str) -> None:
    scripts = {alias(character) for character in handle} - {"COMMON", "INHERITED"}
    if len(scripts) > 1 and not any(scripts <= together for together in TOGETHER):
        names = _(" and ").join(sorted(script.replace("_", " ").title() for script in scripts))
        raise HandleError(
            _("This handle mixes {names} letters, which readers could mistake. Please use one alphabet.").format(
                names=names
            )
        )
    if "LATIN" in scripts and re.search("(?![0-9])\\d", handle):
        raise HandleError(_("This handle mixes Latin letters with other digits than 0 to 9. Please use those."))
    marks = 0
    for character in handle:
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        # Latin letters with their accents are mostly one character; Burmese syllables have five marks.
        if marks > (2 if alias(character) == "INHERITED" else MAX_MARKS):
            raise HandleError(_("This handle piles too many marks on one letter. Please leave some of them out."))


def _check_reserved(handle: str) -> None:
    whole = skeleton(handle)
    words = {skeleton(re.sub(r"\d+$", "", word)) for word in re.split("[ ._&'-]+", handle)}
    if _PLACEHOLDER.fullmatch(whole):
        raise HandleError(
            _("“Reader” with a number stands for people whose name is not known. Please choose another handle.")
        )
    if (
        whole in _skeletons(*RESERVED)
        or words & _skeletons(*STAFF)
        or any(name in whole for name in _skeletons(*TELLING))
    ):
        raise HandleError(
            _(
                "This name is kept, so that nobody is taken for the newsroom or for no one. Please choose "
                "another handle."
            )
        )


@cache
def _skeletons(*names: str) -> frozenset[str]:
    return frozenset(skeleton(name) for name in names)


# --- What skeleton needs ----------------------------------------------------------------------------------------------


def _bare(text: str) -> str:
    """The letters, digits and distinguishing marks of the text, in lower case."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = (character for character in unicodedata.normalize("NFD", text) if not _is_overlooked(character))
    return unicodedata.normalize("NFC", "".join(kept))


def _is_overlooked(character: str) -> bool:
    kind = unicodedata.category(character)
    if kind[0] == "M":
        # Vowel signs of Hebrew and Arabic are optional; the two marks of kana are the difference between か and が.
        return kind == "Me" or (
            alias(character) in ("COMMON", "INHERITED", "LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC")
            and character not in "\u3099\u309a"
        )
    # Letters by category, signs to the eye: modifier letters are apostrophes, and the tatweel only stretches a word.
    sign = "\u02b0" <= character <= "\u02ff" or character == "\u0640" or _UNSEEN.match(character)
    return bool(sign) or not (kind[0] in "LN" or character == "|")


@cache
def _prototypes() -> dict[str, str]:
    """Each letter that looks like another, with what it looks like. Cost: 0.1 s, once."""
    confusables = {key: [other["c"] for other in others] for key, others in load("confusables.json").items()}
    looks: dict[str, str] = {}
    for centre, others in confusables.items():
        # The data is stars: a centre and what looks like it. A point of a larger star gets its entry from the centre.
        if len(others) > 1 or len(confusables[others[0]]) == 1:
            members = [member.strip("\u200e") for member in (centre, *others)]  # Marks stand around Hebrew and Arabic.
            looks |= {member: _look(member, members) for member in members if len(member) == 1}
    # Letters in the shape of small capitals, of which the data holds only some.
    for code in (*range(0x250, 0x2B0), *range(0x1D00, 0x1D80), *range(0xA730, 0xA800)):
        if capital := re.fullmatch("LATIN LETTER SMALL CAPITAL ([A-Z])", unicodedata.name(chr(code), "")):
            looks[chr(code)] = capital[1].lower()

    prototypes = {}
    for letter in {_bare(character) for character in looks}:
        # The capital first, for capitals are copied most exactly; but only where that leads to Latin.
        found = [looks[case] for case in (letter.upper(), letter) if looks.get(case)]
        if found:
            prototypes[letter] = next((look for look in found if look.isascii()), found[-1])
    prototypes |= {"i": "l", "1": "l", "|": "l", "0": "o", "m": "rn", "w": "vv"}
    # What a letter looks like may look like something in turn, as the Cyrillic yu is like lo and lo like 10.
    for _round in range(3):
        prototypes = {
            letter: "".join(prototypes.get(part, part) for part in look) for letter, look in prototypes.items()
        }
    return prototypes


def _look(letter: str, star: list[str]) -> str:
    """The spelling that stands for all that look alike: the last in the alphabet, so that l stands for 1 and I."""
    plain = [_bare(member) for member in star if member.isascii()]
    if plain:
        return max(spelling for spelling in plain if spelling != "|")
    spellings = {_bare(member) for member in star}
    # The data spells a stroke as a mark, as in ø. Latin readers overlook it; Cyrillic readers know Б from b with a bar.
    stroked = max((spelling for spelling in spellings if spelling.isascii()), default="")
    if stroked and alias(letter) == "LATIN":
        return stroked
    if stroked:
        spellings = {spelling for spelling in spellings if not spelling.isascii() and alias(spelling[0]) != "LATIN"}
    return max(spellings, default="")
