"""NewsML-G2 (IPTC): an item as a news item, or with its pictures as a message of news items."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

from lxml import etree

from kawaraban.formats import bodies, values
from kawaraban.formats.items import Author, Item, Kind, Picture, PubStatus, Rendition, Signal, Subject
from kawaraban.formats.xml_writing import add, document

NAR = "http://iptc.org/std/nar/2006-10-01/"
XHTML = "http://www.w3.org/1999/xhtml"
CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_38.xml"
OURS = "urn:x-kawaraban:newscodes:"  # A scheme for the two roles that the IPTC has no code for.
_SPACES: Any = {None: NAR}
_ITEM_TYPE = "application/vnd.iptc.g2.newsitem+xml"


def write(item: Item) -> bytes:
    """The item as a `newsItem`, a package as a `packageItem`; with pictures, a `newsMessage` of it and of them.

    The standard asks for a provider and for the time of the version: an item without is written without.
    """
    if not item.pictures or item.kind == Kind.PICTURE:
        return _bytes(_written(item))
    message = etree.Element(f"{{{NAR}}}newsMessage", nsmap=_SPACES)
    header = _add(message, "header")
    _add(header, "sent", values.written_moment(item.versioncreated))
    if item.provider:
        _add(header, "sender", item.provider)
    items = _add(message, "itemSet")
    named = [
        replace(picture, guid=picture.guid or values.picture_guid(item.guid, number))
        for number, picture in enumerate(item.pictures, 1)
    ]
    items.append(_written(replace(item, pictures=tuple(named))))
    for picture in named:
        items.append(_written(_item_of(picture, item)))
    return _bytes(message)


def _bytes(root: Any) -> bytes:
    return document(root)


def _item_of(picture: Picture, item: Item) -> Item:
    """A picture as an item of its own, as the standard wants it."""
    return Item(
        guid=picture.guid,
        version=item.version,
        versioncreated=item.versioncreated,
        kind=Kind.PICTURE,
        pubstatus=item.pubstatus,
        embargoed=item.embargoed,
        provider=item.provider,
        language=item.language,
        pictures=(picture,),
    )


def _written(item: Item) -> Any:
    package = item.kind == Kind.COMPOSITE
    picture = item.pictures[0] if item.kind == Kind.PICTURE and item.pictures else None
    root = etree.Element(f"{{{NAR}}}{'packageItem' if package else 'newsItem'}", nsmap=_SPACES)
    root.attrib.update({"guid": values.text(item.guid), "version": str(item.version)})
    root.attrib.update({"standard": "NewsML-G2", "standardversion": "2.34", "conformance": "power"})
    if item.language:
        root.set("{http://www.w3.org/XML/1998/namespace}lang", item.language)
    _add(root, "catalogRef", href=CATALOG)
    _add(_add(root, "catalog"), "scheme", alias="kawaraban", uri=OURS)
    _rights(root, item, picture)
    _item_meta(_add(root, "itemMeta"), item, picture)
    _content_meta(_add(root, "contentMeta"), item, picture)
    if package:
        group = _add(_add(root, "groupSet", root="G1"), "group", id="G1", role="kawaraban:main")
        for guid in item.items:
            _add(group, "itemRef", residref=guid, contenttype=_ITEM_TYPE)
    else:
        _content(_add(root, "contentSet"), item, picture)
    return root


def _add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    return add(parent, NAR, name, text, **attributes)


def _add_each(parent: Any, **said: str) -> None:
    """The elements that have something to say, in the order given."""
    for name, text in said.items():
        if text:
            _add(parent, name, text)


def _add_party(parent: Any, name: str, party: str, **attributes: str) -> None:
    if party:
        _add(_add(parent, name, **attributes), "name", party)


def _rights(root: Any, item: Item, picture: Picture | None) -> None:
    notices = (picture.copyrightnotice,) if picture and picture.copyrightnotice else item.copyright_lines
    terms = (picture.usageterms if picture else "") or item.usageterms
    if not (notices or terms or item.copyrightholder):
        return
    rights = _add(root, "rightsInfo")
    _add_party(rights, "copyrightHolder", item.copyrightholder)
    for notice in notices:
        _add(rights, "copyrightNotice", notice)
    _add_each(rights, usageTerms=terms)


def _item_meta(meta: Any, item: Item, picture: Picture | None) -> None:
    _add(meta, "itemClass", qcode=f"ninat:{item.kind}")
    _add_party(meta, "provider", item.provider)
    _add_each(
        meta,
        versionCreated=values.written_moment(item.versioncreated),
        firstCreated=values.written_moment(item.firstcreated),
        embargoed=values.written_moment(item.embargoed),
    )
    _add(meta, "pubStatus", qcode=f"stat:{item.pubstatus or PubStatus.USABLE}")
    _add_each(meta, edNote=item.ednote)
    if item.signal != Signal.NONE:
        _add(meta, "signal", qcode=f"sig:{item.signal}")
    if item.uri:
        _add(meta, "altRep", item.uri, contenttype="text/html")
    _add_each(meta, expires=values.written_moment((picture.expires if picture else None) or item.expires))
    for each in () if picture else item.pictures:
        _add(meta, "link", rel="irel:seeAlso", residref=each.guid, contenttype=_ITEM_TYPE)


def _content_meta(meta: Any, item: Item, picture: Picture | None) -> None:
    _add_each(meta, urgency=str(item.urgency) if item.urgency else "")
    _add_each(meta, contentCreated=values.written_moment(picture.contentcreated if picture else None))
    for author in (Author(picture.photographer),) if picture and picture.photographer else item.bylines:
        _add_author(meta, author, "crol:photographer" if picture else "")
    if item.language:
        _add(meta, "language", tag=item.language)
    _add_party(meta, "genre", item.genre)
    if picture and picture.is_file_photo:
        _add(_add(meta, "genre", qcode="genre:Archive_material"), "name", "Archive material")
    for word in item.keywords:
        _add(meta, "keyword", word)
    for subject in item.subjects:
        _add_subject(meta, subject)
    _add_each(
        meta,
        slugline=item.slugline,
        headline=(picture.headline if picture else "") or item.headline,
        dateline=item.dateline,
        creditline=picture.credit if picture else "",
    )
    if item.standfirst:
        _add(meta, "description", item.standfirst, role="drol:summary")
    if picture and picture.caption:
        _add(meta, "description", picture.caption, role="drol:caption")
    if picture and picture.alt_text:
        _add(meta, "description", picture.alt_text, role="kawaraban:altText")


def _add_author(meta: Any, author: Author, role: str) -> None:
    kind = "person" if author.kind == "person" else "organisation"
    literal = "staff" if author.kind == "staff" else ""
    _add_party(meta, "creator", author.name, type=f"cpnat:{kind}", literal=literal, role=role)


def _add_subject(meta: Any, subject: Subject) -> None:
    element = _add(
        meta, "subject", type="cpnat:abstract", qcode=subject.code, literal="" if subject.code else subject.name
    )
    if subject.name:
        _add(element, "name", subject.name)


def _content(content: Any, item: Item, picture: Picture | None) -> None:
    if item.body:
        inline = _add(content, "inlineXML", contenttype="application/xhtml+xml")
        title = f"<title>{escape(values.text(item.headline), quote=False)}</title>"
        page = f'<html xmlns="{XHTML}"><head>{title}</head><body>{bodies.write_xhtml(item.body)}</body></html>'
        inline.append(etree.fromstring(page))
    for number, file in enumerate(picture.renditions if picture else ()):
        _add_file(content, file, "rnd:highRes" if number == 0 else f"kawaraban:rendition{number}")


def _add_file(content: Any, file: Rendition, rendition: str) -> None:
    sizes = {"width": str(file.width or ""), "height": str(file.height or "")}
    if file.data:
        text = values.data_address(file.data, "").partition(",")[2]
        _add(
            content, "inlineData", text, rendition=rendition, contenttype=file.mimetype, encoding="encd:base64", **sizes
        )
    else:
        _add(content, "remoteContent", rendition=rendition, href=file.href, contenttype=file.mimetype, **sizes)
