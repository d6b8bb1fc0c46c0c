"""NewsML-G2 (IPTC): news items, packages and messages are read.

Source of the elements: NewsML-G2 2.34, conformance level power, http://iptc.org/std/nar/2006-10-01/. What is mapped to
what stands in docs/reference/wire-formats.md. Writing: `newsml_writing`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from kawaraban.formats import bodies, newsml_writing, nitf, values, xml
from kawaraban.formats.items import Author, FormatError, Item, Kind, Picture, PubStatus, Rendition, Signal, Subject

write = newsml_writing.write

_KINDS = {"text": Kind.TEXT, "picture": Kind.PICTURE, "graphic": Kind.PICTURE, "composite": Kind.COMPOSITE}
# Concepts that are no topics: persons, places, organisations and the like are not read as subjects.
_NO_TOPICS = {"person", "organisation", "geoarea", "poi", "event", "object"}


class _Read(NamedTuple):
    """An item, and the names of what it refers to."""

    item: Item
    links: tuple[str, ...]


def read(data: bytes) -> list[Item]:
    """The items of a newsItem, a packageItem or a newsMessage.

    Pictures that come in the same message as the text that refers to them, or as the package that has one text,
    become pictures of that text and no items of their own.

    Raises:
        FormatError: the bytes are no well-formed XML, or no such document.
    """
    return read_root(xml.read(data))


def read_root(root: Any) -> list[Item]:
    """The items of a document that is parsed already."""
    name = xml.local(root)
    if name == "newsMessage":
        members = xml.children(xml.child(root, "itemSet"), "newsItem", "packageItem")
        priority = values.number(xml.said(xml.child(root, "header", "priority")), 1, 9)
    elif name in ("newsItem", "packageItem"):
        members, priority = [root], 0
    else:
        raise FormatError(f"The document is a “{name[:40]}”, which is no news item of NewsML-G2.")
    if not members:
        raise FormatError("The message of NewsML-G2 holds no news item.")
    return _joined([_item(each, priority) for each in members])


# --- Items ------------------------------------------------------------------------------------------------------------


def _item(element: Any, priority: int) -> _Read:
    warnings: list[str] = []
    guid = values.guid(element.get("guid"))
    if not guid:
        raise FormatError("A news item of NewsML-G2 has no guid, so it cannot be told apart from others.")
    meta, content = xml.child(element, "itemMeta"), xml.child(element, "contentMeta")
    rights = xml.children(element, "rightsInfo")
    kind = _kind(element, meta, warnings)
    told = _content(element, warnings)
    headline = _headline(content) or told.headline
    body = bodies.without_headline(told.body.blocks, headline)
    above = _standfirst(content) or told.standfirst
    place = values.dateline(xml.said(xml.child(content, "dateline")))
    shown = (_picture(element, warnings),) if kind == Kind.PICTURE else _pictures_of_text(element, warnings)
    language = _language(element, content)
    status, embargoed = _release(meta, warnings)
    provider = _named(xml.child(meta, "provider"), language)
    holder = next((name for each in rights if (name := _named(xml.child(each, "copyrightHolder"), language))), "")
    notices = [xml.said(part) for each in rights for part in xml.children(each, "copyrightNotice")]
    terms = [xml.said(part) for each in rights for part in xml.children(each, "usageTerms")]
    references = [each for each in element.iter() if isinstance(each.tag, str) and xml.local(each) == "itemRef"]
    item = Item(
        guid=guid,
        version=values.version(element.get("version"), warnings),
        versioncreated=_moment(meta, "versionCreated", "the version", warnings),
        firstcreated=_moment(meta, "firstCreated", "the first version", warnings),
        kind=kind,
        pubstatus=status,
        signal=_signal(meta),
        embargoed=embargoed,
        expires=_moment(meta, "expires", "expiry", warnings),
        headline=headline or xml.said(xml.child(meta, "title")),
        slugline=xml.said(xml.child(content, "slugline")),
        standfirst="" if kind == Kind.PICTURE else bodies.standfirst(above, body, headline),
        body=body,
        bylines=_authors(content, (provider, holder), language) or told.bylines,
        dateline=place or told.dateline or _located(content, language),
        language=language or told.language,
        urgency=values.number(xml.said(xml.child(content, "urgency")), 1, 9) or told.urgency or priority,
        ednote=" ".join(note for each in xml.children(meta, "edNote") if (note := xml.said(each))),
        provider=provider,
        copyrightholder=holder,
        copyright_lines=tuple(filter(None, notices)),
        usageterms=" ".join(filter(None, terms)),
        subjects=_subjects(content, language) or told.subjects,
        keywords=tuple(dict.fromkeys(word for each in xml.children(content, "keyword") if (word := xml.said(each)))),
        genre=_named(xml.child(content, "genre"), language),
        uri=_web_page(meta),
        pictures=shown or told.body.pictures,
        items=tuple(dict.fromkeys(name for each in references if (name := values.guid(each.get("residref"))))),
        warnings=tuple(warnings),
    )
    links = [values.guid(each.get("residref")) for each in xml.children(meta, "link")]
    return _Read(item, tuple(filter(None, links)))


def _kind(element: Any, meta: Any, warnings: list[str]) -> Kind:
    if xml.local(element) == "packageItem":
        return Kind.COMPOSITE
    named = _code(xml.child(meta, "itemClass"))
    if named and named not in _KINDS:
        warnings.append(f"The provider calls this item “{named[:40]}”; only what it says in words was kept.")
    return _KINDS.get(named, Kind.TEXT)


def _code(element: Any) -> str:
    """The last part of a QCode or of the address that stands for it, or the literal."""
    written = xml.attribute(element, "qcode") or xml.attribute(element, "uri")
    return written.replace("/", ":").rpartition(":")[2] or xml.attribute(element, "literal")


def _named(element: Any, language: str) -> str:
    """The name of a concept in the language of the item, or else its code."""
    names = xml.children(element, "name")
    first = next((each for each in names if language and xml.language(each) == language), next(iter(names), None))
    return xml.said(first) or _code(element)


def _language(element: Any, content: Any) -> str:
    return values.language(xml.attribute(xml.child(content, "language"), "tag")) or xml.language(element)


def _moment(meta: Any, name: str, spoken: str, warnings: list[str]) -> datetime | None:
    return values.moment(xml.said(xml.child(meta, name)), spoken, warnings)


def _release(meta: Any, warnings: list[str]) -> tuple[PubStatus, datetime | None]:
    """What may be done with the item, and from when. An embargo without an end lasts until the provider says so."""
    element = xml.child(meta, "pubStatus")
    status = values.pubstatus(_code(element), warnings)
    if any(values.is_kill(_code(each)) for each in xml.children(meta, "signal")):
        status = PubStatus.CANCELED
    embargoed = _moment(meta, "embargoed", "the embargo", warnings)
    if xml.child(meta, "embargoed") is not None and embargoed is None and status == PubStatus.USABLE:
        warnings.append("When the embargo ends is not known, so the item is withheld; see the note to editors.")
        status = PubStatus.WITHHELD
    return status, embargoed


def _signal(meta: Any) -> Signal:
    said = [values.signal(_code(each)) for each in xml.children(meta, "signal")]
    return next((each for each in said if each != Signal.NONE), Signal.NONE)


def _ranked(content: Any, name: str) -> list[tuple[str, str]]:
    """The texts of a property as (role, text), by rank, and without a rank as they stand."""
    found = [(values.number(each.get("rank")) or 1, each) for each in xml.children(content, name)]
    ordered = sorted(found, key=lambda pair: pair[0])
    return [
        (xml.attribute(each, "role").rpartition(":")[2].casefold(), said)
        for _, each in ordered
        if (said := xml.said(each))
    ]


def _headline(content: Any) -> str:
    found = [(role, said) for role, said in _ranked(content, "headline") if not role.startswith("sub")]
    return next((said for role, said in found if role == "main"), found[0][1] if found else "")


def _standfirst(content: Any) -> str:
    found = _ranked(content, "description")
    below = [said for role, said in _ranked(content, "headline") if role.startswith("sub")]
    best = [said for wanted in ("summary", "abstract", "teaser", "") for role, said in found if role == wanted]
    return next(iter(best + below), "")


def _authors(content: Any, houses: tuple[str, ...], language: str) -> tuple[Author, ...]:
    found = [_author(each, houses, language) for each in xml.children(content, "creator")]
    return tuple(each for each in found if each.name) or values.bylines(xml.said(xml.child(content, "by")), houses)


def _author(element: Any, houses: tuple[str, ...], language: str) -> Author:
    name = _named(element, language)
    if element.get("literal") == "staff":
        return Author(name, "staff")
    kinds = {"person": "person", "organisation": "agency"}
    return Author(name, kinds.get(xml.attribute(element, "type").rpartition(":")[2], values.author_kind(name, houses)))


def _located(content: Any, language: str) -> str:
    return _named(xml.child(content, "located"), language)


def _subjects(content: Any, language: str) -> tuple[Subject, ...]:
    found = []
    for each in xml.children(content, "subject"):
        code = xml.attribute(each, "qcode") or xml.attribute(each, "uri") or xml.attribute(each, "literal")
        names = xml.children(each, "name")
        subject = values.subject(_named(each, language) if names else "", code)
        kind = xml.attribute(each, "type").rpartition(":")[2].casefold()
        if subject and (subject.code or kind not in _NO_TOPICS):
            found.append(subject)
    return tuple(dict.fromkeys(found))


def _web_page(meta: Any) -> str:
    pages = [
        xml.said(each) for each in xml.children(meta, "altRep") if each.get("contenttype", "text/html") == "text/html"
    ]
    return next((address for each in pages if (address := values.web_address(each))), "")


# --- Content ----------------------------------------------------------------------------------------------------------


def _content(element: Any, warnings: list[str]) -> nitf.Told:
    """What the content says: the first rendition of it that is a text, XML before plain text."""
    content = xml.child(element, "contentSet")
    for each in xml.children(content, "inlineXML"):
        inner = next(iter(each), None)
        if inner is not None and xml.local(inner) == "nitf":
            return nitf.told(inner, warnings)
        body = bodies.read_element(each, warnings)
        if body.blocks:
            return nitf.Told(body)
    for each in xml.children(content, "inlineData"):
        kind, said = xml.attribute(each, "contenttype").casefold(), values.text("".join(each.itertext()))
        if "html" in kind:
            return nitf.Told(bodies.read_html(said, warnings))
        if not kind.startswith(("image/", "video/", "audio/")) and not each.get("encoding"):
            return nitf.Told(bodies.read_plain(said, warnings))
    return nitf.Told(bodies.Body((), ()))


def _files(element: Any, warnings: list[str]) -> list[tuple[str, Rendition]]:
    """The images in the content, each with the name of its rendition."""
    found = []
    for each in xml.children(xml.child(element, "contentSet"), "remoteContent", "inlineData"):
        kind = xml.attribute(each, "contenttype").casefold()
        if xml.local(each) == "inlineData":
            data = values.inline("".join(each.itertext())) if kind.startswith("image/") else b""
            size = values.number(each.get("width")), values.number(each.get("height"))
            file = Rendition("", data, kind, *size) if data else None
        else:
            file = values.rendition(each.get("href"), kind, each.get("width"), each.get("height"))
        if file is None and kind.startswith("image/"):
            warnings.append("A file of a picture has no address that can be read; it was left out.")
        elif file and (not file.mimetype or file.mimetype.startswith("image/")):
            found.append((xml.attribute(each, "rendition"), file))
    return found


def _pictures_of_text(element: Any, warnings: list[str]) -> tuple[Picture, ...]:
    """Pictures that stand in the content of a text: files of different renditions are one picture."""
    groups: list[list[tuple[str, Rendition]]] = []
    for name, file in _files(element, warnings):
        if not groups or not name or any(name == other for other, _ in groups[-1]):
            groups.append([])
        groups[-1].append((name, file))
    return tuple(Picture(renditions=values.largest_first([file for _, file in group])) for group in groups)


def _picture(element: Any, warnings: list[str]) -> Picture:
    meta, content = xml.child(element, "itemMeta"), xml.child(element, "contentMeta")
    rights = xml.child(element, "rightsInfo")
    language = _language(element, content)
    described = _ranked(content, "description")
    caption = next((said for wanted in ("caption", "summary", "") for role, said in described if role == wanted), "")
    names = [_named(each, language) for each in xml.children(content, "creator")]
    genres = [_code(each).casefold().replace(" ", "_") for each in xml.children(content, "genre")]
    headline, note = _headline(content), xml.said(xml.child(meta, "edNote"))
    return Picture(
        guid=values.guid(element.get("guid")),
        headline=headline,
        caption=caption,
        alt_text=next((said for role, said in described if role == "alttext"), ""),
        photographer=", ".join(filter(None, names)) or xml.said(xml.child(content, "by")),
        credit=xml.said(xml.child(content, "creditline")),
        copyrightnotice=xml.said(xml.child(rights, "copyrightNotice")),
        usageterms=xml.said(xml.child(rights, "usageTerms")),
        is_file_photo="archive_material" in genres or values.is_file_photo(caption, headline, note),
        contentcreated=_moment(content, "contentCreated", "the picture", warnings),
        expires=_moment(meta, "expires", "the picture’s expiry", warnings),
        renditions=values.largest_first([file for _, file in _files(element, warnings)]),
    )


def _joined(found: list[_Read]) -> list[Item]:
    """The items, with the pictures of the message in the texts that they belong to."""
    pictures = {each.item.guid: each.item.pictures[0] for each in found if each.item.kind == Kind.PICTURE}
    texts = {each.item.guid for each in found if each.item.kind == Kind.TEXT}
    belonging: dict[str, list[str]] = {each.item.guid: list(each.links) for each in found if each.item.guid in texts}
    for each in found:
        inside = [guid for guid in each.item.items if guid in texts]
        if len(inside) == 1:
            belonging[inside[0]] += each.item.items
    joined, used = [], set()
    for each in found:
        item = each.item
        wanted = [guid for guid in dict.fromkeys(belonging.get(item.guid, ())) if guid in pictures]
        if wanted:
            used |= set(wanted)
            named = (replace(pictures[guid], guid=values.picture_name(guid, item.guid)) for guid in wanted)
            item = replace(item, pictures=tuple(named))
        joined.append(item)
    return [item for item in joined if item.guid not in used or item.kind != Kind.PICTURE]
