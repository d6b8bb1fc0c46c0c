"""Which format a document is written in."""

from __future__ import annotations

from kawaraban.formats import json_text, ninjs
from kawaraban.formats.items import FormatError, Item


def read(data: bytes, content_type: str = "") -> list[Item]:
    """The items of a document of any format that is read here, by what stands in it.

    Args:
        content_type: what the sender calls it; only its charset is used, and only where the document names none.

    Raises:
        FormatError: the document is of no such format, or is not well-formed. Nothing of it was read.
    """
    if _looks_like_json(data):
        return ninjs.read_value(json_text.read(data))
    raise FormatError("The document is neither XML nor JSON, so no format was recognised.")


def _looks_like_json(data: bytes) -> bool:
    opening = data[:200].translate(None, b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return opening[:1] in (b"{", b"[")
