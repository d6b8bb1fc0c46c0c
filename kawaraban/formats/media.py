"""Pictures in feeds: Media RSS, and what it cannot say in elements of our own."""

from __future__ import annotations

from typing import Any

from kawaraban.formats import values, xml
from kawaraban.formats.items import Picture, Rendition
from kawaraban.formats.xml_writing import add

MRSS = "http://search.yahoo.com/mrss/"
OURS = "urn:x-kawaraban:item"


def read(element: Any) -> tuple[Picture, ...]:
    """The pictures of an item or entry: each group is one, and so is each picture that stands alone."""
    groups = [each for each in element if _is(each, "group")]
    alone = [each for each in element if _is(each, "content")]
    found = [_picture(each, element, [part for part in each if _is(part, "content")]) for each in groups]
    found += [_picture(each, element, [each]) for each in alone]
    shown = tuple(each for each in found if each.renditions)
    if shown:
        return shown
    small = [_picture(each, element, [each]) for each in element if _is(each, "thumbnail")]
    return tuple(each for each in small if each.renditions)[:1]


def kind(creator: Any) -> str:
    """Who stands behind a creator, as we write it beside the name; "" where nothing known is said."""
    said = values.line(creator.get(f"{{{OURS}}}kind"))
    return said if said in ("person", "agency", "staff") else ""


def write(parent: Any, picture: Picture) -> None:
    """The picture as a group of its files, with all that is said of it."""
    group = add(parent, MRSS, "group")
    for file in picture.renditions:
        sizes = {"width": str(file.width or ""), "height": str(file.height or "")}
        address = values.data_address(file.data, file.mimetype) if file.data else file.href
        add(group, MRSS, "content", url=address, type=file.mimetype, medium="image", **sizes)
    for name, text in (
        ("title", picture.headline),
        ("description", picture.caption),
        ("copyright", picture.copyrightnotice),
    ):
        if text:
            add(group, MRSS, name, text, **({} if name == "copyright" else {"type": "plain"}))
    for role, text in (("photographer", picture.photographer), ("owner", picture.credit)):
        if text:
            add(group, MRSS, "credit", text, role=role, scheme="urn:ebu")
    ours = (
        ("guid", picture.guid),
        ("altText", picture.alt_text),
        ("usageTerms", picture.usageterms),
        ("filePhoto", "true" if picture.is_file_photo else ""),
        ("contentCreated", values.written_moment(picture.contentcreated)),
        ("expires", values.written_moment(picture.expires)),
    )
    for name, text in ours:
        if text:
            add(group, OURS, name, text)


def _is(element: Any, name: str) -> bool:
    return bool(element.tag == f"{{{MRSS}}}{name}")


def _picture(place: Any, item: Any, files: list[Any]) -> Picture:
    """A picture, with what is said at it, or else around it."""
    caption = _said(place, "description", item)
    headline = _said(place, "title", item)
    shown = [_file(each) for each in files]
    images = [each for each in shown if each and (not each.mimetype or each.mimetype.startswith("image/"))]
    return Picture(
        guid=_ours(place, "guid"),
        headline=headline,
        caption=caption,
        alt_text=_ours(place, "altText"),
        photographer=_credit(place, item, ("photographer", "author")),
        credit=_credit(place, item, ("owner", "distribution company", "")),
        copyrightnotice=_said(place, "copyright", item),
        usageterms=_ours(place, "usageTerms"),
        is_file_photo=_ours(place, "filePhoto") == "true" or values.is_file_photo(caption, headline),
        contentcreated=values.moment(_ours(place, "contentCreated"), "the picture", []),
        expires=values.moment(_ours(place, "expires"), "the picture’s expiry", []),
        renditions=values.largest_first(images),
    )


def _file(element: Any) -> Rendition | None:
    if element.get("medium", "image") != "image":
        return None
    return values.rendition(element.get("url"), element.get("type"), element.get("width"), element.get("height"))


def _found(place: Any, name: str, item: Any) -> list[Any]:
    return [each for each in place if _is(each, name)] or [each for each in item if _is(each, name)]


def _said(place: Any, name: str, item: Any) -> str:
    return xml.said(next(iter(_found(place, name, item)), None))


def _credit(place: Any, item: Any, roles: tuple[str, ...]) -> str:
    found = [(xml.attribute(each, "role").casefold(), xml.said(each)) for each in _found(place, "credit", item)]
    return next((said for role, said in found if role in roles), "")


def _ours(place: Any, name: str) -> str:
    return xml.said(place.find(f"{{{OURS}}}{name}"))
