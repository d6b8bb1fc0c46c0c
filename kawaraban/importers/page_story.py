"""The story of a saved page: site, section, photo, headline, bylines, paragraphs, copyright, agency of origin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kawaraban.importers.page_parts import Byline, BylineKind, Guess, PageLine, PageWarning, PhotoText
from kawaraban.importers.page_text import is_blank, is_copyright, one_line

# Agencies a byline or a credit is likely to name, as they are called there. What is missing is still kept as text.
_AGENCIES = {
    "reuters": "Reuters", "thomson reuters": "Reuters", "ap": "AP", "ap photo": "AP", "associated press": "AP",
    "the associated press": "AP", "afp": "AFP", "agence france-presse": "AFP", "kyodo": "Kyodo", "kyodo news": "Kyodo",
    "jiji": "Jiji", "jiji press": "Jiji", "bloomberg": "Bloomberg", "dpa": "dpa", "efe": "EFE", "ansa": "ANSA",
    "xinhua": "Xinhua", "tass": "TASS", "upi": "UPI", "pa": "PA", "pa media": "PA", "aap": "AAP", "yonhap": "Yonhap",
    "getty images": "Getty Images", "epa": "EPA", "zuma": "ZUMA", "anp": "ANP", "bernama": "Bernama",
}  # fmt: skip
# Short names count only as they are written, or "Pa." in an address would be the Press Association.
_AGENCY_NAMES = "|".join(
    [f"(?i:{re.escape(name)})" for name in sorted(_AGENCIES, key=len, reverse=True) if len(name) > 4]
    + sorted({name for name in _AGENCIES.values() if len(name) <= 4}, key=len, reverse=True)
)
_FILE_PHOTO = re.compile(r"(?:FILE PHOTO|File photo|FILE)\s*[:\u2013\u2014-]\s*")
_CREDIT = re.compile(
    r"(?:^|(?<=[\s.]))(?:Image|Photo|Picture|Credit)s?(?: credit)?(?: by)?:\s*(?P<names>\S.{0,80})$", re.IGNORECASE
)
# "REUTERS/Jane Doe/File Photo" at the end of a caption: an agency, or a word in capitals, and what follows the stroke.
_SLUG = re.compile(
    rf"(?:^|(?<=\s))\(?(?:{_AGENCY_NAMES}|[A-Z]{{2,12}}(?: Photo)?)\s?/\s?[^/.]{{1,60}}(?:/[^/.]{{1,60}}){{0,3}}\)?$"
)
_CREDIT_LENGTH = 300
_IS_FILE = re.compile(r"[,/]\s*file\b", re.IGNORECASE)
_BYLINE = re.compile(r"By\s+(?P<names>\S.{0,200})", re.IGNORECASE)
_STAFF = re.compile(r"\b(?:staff|newsroom|editors?|correspondents?|desk)\b", re.IGNORECASE)
_PARTICLES = frozenset({
    "de", "da", "del", "della", "der", "den", "di", "du", "van", "von", "bin", "al", "el", "la", "le", "of",
    "for", "the", "ter", "ten", "in", "y", "e", "dos", "and",
})  # fmt: skip
_YEARS = re.compile(r"©|\(c\)|copyright|all rights reserved|[0-9]{4}(?:\s*[-\u2013]\s*[0-9]{2,4})?", re.IGNORECASE)
_DATE_LINE = re.compile(
    r"(?:updated:?\s+|published:?\s+|posted:?\s+)?(?:today|yesterday|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r"\s+[0-9]{1,2}(?:,?\s+[0-9]{4})?|[0-9]{4}-[0-9]{2}-[0-9]{2})?,?\s*(?:[0-9]{1,2}:[0-9]{2}.{0,20})?",
    re.IGNORECASE,
)
_ENDS_SENTENCE = tuple(".!?\"'\u201d\u2019)")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the body of the story."""

    site_name: str
    section: str
    headline: str
    photo: PhotoText | None
    leftovers: tuple[tuple[int, str], ...]
    headline_line: int


@dataclass(frozen=True, slots=True)
class Body:
    """The body of the story, from the byline to the copyright."""

    bylines: tuple[Byline, ...]
    paragraphs: tuple[str, ...]
    copyright_lines: tuple[tuple[int, str], ...]
    leftovers: tuple[tuple[int, str], ...]
    warnings: tuple[PageWarning, ...]


# --- Above the body ---------------------------------------------------------------------------------------------------
def read_head(lines: Sequence[PageLine], title: str) -> Head:
    """Site, photo, section and headline, in this order from top to bottom; whatever is missing is empty.

    Args:
        lines: the page down to its headline, which is the last of them that is not blank.
        title: the document title of an HTML page.
    """
    filled = [line for line in lines if not is_blank(line.text)]
    if not filled:
        return Head("", "", "", None, (), 0)
    headline = one_line(filled[-1].text)
    middle = filled[:-1]
    site_name = _site_from_title(title, headline)
    if middle and (
        one_line(middle[0].text).casefold() == site_name.casefold() or not (site_name or _is_photo(middle[0]))
    ):
        site_name = one_line(middle.pop(0).text)
    section = ""
    if middle and _is_section(middle[-1]):
        section = one_line(middle.pop().text)
    # What HTML calls a photo is one; elsewhere the first line is the picture's title and the last its caption.
    photos = [line for line in middle if line.role == "photo"] or middle
    used = photos if len(photos) < 3 else [photos[0], photos[-1]]
    leftovers = tuple((line.number, one_line(line.text)) for line in middle if line not in used)
    return Head(site_name, section, headline, _photo(used), leftovers, filled[-1].number)


def _site_from_title(title: str, headline: str) -> str:
    """What an HTML title says besides the headline: "Headline - Site"."""
    if not title or headline.casefold() not in title.casefold():
        return ""
    start = title.casefold().index(headline.casefold())
    return (title[:start] + title[start + len(headline) :]).strip(" -|\u2013\u2014\u00b7:\u00bb\u00ab")


def _is_photo(line: PageLine) -> bool:
    text = one_line(line.text)
    end = text[-_CREDIT_LENGTH:]
    return line.role == "photo" or bool(_FILE_PHOTO.match(text) or _CREDIT.search(end) or _SLUG.search(end))


def _is_section(line: PageLine) -> bool:
    text = one_line(line.text)
    return len(text) <= 40 and len(text.split()) <= 4 and not text.endswith((".", "!", ":")) and not _is_photo(line)


def is_prose(line: PageLine) -> bool:
    """Whether the line reads like a paragraph of a story: long, a sentence, no caption with a credit."""
    text = one_line(line.text)
    return len(text) >= 80 and text.endswith(_ENDS_SENTENCE) and not _is_photo(line)


def _photo(lines: Sequence[PageLine]) -> PhotoText | None:
    if not lines:
        return None
    title = one_line(lines[0].text) if len(lines) > 1 else ""
    caption = one_line(lines[-1].text)
    file_photo = False
    if _FILE_PHOTO.match(title) or _FILE_PHOTO.match(caption):
        file_photo = True
        title, caption = _FILE_PHOTO.sub("", title, count=1), _FILE_PHOTO.sub("", caption, count=1)
    caption, credit = _split_credit(caption)
    photographer, agency = _names_of_credit(credit)
    file_photo = file_photo or bool(_IS_FILE.search(credit))
    return PhotoText(title, caption, photographer, agency, credit, file_photo, lines[-1].number)


def _split_credit(caption: str) -> tuple[str, str]:
    """The caption, and the credit at its end: "Image: …", a slug before it, or a slug alone."""
    rest = caption
    for credit in (_CREDIT, _SLUG):
        # From the end, so that a caption of a megabyte is not searched for slugs at each of its words.
        found = credit.search(rest, max(0, len(rest) - _CREDIT_LENGTH))
        if found:
            rest = rest[: found.start()].rstrip()
    return rest.rstrip(), caption[len(rest) :].strip()


def _names_of_credit(credit: str) -> tuple[str, str]:
    """Photographer and agency of a credit, each empty where it does not tell."""
    photographer = agency = ""
    named = _CREDIT.search(credit)
    # "Image: …" is written for readers, the slug for desks; the first has the better spelling.
    parts = [*(named["names"] if named else "").split("/"), *(credit[: named.start()] if named else credit).split("/")]
    for part in (re.sub(r",\s*(?:file|pool)\b.*", "", part, flags=re.IGNORECASE).strip(" ().") for part in parts):
        known = _AGENCIES.get(part.casefold())
        if not part or part.casefold() in ("file photo", "file", "pool"):
            continue
        if known or (len(part.split()) == 1 and not photographer) or (part.isupper() and " " not in part):
            agency = agency or known or part
        elif not photographer:
            photographer = re.sub(r"^(?:by\s+)", "", part, flags=re.IGNORECASE)
    return photographer, agency


# --- The body ---------------------------------------------------------------------------------------------------------
def read_body(lines: Sequence[PageLine]) -> Body:
    """Bylines, paragraphs and copyright lines of what stands between headline and discussion."""
    start = 0
    bylines: tuple[Byline, ...] = ()
    leftovers: list[tuple[int, str]] = []
    while start < len(lines):
        text = one_line(lines[start].text)
        if not bylines and (found := byline_of(text)):
            bylines = found
        elif text and is_date_line(text):
            leftovers.append((lines[start].number, text))
        elif text:
            break
        start += 1
    end, copyright_lines, after = _copyright_block(lines, start)
    warnings = tuple(
        PageWarning(number, f"Line {number} stands between the story and its comments and was left out.")
        for number, _ in after
    )
    return Body(bylines, _paragraphs(lines[start:end]), copyright_lines, (*leftovers, *after), warnings)


def byline_of(text: str) -> tuple[Byline, ...]:
    """The names of a line like "By Jane Doe, John Roe and Kyodo"; empty when the line is no byline."""
    match = _BYLINE.fullmatch(one_line(text)) if len(text) <= 210 else None
    if match is None:
        return ()
    names = [name.strip() for name in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s+&\s+", match["names"]) if name.strip()]
    # "By noon, the bridge was closed." is how a story begins.
    if not names or not all(_is_name(name) for name in names):
        return ()
    return tuple(Byline(name, _kind_of(name)) for name in names)


def _is_name(name: str) -> bool:
    words = name.split()
    if len(words) > 6 or name[-1] in "!?:;\u2026" or (name.endswith(".") and len(words[-1]) > 3):
        return False
    if _STAFF.search(name) or name.casefold() in _AGENCIES:
        return True
    return not words[0][0].isdigit() and all(not w[0].islower() or w.lower() in _PARTICLES for w in words)


def _kind_of(name: str) -> BylineKind:
    if _STAFF.search(name):
        return "staff"
    letters = name.replace(".", "")
    if name.casefold() in _AGENCIES or (
        letters.isupper() and letters.isascii() and " " not in name and len(letters) <= 5
    ):
        return "agency"
    return "agency" if name.endswith((" News", " Press", " Agency")) else "person"


def is_date_line(text: str) -> bool:
    """Whether the line is nothing but a date or an hour."""
    return len(text) <= 60 and any(c.isdigit() for c in text) and bool(_DATE_LINE.fullmatch(text.strip()))


def _copyright_block(
    lines: Sequence[PageLine], start: int
) -> tuple[int, tuple[tuple[int, str], ...], tuple[tuple[int, str], ...]]:
    """Where the body ends, the copyright lines there, and what stands below them."""
    last = next((at for at in range(len(lines) - 1, start - 1, -1) if is_copyright(lines[at].text)), None)
    if last is None:
        return len(lines), (), ()
    first = last
    for at in range(last - 1, start - 1, -1):
        if is_copyright(lines[at].text):
            first = at
        elif not is_blank(lines[at].text):
            break
    block = tuple((ln.number, one_line(ln.text)) for ln in lines[first : last + 1] if not is_blank(ln.text))
    below = tuple((ln.number, one_line(ln.text)) for ln in lines[last + 1 :] if not is_blank(ln.text))
    return first, block, below


def _paragraphs(lines: Sequence[PageLine]) -> tuple[str, ...]:
    paragraphs: list[str] = []
    open_paragraph: list[str] = []
    for line in [*lines, PageLine(0, "")]:
        if not is_blank(line.text):
            open_paragraph.append(one_line(line.text))
        elif open_paragraph:
            # Some copies have no blank lines: where every line ends a sentence, each is a paragraph.
            every = all(text.endswith(_ENDS_SENTENCE) for text in open_paragraph)
            paragraphs.extend(open_paragraph if every else ["\n".join(open_paragraph)])
            open_paragraph = []
    return tuple(paragraphs)


# --- Where it came from -----------------------------------------------------------------------------------------------
def guess_agency(copyright_lines: Sequence[tuple[int, str]], photo: PhotoText | None) -> Guess | None:
    """The agency the story probably came from.

    The copyright speaks of the words and is asked first; a photo credit speaks of the photo only.
    """
    for number, text in copyright_lines:
        named = re.search(rf"\b({_AGENCY_NAMES})\b", _YEARS.sub(" ", text))
        if named:
            return Guess(_AGENCIES[named[1].casefold()], "copyright line", number)
    # Of two holders the last is whoever printed it, so the first is whoever wrote it.
    if len(copyright_lines) > 1:
        number, text = copyright_lines[0]
        holder = one_line(_YEARS.sub(" ", text)).strip(" .,;-")
        if holder:
            return Guess(holder, "copyright line", number)
    if photo is not None and photo.agency in _AGENCIES.values():
        return Guess(photo.agency, "photo credit", photo.line)
    return None
