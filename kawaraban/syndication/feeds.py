"""A discussion as RSS 2.0, Atom and JSON Feed. Stories are written by `formats.feeds`, and can be taken in again.

Source: RSS 2.0 (rssboard.org/rss-specification) with `content:encoded` and `dc:creator`; Atom (RFC 4287) with the
threading extension (RFC 4685), which says what answers what; JSON Feed 1.1 (jsonfeed.org).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

from kawaraban.formats import values
from kawaraban.formats.feeds import Channel
from kawaraban.syndication.reads import Said

ATOM = "http://www.w3.org/2005/Atom"
THREADING = "http://purl.org/syndication/thread/1.0"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"

_SPACES: Any = {None: ATOM, "thr": THREADING}


def atom(comments: Sequence[Said], channel: Channel) -> bytes:
    """The comments as Atom, each with what it answers."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=_SPACES)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", channel.language)
    _add(root, ATOM, "id", channel.address)
    _add(root, ATOM, "title", channel.title)
    _add(root, ATOM, "subtitle", channel.description)
    _add(root, ATOM, "updated", values.written_moment(_changed(comments, channel)))
    _add(root, ATOM, "link", rel="self", type="application/atom+xml", href=channel.address)
    _add(root, ATOM, "link", rel="alternate", type="text/html", href=channel.home)
    for said in comments:
        entry = _add(root, ATOM, "entry")
        _add(entry, ATOM, "id", said.guid)
        _add(entry, ATOM, "title", said.title, type="text")
        _add(entry, ATOM, "updated", values.written_moment(said.changed_at))
        if said.at:
            _add(entry, ATOM, "published", values.written_moment(said.at))
        person = _add(entry, ATOM, "author")
        _add(person, ATOM, "name", said.name)
        if said.member_url:
            _add(person, ATOM, "uri", said.member_url)
        _add(entry, ATOM, "link", rel="alternate", type="text/html", href=said.url)
        for ref, href in said.answers:
            _add(entry, THREADING, "in-reply-to", ref=ref, href=href, type="text/html")
        _add(entry, ATOM, "content", said.html, type="html")
    return _bytes(root)


def rss(comments: Sequence[Said], channel: Channel) -> bytes:
    """The comments as RSS 2.0."""
    root = etree.Element("rss", version="2.0", nsmap={"atom": ATOM, "content": CONTENT, "dc": DUBLIN_CORE})
    top = etree.SubElement(root, "channel")
    _add(top, "", "title", channel.title)
    _add(top, "", "link", channel.home)
    _add(top, "", "description", channel.description)
    _add(top, "", "language", channel.language)
    _add(top, "", "lastBuildDate", format_datetime(_changed(comments, channel)))
    _add(top, ATOM, "link", rel="self", type="application/rss+xml", href=channel.address)
    for said in comments:
        item = _add(top, "", "item")
        _add(item, "", "title", said.title)
        _add(item, "", "link", said.url)
        _add(item, "", "guid", said.guid, isPermaLink="false")
        _add(item, "", "pubDate", format_datetime(said.at or said.changed_at))
        _add(item, DUBLIN_CORE, "creator", said.name)
        _add(item, CONTENT, "encoded", said.html)
    return _bytes(root)


def json_feed(comments: Sequence[Said], channel: Channel) -> bytes:
    """The comments as JSON Feed 1.1."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": channel.address,
        "description": channel.description,
        "language": channel.language,
        "items": [
            {
                "id": said.guid,
                "url": said.url,
                "title": said.title,
                "content_html": said.html,
                **({"date_published": values.written_moment(said.at)} if said.at else {}),
                "date_modified": values.written_moment(said.changed_at),
                "authors": [{"name": said.name, **({"url": said.member_url} if said.member_url else {})}],
            }
            for said in comments
        ],
    }
    return json.dumps(document, ensure_ascii=False).encode("utf-8", errors="replace")


def _changed(comments: Sequence[Said], channel: Channel) -> datetime:
    """When something last changed; when the discussion began, while nothing is said."""
    began = channel.updated or datetime(1970, 1, 1, tzinfo=UTC)
    return max((said.changed_at for said in comments), default=began)


def _add(parent: Any, namespace: str, name: str, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{namespace}}}{name}" if namespace else name)
    for key, value in attributes.items():
        element.set(key, values.text(value))
    element.text = None if text is None else values.text(text)
    return element


def _bytes(root: Any) -> bytes:
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written
