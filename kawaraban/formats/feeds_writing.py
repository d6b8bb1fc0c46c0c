"""Atom, RSS 2.0 and JSON Feed as we write them.

What these formats have no element for, and an agency's customer needs, stands in elements of our own beside them, which
other readers pass over. Source: RFC 4287 (Atom), RFC 6721 (deleted entries), https://www.rssboard.org/rss-specification,
https://www.jsonfeed.org/version/1.1/.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Any, Self

from lxml import etree

from kawaraban.formats import bodies, json_text, media, values, xml
from kawaraban.formats.items import Item, PubStatus, Signal
from kawaraban.formats.xml_writing import add, document

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN = "http://purl.org/dc/elements/1.1/"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
XHTML = "http://www.w3.org/1999/xhtml"
KEYWORD = "urn:x-kawaraban:keyword"
MEDIATOPIC = "http://cv.iptc.org/newscodes/mediatopic/"

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of itself: its title, the page it belongs to (`home`) and its own address."""

    title: str
    home: str
    address: str
    description: str = ""
    language: str = ""
    copyright: str = ""
    updated: datetime | None = None
    """When there is no item to take it from."""


@dataclass(frozen=True, slots=True)
class Extension:
    """What feeds have no element for."""

    version: int = 1
    pubstatus: PubStatus = PubStatus.USABLE
    signal: Signal = Signal.NONE
    embargoed: datetime | None = None
    expires: datetime | None = None
    slugline: str = ""
    dateline: str = ""
    urgency: int = 0
    ednote: str = ""
    provider: str = ""
    copyrightholder: str = ""
    usageterms: str = ""
    genre: str = ""

    @classmethod
    def read(cls, element: Any, warnings: list[str]) -> Self:
        """What our elements in an item say."""

        def said(name: str) -> str:
            return xml.said(element.find(f"{{{media.OURS}}}{name}"))

        return cls(
            version=values.version(said("version"), warnings),
            pubstatus=values.pubstatus(said("pubStatus"), warnings),
            signal=values.signal(said("signal")),
            embargoed=values.moment(said("embargoed"), "the embargo", warnings),
            expires=values.moment(said("expires"), "expiry", warnings),
            slugline=said("slugline"),
            dateline=said("dateline"),
            urgency=values.number(said("urgency"), 1, 9),
            ednote=said("edNote"),
            provider=said("provider"),
            copyrightholder=said("copyrightHolder"),
            usageterms=said("usageTerms"),
            genre=said("genre"),
        )

    @staticmethod
    def write(parent: Any, item: Item) -> None:
        """Our elements of an item, those that say something."""
        told = {
            "version": str(item.version) if item.version != 1 else "",
            "pubStatus": str(item.pubstatus) if item.pubstatus != PubStatus.USABLE else "",
            "signal": str(item.signal),
            "embargoed": values.written_moment(item.embargoed),
            "expires": values.written_moment(item.expires),
            "slugline": item.slugline,
            "dateline": item.dateline,
            "urgency": str(item.urgency or ""),
            "edNote": item.ednote,
            "provider": item.provider,
            "copyrightHolder": item.copyrightholder,
            "usageTerms": item.usageterms,
            "genre": item.genre,
        }
        for name, text in told.items():
            if text:
                add(parent, media.OURS, name, text)


# --- Atom -------------------------------------------------------------------------------------------------------------


def write_atom(items: list[Item], channel: Channel) -> bytes:
    """The items as an Atom feed, the canceled ones as deleted entries. Who calls leaves out what is not public."""
    spaces: Any = {None: ATOM, "media": media.MRSS, "item": media.OURS, "at": TOMBSTONES}
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap=spaces)
    if channel.language:
        feed.set(_LANG, channel.language)
    add(feed, ATOM, "id", channel.address)
    add(feed, ATOM, "title", channel.title)
    if channel.description:
        add(feed, ATOM, "subtitle", channel.description)
    add(feed, ATOM, "updated", values.written_moment(_updated(items, channel)))
    add(add(feed, ATOM, "author"), ATOM, "name", channel.title)
    add(feed, ATOM, "link", rel="self", type="application/atom+xml", href=channel.address)
    add(feed, ATOM, "link", rel="alternate", type="text/html", href=channel.home)
    if channel.copyright:
        add(feed, ATOM, "rights", channel.copyright)
    for item in items:
        if item.pubstatus == PubStatus.CANCELED:
            _tombstone(feed, item, channel)
        else:
            _entry(feed, item, channel)
    return document(feed)


def _updated(items: list[Item], channel: Channel) -> datetime:
    return max(
        filter(None, (_changed(item) for item in items)), default=channel.updated or datetime(1970, 1, 1, tzinfo=UTC)
    )


def _changed(item: Item) -> datetime | None:
    return item.versioncreated or item.firstcreated


def _tombstone(feed: Any, item: Item, channel: Channel) -> None:
    when = values.written_moment(_changed(item) or _updated([], channel))
    element = add(feed, TOMBSTONES, "deleted-entry", ref=values.as_uri(item.guid), when=when)
    if item.ednote:
        add(element, TOMBSTONES, "comment", item.ednote)


def _entry(feed: Any, item: Item, channel: Channel) -> None:
    entry = add(feed, ATOM, "entry")
    if item.language:
        entry.set(_LANG, item.language)
    add(entry, ATOM, "id", values.as_uri(item.guid))
    add(entry, ATOM, "title", item.headline, type="text")
    add(entry, ATOM, "updated", values.written_moment(_changed(item) or _updated([], channel)))
    if item.firstcreated:
        add(entry, ATOM, "published", values.written_moment(item.firstcreated))
    for author in item.bylines:
        person = add(entry, ATOM, "author")
        add(person, ATOM, "name", author.name)
        person.set(f"{{{media.OURS}}}kind", author.kind)
    if item.uri:
        add(entry, ATOM, "link", rel="alternate", type="text/html", href=item.uri)
    _categories(entry, item)
    if item.copyright_lines:
        add(entry, ATOM, "rights", "\n".join(item.copyright_lines))
    if item.standfirst:
        add(entry, ATOM, "summary", item.standfirst, type="text")
    page = f'<div xmlns="{XHTML}">{bodies.write_xhtml(item.body)}</div>'
    add(entry, ATOM, "content", type="xhtml").append(etree.fromstring(page))
    for picture in item.pictures:
        media.write(entry, picture)
    Extension.write(entry, item)


def _categories(entry: Any, item: Item) -> None:
    for subject in item.subjects:
        code = subject.code.removeprefix("medtop:")
        scheme = MEDIATOPIC if code else ""
        add(entry, ATOM, "category", term=code or subject.name, scheme=scheme, label=subject.name if code else "")
    for word in item.keywords:
        add(entry, ATOM, "category", term=word, scheme=KEYWORD)


# --- RSS --------------------------------------------------------------------------------------------------------------


def write_rss(items: list[Item], channel: Channel) -> bytes:
    """The items as an RSS 2.0 feed, without those that are canceled. Who calls leaves out what is not public."""
    spaces: Any = {"atom": ATOM, "content": CONTENT, "dc": DUBLIN, "media": media.MRSS, "item": media.OURS}
    root = etree.Element("rss", nsmap=spaces, version="2.0")
    top = add(root, "", "channel")
    add(top, "", "title", channel.title)
    add(top, "", "link", channel.home)
    add(top, "", "description", channel.description or channel.title)
    if channel.language:
        add(top, "", "language", channel.language)
    if channel.copyright:
        add(top, "", "copyright", channel.copyright)
    add(top, "", "lastBuildDate", format_datetime(_updated(items, channel)))
    add(top, ATOM, "link", rel="self", type="application/rss+xml", href=channel.address)
    for item in items:
        if item.pubstatus != PubStatus.CANCELED:
            _rss_item(top, item)
    return document(root)


def _rss_item(top: Any, item: Item) -> None:
    element = add(top, "", "item")
    add(element, "", "title", item.headline)
    if item.uri:
        add(element, "", "link", item.uri)
    add(element, "", "guid", item.guid, isPermaLink="true" if item.guid == item.uri else "false")
    if published := item.firstcreated or item.versioncreated:
        add(element, "", "pubDate", format_datetime(published))
    if item.versioncreated:
        add(element, ATOM, "updated", values.written_moment(item.versioncreated))
    for author in item.bylines:
        add(element, DUBLIN, "creator", author.name).set(f"{{{media.OURS}}}kind", author.kind)
    for subject in item.subjects:
        add(element, "", "category", subject.name or subject.code, domain=MEDIATOPIC if subject.code else "")
    for word in item.keywords:
        add(element, "", "category", word, domain=KEYWORD)
    # A description is HTML, whatever stands in it.
    add(element, "", "description", escape(item.standfirst, quote=False))
    if item.copyright_lines:
        add(element, DUBLIN, "rights", "\n".join(item.copyright_lines))
    if item.body:
        add(element, CONTENT, "encoded", bodies.write_xhtml(item.body))
    for picture in item.pictures:
        media.write(element, picture)
    Extension.write(element, item)


# --- JSON Feed --------------------------------------------------------------------------------------------------------


def write_json_feed(items: list[Item], channel: Channel) -> bytes:
    """The items as a JSON Feed 1.1, without those that are canceled. Who calls leaves out what is not public."""
    return json_feed_of([_json_item(item) for item in items if item.pubstatus != PubStatus.CANCELED], channel)


def json_feed_of(items: list[dict[str, Any]], channel: Channel) -> bytes:
    """A JSON Feed 1.1 of items that are objects of it already."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": channel.address,
        "description": channel.description,
        "language": channel.language,
        "items": items,
    }
    return json_text.write({name: value for name, value in feed.items() if value or name == "items"})


def _json_item(item: Item) -> dict[str, Any]:
    files = [picture.renditions[0] for picture in item.pictures if picture.renditions and picture.renditions[0].href]
    told = {
        "id": item.guid,
        "url": item.uri,
        "title": item.headline,
        "summary": item.standfirst,
        "date_published": values.written_moment(item.firstcreated or item.versioncreated),
        "date_modified": values.written_moment(item.versioncreated),
        "authors": [{"name": author.name} for author in item.bylines],
        "tags": list(dict.fromkeys([*(subject.name or subject.code for subject in item.subjects), *item.keywords])),
        "language": item.language,
        "image": values.web_address(files[0].href) if files else "",
        "attachments": [{"url": each.href, "mime_type": each.mimetype} for each in files if each.mimetype],
    }
    # An item must have a text, even an empty one.
    return {**{name: value for name, value in told.items() if value}, "content_html": bodies.write_xhtml(item.body)}
