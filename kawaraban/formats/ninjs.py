"""News in JSON (ninjs, IPTC): versions 1, 2 and 3 are read, version 3 is written.

Source of the fields: the JSON schemas of ninjs 1.4, 2.0 and 3.2, http://www.iptc.org/std/ninjs/. What is mapped to what
stands in docs/reference/wire-formats.md.
"""

from __future__ import annotations

import re
from typing import Any

from kawaraban.formats import bodies, json_text, ninjs_writing, values
from kawaraban.formats.items import Author, FormatError, Item, Kind, Picture, PubStatus, Signal, Subject

write = ninjs_writing.write
write_many = ninjs_writing.write_many

_BYLINES = ("author", "agency", "staff")
_PICTURES = ("picture", "graphic")

Fields = dict[str, Any]


def read(data: bytes) -> list[Item]:
    """The items of a document: one object, a list of them, or an object with `items`.

    Raises:
        FormatError: the bytes are no JSON, or an object in it is no news item.
    """
    return read_value(json_text.read(data))


def read_value(value: Any) -> list[Item]:
    """The items of a document that is read already."""
    if isinstance(value, dict) and isinstance(value.get("items"), list) and "uri" not in value:
        value = value["items"]
    found = value if isinstance(value, list) else [value]
    return [item for each in found for item in _items(each)]


# --- Reading ----------------------------------------------------------------------------------------------------------


def _items(value: Any) -> list[Item]:
    if not isinstance(value, dict):
        raise FormatError("A news item of ninjs is a JSON object; something else stands there.")
    fields = _lowered(value)
    item = _item(fields)
    inside = [each for each in _associations(fields) if _is_whole(each)] if item.kind == Kind.COMPOSITE else []
    return [item, *(_item(each) for each in inside)]


def _lowered(value: dict[str, Any]) -> Fields:
    """The fields by their names in small letters: version 3 says `versionCreated`, earlier ones `versioncreated`."""
    return {key.casefold(): each for key, each in value.items()}


def _item(fields: Fields) -> Item:
    warnings: list[str] = []
    guid = _guid(fields)
    if not guid:
        raise FormatError("A news item of ninjs has no uri, so it cannot be told apart from others.")
    body, headline = _body(fields, warnings), _headline(fields)
    shown = [_picture(each, guid, warnings) for each in _associations(fields) if _kind(each) in _PICTURES]
    kind = _kind_of_item(fields, bool(body.blocks), warnings)
    if kind == Kind.PICTURE and not shown:
        shown = [_picture(fields, "", warnings)]
    subjects, keywords, said = _subjects(fields)
    sources = [(values.line(each.get("name")), values.line(each.get("role"))) for each in _listed(fields, "infosource")]
    provider = next((name for name, role in sources if role == "provider"), "") or _name(fields.get("provider"))
    holder = values.line(fields.get("copyrightholder"))
    status, embargoed = _release(fields, said, warnings)
    return Item(
        guid=guid,
        version=values.version(fields.get("version"), warnings),
        versioncreated=values.moment(fields.get("versioncreated"), "the version", warnings),
        firstcreated=values.moment(fields.get("firstcreated"), "the first version", warnings),
        kind=kind,
        pubstatus=status,
        signal=next((signal for each in said if (signal := values.signal(each)) != Signal.NONE), Signal.NONE),
        embargoed=embargoed,
        expires=values.moment(fields.get("expires"), "expiry", warnings),
        headline=headline,
        slugline=values.line(fields.get("slugline")),
        standfirst="" if kind == Kind.PICTURE else bodies.standfirst(_standfirst(fields), body.blocks, headline),
        body=bodies.without_headline(body.blocks, headline),
        bylines=_authors(sources, fields.get("by", fields.get("byline")), (provider, holder)),
        dateline=values.line(fields.get("located")),
        language=values.language(fields.get("language")),
        urgency=values.number(fields.get("urgency", fields.get("priority")), 1, 9),
        ednote=values.line(fields.get("ednote")),
        provider=provider,
        copyrightholder=holder,
        copyright_lines=values.lines(fields.get("copyrightnotice")),
        usageterms=values.line(fields.get("usageterms")),
        subjects=subjects,
        keywords=keywords,
        genre=_genre(fields),
        uri=_web_page(fields),
        pictures=tuple(shown) or body.pictures,
        items=_members(fields) if kind == Kind.COMPOSITE else (),
        warnings=tuple(warnings),
    )


def _guid(fields: Fields) -> str:
    return values.from_uri(values.guid(fields.get("uri") or fields.get("guid")))


def _kind(fields: Fields) -> str:
    return values.line(fields.get("type")).casefold()


def _kind_of_item(fields: Fields, has_body: bool, warnings: list[str]) -> Kind:
    named = _kind(fields)
    if named in _PICTURES:
        return Kind.PICTURE
    if named == "composite" and not has_body:
        return Kind.COMPOSITE
    if named not in ("", "text", "composite"):
        warnings.append(f"The provider calls this item “{named[:40]}”; only what it says in words was kept.")
    return Kind.TEXT


def _associations(fields: Fields) -> list[Fields]:
    found = fields.get("associations")
    if isinstance(found, dict):
        found = list(found.values())
    return [_lowered(each) for each in filter(_is_object, found)] if isinstance(found, list) else []


def _is_whole(fields: Fields) -> bool:
    """Whether an associated object is an item of its own rather than a mention of one."""
    return _kind(fields) not in _PICTURES and bool(_guid(fields)) and bool(_texts(fields, "bodies", "body"))


def _members(fields: Fields) -> tuple[str, ...]:
    return tuple(guid for each in _associations(fields) if _kind(each) not in _PICTURES and (guid := _guid(each)))


def _listed(fields: Fields, name: str) -> list[Fields]:
    """The objects of a list; version 1 names it in the singular."""
    found = fields.get(f"{name}s", fields.get(name))
    return [_lowered(each) for each in filter(_is_object, found)] if isinstance(found, list) else []


def _name(value: Any) -> str:
    return values.line(value.get("name") if isinstance(value, dict) else value)


def _release(fields: Fields, said: list[str], warnings: list[str]) -> tuple[PubStatus, Any]:
    """What may be done with the item, and from when."""
    status = values.pubstatus(fields.get("pubstatus"), warnings)
    if any(values.is_kill(each) for each in said):
        status = PubStatus.CANCELED
    until = fields.get("embargoeduntil", fields.get("embargoed"))
    embargoed = values.moment(until, "the embargo", warnings)
    if until and embargoed is None and status == PubStatus.USABLE:
        warnings.append("When the embargo ends is not known, so the item is withheld.")
        status = PubStatus.WITHHELD
    return status, embargoed


def _texts(fields: Fields, many: str, one: str) -> list[tuple[str, str, str]]:
    """What stands under a name, each as (role, content type, text): in a list, or in version 1 by suffixes."""
    listed = fields.get(many)
    found = [
        (_role(each.get("role")), _role(each.get("contenttype")), values.text(each.get("value")))
        for each in map(_lowered, filter(_is_object, listed if isinstance(listed, list) else []))
    ]
    for key, each in fields.items():
        if key == one or key.startswith(f"{one}_"):
            found.append((key.removeprefix(one).removeprefix("_"), "", values.text(each)))
    return [each for each in found if each[2].strip()]


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _role(value: Any) -> str:
    return values.line(value).casefold()


def _headline(fields: Fields) -> str:
    found = _texts(fields, "headlines", "headline")
    best = next((each for wanted in ("main", "") for each in found if each[0] == wanted), (found or [("", "", "")])[0])
    said = bodies.plain(best[2]) if "html" in best[0] + best[1] else values.line(best[2])
    return said or values.line(fields.get("title"))


def _standfirst(fields: Fields) -> str:
    return _described(fields, ("summary", "abstract", "teaser", "text", ""))


def _described(fields: Fields, roles: tuple[str, ...]) -> str:
    """The description of the first of these roles, as plain text."""
    found = _texts(fields, "descriptions", "description")
    for wanted in roles:
        for role, kind, said in found:
            if role == wanted:
                return bodies.plain(said) if "html" in kind else values.line(said)
    marked = [said for role, kind, said in found if "html" in kind or "html" in role]
    return bodies.plain(marked[0]) if marked and "" in roles else ""


def _body(fields: Fields, warnings: list[str]) -> bodies.Body:
    """The richest text that can be read: HTML before NITF before plain text."""
    found = _texts(fields, "bodies", "body")
    for mark in ("html", "richtext", "nitf"):
        for role, kind, said in found:
            if mark in kind or (mark in role and "ttnitf" not in role):
                return bodies.read_html(said, warnings)
    for role, kind, said in found:
        if role != "ttnitf" and kind != "application/xml":
            return bodies.read_plain(said, warnings)
    return bodies.Body((), ())


def _subjects(fields: Fields) -> tuple[tuple[Subject, ...], tuple[str, ...], list[str]]:
    """What the item is about, its keywords, and what a signal of the provider says."""
    subjects: list[Subject] = []
    keywords = [values.line(each) for each in _strings(fields.get("keywords"))]
    said: list[str] = [each for each in (_name(fields.get("signal")),) if each]
    for each in _listed(fields, "subject"):
        code = each.get("uri") or each.get("code") or each.get("literal")
        if values.line(code).startswith((ninjs_writing.SIGNAL, "sig:")):
            said.append(values.line(code))
        elif each.get("rel") == "keyword":
            keywords.append(values.line(each.get("name")))
        elif found := values.subject(each.get("name"), code, each.get("scheme")):
            subjects.append(found)
    return tuple(dict.fromkeys(subjects)), tuple(dict.fromkeys(word for word in keywords if word)), said


def _strings(value: Any) -> list[Any]:
    return value if isinstance(value, list) else value.split(",") if isinstance(value, str) else []


def _authors(sources: list[tuple[str, str]], by: Any, houses: tuple[str, ...]) -> tuple[Author, ...]:
    named = tuple(Author(name, "person" if role == "author" else role) for name, role in sources if role in _BYLINES)
    return named or values.bylines(by, houses)


def _genre(fields: Fields) -> str:
    found = _listed(fields, "genre")
    return next((name for each in found if (name := values.line(each.get("name")))), "") or values.line(
        fields.get("genre")
    )


def _renditions(fields: Fields) -> list[Fields]:
    found = fields.get("renditions")
    several = found.values() if isinstance(found, dict) else found if isinstance(found, list) else []
    return [_lowered(each) for each in several if isinstance(each, dict)]


def _web_page(fields: Fields) -> str:
    """Where the item can be read: its rendition as a page."""
    pages = [each for each in _renditions(fields) if each.get("contenttype", each.get("mimetype")) == "text/html"]
    return next((address for each in pages if (address := values.web_address(each.get("href")))), "")


def _picture(fields: Fields, item: str, warnings: list[str]) -> Picture:
    files = [
        values.rendition(
            each.get("href"), each.get("contenttype", each.get("mimetype")), each.get("width"), each.get("height")
        )
        for each in _renditions(fields)
    ]
    images = [each for each in files if each and (not each.mimetype or each.mimetype.startswith("image/"))]
    sources = {values.line(each.get("role")): values.line(each.get("name")) for each in _listed(fields, "infosource")}
    caption = _described(fields, ("caption", "main", "text", ""))
    genres = [values.line(each.get(key)) for each in _listed(fields, "genre") for key in ("uri", "name")]
    names = [values.line(each.get("name")).casefold() for each in _listed(fields, "subject")]
    headline = _headline(fields)
    archived = any(each in (values.FILE_PHOTO_GENRE, "Archive material") for each in genres) or "file photo" in names
    return Picture(
        guid=values.picture_name(_guid(fields), item),
        headline=headline,
        caption=caption,
        alt_text=_described(fields, ("alt-text", "alttext", "alt_text")),
        photographer=re.sub(r"(?i)^by\s+", "", values.line(fields.get("by", fields.get("byline")))),
        credit=sources.get("credit", "") or _described(fields, ("creditline", "credit")),
        copyrightnotice=values.line(fields.get("copyrightnotice")),
        usageterms=values.line(fields.get("usageterms")),
        is_file_photo=archived or values.is_file_photo(caption, headline, fields.get("ednote")),
        contentcreated=values.moment(fields.get("contentcreated"), "the picture", warnings),
        expires=values.moment(fields.get("expires"), "the picture’s expiry", warnings),
        renditions=values.largest_first(images),
    )
