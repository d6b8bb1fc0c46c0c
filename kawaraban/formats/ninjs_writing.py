"""News in JSON (ninjs, IPTC): an item as an object of version 3."""

from __future__ import annotations

from typing import Any

from kawaraban.formats import bodies, json_text, values
from kawaraban.formats.items import Item, Kind, Picture, Rendition, Signal

VERSION = "3.0"
SCHEMA = "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json#"
SIGNAL = "http://cv.iptc.org/newscodes/signal/"
MEDIATOPIC = "http://cv.iptc.org/newscodes/mediatopic/"

Fields = dict[str, Any]


def write(item: Item) -> bytes:
    """The item as a ninjs 3 object. Equal to the item when it is read again, but for its warnings."""
    return json_text.write(_object(item))


def write_many(items: list[Item]) -> bytes:
    """The items as a list of ninjs 3 objects."""
    return json_text.write([_object(item) for item in items])


def _said(fields: Fields) -> Fields:
    """Only what says something: an empty field would claim that there is nothing."""
    return {name: value for name, value in fields.items() if value not in ("", None, [], 0)}


def _object(item: Item) -> Fields:
    names = [author.name for author in item.bylines]
    return _said(
        {
            "uri": values.as_uri(item.guid),
            "type": str(item.kind),
            "representationType": "full",
            "version": str(item.version),
            "versionCreated": values.written_moment(item.versioncreated),
            "firstCreated": values.written_moment(item.firstcreated),
            "embargoedUntil": values.written_moment(item.embargoed),
            "expires": values.written_moment(item.expires),
            "pubStatus": str(item.pubstatus),
            "urgency": item.urgency,
            "copyrightHolder": item.copyrightholder,
            "copyrightNotice": "\n".join(item.copyright_lines),
            "usageTerms": item.usageterms,
            "edNote": item.ednote,
            "language": item.language,
            "title": item.headline,
            "slugline": item.slugline,
            "located": item.dateline,
            "by": " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]])),
            "headlines": _value("main", "text/plain", item.headline),
            "descriptions": _value("summary", "text/plain", item.standfirst),
            "bodies": _value("main", "application/xhtml+xml", bodies.write_xhtml(item.body)),
            "infoSources": _sources(item),
            "subjects": _topics(item),
            "genres": [{"name": item.genre}] if item.genre else [],
            "renditions": _files(item),
            "associations": _associated(item),
            "standard": {"name": "ninjs", "version": VERSION, "schema": SCHEMA},
        }
    )


def _value(role: str, kind: str, said: str) -> list[Fields]:
    return [{"role": role, "contentType": kind, "value": said}] if said else []


def _sources(item: Item) -> list[Fields]:
    authors = [
        {"name": author.name, "role": "author" if author.kind == "person" else author.kind} for author in item.bylines
    ]
    return authors + ([{"name": item.provider, "role": "provider"}] if item.provider else [])


def _topics(item: Item) -> list[Fields]:
    about = [
        _said({"name": each.name, "rel": "about", "uri": each.code.replace("medtop:", MEDIATOPIC)})
        for each in item.subjects
    ]
    about += [{"name": word, "rel": "keyword"} for word in item.keywords]
    if item.signal != Signal.NONE:
        about.append({"name": str(item.signal), "rel": "signal", "uri": f"{SIGNAL}{item.signal}"})
    return about


def _files(item: Item) -> list[Fields]:
    """The item as a page, and for a picture its files."""
    page = [{"name": "web", "href": item.uri, "contentType": "text/html"}] if item.uri else []
    first = item.pictures[:1] if item.kind == Kind.PICTURE else ()
    return page + [each for picture in first for each in _rendered(picture)]


def _rendered(picture: Picture) -> list[Fields]:
    return [
        _said(
            {
                "name": "original" if number == 0 else f"rendition{number}",
                "href": _address(each),
                "contentType": each.mimetype,
                "width": each.width,
                "height": each.height,
            }
        )
        for number, each in enumerate(picture.renditions)
    ]


def _address(file: Rendition) -> str:
    return values.data_address(file.data, file.mimetype) if file.data else file.href


def _associated(item: Item) -> list[Fields]:
    pictures = [_picture_object(picture, item, number) for number, picture in enumerate(item.pictures, 1)]
    members = [{"name": f"item{number}", "uri": values.as_uri(guid)} for number, guid in enumerate(item.items, 1)]
    return pictures + members


def _picture_object(picture: Picture, item: Item, number: int) -> Fields:
    captions = _value("caption", "text/plain", picture.caption) + _value("alt-text", "text/plain", picture.alt_text)
    archived = [{"name": "Archive material", "uri": values.FILE_PHOTO_GENRE}] if picture.is_file_photo else []
    return _said(
        {
            "name": f"picture{number}",
            "uri": values.as_uri(picture.guid or values.picture_guid(item.guid, number)),
            "type": "picture",
            "title": picture.headline,
            "headlines": _value("main", "text/plain", picture.headline),
            "descriptions": captions,
            "by": picture.photographer,
            "infoSources": [{"name": picture.credit, "role": "credit"}] if picture.credit else [],
            "copyrightNotice": picture.copyrightnotice,
            "usageTerms": picture.usageterms,
            "genres": archived,
            "contentCreated": values.written_moment(picture.contentcreated),
            "expires": values.written_moment(picture.expires),
            "renditions": _rendered(picture),
        }
    )
