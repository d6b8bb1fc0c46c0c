"""The text of stories as it leaves the site: clean, and with whole addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.html import escape
from wagtail.models import Page
from wagtail.rich_text.rewriters import LinkRewriter

from kawaraban.formats.bodies import Block, read_html

# Between texts whose links are looked up together.
_BETWEEN = "\x00"


def blocks_of(bodies: Sequence[Any], address: str, request: HttpRequest) -> list[tuple[Block, ...]]:
    """The blocks of each story as `formats.items.Item` holds them, without its pictures.

    They are read from HTML as those of an agency are: what is taken in again is then the same. A link to a page of the
    site that is not published keeps its words and loses its address. Cost: 1 query where texts link to pages of the
    site, at any number of texts.

    Args:
        address: of the site, put before the paths of links.
    """
    if not bodies:
        return []
    texts = ["".join(_html(raw["type"], raw["value"]) for raw in body.raw_data) for body in bodies]
    linked = _linked(texts, request)
    return [read_html(whole_addresses(html, address), []).blocks for html in linked]


def photos_in(body: Any) -> dict[int, str]:
    """The keys of the photographs that stand within a story's text, each with its caption there. Cost: none."""
    shown: list[Any] = []
    for raw in body.raw_data:
        if raw["type"] == "image":
            shown.append(raw["value"])
        elif raw["type"] == "gallery":
            shown += [each.get("value", each) for each in raw["value"]["photos"]]
    return {value["photo"]: value.get("caption") or "" for value in shown if value.get("photo")}


def whole_addresses(html: str, address: str) -> str:
    """HTML of ours with the site's address before every path that is linked. Cost: none."""
    return re.sub(r'(?<=\shref=")/(?!/)', f"{address}/", html)


def _html(kind: str, value: Any) -> str:
    """A block as HTML, taken raw: asked for values, Wagtail fetches the pictures of each story by themselves."""
    if kind == "paragraph":
        return f"<div>{value}</div>"
    if kind == "heading":
        return f"<h2>{escape(value)}</h2>"
    if kind == "quote":
        said = "".join(f"<p>{escape(line)}</p>" for line in value["text"].splitlines())
        return f"<blockquote>{said}<cite>{escape(value.get('attribution') or '')}</cite></blockquote>"
    if kind == "list":
        items = (item["value"] if isinstance(item, dict) else item for item in value)
        return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
    if kind == "gallery":
        return f"<h2>{escape(value['title'])}</h2>" if value.get("title") else ""
    if kind == "embed":
        return f'<p><a href="{escape(value["url"])}">{escape(value["title"])}</a></p>'
    return ""


def _linked(texts: Sequence[str], request: HttpRequest) -> list[str]:
    """The texts with the addresses of the pages that they link to."""

    def openings(links: list[dict[str, str]]) -> list[str]:
        keys = {int(link["id"]) for link in links if link.get("id", "").isdecimal()}
        pages = {str(page.pk): page.get_full_url(request) for page in Page.objects.live().filter(pk__in=keys)}
        urls = [pages.get(link.get("id", "")) for link in links]
        return [f'<a href="{escape(url)}">' if url else "<a>" for url in urls]

    together = _BETWEEN.join(text.replace(_BETWEEN, "") for text in texts)
    linked: str = LinkRewriter(bulk_rules={"page": openings})(together)
    return linked.split(_BETWEEN)
