"""Single values as the formats write them: texts, moments, numbers, states, codes, names, addresses."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from urllib.parse import quote, unquote, unquote_to_bytes, urlsplit

from kawaraban.formats.items import Author, PubStatus, Rendition, Signal, Subject

MAX_LINE = 10_000  # Characters of a plain field; what is longer is no headline and no note.
MAX_URL = 2_000
MAX_GUID = 500
MAX_VERSION = 2**31 - 1  # Of a database's integer. Versions above it are told apart by their time.
FILE_PHOTO_GENRE = "http://cv.iptc.org/newscodes/genre/Archive_material"

# Controls, lone surrogates and noncharacters break databases and XML (S-097).
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Not \s: the ideographic space of Japanese is a character somebody set.
SPACE = re.compile("[ \t\n\r]+")
_FILE_PHOTO = re.compile(r"\s*\(?(?:FILE PHOTO\b|FILE(?: PHOTO)?\s*[-–—:]|File photo\b|Archivbild\b|資料写真)")
_URI = re.compile(r"(?!urn:x-guid:)[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_NAMED = "urn:x-guid:"
_KILLED = {"canceled", "cancelled", "kill", "killed", "withdraw", "withdrawn", "withdrawal"}
_WITHHELD = {"withheld", "withhold", "hold", "held", "embargoed"}
_SIGNALS = {
    "update": Signal.UPDATE,
    "updated": Signal.UPDATE,
    "writethru": Signal.UPDATE,
    "correction": Signal.CORRECTION,
    "corrected": Signal.CORRECTION,
    "corrective": Signal.CORRECTION,
    "advisory": Signal.ADVISORY,
}


def text(value: object) -> str:
    """The text without characters that nothing can store; "" for what is no text."""
    return _NEVER.sub("", value) if isinstance(value, str) else ""


def line(value: object) -> str:
    """The text on one line, at most `MAX_LINE` characters."""
    return SPACE.sub(" ", text(value)).strip(" ")[:MAX_LINE].rstrip(" ")


def lines(value: object) -> tuple[str, ...]:
    """The lines of a text that are not empty."""
    return tuple(found for part in re.split("[\r\n]+", text(value)) if (found := line(part)))


def number(value: object, least: int = 0, most: int = 2**31 - 1) -> int:
    """The whole number, or 0 for what is none or lies outside the bounds."""
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,19}(?:\.0*)?\s*", value):
        value = int(value.split(".")[0])
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return value if least <= value <= most else 0


def version(value: object, warnings: list[str]) -> int:
    """The version, from 0 to `MAX_VERSION`; 1 where none is given or where it is no number."""
    if value is None or value == "":
        return 1
    written = str(value).strip()
    if re.fullmatch(r"[0-9]{1,100}(?:\.0*)?", written):
        return min(int(written.split(".")[0]), MAX_VERSION)
    warnings.append(f"The version “{line(written)[:40]}” is no number, so the time of the version decides.")
    return 1


def moment(value: object, name: str, warnings: list[str]) -> datetime | None:
    """The moment in UTC, or None where nothing readable stands. Without a zone it is taken as UTC, with a warning.

    Reads RFC 3339, ISO 8601 with and without separators (NITF's `norm`), a day alone, and the dates of mails (RSS).
    """
    written = line(value)
    if not written:
        return None
    found = _moment(written)
    if found is None:
        warnings.append(f"The time of {name}, “{written[:40]}”, cannot be read and was left out.")
        return None
    if found.tzinfo is None:
        warnings.append(f"The time of {name}, “{written[:40]}”, has no zone and was taken as UTC.")
        found = found.replace(tzinfo=UTC)
    return found.astimezone(UTC)


def _moment(written: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(written)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        # Beyond these years is no news; near the ends of the calendar a change of zone overflows.
        return found if 1900 <= found.year <= 2200 else None
    return None


def pubstatus(value: object, warnings: list[str]) -> PubStatus:
    """What the provider says of the item. What is not known is withheld: an editor must look at it."""
    code = _last_part(line(value)).casefold()
    if code in _KILLED:
        return PubStatus.CANCELED
    if code in _WITHHELD:
        return PubStatus.WITHHELD
    if code in ("", "usable"):
        return PubStatus.USABLE
    warnings.append(f"The status “{code[:40]}” is not known, so the item is withheld.")
    return PubStatus.WITHHELD


def signal(value: object) -> Signal:
    """What the version is, from a code, a QCode or an address of the vocabulary."""
    return _SIGNALS.get(_last_part(line(value)).casefold(), Signal.NONE)


def is_kill(value: object) -> bool:
    """Whether a signal says that the item is withdrawn, as some agencies do beside the status or instead of it."""
    return _last_part(line(value)).casefold() in _KILLED


def _last_part(code: str) -> str:
    return re.split("[:/#]", code.rstrip("/"))[-1]


def subject(name: object, code: object, scheme: object = "") -> Subject | None:
    """The subject, or None where nothing is said.

    Media topics keep their code as `medtop:` and eight digits. An old subject code is taken as the media topic of its
    first two digits, which both vocabularies share; eight digits of no vocabulary are one or the other by their size.
    Of any other vocabulary only the name is kept.
    """
    named, written, listed = line(name), line(code), line(scheme).casefold()
    digits = re.search(r"(?:^|[:/])([0-9]{8})/?$", written)
    place = f"{listed} {written.casefold()}"
    if digits and written == digits[1] and not listed:
        place = "medtop" if written >= "20000000" else "subj:"
    if digits and ("medtop" in place or "mediatopic" in place):
        return Subject(named, f"medtop:{digits[1]}")
    if digits and re.search(r"\bsubj:|subjectcode|\biptc\b", place) and digits[1][:2] <= "17":
        return Subject(named, f"medtop:{digits[1][:2]}000000")
    # A bare number is no word that an editor could use.
    shown = named or re.sub("^[0-9]+$", "", _last_part(written))
    return Subject(shown) if shown else None


def bylines(written: object, houses: tuple[str, ...] = ()) -> tuple[Author, ...]:
    """The authors of a byline such as "By Ann Lee, Bo Ek and Cy Day". `houses` are names of the provider's own."""
    names = re.sub(r"(?i)^\s*(?:by|von|par|por)\s+", "", line(written))
    parts = re.split(r"\s*[,;]\s*(?:and\s+)?|\s+(?:and|und|et|y)\s+|\s*、\s*", names)
    return tuple(Author(part, author_kind(part, houses)) for part in dict.fromkeys(parts) if part)


def author_kind(name: str, houses: tuple[str, ...] = ()) -> str:
    """Who stands behind a name without further word: a `person`, an `agency`, or the `staff` of the house."""
    if re.search(r"(?i)\bstaff\b|\bnewsroom\b", name):
        return "staff"
    known = {"afp", "ap", "associated press", "the associated press", "dpa", "reuters", "kyodo", "jiji press", "upi"}
    return "agency" if name.casefold() in known | {house.casefold() for house in houses if house} else "person"


def dateline(written: object) -> str:
    """The place of a dateline: "BERLIN (dpa) - " is BERLIN."""
    return re.sub(r"\s*(?:\([^()]{0,40}\))?\s*[-–—]*$", "", line(written)[:200])


def language(written: object) -> str:
    """The tag of BCP 47 as written, or "" for what is none."""
    tag = line(written).replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}", tag) else ""


def guid(written: object) -> str:
    """The name of an item for its provider; a very long one is replaced by its digest, always the same."""
    name = line(written)
    return name if len(name) <= MAX_GUID else "urn:sha256:" + sha256(name.encode()).hexdigest()


def guid_from(*parts: object) -> str:
    """A name made of what an item says, for an item that has none; "" where it says nothing."""
    said = "\n".join(line(part) for part in parts)
    return "urn:sha256:" + sha256(said.encode()).hexdigest() if said.strip() else ""


def as_uri(name: str) -> str:
    """The name as a URI, where a format wants one; `from_uri` gives the name back."""
    return name if _URI.fullmatch(name) else _NAMED + quote(name, safe="")


def from_uri(uri: str) -> str:
    """The name that was written as this URI."""
    return unquote(uri.removeprefix(_NAMED)) if uri.startswith(_NAMED) else uri


def picture_guid(item: str, number: int) -> str:
    """The name under which a picture is written that has none; `picture_name` takes it away again."""
    return f"{item}#picture{number}"


def picture_name(guid: str, item: str) -> str:
    """The name of a picture of an item, without a name that was only made for writing it."""
    return "" if re.fullmatch(re.escape(item) + "#picture[0-9]+", guid) else guid


def web_address(written: object) -> str:
    """The address if it leads to a named place on the web, else ""."""
    address = text(written).strip()
    if len(address) > MAX_URL or re.search(r"[\s<>\"\\`]", address):
        return ""
    try:
        parts = urlsplit(address)
        return address if parts.scheme.lower() in ("http", "https") and parts.hostname and not parts.username else ""
    except ValueError:
        return ""


def is_file_photo(*said: object) -> bool:
    """Whether a caption or a note marks a picture as one from the archive."""
    return any(_FILE_PHOTO.match(text(each)) for each in said)


def rendition(href: object, mimetype: object = "", width: object = 0, height: object = 0) -> Rendition | None:
    """A file of a picture: at an address of the web, within the address (`data:`), or of the delivery by bare name.

    A name is bare: what leads elsewhere, by a path or by another scheme, is no file of ours (S-094).
    """
    written = text(href).strip()
    kind, size = line(mimetype).casefold(), (number(width, most=100_000), number(height, most=100_000))
    if written[:5].casefold() == "data:":
        kind, data = _data(written)
        return Rendition("", data, kind, *size) if data else None
    if web_address(written):
        return Rendition(written, b"", kind, *size)
    name = re.sub(r"^(?:file:/{0,3})?(?:\./)?\s*", "", written)
    if re.fullmatch(r"[^/\\:\x00-\x1f]{1,200}", name) and not name.startswith("."):
        return Rendition(name, b"", kind, *size)
    return None


def _data(address: str) -> tuple[str, bytes]:
    head, _, body = address[5:].partition(",")
    kind = head.split(";")[0].casefold()
    if not kind.startswith("image/"):
        return "", b""
    return kind, inline(body) if head.endswith(";base64") else unquote_to_bytes(body)


def inline(written: str) -> bytes:
    """The bytes of a base64 text, or none where it is not one."""
    try:
        return b64decode("".join(written.split()), validate=True)
    except (Base64Error, ValueError):
        return b""


def data_address(data: bytes, mimetype: str) -> str:
    """The bytes as an address of their own."""
    return f"data:{mimetype or 'application/octet-stream'};base64,{b64encode(data).decode()}"


def largest_first(renditions: list[Rendition]) -> tuple[Rendition, ...]:
    """The files of one picture in our order; where no size is said, in the provider's."""
    return tuple(sorted(renditions, key=lambda each: -each.width * each.height))


def written_moment(when: datetime | None) -> str:
    """The moment as RFC 3339 in UTC, or "" for none. Fractions of a second are kept."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z") if when else ""
