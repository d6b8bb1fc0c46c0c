"""RSS 2.0 (and its elders) and Atom are read; how they are written stands in `feeds_writing`.

feedparser knows the many ways in which feeds say the same. It gets bytes that are well-formed, never an address, and
nothing that it returns is trusted (S-009): texts are cleaned as those of agencies are.
"""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import feedparser

from kawaraban.formats import bodies, feeds_writing, media, values, xml
from kawaraban.formats.items import Author, FormatError, Item, Picture, PubStatus, Rendition, Subject

Channel = feeds_writing.Channel
write_atom = feeds_writing.write_atom
write_rss = feeds_writing.write_rss
write_json_feed = feeds_writing.write_json_feed
json_feed_of = feeds_writing.json_feed_of

DOCTYPES = frozenset({"rss", "rdf", "feed"})
ROOTS = ("rss", "RDF", "feed")


def read(data: bytes) -> list[Item]:
    """The items of a feed, in its order.

    Raises:
        FormatError: the bytes are no well-formed XML, or no feed.
    """
    return read_prepared(xml.prepared(data, doctypes=DOCTYPES))


def read_prepared(document: bytes) -> list[Item]:
    """The items of a document that `xml.prepared` made."""
    root = xml.parse(document)
    if xml.local(root) not in ROOTS:
        raise FormatError(f"The document is a “{xml.local(root)[:40]}”, which is no feed.")
    headers = {"content-type": "application/xml; charset=utf-8"}
    # Its own cleaning takes a second for a text of tags; ours follows.
    parsed = feedparser.parse(
        BytesIO(document), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    elements = _elements(root)
    if len(elements) != len(parsed.entries):
        raise FormatError("The feed’s items could not be told apart.")
    found = [_item(entry, element, parsed.feed) for entry, element in zip(parsed.entries, elements, strict=True)]
    return [*filter(None, found), *_deleted(root)]


def _elements(root: Any) -> list[Any]:
    if xml.local(root) == "feed":
        return xml.children(root, "entry")
    # RSS 2.0 has its items in the channel, RSS 1.0 beside it.
    return [*xml.children(xml.child(root, "channel"), "item"), *xml.children(root, "item")]


def _item(entry: Any, element: Any, feed: Any) -> Item | None:
    warnings: list[str] = []
    page = values.web_address(entry.get("link"))
    title = _title(element)
    guid = values.from_uri(values.guid(entry.get("id") or page)) or values.guid_from(title, entry.get("published"))
    if not guid:
        return None
    body, standfirst = _texts(entry, element, warnings)
    published = _moment(entry, "published", "publication", warnings)
    said = feeds_writing.Extension.read(element, warnings)
    provider = said.provider or values.line(entry.get("source", {}).get("title")) or values.line(feed.get("title"))
    subjects, keywords = _subjects(entry)
    return Item(
        guid=guid,
        version=said.version,
        versioncreated=_moment(entry, "updated", "the update", warnings) or published,
        firstcreated=published,
        pubstatus=said.pubstatus,
        signal=said.signal,
        embargoed=said.embargoed,
        expires=said.expires,
        headline=title,
        slugline=said.slugline,
        standfirst=standfirst,
        body=bodies.without_headline(body.blocks, title),
        bylines=_authors(element),
        dateline=said.dateline,
        language=xml.language(element) or values.language(feed.get("language")),
        urgency=said.urgency,
        ednote=said.ednote,
        provider=provider,
        copyrightholder=said.copyrightholder,
        copyright_lines=values.lines(entry.get("rights") or feed.get("rights")),
        usageterms=said.usageterms,
        subjects=subjects,
        keywords=keywords,
        genre=said.genre,
        uri=page,
        pictures=media.read(element) or _enclosed(entry) or body.pictures,
        warnings=tuple(warnings),
    )


def _title(element: Any) -> str:
    """The title as plain text. RSS does not say whether it holds markup, so what looks like markup is taken for it."""
    title = next((each for each in xml.children(element, "title") if not _of_media(each)), None)
    if title is None or len(title):
        return xml.said(title)
    said = values.text(title.text)
    marked = re.search(r"<[A-Za-z/!]|&#?\w+;", said) if xml.local(element) == "item" else title.get("type") == "html"
    return bodies.plain(said) if marked else values.line(said)


def _of_media(element: Any) -> bool:
    return str(element.tag).startswith(f"{{{media.MRSS}}}")


def _texts(entry: Any, element: Any, warnings: list[str]) -> tuple[bodies.Body, str]:
    """The text and what stands above it: the content, and the summary where it says something else."""
    summary = _summary(element)
    contents = [each for each in entry.get("content", ()) if each.get("value")]
    if not contents and summary is not None and all(map(_of_media, xml.children(element, "content", "encoded"))):
        return _body(summary.text or "", summary.get("type", "html"), summary, warnings), ""
    chosen = next((each for each in contents if "html" in each.get("type", "")), contents[0] if contents else {})
    body = _body(values.text(chosen.get("value")), values.text(chosen.get("type")), None, warnings)
    return body, bodies.standfirst(_plain(summary), body.blocks, _title(element))


def _summary(element: Any) -> Any:
    """The summary of Atom, or the description of RSS; not that of Media RSS, which tells of a picture."""
    found = xml.children(element, "summary" if xml.local(element) == "entry" else "description")
    return next((each for each in found if not _of_media(each)), None)


def _plain(summary: Any) -> str:
    if summary is None:
        return ""
    atom = xml.local(summary) == "summary"
    marked = not atom or summary.get("type") == "html"
    return bodies.plain(values.text(summary.text)) if marked else xml.said(summary)


def _body(said: str, kind: str, element: Any, warnings: list[str]) -> bodies.Body:
    if element is not None and len(element):
        return bodies.read_element(element, warnings)
    if "html" in kind or re.search(r"<[A-Za-z/]", said):
        return bodies.read_html(said, warnings)
    return bodies.Body(bodies.read_text(said), ())


def _moment(entry: Any, name: str, spoken: str, warnings: list[str]) -> datetime | None:
    """The moment as we read it; where we cannot, as feedparser does, who knows more ways to write one."""
    if name not in entry:
        return None
    told: list[str] = []
    found = values.moment(entry[name], spoken, told)
    parsed = entry.get(f"{name}_parsed")
    if found is None and parsed and 1900 <= parsed.tm_year <= 2200:
        return datetime.fromtimestamp(timegm(parsed), UTC)
    warnings += told
    return found


def _authors(element: Any) -> tuple[Author, ...]:
    if xml.local(element) == "entry":
        told = [(xml.said(xml.child(each, "name")), media.kind(each)) for each in xml.children(element, "author")]
    else:
        told = [(xml.said(each), media.kind(each)) for each in xml.children(element, "creator")]
        told = told or [(_name_of(xml.said(each)), "") for each in xml.children(element, "author")]
        if len(told) == 1 and not told[0][1]:
            return values.bylines(told[0][0])
    named = (Author(name, kind or values.author_kind(name)) for name, kind in told if name)
    return tuple(dict.fromkeys(named))


def _name_of(author: str) -> str:
    """The name of an author of RSS, who is a mailbox with the name in brackets."""
    found = re.fullmatch(r"\S+@\S+\s*\((.+)\)", author)
    return found[1] if found else "" if "@" in author else author


def _subjects(entry: Any) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    subjects, keywords = [], []
    for each in entry.get("tags", ()):
        term, scheme = values.line(each.get("term")), values.line(each.get("scheme"))
        if scheme == feeds_writing.KEYWORD:
            keywords.append(term)
        elif found := values.subject(each.get("label") or ("" if term.startswith("medtop:") else term), term, scheme):
            subjects.append(found)
    return tuple(dict.fromkeys(subjects)), tuple(dict.fromkeys(filter(None, keywords)))


def _enclosed(entry: Any) -> tuple[Picture, ...]:
    """Pictures that are attached to the item."""
    files: list[Rendition | None] = [
        values.rendition(each.get("href"), each.get("type"))
        for each in entry.get("enclosures", ())
        if values.text(each.get("type")).startswith("image/")
    ]
    return tuple(Picture(renditions=(each,)) for each in files if each)


def _deleted(root: Any) -> list[Item]:
    """What the feed says is withdrawn. Source: the Atom "deleted-entry" element, RFC 6721."""
    found = []
    for each in xml.children(root, "deleted-entry"):
        if guid := values.from_uri(values.guid(each.get("ref"))):
            when = values.moment(each.get("when"), "the withdrawal", [])
            note = xml.said(xml.child(each, "comment"))
            found.append(Item(guid=guid, versioncreated=when, pubstatus=PubStatus.CANCELED, ednote=note))
    return found
