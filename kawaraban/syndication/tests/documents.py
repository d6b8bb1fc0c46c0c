"""What the tests of this room share: documents as a program gets them, and a paper with something of everything."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
from bs4 import BeautifulSoup
from django.test import Client
from lxml import etree

from kawaraban.newsroom.actions import PhotoDraft, paragraph
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import make_photo

NOW = datetime(2026, 5, 12, 3, 40, tzinfo=UTC)
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "thr": "http://purl.org/syndication/thread/1.0",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}


def get(address: str, **headers: str) -> Any:
    """The answer at an address, for somebody who is not signed in."""
    return Client().get(address, headers=headers)


def body(address: str) -> bytes:
    """What is at an address; it must be there."""
    response = get(address)
    assert response.status_code == 200, f"{address} answered {response.status_code}"
    return response.content


def xml(address: str) -> Any:
    """The document at an address."""
    return etree.fromstring(body(address))


def values(document: Any, path: str) -> list[str]:
    """The texts or attributes at a path."""
    return document.xpath(path, namespaces=NAMES)


def parsed(address: str) -> Any:
    """The feed at an address as a feed reader has it, which finds nothing to complain of."""
    feed = feedparser.parse(body(address))
    assert not feed.bozo, feed.bozo_exception
    return feed


def graph(address: str) -> dict[str, Any]:
    """The JSON-LD of a page, by type."""
    scripts = BeautifulSoup(body(address), "html.parser").find_all("script", type="application/ld+json")
    assert len(scripts) == 1
    document = json.loads(scripts[0].string)
    assert document["@context"] == "https://schema.org"
    return {node["@type"]: node for node in document["@graph"]}


def make_full_story(**fields: Any) -> Any:
    """A story with something in every field, in the section City."""
    credit = {"photographer": "N. Howe", "agency": "Harbour News", "is_file_photo": True}
    photo, inside = (make_photo(caption=words, **credit) for words in ("The ferry at dawn.", "The wall."))
    return make_story(
        make_section("City"),
        **{
            "headline": "Bridge & ferry: <both> “stay”",
            "standfirst": "For the third time in 27 years.",
            "body": [
                paragraph("Work is to begin in April."),
                ("heading", "Who pays"),
                ("quote", {"text": "We have waited 27 years.", "attribution": "Emi Sato, mayor"}),
                ("list", ["<p>State: <b>60</b> per cent</p>", '<p>City: <a href="/city/">the rest</a></p>']),
                ("image", {"photo": inside, "caption": "The wall at noon."}),
                ("embed", {"url": "https://vimeo.com/76979871", "title": "The sitting", "caption": "In May."}),
            ],
            "bylines": (("Kaoru Minami", "person"), ("Ellis/Grant", "person")),
            "agency": "Harbour News",
            "dateline": "URAMINATO",
            "photos": (PhotoDraft(photo=photo, caption="Seen from the wall."),),
            "corrections": ((NOW - timedelta(hours=2), "It is 60 per cent."),),
            "copyright_lines": ("© Harbour News", "© The Test Courier"),
            "tags": ("bridge", "river works"),
            "published_at": NOW - timedelta(hours=30),
            **fields,
        },
    )
