"""Lines that name who is quoted below them: "NAME", or "NAMEToday 07:01 am JST" as it is copied from a page."""

from __future__ import annotations

import re

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sep(?:tember|t\.?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DATE = rf"(?:{_MONTH}\s+[0-9]{{1,2}}(?:,?\s+[0-9]{{4}})?|(?:[0-9]{{4}}年)?[0-9]{{1,2}}月[0-9]{{1,2}}日)"
_DAY = "(?:Today|Yesterday|今日|昨日)"
_TIMED = re.compile(
    rf"(?P<name>\S.{{0,59}}?)\s*(?:(?P<day>{_DAY})|(?P<date>{_DATE}))?,?(?P<gap>\s*)"
    r"(?P<clock>[0-9]{1,2}:[0-9]{2}(?P<half>\s*[AaPp]\.?[Mm]\.?)?(?P<zone>\s*[A-Z]{1,5}(?:[+-][0-9]{1,2}(?::?[0-9]{2})?)?)?)"
)
_NO_NAME = re.compile(rf"(?:{_DAY}|{_DATE})", re.IGNORECASE)
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}\s*(?:[ap]\.?m\.?)?\s*[A-Z]{0,5}\S*$", re.IGNORECASE)
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}")
# "I posted that at 07:01 am JST" is a sentence.
_LEADS_TO_AN_HOUR = frozenset({
    "at", "on", "by", "until", "till", "from", "since", "before", "after", "around", "about", "and", "is", "was",
})  # fmt: skip
# One-word answers that people put above the words they answer to. A member called Exactly loses a little evidence.
_ANSWERS = frozenset({
    "agree", "agreed", "amen", "and", "answer", "bingo", "but", "classic", "correct", "disagree", "dude",
    "edit", "err", "exactly", "example", "fact", "facts", "false", "fantasy", "fixed", "funny", "good",
    "great", "ha", "haha", "hahaha", "hello", "hey", "hi", "hmm", "hmmm", "huh", "incorrect", "indeed",
    "interesting", "lies", "link", "lmao", "lol", "maybe", "me", "nah", "never", "nice", "no", "nonsense",
    "nope", "nothing", "ok", "okay", "omg", "opinion", "or", "p.s", "ps", "point", "precisely", "question",
    "quote", "really", "reply", "right", "rofl", "rubbish", "same", "sigh", "sigh*", "so", "sorry", "source",
    "sure", "thanks", "that", "this", "true", "truth", "update", "ugh", "us", "well", "what", "why", "wow",
    "wrong", "wtf", "yawn", "yeah", "yep", "yes", "you", "yup",
})  # fmt: skip
_NAME_MARKS = re.compile(r"[^\w .'\u2019_\-*~!$+&#@]")  # What no handle has; a bare heading is nothing but a handle.
_MAX_NAME = 40
_MAX_WORDS = 5


def timed(text: str) -> tuple[str, str] | None:
    """Name and time of a heading such as "NAMEToday 07:01 am JST", or None."""
    match = _TIMED.fullmatch(text) if ":" in text and len(text) <= 120 else None
    if match is None:
        return None
    name = match["name"].strip(" ,|\u00b7")
    dated = match["day"] or match["date"]
    # "Scored 3:2" has neither day nor zone; "bass4funk09:37" could be cut in two ways.
    if not (
        dated or ((match["half"] or match["zone"]) and match["gap"] + text[match.end("name") : match.start("gap")])
    ):
        return None
    words = name.split()
    if not words or len(name) > _MAX_NAME or len(words) > _MAX_WORDS or not any(c.isalnum() for c in name):
        return None
    if _NO_NAME.fullmatch(name) or words[-1].lower() in _LEADS_TO_AN_HOUR or "//" in name:
        return None
    hour = " ".join(match["clock"].split())
    # "Today" meant the day it was copied, which the page does not tell.
    return name, f"{' '.join(match['date'].split())} {hour}" if match["date"] else hour


def hour_alone(text: str) -> str:
    """The time of a line that is nothing else, such as "Today 07:01 am JST"; empty when it is not one."""
    found = timed(f"x {text}")
    return found[1] if found and found[0] == "x" else ""


def is_name(text: str) -> bool:
    """Whether a line alone can be a handle: short, no sentence, capitals when there are several words."""
    words = text.split()
    if not 2 <= len(text) <= _MAX_NAME or len(words) > 4 or text[-1] in ".?!,;:" or _NAME_MARKS.search(text):
        return False
    if not any(c.isalpha() for c in text) or text.casefold() in _ANSWERS or text.lower().startswith("www."):
        return False
    return len(words) == 1 or all(not word[0].islower() for word in words)


def clock(time_text: str | None) -> str:
    """The hour of "May 31 07:01 am JST", comparable; empty where there is none, as in a full timestamp."""
    match = _CLOCK.search(time_text) if time_text and not _TIMESTAMP.match(time_text) else None
    return re.sub(r"[\s.]", "", match[0]).casefold() if match else ""
