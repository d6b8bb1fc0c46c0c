"""HTML read back by a parser that is not ours, to see what a browser would make of it."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from kawaraban.markup import clean

REL = "ugc nofollow noopener noreferrer"
BLOCKS = ("blockquote", "ol", "ul")


class Inspector(HTMLParser):
    """Reads HTML as a browser would and fails at anything readers' text may not hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.links: list[str] = []
        self.open: list[str] = []
        self.depth = 0
        self.feed(html)
        self.close()
        assert not self.open, html

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "a":
            assert list(attributes) == ["href", "rel"], self.html
            assert attributes["rel"] == REL
            self.links.append(attributes["href"])
        elif tag == "ol":
            assert not set(attributes) - {"start"}, self.html
            assert re.fullmatch("[0-9]{1,2}", attributes.get("start", "1"))
        else:
            assert tag in ("blockquote", "br", "em", "li", "p", "strong", "ul"), self.html
            assert not attributes, self.html
        if tag != "br":
            self.open.append(tag)
        self.depth = max(self.depth, sum(name in BLOCKS for name in self.open))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, self.html

    def refuse(self, data):
        pytest.fail(f"{data!r} in {self.html!r}")

    handle_comment = handle_decl = handle_pi = unknown_decl = refuse


def inspect(html: str) -> Inspector:
    """The inspected HTML, which holds allowed tags, attributes and addresses only, and which cleaning leaves alone."""
    seen = Inspector(html)
    for link in seen.links:
        address = urlsplit(link)
        assert link.isascii()
        assert not re.search(r"[\s\"'<>\\`]", link)
        assert address.scheme in ("http", "https", "mailto")
        assert address.path if address.scheme == "mailto" else "." in (address.hostname or "")
        assert "@" not in address.netloc
    assert clean(html) == html
    return seen


def a(address: str, text: str | None = None) -> str:
    return f'<a href="{address}" rel="{REL}">{text or address}</a>'
