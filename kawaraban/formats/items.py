"""A news item as every format tells it. The names are those of ninjs and NewsML-G2 (IPTC)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class PubStatus(StrEnum):
    """What the provider says of an item: http://cv.iptc.org/newscodes/pubstatusg2/."""

    USABLE = "usable"
    WITHHELD = "withheld"
    """Not to be published until the provider says so."""
    CANCELED = "canceled"
    """Killed: must not be published, and must be withdrawn where it was."""


class Signal(StrEnum):
    """What a version is, as the provider says: http://cv.iptc.org/newscodes/signal/."""

    NONE = ""
    UPDATE = "update"
    CORRECTION = "correction"
    ADVISORY = "advisory"
    """To editors, not to readers."""


class Kind(StrEnum):
    """What an item is made of: `type` in ninjs, `itemClass` in NewsML-G2."""

    TEXT = "text"
    PICTURE = "picture"
    COMPOSITE = "composite"
    """A package: it lists other items and has no text of its own."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who made something. `kind` is `person`, `agency` or `staff`."""

    name: str
    kind: str = "person"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an item is about. `code` is an IPTC media topic such as `medtop:11000000`, or empty for a keyword."""

    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Rendition:
    """A file of a picture: at an address, as a file of the same delivery (a bare name), or inline as `data`."""

    href: str = ""
    data: bytes = b""
    mimetype: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an item. `renditions` holds the largest first."""

    guid: str = ""
    headline: str = ""
    caption: str = ""
    alt_text: str = ""
    photographer: str = ""
    credit: str = ""
    copyrightnotice: str = ""
    usageterms: str = ""
    is_file_photo: bool = False
    contentcreated: datetime | None = None
    expires: datetime | None = None
    renditions: tuple[Rendition, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One version of one item.

    `guid` names the item for its provider and is never empty. Of two versions the greater `(version, versioncreated)`
    is the newer. Times know their zone. Plain fields are plain text, without markup. `body` holds blocks in order as
    the newsroom's stories take them: `("paragraph", html)`, `("heading", text)`, `("quote", {"text", "attribution"})`,
    `("list", [html, ...])`; the HTML is clean: `b`, `i` and `a href` only (`formats.bodies`).
    `urgency` is 1 (a flash) to 9, or 0 where nothing is said. `items` are the guids of a package, in order.
    """

    guid: str
    version: int = 1
    versioncreated: datetime | None = None
    firstcreated: datetime | None = None
    kind: Kind = Kind.TEXT
    pubstatus: PubStatus = PubStatus.USABLE
    signal: Signal = Signal.NONE
    embargoed: datetime | None = None
    expires: datetime | None = None
    headline: str = ""
    slugline: str = ""
    standfirst: str = ""
    body: tuple[tuple[str, object], ...] = ()
    bylines: tuple[Author, ...] = ()
    dateline: str = ""
    language: str = ""
    urgency: int = 0
    ednote: str = ""
    provider: str = ""
    copyrightholder: str = ""
    copyright_lines: tuple[str, ...] = ()
    usageterms: str = ""
    subjects: tuple[Subject, ...] = ()
    keywords: tuple[str, ...] = ()
    genre: str = ""
    uri: str = ""
    """Where the story stands on its provider's site, if anywhere."""
    pictures: tuple[Picture, ...] = ()
    items: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=(), compare=False)
    """What was left out or mended while the item was read, each as a sentence for an editor."""


class FormatError(Exception):
    """Bytes that are not a well-formed document of the format; the message says where and why, for an operator."""
