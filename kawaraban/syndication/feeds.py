"""RSS 2.0, Atom and JSON Feed: one feed as plain values, and the bytes of each format.

Source: RSS 2.0 (rssboard.org/rss-specification) with `content:encoded`, `dc:creator` and `atom:link`; Atom (RFC 4287)
with the threading extension (RFC 4685); JSON Feed 1.1 (jsonfeed.org).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
THREADING = "http://purl.org/syndication/thread/1.0"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"

# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote something, and where that person is described."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Replies:
    """The discussion of an entry: where it is read, its feed, and how much has been said."""

    url: str
    feed: str
    count: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a feed. Its title and summary are plain text; `html` is clean, with whole addresses.

    `answers` are the entries that it answers, each as guid and address. `picture` is an address and its kind.
    """

    guid: str
    url: str
    title: str
    html: str
    updated: datetime
    published: datetime | None = None
    summary: str = ""
    authors: tuple[Person, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    rights: str = ""
    picture: tuple[str, str] | None = None
    replies: Replies | None = None
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """Entries that belong together, the newest first. `url` is the feed's own address, `home` that of its page."""

    guid: str
    url: str
    home: str
    title: str
    description: str
    publisher: Person
    language: str
    began: datetime
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> datetime:
        """When something in it last changed; when it began, while there is nothing in it."""
        return max((entry.updated for entry in self.entries), default=self.began)


def atom(feed: Feed) -> bytes:
    """The feed as Atom, with the discussions' threads."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "thr": THREADING})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", feed.language)
    _atom(root, "id", feed.guid)
    _atom(root, "title", feed.title)
    _atom(root, "subtitle", feed.description)
    _atom(root, "updated", _stamp(feed.updated))
    _atom(root, "link", rel="self", type="application/atom+xml", href=feed.url)
    _atom(root, "link", rel="alternate", type="text/html", href=feed.home)
    _atom_person(root, feed.publisher)
    for entry in feed.entries:
        _atom_entry(_atom(root, "entry"), entry)
    return _bytes(root)


def _atom_entry(at: Any, entry: Entry) -> None:
    _atom(at, "id", entry.guid)
    _atom(at, "title", entry.title, type="text")
    _atom(at, "updated", _stamp(entry.updated))
    if entry.published:
        _atom(at, "published", _stamp(entry.published))
    for person in entry.authors:
        _atom_person(at, person)
    _atom(at, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.picture:
        _atom(at, "link", rel="enclosure", href=entry.picture[0], type=entry.picture[1])
    for ref, href in entry.answers:
        etree.SubElement(at, f"{{{THREADING}}}in-reply-to", ref=ref, href=href, type="text/html")
    if entry.replies:
        link = _atom(at, "link", rel="replies", type="application/atom+xml", href=entry.replies.feed)
        link.set(f"{{{THREADING}}}count", str(entry.replies.count))
        etree.SubElement(at, f"{{{THREADING}}}total").text = str(entry.replies.count)
    for tag in entry.tags:
        _atom(at, "category", term=tag)
    if entry.rights:
        _atom(at, "rights", entry.rights)
    if entry.summary:
        _atom(at, "summary", entry.summary, type="text")
    content = _atom(at, "content", entry.html, type="html")
    if entry.language:
        content.set("{http://www.w3.org/XML/1998/namespace}lang", entry.language)


def _atom(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    for key, value in attributes.items():
        element.set(key, writable(value))
    element.text = None if text is None else writable(text)
    return element


def _atom_person(parent: Any, person: Person) -> None:
    element = _atom(parent, "author")
    _atom(element, "name", person.name)
    if person.url:
        _atom(element, "uri", person.url)


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0."""
    root = etree.Element("rss", version="2.0", nsmap={"atom": ATOM, "content": CONTENT, "dc": DUBLIN_CORE})
    channel = etree.SubElement(root, "channel")
    _rss(channel, "title", feed.title)
    _rss(channel, "link", feed.home)
    _rss(channel, "description", feed.description)
    _rss(channel, "language", feed.language)
    _rss(channel, "lastBuildDate", _mail_date(feed.updated))
    _rss(channel, "docs", "https://www.rssboard.org/rss-specification")
    etree.SubElement(channel, f"{{{ATOM}}}link", rel="self", type="application/rss+xml", href=feed.url)
    for entry in feed.entries:
        _rss_item(_rss(channel, "item"), entry)
    return _bytes(root)


def _rss_item(item: Any, entry: Entry) -> None:
    _rss(item, "title", entry.title)
    _rss(item, "link", entry.url)
    _rss(item, "guid", entry.guid, isPermaLink="false")
    _rss(item, "description", entry.summary or entry.title)
    _rss(item, "pubDate", _mail_date(entry.published or entry.updated))
    for person in entry.authors:
        _rss(item, f"{{{DUBLIN_CORE}}}creator", person.name)
    for tag in entry.tags:
        _rss(item, "category", tag)
    if entry.replies:
        _rss(item, "comments", entry.replies.url)
    if entry.picture:
        # How long the file is we would have to ask the disk, for each; 0 is what the profile says for not known.
        _rss(item, "enclosure", url=entry.picture[0], type=entry.picture[1], length="0")
    _rss(item, f"{{{CONTENT}}}encoded", entry.html)


def _rss(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, name)
    for key, value in attributes.items():
        element.set(key, writable(value))
    element.text = None if text is None else writable(text)
    return element


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.url,
        "description": feed.description,
        "language": feed.language,
        "authors": [_json_person(feed.publisher)],
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return json.dumps(document, ensure_ascii=False).encode("utf-8", errors="replace")


def _json_item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "image": entry.picture[0] if entry.picture else "",
        "date_published": _stamp(entry.published) if entry.published else "",
        "date_modified": _stamp(entry.updated),
        "authors": [_json_person(person) for person in entry.authors],
        "tags": list(entry.tags),
        "language": entry.language,
    }
    return {key: value for key, value in item.items() if value or key == "content_html"}


def _json_person(person: Person) -> dict[str, str]:
    return {"name": person.name, **({"url": person.url} if person.url else {})}


def writable(text: str) -> str:
    """The text without the characters that XML 1.0 cannot hold."""
    return _UNWRITABLE.sub("", text)


def _bytes(root: Any) -> bytes:
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _stamp(moment: datetime) -> str:
    """RFC 3339, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _mail_date(moment: datetime) -> str:
    """RFC 822 as RSS asks for it, in UTC."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0))
