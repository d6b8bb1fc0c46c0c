"""Which format a document is written in."""

from __future__ import annotations

import re

from kawaraban.formats import feeds, json_feed, json_text, newsml, ninjs, nitf, xml
from kawaraban.formats.items import FormatError, Item

_DOCTYPES = nitf.DOCTYPES | feeds.DOCTYPES


def read(data: bytes, content_type: str = "") -> list[Item]:
    """The items of a document of any format that is read here, by what stands in it.

    Args:
        content_type: what the sender calls it; only its charset is used, and only where the document names none.

    Raises:
        FormatError: the document is of no such format, or is not well-formed. Nothing of it was read.
    """
    opening = data[:2_000].translate(None, b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    if opening in (b"{", b"["):
        value = json_text.read(data)
        return json_feed.read_value(value) if json_feed.is_feed(value) else ninjs.read_value(value)
    if opening != b"<":
        raise FormatError("The document is neither XML nor JSON, so no format was recognised.")
    return _read_xml(data, _charset(content_type))


def _read_xml(data: bytes, charset: str) -> list[Item]:
    document = xml.prepared(data, charset, _DOCTYPES)
    root = xml.parse(document)
    name = xml.local(root)
    if name in feeds.ROOTS:
        return feeds.read_prepared(document)
    if name == "nitf":
        return nitf.read_root(root)
    return newsml.read_root(root)


def _charset(content_type: str) -> str:
    found = re.search(r"(?i);\s*charset\s*=\s*\"?([A-Za-z0-9._-]{1,40})", content_type)
    return found[1] if found else ""
