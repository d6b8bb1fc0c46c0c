"""A news item as it is kept: as JSON, its body clean, without the bytes of its pictures, which its delivery holds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

import nh3

from kawaraban.formats.items import Author, Item, Kind, Picture, PubStatus, Rendition, Signal, Subject

TAGS = {"a", "b", "i"}
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"http", "https", "mailto"}
_TIMES = ("versioncreated", "firstcreated", "embargoed", "expires")


def clean(html: str) -> str:
    """HTML of which only bold, italic and links to http, https and mailto are left."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
        clean_content_tags={"script", "style"},
    )


def plain(html: str) -> str:
    """The text of a piece of HTML."""
    return unescape(nh3.clean(html, tags=set()))


def to_json(item: Item) -> dict[str, Any]:
    """The item as it is kept. `data` of a rendition is replaced by the digest of the bytes."""
    item = replace(item, body=tuple(_clean_block(kind, value) for kind, value in item.body))
    kept: dict[str, Any] = json.loads(json.dumps(asdict(item), default=_plainly))
    return kept


def from_json(kept: dict[str, Any]) -> Item:
    """The item that `to_json` wrote; inline pictures have no bytes."""
    known = {**kept, **{name: _time(kept[name]) for name in _TIMES}}
    return Item(
        **{
            **known,
            "kind": Kind(kept["kind"]),
            "pubstatus": PubStatus(kept["pubstatus"]),
            "signal": Signal(kept["signal"]),
            "body": tuple((kind, value) for kind, value in kept["body"]),
            "bylines": tuple(Author(**each) for each in kept["bylines"]),
            "subjects": tuple(Subject(**each) for each in kept["subjects"]),
            "pictures": tuple(_picture(each) for each in kept["pictures"]),
            **{name: tuple(kept[name]) for name in ("copyright_lines", "keywords", "items", "warnings")},
        }
    )


def digest(kept: dict[str, Any]) -> str:
    """What the same version has in common however often it comes: a hash of all but how it was read."""
    said = {name: value for name, value in kept.items() if name != "warnings"}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def text_of(item: Item) -> str:
    """What a reader would read of it, one part to a line."""
    lines = [item.headline, item.slugline, item.standfirst]
    for _, value in item.body:
        if isinstance(value, dict):
            lines += [str(value.get("text", "")), str(value.get("attribution", ""))]
        elif isinstance(value, list):
            lines += [plain(str(each)) for each in value]
        else:
            lines.append(plain(str(value)))
    lines += [each.name for each in item.subjects] + list(item.keywords)
    return "\n".join(line for line in lines if line)


def _clean_block(kind: str, value: object) -> tuple[str, object]:
    if kind == "paragraph":
        return kind, clean(str(value))
    if kind == "list" and isinstance(value, list | tuple):
        return kind, [clean(str(each)) for each in value]
    return kind, value


def _plainly(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest() if value else ""
    raise TypeError(type(value))


def _time(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def _picture(kept: dict[str, Any]) -> Picture:
    renditions = tuple(Rendition(**{**each, "data": b""}) for each in kept["renditions"])
    times = {name: _time(kept[name]) for name in ("contentcreated", "expires")}
    return Picture(**{**kept, **times, "renditions": renditions})
