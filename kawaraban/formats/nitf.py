"""NITF (IPTC and NAA): a text of an agency with what is said about it.

Source of the elements: NITF 3.6, http://iptc.org/std/NITF/2006-10-18/. What is mapped to what stands in
docs/reference/wire-formats.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from kawaraban.formats import bodies, values, xml
from kawaraban.formats.items import Author, FormatError, Item, PubStatus, Signal, Subject

DOCTYPES = frozenset({"nitf"})


class Told(NamedTuple):
    """What a text says of itself, also where it stands inside of another format."""

    body: bodies.Body
    headline: str = ""
    standfirst: str = ""
    bylines: tuple[Author, ...] = ()
    dateline: str = ""
    language: str = ""
    urgency: int = 0
    subjects: tuple[Subject, ...] = ()


def read(data: bytes) -> list[Item]:
    """The item of a document of NITF.

    Raises:
        FormatError: the bytes are no well-formed XML, or no NITF with a name of its own.
    """
    return read_root(xml.read(data, doctypes=DOCTYPES))


def read_root(root: Any) -> list[Item]:
    """The item of a document that is parsed already."""
    if xml.local(root) != "nitf":
        raise FormatError(f"The document is a “{xml.local(root)[:40]}”, which is no NITF.")
    warnings: list[str] = []
    head = xml.child(root, "head")
    data = xml.child(head, "docdata")
    status, embargoed = _release(data, warnings)
    said = told(root, warnings)
    headline = said.headline or xml.said(xml.child(head, "title"))
    body = bodies.without_headline(said.body.blocks, headline)
    released = _norm(data, "date.release", "the release", warnings)
    issued = _norm(data, "date.issue", "the issue", warnings) or _story_date(root, warnings)
    provider = xml.attribute(xml.child(data, "doc-id"), "regsrc") or _house(root)
    rights = xml.child(root, "body", "body.head", "rights")
    holder = xml.attribute(xml.child(data, "doc.copyright"), "holder") or xml.said(xml.child(rights, "rights.owner"))
    item = Item(
        guid=_guid(data, status) or _made_guid(provider, headline, issued, warnings),
        version=values.version(_version(root, data), warnings),
        versioncreated=_changed(root, warnings) or issued or released,
        firstcreated=issued,
        pubstatus=status,
        signal=_signal(head, data),
        embargoed=embargoed,
        expires=_norm(data, "date.expire", "expiry", warnings),
        headline=headline,
        slugline=xml.attribute(xml.child(data, "fixture"), "fix-id") or xml.attribute(xml.child(data, "du-key"), "key"),
        standfirst=bodies.standfirst(said.standfirst, body, headline),
        body=body,
        bylines=said.bylines,
        dateline=said.dateline,
        language=said.language,
        urgency=said.urgency,
        ednote=_ednote(data),
        provider=provider,
        copyrightholder=holder,
        copyright_lines=_copyright(data, holder),
        usageterms=xml.attribute(xml.child(data, "doc.rights"), "limitations") or _terms(rights),
        subjects=said.subjects,
        keywords=_keywords(data),
        genre=xml.attribute(xml.child(head, "tobject", "tobject.property"), "tobject.property.type"),
        uri=values.web_address(xml.attribute(xml.child(head, "pubdata"), "ex-ref")),
        pictures=said.body.pictures,
        warnings=tuple(warnings),
    )
    if not item.guid:
        raise FormatError("The NITF has neither a doc-id nor anything else that it could be told apart by.")
    return [item]


def told(root: Any, warnings: list[str]) -> Told:
    """What the text of a `nitf` element says, whatever stands around it."""
    head, body = xml.child(root, "head"), xml.child(root, "body")
    opening = xml.child(body, "body.head")
    lines = xml.child(opening, "hedline")
    content = xml.child(body, "body.content")
    data = xml.child(head, "docdata")
    main = xml.said(xml.child(lines, "hl1"))
    return Told(
        body=bodies.read_element(content, warnings) if content is not None else bodies.Body((), ()),
        headline=main,
        standfirst=xml.said(xml.child(opening, "abstract")) or xml.said(xml.child(lines, "hl2")),
        bylines=_bylines(opening),
        dateline=_dateline(opening),
        language=xml.language(root) or values.language(root.get("baselang")) or xml.language(body),
        urgency=values.number(xml.attribute(xml.child(data, "urgency"), "ed-urg"), 1, 9),
        subjects=_subjects(head),
    )


def _bylines(opening: Any) -> tuple[Author, ...]:
    found: list[Author] = []
    for each in xml.children(opening, "byline"):
        people = [xml.said(person) for person in xml.children(each, "person")]
        said = " ".join(filter(None, [values.line(each.text), *(values.line(part.tail) for part in each)]))
        found += [Author(name) for name in people if name] or values.bylines(said or xml.said(xml.child(each, "byttl")))
    return tuple(dict.fromkeys(found))


def _dateline(opening: Any) -> str:
    line = xml.child(opening, "dateline")
    return values.dateline(xml.said(xml.child(line, "location")) or ("" if line is None else line.text))


def _subjects(head: Any) -> tuple[Subject, ...]:
    found = [
        values.subject(
            each.get("tobject.subject.detail")
            or each.get("tobject.subject.matter")
            or each.get("tobject.subject.type"),
            f"subj:{each.get('tobject.subject.refnum')}" if each.get("tobject.subject.refnum") else "",
        )
        for each in xml.children(xml.child(head, "tobject"), "tobject.subject")
    ]
    classed = [
        values.subject(xml.said(each), each.get("value"), each.get("type"))
        for each in xml.children(xml.child(head, "docdata", "identified-content"), "classifier")
        if "medtop" in (each.get("type") or "").casefold() + (each.get("value") or "").casefold()
    ]
    return tuple(dict.fromkeys(each for each in (*found, *classed) if each))


def _guid(data: Any, status: PubStatus) -> str:
    """The name of the document; a kill that names another document is a version of that one."""
    named = xml.attribute(xml.child(data, "doc-id"), "id-string")
    meant = xml.attribute(data, "management-doc-idref") if status == PubStatus.CANCELED else ""
    key = xml.attribute(xml.child(data, "du-key"), "key")
    return values.guid(meant or named or key)


def _made_guid(provider: str, headline: str, issued: datetime | None, warnings: list[str]) -> str:
    """A name for a document without one, the same for all its versions of a day that keep the headline."""
    if not headline:
        return ""
    warnings.append("The item has no name of its own; one was made of its provider, its headline and its day.")
    return values.guid_from(provider, headline, issued.date().isoformat() if issued else "")


def _version(root: Any, data: Any) -> str:
    key = xml.child(data, "du-key")
    revisions = xml.children(xml.child(root, "head"), "revision-history")
    return xml.attribute(key, "version") or (str(len(revisions) + 1) if revisions else "")


def _norm(data: Any, name: str, spoken: str, warnings: list[str]) -> datetime | None:
    return values.moment(xml.attribute(xml.child(data, name), "norm"), spoken, warnings)


def _story_date(root: Any, warnings: list[str]) -> datetime | None:
    line = xml.child(root, "body", "body.head", "dateline", "story.date")
    return values.moment(xml.attribute(line, "norm"), "the story", warnings)


def _changed(root: Any, warnings: list[str]) -> datetime | None:
    history = xml.children(xml.child(root, "head"), "revision-history")
    found = [values.moment(each.get("norm"), "a revision", warnings) for each in history]
    return max(filter(None, found), default=None)


def _release(data: Any, warnings: list[str]) -> tuple[PubStatus, datetime | None]:
    named = xml.attribute(data, "management-status")
    released = _norm(data, "date.release", "the release", [])
    issued = _norm(data, "date.issue", "the issue", [])
    if named == "embargoed":
        if released:
            return PubStatus.USABLE, released
        warnings.append("When the embargo ends is not known, so the item is withheld.")
        return PubStatus.WITHHELD, None
    later = released if released and issued and released > issued else None
    return values.pubstatus(named, warnings), later


def _signal(head: Any, data: Any) -> Signal:
    if xml.child(data, "correction") is not None:
        return Signal.CORRECTION
    kind = xml.child(head, "tobject")
    types = [
        xml.attribute(kind, "tobject.type"),
        xml.attribute(xml.child(kind, "tobject.property"), "tobject.property.type"),
    ]
    return next((found for each in types if (found := values.signal(each)) != Signal.NONE), Signal.NONE)


def _ednote(data: Any) -> str:
    notes = [xml.attribute(each, "info") for each in xml.children(data, "ed-msg", "correction")]
    return " ".join(filter(None, notes))


def _copyright(data: Any, holder: str) -> tuple[str, ...]:
    year = xml.attribute(xml.child(data, "doc.copyright"), "year")
    return (f"© {f'{year} ' if year else ''}{holder}",) if holder else ()


def _terms(rights: Any) -> str:
    """The terms of use: what `rights` says itself, or its limitations."""
    return "" if rights is None else values.line(rights.text) or xml.said(xml.child(rights, "rights.limitations"))


def _house(root: Any) -> str:
    return xml.said(xml.child(root, "body", "body.head", "distributor"))


def _keywords(data: Any) -> tuple[str, ...]:
    found = [xml.attribute(each, "key") for each in xml.children(xml.child(data, "key-list"), "keyword")]
    return tuple(dict.fromkeys(filter(None, found)))
