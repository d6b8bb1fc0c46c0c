"""What a picture says of itself: IPTC-IIM, XMP and EXIF in, plain text out."""

from __future__ import annotations

import io
import re
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta, timezone
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import Image

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
MOST_KEYWORDS = 20
LONGEST_PACKET = 2 * 1024 * 1024  # bytes of XMP; those of agencies have a few thousand

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC = "{http://purl.org/dc/elements/1.1/}"
PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
PLUS = "{http://ns.useplus.org/ldf/xmp/1.0/}"
EXIF = "{http://ns.adobe.com/exif/1.0/}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

_UTF8 = b"\x1b%G"
_EXIF_IFD = 0x8769
_BROKEN = (struct.error, ValueError, TypeError, SyntaxError, LookupError, OSError)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a picture, in the words of the IPTC Photo Metadata Standard; empty where nothing is said.

    `taken_at` knows its zone only where the picture tells it. From the day `expires` on it may not be shown.
    """

    title: str = ""
    caption: str = ""
    photographer: str = ""
    credit: str = ""
    copyright: str = ""
    usage_terms: str = ""
    alt_text: str = ""
    keywords: tuple[str, ...] = ()
    taken_at: datetime | None = None
    expires: date | None = None

    def or_else(self, other: Metadata) -> Metadata:
        """The same, filled up from another where nothing is said."""
        names = [field.name for field in fields(self)]
        return Metadata(**{name: getattr(self, name) or getattr(other, name) for name in names})

    @property
    def agency(self) -> str:
        """The credit without the photographer, who is printed beside it: `Strait Wire` of `Strait Wire/Jane Roe`."""
        parts = [part.strip() for part in re.split(r"\s*/\s*|\s+via\s+", self.credit)]
        return " / ".join(part for part in parts if part and part.casefold() != self.photographer.casefold())


def read(data: bytes) -> Metadata:
    """What the picture says of itself. XMP goes before IPTC-IIM, and both before EXIF; what is broken says nothing.

    Source: IPTC Photo Metadata Standard 2023.1 with its mapping guidelines; PLUS LDF 2.0.
    """
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        info, exif = picture.info, exif_of(picture)
        photoshop = info.get("photoshop")
        packet = info.get("xmp") or b""
        told = _from_xmp(packet if isinstance(packet, bytes) else str(packet).encode())
        told = told.or_else(_from_iim(photoshop.get(0x0404, b"") if isinstance(photoshop, dict) else b""))
        return told.or_else(_from_exif(exif))


# --- XMP --------------------------------------------------------------------------------------------------------------


def _from_xmp(packet: bytes) -> Metadata:
    packet = packet.strip(b"\0 \t\r\n")
    if not packet or len(packet) > LONGEST_PACKET:
        return Metadata()
    try:
        root = fromstring(packet, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return Metadata()

    def one(*names: str) -> str:
        return next((text for name in names for text in _values(root, name) if text), "")

    owner = one(f"{PLUS}CopyrightOwnerName")
    terms, rules = one(f"{RIGHTS}UsageTerms"), one(f"{PHOTOSHOP}Instructions")
    return Metadata(
        title=line(one(f"{PHOTOSHOP}Headline", f"{DC}title")),
        caption=prose(one(f"{DC}description")),
        photographer=line(", ".join(_values(root, f"{DC}creator")) or one(f"{PLUS}ImageCreatorName")),
        credit=line(one(f"{PHOTOSHOP}Credit", f"{PHOTOSHOP}Source")),
        copyright=line(one(f"{DC}rights") or (f"© {owner}" if owner else "")),
        usage_terms=prose("\n".join(dict.fromkeys(part for part in (terms, rules) if part))),
        alt_text=line(one(f"{CORE}AltTextAccessibility")),
        keywords=_keywords(_values(root, f"{DC}subject")),
        taken_at=moment(one(f"{PHOTOSHOP}DateCreated", f"{EXIF}DateTimeOriginal")),
        expires=day(one(f"{PLUS}LicenseEndDate")),
    )


def _values(root: Element, name: str) -> list[str]:
    """Every value of a property, wherever it stands; of several languages that which is the picture's own."""
    for element in root.iter():
        if name in element.attrib:
            return [element.attrib[name]]
        if element.tag != name:
            continue
        if element.find(f"{RDF}Alt") is not None:
            items = list(element.iter(f"{RDF}li"))
            own = next((item for item in items if item.get(LANGUAGE) == "x-default"), items[0] if items else None)
            return ["".join(own.itertext())] if own is not None else []
        items = list(element.iter(f"{RDF}li"))
        return [text for item in items or [element] if (text := "".join(item.itertext()).strip())]
    return []


# --- IPTC-IIM ---------------------------------------------------------------------------------------------------------


def _from_iim(block: bytes) -> Metadata:
    found: dict[tuple[int, int], list[bytes]] = {}
    for key, value in _datasets(block):
        found.setdefault(key, []).append(value)
    is_utf8 = found.get((1, 90), [b""])[0].startswith(_UTF8)

    def every(number: int) -> list[str]:
        return [_decoded(value, is_utf8) for value in found.get((2, number), [])]

    def one(*numbers: int) -> str:
        return next((text for number in numbers for text in every(number) if text.strip()), "")

    return Metadata(
        title=line(one(105, 5)),
        caption=prose(one(120)),
        photographer=line(", ".join(every(80))),
        credit=line(one(110, 115)),
        copyright=line(one(116)),
        usage_terms=prose(one(40)),
        keywords=_keywords(every(25)),
        taken_at=moment(f"{one(55)}T{one(60) or '000000'}" if one(55) else ""),
        expires=day(one(37)),
    )


def _datasets(block: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Record, number and value of each dataset, up to where the block ends or is broken. Source: IIM 4.2, 1.5."""
    at = 0
    while block[at : at + 1] == b"\x1c" and at + 5 <= len(block):
        record, number, size = struct.unpack_from(">BBH", block, at + 1)
        at += 5
        if size & 0x8000:  # an extended dataset: so many bytes tell the length
            digits = size & 0x7FFF
            size = int.from_bytes(block[at : at + digits], "big")
            at += digits
        if at + size > len(block):
            return
        yield (record, number), block[at : at + size]
        at += size


def _decoded(value: bytes, is_utf8: bool) -> str:
    if is_utf8:
        return value.decode("utf-8", "replace")
    try:
        return value.decode("cp1252")  # Latin-1, and the quotation marks that Windows has put beside it
    except UnicodeDecodeError:
        return value.decode("latin-1")


# --- EXIF -------------------------------------------------------------------------------------------------------------


def exif_of(picture: Image.Image) -> Image.Exif:
    """The picture's EXIF; none where it is broken."""
    try:
        return picture.getexif()
    except _BROKEN:
        return Image.Exif()


def _from_exif(exif: Image.Exif) -> Metadata:
    try:
        taken: dict[int, Any] = exif.get_ifd(_EXIF_IFD)
    except _BROKEN:
        taken = {}

    def text(value: Any) -> str:
        written = value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else ""
        try:
            return written.encode("latin-1").decode("utf-8")  # what most cameras and programs write into ASCII fields
        except UnicodeError:
            return written

    zone = text(taken.get(0x9011)).strip("\0 ")
    return Metadata(
        caption=prose(text(exif.get(0x010E))),
        photographer=line(text(exif.get(0x013B)).replace(";", ", ")),
        copyright=line(text(exif.get(0x8298)).split("\0")[0]),
        taken_at=moment(text(taken.get(0x9003)).strip("\0 ") + zone),
    )


# --- Values -----------------------------------------------------------------------------------------------------------


def line(text: str) -> str:
    """The text as one line without invisible signs."""
    return " ".join(prose(text).split())


def prose(text: str) -> str:
    """The text with its line breaks, without other control and formatting signs."""
    kept = (sign for sign in text.replace("\r\n", "\n").replace("\r", "\n") if sign == "\n" or _is_shown(sign))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _is_shown(sign: str) -> bool:
    # Formatting signs turn the direction of what follows (S-094); the joiners belong to words and emoji.
    return sign in "\t\u200c\u200d" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _keywords(values: Sequence[str]) -> tuple[str, ...]:
    """Each keyword once, whether they came one by one or in a line with commas."""
    parts = (line(part) for value in values for part in re.split(r"[;,]", value))
    folded: dict[str, str] = {}
    for part in parts:
        if 0 < len(part) <= 100:
            folded.setdefault(part.casefold(), part)
    return tuple(folded.values())[:MOST_KEYWORDS]


_MOMENT = re.compile(
    r"(?P<year>\d{4})[-:]?(?P<month>\d\d)[-:]?(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d))?(?:\.\d+)?"
    r"\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)


def moment(text: str) -> datetime | None:
    """The time that is written in the way of XMP, IIM or EXIF; midnight where only a day is told, None for no time."""
    found = _MOMENT.match(text.strip())
    if found is None:
        return None
    numbers = {name: int(found[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")}
    try:
        return datetime(**numbers, tzinfo=_zone(found["zone"]))
    except ValueError:
        return None


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text == "Z":
        return timezone.utc  # noqa: UP017 - beside `timezone(…)` below
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-offset if text[0] == "-" else offset)


def day(text: str) -> date | None:
    """The day of a time, None for no time."""
    found = moment(text)
    return found.date() if found else None
