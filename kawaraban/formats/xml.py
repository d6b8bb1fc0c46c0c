"""XML as strangers send it: read whole or not at all, without entities, without a DTD, without the network (S-090)."""

from __future__ import annotations

import re
from html.entities import html5
from typing import Any

from lxml import etree

from kawaraban.formats import values
from kawaraban.formats.items import FormatError

MAX_BYTES = 8_000_000  # Inline pictures of up to 6 MB; a tree takes ten times its text.
MAX_PARTS = 300_000  # Signs that begin a tag or give an attribute, counted before anything is built of them.

# Nothing that switches its meaning midway (UTF-7, ISO-2022), and nothing that is no charset (rot13, zip).
_CHARSETS = re.compile(
    r"utf-?8|utf-?16(?:-?[lb]e)?|us-ascii|ascii|iso-?8859-?(?:[1-9]|1[0-6])|latin-?1|windows-(?:874|125[0-8])|cp125[0-8]"
    r"|shift[_-]?jis|sjis|windows-31j|cp932|euc-?jp|euc-?kr|gb2312|gbk|gb18030|big5|koi8-[ru]",
    re.IGNORECASE,
)
_AS_BROWSERS_DO = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "shift_jis": "cp932"}
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]{0,200}?\?>")
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_PROLOG = re.compile(r"(?:\s+|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\s+(?:[\w-]+:)?([\w.-]+)(?:\s+(?:\"[^\"]*\"|'[^']*'|PUBLIC|SYSTEM))*+\s*>")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML = {"amp", "lt", "gt", "quot", "apos"}


def read(data: bytes, doctypes: frozenset[str] = frozenset()) -> Any:
    """The root element of a document: what `prepared` and `parse` do."""
    return parse(prepared(data, doctypes=doctypes))


def prepared(data: bytes, charset: str = "", doctypes: frozenset[str] = frozenset()) -> bytes:
    """The document in UTF-8, without declaration and DOCTYPE.

    Args:
        charset: what the sender says, for a document that says nothing itself.
        doctypes: root names whose DOCTYPE is dropped unread, if it has no part of its own within the document; the
            named entities of HTML, which such documents use, are then known.

    Raises:
        FormatError: not in its charset, with another DOCTYPE, or beyond the limits above.
    """
    if len(data) > MAX_BYTES:
        raise FormatError(f"The document has {len(data):,} bytes; up to {MAX_BYTES:,} are read.")
    text = _decoded(data, charset)
    if text.count("<") + text.count("=") > MAX_PARTS:
        raise FormatError("The document has more elements and attributes than a delivery of news can have.")
    text = text[match.end() :] if (match := _DECLARATION.match(text)) else text
    opening = _PROLOG.match(text)
    start = opening.end() if opening else 0
    if text[start : start + 9].upper() == "<!DOCTYPE":
        found = _DOCTYPE.match(text, start)
        if found is None or found[1].lower() not in doctypes:
            raise FormatError("The document brings a DOCTYPE, which is not read here.")
        text = _ENTITY.sub(_as_number, text[found.end() :])
    return text.encode()


def parse(document: bytes) -> Any:
    """The root of a document that was prepared.

    Raises:
        FormatError: it is not well-formed.
    """
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise FormatError(f"The document is no well-formed XML: {values.line(str(error))[:200]}.") from error
    if any(not isinstance(element.tag, str) for element in root.iter()):
        raise FormatError("The document uses an entity that is not known.")
    return root


def local(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Any, *names: str) -> list[Any]:
    """The children with one of these names, in order, whatever their namespace; those of no element are none."""
    return [] if element is None else [each for each in element if local(each) in names]


def child(element: Any, *path: str) -> Any:
    """The first child with this name, or the first of that along a path; None where there is none."""
    for name in path:
        element = next(iter(children(element, name)), None)
    return element


def said(element: Any) -> str:
    """The text in an element on one line, without what marks it up; "" for none."""
    return "" if element is None else values.line("".join(element.itertext()))


def attribute(element: Any, name: str) -> str:
    """The attribute, or "" where it or the element is missing."""
    return "" if element is None else values.line(element.get(name))


def language(element: Any) -> str:
    """The language that an element names for what is in it."""
    return values.language("" if element is None else element.get("{http://www.w3.org/XML/1998/namespace}lang"))


def _decoded(data: bytes, charset: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        named = "utf-16"
    elif data.startswith(b"\xef\xbb\xbf"):
        named = "utf-8-sig"
    elif data[:4] in (b"<\x00?\x00", b"<\x00!\x00") or re.match(rb"<\x00[A-Za-z]\x00", data):
        named = "utf-16-le"
    elif data[:4] in (b"\x00<\x00?", b"\x00<\x00!") or re.match(rb"\x00<\x00[A-Za-z]", data):
        named = "utf-16-be"
    else:
        declared = _DECLARED.search(data[:400])
        named = declared[1].decode() if declared else charset or "utf-8"
        # A document that could be searched for its declaration is in no charset of two bytes.
        if not _CHARSETS.fullmatch(named) or named.lower().startswith("utf-16"):
            raise FormatError(f"The document says it is written in “{named[:40]}”, which is not read here.")
        named = _AS_BROWSERS_DO.get(named.lower(), named)
    try:
        return data.decode(named)
    except (UnicodeError, LookupError) as error:
        raise FormatError(f"The document is not written in {named}, as it seems or says.") from error


def _as_number(entity: re.Match[str]) -> str:
    meaning = html5.get(entity[1] + ";")
    if meaning is None or entity[1] in _OF_XML:
        return entity[0]
    return "".join(f"&#{ord(character)};" for character in meaning)
