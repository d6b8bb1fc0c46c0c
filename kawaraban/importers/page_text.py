"""How a line of a saved page is read: plain words, a score, a comment count, a closing, a copyright, a footer."""

from __future__ import annotations

import re
from typing import NamedTuple

# Longer than any line that is nothing but a score, a count or a notice; what is longer is prose and costs no match.
_SHORT = 200

# Minus signs and dashes that stand in for one. The plain "-" is escaped: "+-\u2212" would be a range with all digits.
_SIGNS = "\\-\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d"
_SCORE = re.compile(
    rf"(?P<sign>[+{_SIGNS}]?)\s*(?P<net>[0-9][0-9,]{{0,11}})\s*"
    rf"\(\s*(?P<plus>\+?)\s*(?P<up>[0-9][0-9,]{{0,11}})\s*/\s*(?P<minus>[{_SIGNS}]?)\s*(?P<down>[0-9][0-9,]{{0,11}})\s*\)"
)
_COUNT = re.compile(r"(?:(?P<number>[0-9][0-9,]{0,11})|(?P<none>no))\s+comments?(?:\s+yet)?\.?", re.IGNORECASE)
# Wordings that only a site uses. "The thread is no longer about trams" is a reader's, so the verb must follow at once.
_CLOSED = re.compile(
    r"(?:sorry,?\s+)?(?:the\s+|this\s+)?"
    r"(?:comments?|commenting|(?:comment\s+|discussion\s+)?(?:thread|section)|discussion)"
    r"(?:\s+(?:on|for|to|in|under)\s+(?:this|the)\s+\w+)?(?:\s+(?:have|has|is|are|was|were|now|been|currently))*"
    r"\s+(?:disabled|closed|locked|turned off|switched off|no longer (?:open|possible|accepted|available))\b.*(?<!\?)",
    re.IGNORECASE,
)
_NO_LONGER = re.compile(
    r"(?:you|readers|members|we)(?:\s+(?:can|may|are|is))*\s+no longer\s+(?:able to\s+)?"
    r"(?:respond|reply|comment|post|accept\w*)\b(?:\s+(?:to|on|in|under|comments on))?"
    r"\s+(?:this|the)\s+\w+(?:\s\w+)?\.?",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b).*", re.IGNORECASE)
_FOOTER_WORDS = re.compile(
    r"\b(?:articles?|offers?|resources|trending|related|recommended|more from|more stories|most read|most popular"
    r"|popular|latest|read next|you may also|sponsored|advertisement|newsletter|sites|log ?in|sign ?(?:in|up)"
    r"|privacy|terms of|contact us|about us|subscribe|follow us)\b",
    re.IGNORECASE,
)
_FOOTER_PHRASE = re.compile(
    r"(?:related|trending|sponsored|advertisement|recommended(?: for you)?|most (?:read|popular|commented|viewed)"
    r"|read next|latest|you may also like|about us|contact us)(?: (?:articles|stories|news|now|posts|topics))?",
    re.IGNORECASE,
)
_SIGN_IN = re.compile(
    r"(?:please\s+)?(?:log ?in|sign ?in|register)\b.{0,60}\b(?:comment|reply|join|discussion)\b.{0,20}", re.I
)
_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_SPACES = re.compile(r"[\u00a0\u2007\u202f\u2028\u2029\x85\t\v\f]")


class Score(NamedTuple):
    """A score line: the net it prints, and the votes up and down."""

    net: int
    up: int
    down: int


def one_line(text: str) -> str:
    """The words of a line with plain single spaces between them and none around."""
    return _BLANKS.sub(" ", text).strip()


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing on this line."""
    return not text.strip(" \t\r\n\u00a0\u200b\ufeff\u202f\u3000")


def score_of(text: str) -> Score | None:
    """The score, when the line is nothing else."""
    if "(" not in text or len(text) > _SHORT:
        return None
    match = _SCORE.fullmatch(text.strip(" \t\u00a0\u200b\ufeff\u202f\u3000"))
    if match is None:
        return None
    up, down = _number(match["up"]), _number(match["down"])
    # Somebody writes "3 (11/8)" about other things; a vote carries its sign unless there was none.
    if (up and not match["plus"]) or (down and not match["minus"]):
        return None
    net = _number(match["net"])
    return Score(-net if match["sign"] not in ("", "+") else net, up, down)


def count_of(text: str) -> int | None:
    """The number of a "42 Comments" line, 0 for "No comments", None for any other line."""
    if len(text) > _SHORT:
        return None
    match = _COUNT.fullmatch(one_line(text))
    if match is None:
        return None
    return 0 if match["none"] else _number(match["number"])


def is_closed_notice(text: str) -> bool:
    """Whether the line says that nobody can comment any more."""
    if len(text) > _SHORT:
        return False
    line = one_line(text)
    return bool(_CLOSED.fullmatch(line) or _NO_LONGER.fullmatch(line))


def is_copyright(text: str) -> bool:
    """Whether the line states a copyright."""
    return len(text) <= _SHORT and bool(_COPYRIGHT.fullmatch(one_line(text)))


def is_sign_in(text: str) -> bool:
    """Whether the line asks the reader to sign in before commenting."""
    return len(text) <= _SHORT and bool(_SIGN_IN.fullmatch(one_line(text)))


def is_footer(text: str) -> bool:
    """Whether the line heads what follows the discussion: related stories, offers, sister sites, the imprint."""
    line = one_line(text)
    if not line or len(line) > 80 or line[-1] in ".?!,;:":
        return False
    if is_copyright(line) or _FOOTER_PHRASE.fullmatch(line):
        return True
    # A heading has its capitals; "you should read more articles" is somebody's comment.
    long_words = [word for word in line.split() if len(word) > 3]
    return bool(_FOOTER_WORDS.search(line)) and all(not word[0].islower() for word in long_words)


def comment_text(lines: list[tuple[int, str]]) -> tuple[str, tuple[int, ...]]:
    """The text of a comment, and for each of its lines the number it came with.

    Paragraphs are one blank line apart, line breaks and indentation are kept, and blanks are plain spaces.
    """
    kept: list[str] = []
    numbers: list[int] = []
    gap = False
    for number, line in lines:
        if is_blank(line):
            gap = True
            continue
        if gap and kept:
            kept.append("")
            numbers.append(number)
        gap = False
        line = line.replace("\ufeff", "").rstrip()
        words = line.lstrip()
        # The depth of an indentation matters, which blanks made it does not.
        indent = len(line[: len(line) - len(words)].expandtabs(4))
        kept.append(" " * min(indent, 40) + _SPACES.sub(" ", words))
        numbers.append(number)
    return "\n".join(kept), tuple(numbers)


def _number(digits: str) -> int:
    return int(digits.replace(",", ""))
