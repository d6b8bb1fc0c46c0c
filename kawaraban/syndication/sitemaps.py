"""Sitemaps as bytes. Source: sitemaps.org/protocol.html, and Google's news extension of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lxml import etree

from kawaraban.formats import values
from kawaraban.formats.xml_writing import add, document
from kawaraban.syndication.reads import Place

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"

_SPACES: Any = {None: SITEMAP}
_NEWS_SPACES: Any = {None: SITEMAP, "news": NEWS}


def index(files: Iterable[tuple[str, datetime | None]]) -> bytes:
    """The list of all sitemaps: the address of each, and its newest change."""
    root = etree.Element(f"{{{SITEMAP}}}sitemapindex", nsmap=_SPACES)
    for address, changed_at in files:
        _place(add(root, SITEMAP, "sitemap"), address, changed_at)
    return document(root)


def urlset(places: Iterable[Place]) -> bytes:
    """A sitemap: addresses of the site, and when each last changed."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap=_SPACES)
    for place in places:
        _place(add(root, SITEMAP, "url"), place.url, place.changed_at)
    return document(root)


def news(places: Iterable[Place], publication: str, language: str) -> bytes:
    """A sitemap of what is news; of each place its headline and when it was published."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap=_NEWS_SPACES)
    for place in places:
        url = add(root, SITEMAP, "url")
        add(url, SITEMAP, "loc", place.url)
        about = add(url, NEWS, "news")
        paper = add(about, NEWS, "publication")
        add(paper, NEWS, "name", publication)
        add(paper, NEWS, "language", language)
        if place.at:
            add(about, NEWS, "publication_date", values.written_moment(place.at))
        add(about, NEWS, "title", place.title)
    return document(root)


def _place(parent: Any, address: str, changed_at: datetime | None) -> None:
    add(parent, SITEMAP, "loc", address)
    if changed_at:
        add(parent, SITEMAP, "lastmod", values.written_moment(changed_at))
