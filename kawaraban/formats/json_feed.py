"""JSON Feed, versions 1.0 and 1.1, is read. Source: https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

from typing import Any

from kawaraban.formats import bodies, json_text, values
from kawaraban.formats.items import Author, FormatError, Item, Picture, Subject


def read(data: bytes) -> list[Item]:
    """The items of a feed, in its order.

    Raises:
        FormatError: the bytes are no JSON, or no JSON Feed.
    """
    return read_value(json_text.read(data))


def is_feed(value: Any) -> bool:
    """Whether a document that is read already says that it is a JSON Feed."""
    return isinstance(value, dict) and "jsonfeed.org" in values.text(value.get("version"))


def read_value(value: Any) -> list[Item]:
    """The items of a document that is read already."""
    items = value.get("items") if isinstance(value, dict) else None
    if not is_feed(value) or not isinstance(items, list):
        raise FormatError("The document is no JSON Feed with a list of items.")
    return [item for each in items if isinstance(each, dict) and (item := _item(each, value))]


def _item(said: dict[str, Any], feed: dict[str, Any]) -> Item | None:
    warnings: list[str] = []
    named = said.get("id")
    title, page = values.line(said.get("title")), values.web_address(said.get("url") or said.get("external_url"))
    name = str(named) if isinstance(named, int | float) and not isinstance(named, bool) else named
    guid = values.guid(name) or page or values.guid_from(title, said.get("date_published"))
    if not guid:
        return None
    html, text = values.text(said.get("content_html")), values.text(said.get("content_text"))
    body = bodies.read_html(html, warnings) if html.strip() else bodies.Body(bodies.read_text(text), ())
    published = values.moment(said.get("date_published"), "publication", warnings)
    tags = said.get("tags")
    return Item(
        guid=guid,
        versioncreated=values.moment(said.get("date_modified"), "the update", warnings) or published,
        firstcreated=published,
        headline=title,
        standfirst=bodies.standfirst(bodies.plain(values.text(said.get("summary"))), body.blocks, title),
        body=bodies.without_headline(body.blocks, title),
        bylines=_authors(said) or _authors(feed),
        language=values.language(said.get("language")) or values.language(feed.get("language")),
        provider=values.line(feed.get("title")),
        subjects=tuple(
            dict.fromkeys(
                Subject(tag) for each in (tags if isinstance(tags, list) else []) if (tag := values.line(each))
            )
        ),
        uri=page,
        pictures=_pictures(said) or body.pictures,
        warnings=tuple(warnings),
    )


def _authors(said: dict[str, Any]) -> tuple[Author, ...]:
    listed = said.get("authors")
    found = listed if isinstance(listed, list) else [said.get("author")]
    names = [values.line(each.get("name")) for each in found if isinstance(each, dict)]
    return tuple(Author(name, values.author_kind(name)) for name in dict.fromkeys(names) if name)


def _pictures(said: dict[str, Any]) -> tuple[Picture, ...]:
    """The picture of the item, and those that are attached to it."""
    attached = said.get("attachments")
    files = [
        values.rendition(each.get("url"), each.get("mime_type"))
        for each in (attached if isinstance(attached, list) else [])
        if isinstance(each, dict) and values.text(each.get("mime_type")).startswith("image/")
    ]
    shown = {
        each.href: each for each in [values.rendition(said.get("image") or said.get("banner_image")), *files] if each
    }
    return tuple(Picture(renditions=(each,)) for each in shown.values())
