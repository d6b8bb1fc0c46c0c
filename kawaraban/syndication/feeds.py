"""A discussion as RSS 2.0, Atom and JSON Feed. Stories are written by `formats.feeds`, and can be taken in again.

Source: RSS 2.0 (rssboard.org/rss-specification) with `content:encoded` and `dc:creator`; Atom (RFC 4287) with the
threading extension (RFC 4685), which says what answers what; JSON Feed 1.1 (jsonfeed.org).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

from kawaraban.formats import values
from kawaraban.formats.feeds import Channel, json_feed_of
from kawaraban.formats.xml_writing import add, document
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
    add(root, ATOM, "id", channel.address)
    add(root, ATOM, "title", channel.title)
    add(root, ATOM, "subtitle", channel.description)
    add(root, ATOM, "updated", values.written_moment(_changed(comments, channel)))
    add(root, ATOM, "link", rel="self", type="application/atom+xml", href=channel.address)
    add(root, ATOM, "link", rel="alternate", type="text/html", href=channel.home)
    for said in comments:
        entry = add(root, ATOM, "entry")
        add(entry, ATOM, "id", said.guid)
        add(entry, ATOM, "title", said.title, type="text")
        add(entry, ATOM, "updated", values.written_moment(said.changed_at))
        if said.at:
            add(entry, ATOM, "published", values.written_moment(said.at))
        person = add(entry, ATOM, "author")
        add(person, ATOM, "name", said.name)
        if said.member_url:
            add(person, ATOM, "uri", said.member_url)
        add(entry, ATOM, "link", rel="alternate", type="text/html", href=said.url)
        for ref, href in said.answers:
            add(entry, THREADING, "in-reply-to", ref=ref, href=href, type="text/html")
        add(entry, ATOM, "content", said.html, type="html")
    return document(root)


def rss(comments: Sequence[Said], channel: Channel) -> bytes:
    """The comments as RSS 2.0."""
    root = etree.Element("rss", version="2.0", nsmap={"atom": ATOM, "content": CONTENT, "dc": DUBLIN_CORE})
    top = etree.SubElement(root, "channel")
    add(top, "", "title", channel.title)
    add(top, "", "link", channel.home)
    add(top, "", "description", channel.description)
    add(top, "", "language", channel.language)
    add(top, "", "lastBuildDate", format_datetime(_changed(comments, channel)))
    add(top, ATOM, "link", rel="self", type="application/rss+xml", href=channel.address)
    for said in comments:
        item = add(top, "", "item")
        add(item, "", "title", said.title)
        add(item, "", "link", said.url)
        add(item, "", "guid", said.guid, isPermaLink="false")
        add(item, "", "pubDate", format_datetime(said.at or said.changed_at))
        add(item, DUBLIN_CORE, "creator", said.name)
        add(item, CONTENT, "encoded", said.html)
    return document(root)


def json_feed(comments: Sequence[Said], channel: Channel) -> bytes:
    """The comments as JSON Feed 1.1."""
    items: list[dict[str, Any]] = [
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
    ]
    return json_feed_of(items, channel)


def _changed(comments: Sequence[Said], channel: Channel) -> datetime:
    """When something last changed; when the discussion began, while nothing is said."""
    began = channel.updated or datetime(1970, 1, 1, tzinfo=UTC)
    return max((said.changed_at for said in comments), default=began)
