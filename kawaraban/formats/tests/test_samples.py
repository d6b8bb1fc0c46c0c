"""Documents as agencies and sites send them, one for each format, field by field (docs/reference/wire-formats.md)."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kawaraban.formats import detect
from kawaraban.formats.items import Author, Item, Kind, Picture, PubStatus, Rendition, Signal, Subject

SAMPLES = Path(__file__).parent / "samples"
NAMED = "urn:newsml:wire.example:20240530:bridge"

PHOTO = Picture(
    guid="urn:newsml:wire.example:20240502:bridge-photo",
    headline="The bridge at dawn",
    caption="FILE PHOTO: The harbour bridge on May 2, 2023.",
    alt_text="A steel bridge.",
    photographer="Cy Day",
    credit="Example Wire/Cy Day",
    copyrightnotice="© Example Wire",
    usageterms="Editorial use only.",
    is_file_photo=True,
    contentcreated=datetime(2023, 5, 2, 6, tzinfo=UTC),
    expires=datetime(2025, 5, 2, 6, tzinfo=UTC),
    renditions=(
        Rendition("https://p.example/bridge.jpg", b"", "image/jpeg", 1800, 1200),
        Rendition("https://p.example/bridge-t.jpg", b"", "image/jpeg", 120, 80),
    ),
)

# What the samples of ninjs 3 and of NewsML-G2 tell.
STORY = Item(
    guid=NAMED,
    version=2,
    versioncreated=datetime(2024, 5, 30, 12, 20, tzinfo=UTC),
    firstcreated=datetime(2024, 5, 30, 9, tzinfo=UTC),
    signal=Signal.UPDATE,
    embargoed=datetime(2024, 5, 30, 13, tzinfo=UTC),
    expires=datetime(2024, 6, 30, tzinfo=UTC),
    headline="Harbour bridge to close for repairs",
    slugline="BRIDGE-REPAIR",
    standfirst="The bridge closes on Monday for three weeks.",
    body=(
        ("paragraph", "The bridge <b>closes on Monday</b>."),
        ("quote", {"text": "It has to be done.", "attribution": ""}),
    ),
    bylines=(Author("Ann Lee"), Author("Bo Ek"), Author("Example Wire", "agency")),
    dateline="HARBOUR CITY",
    language="en",
    urgency=3,
    ednote="Adds quote.",
    provider="Example Wire",
    copyrightholder="Example Wire",
    copyright_lines=("© Example Wire 2024.", "© 2024 Harbour Press."),
    usageterms="Not for use outside Europe.",
    subjects=(
        Subject("transport", "medtop:20000337"),
        Subject("politics", "medtop:11000000"),
        Subject("accident", "medtop:03000000"),
        Subject("Bridges"),
    ),
    keywords=("harbour",),
    genre="Current",
    uri="https://wire.example/bridge",
    pictures=(PHOTO,),
)


def read(name):
    return detect.read((SAMPLES / name).read_bytes())


def test_ninjs_3_tells_every_field():
    assert read("ninjs-3.json") == [STORY]


def test_ninjs_2_tells_the_same_but_for_what_it_has_no_field_for():
    story, kill = read("ninjs-2.json")
    photo = replace(PHOTO, alt_text="", expires=None)
    less = {"signal": Signal.NONE, "provider": "", "keywords": (), "uri": ""}
    assert story == replace(STORY, **less, pictures=(photo,))
    assert (kill.guid, kill.version, kill.pubstatus) == (
        "urn:newsml:wire.example:20240530:ferry",
        3,
        PubStatus.CANCELED,
    )
    assert kill.ednote == "KILL: the ferry story is wrong."


def test_ninjs_1_tells_the_same_in_names_of_its_own():
    [story] = read("ninjs-1.json")
    photo = replace(PHOTO, alt_text="", credit="", expires=None)
    less = {"signal": Signal.NONE, "provider": "", "keywords": (), "uri": ""}
    assert story == replace(STORY, **less, pictures=(photo,))
    assert story.warnings == ("The text held what is not shown here (script); it was left out.",)


def test_a_message_of_newsml_joins_a_text_with_the_pictures_of_its_package():
    package, story = read("newsml-message.xml")
    drawn = Picture(
        guid=f"{NAMED}-map",
        headline="Where the bridge is",
        renditions=(
            Rendition("", b"GIF89a\x01\x00\x01\x00\x00\x00\x00,", "image/gif", 1, 1),
            Rendition("bridge-map.png", b"", "image/png"),
        ),
    )
    assert story == replace(STORY, pictures=(PHOTO, drawn))
    assert (package.kind, package.headline, package.urgency) == (Kind.COMPOSITE, "Bridge", 4)
    assert package.items == (NAMED, PHOTO.guid, drawn.guid)


def test_an_item_of_newsml_with_nitf_inside_and_an_embargo_without_an_end_is_withheld():
    [story] = read("newsml-nitf.xml")
    assert story == Item(
        guid=NAMED,
        version=2,
        versioncreated=STORY.versioncreated,
        pubstatus=PubStatus.WITHHELD,
        signal=Signal.CORRECTION,
        headline=STORY.headline,
        standfirst=STORY.standfirst,
        body=(("paragraph", "The bridge <i>closes</i> on Monday."),),
        bylines=(Author("Ann Lee"), Author("Bo Ek")),
        dateline="HARBOUR CITY",
        language="en",
        ednote="Embargoed until the minister speaks.",
        provider="Example Wire",
        pictures=(Picture(renditions=(Rendition("bridge.jpg", b"", "image/jpeg", 800, 600),)),),
    )
    assert "withheld" in story.warnings[0]


def test_nitf_tells_every_field():
    [story] = read("nitf.xml")
    assert story == replace(
        STORY,
        signal=Signal.CORRECTION,
        headline="Harbour bridge to close\xa0for repairs",
        body=(
            ("paragraph", "The Harbour City bridge <i>closes</i> on Monday — at last."),
            ("heading", "What is checked"),
            ("list", ["The piers", "The cables"]),
            ("quote", {"text": "It has to be done.", "attribution": "Ann Harbour"}),
            ("paragraph", "Piers | 20"),
        ),
        bylines=(Author("Ann Lee"), Author("Bo Ek")),
        ednote="Corrects the day. Adds quote.",
        copyright_lines=("© 2024 Example Wire",),
        subjects=(Subject("accident", "medtop:03000000"), Subject("transport", "medtop:20000337")),
        keywords=("harbour", "bridge"),
        genre="current",
        pictures=(
            Picture(
                caption="FILE PHOTO: The harbour bridge.",
                alt_text="A steel bridge.",
                photographer="Cy Day",
                credit="Example Wire/Cy Day",
                is_file_photo=True,
                renditions=PHOTO.renditions[:1],
            ),
        ),
    )


def test_rss_tells_what_it_can_and_its_markup_is_inert():
    story, short = read("rss.xml")
    assert story == Item(
        guid="wire-bridge-1",
        versioncreated=STORY.versioncreated,
        firstcreated=STORY.firstcreated,
        headline=STORY.headline,
        standfirst="Ferries & buses run every ten minutes.",
        body=(
            ("paragraph", "The bridge <b>closes\xa0on Monday</b>."),
            ("paragraph", 'More <a href="https://wire.example/more">here</a>'),
        ),
        bylines=(Author("Ann Lee"), Author("Bo Ek")),
        language="en",
        provider="Example Wire",
        copyright_lines=("© Example Wire 2024.",),
        subjects=(Subject("", "medtop:20000337"), Subject("Bridges")),
        uri=STORY.uri,
        pictures=(
            Picture(
                headline="The bridge at dawn",
                caption="FILE PHOTO: The harbour bridge.",
                photographer="Cy Day",
                credit="Example Wire/Cy Day",
                copyrightnotice="© Example Wire",
                is_file_photo=True,
                renditions=PHOTO.renditions[:1],
            ),
        ),
    )
    assert short.guid.startswith("urn:sha256:")
    assert (short.uri, short.bylines) == ("", (Author("Ann Lee"),))
    assert short.body == (("paragraph", "Only a description."), ("paragraph", "In two lines."))
    assert [each.renditions[0].href for each in short.pictures] == ["https://p.example/two.png"]
    assert "no zone" in short.warnings[0]


def test_atom_tells_what_it_can_and_names_what_is_withdrawn():
    story, short, wrong = read("atom.xml")
    assert story == Item(
        guid="tag:wire.example,2024:bridge",
        versioncreated=STORY.versioncreated,
        firstcreated=STORY.firstcreated,
        headline="Brücke & Fähre: gesperrt",
        standfirst="Fähren fahren alle <10 Minuten.",
        body=(("paragraph", "Die Brücke <i>schließt</i>."), ("list", ["Pfeiler"])),
        bylines=(Author("Ann Lee"), Author("dpa", "agency")),
        language="de",
        provider="Example Wire",
        copyright_lines=("© Ann Lee.",),
        subjects=(Subject("transport", "medtop:20000337"), Subject("Bridges")),
        uri=STORY.uri,
        pictures=(Picture(renditions=(Rendition("https://p.example/bridge.jpg", b"", "image/jpeg"),)),),
    )
    assert (short.headline, short.body) == ("Only a summary: a < b", (("paragraph", "It is all there is."),))
    assert (wrong.guid, wrong.pubstatus, wrong.ednote) == (
        "tag:wire.example,2024:wrong",
        PubStatus.CANCELED,
        "Wrong story.",
    )


def test_a_json_feed_tells_what_it_can():
    story, short = read("feed.json")
    assert story == Item(
        guid=STORY.uri,
        versioncreated=STORY.versioncreated,
        firstcreated=STORY.firstcreated,
        headline=STORY.headline,
        standfirst="Ferries & buses run every ten minutes.",
        body=STORY.body[:1],
        bylines=(Author("Ann Lee"),),
        language="en-GB",
        provider="Example Wire",
        subjects=(Subject("Bridges"), Subject("harbour")),
        uri=STORY.uri,
        pictures=(
            Picture(renditions=(Rendition("https://p.example/bridge.jpg"),)),
            Picture(renditions=(Rendition("https://p.example/map.png", b"", "image/png"),)),
        ),
    )
    assert (short.guid, short.bylines) == ("7", (Author("Example Desk"),))
    assert short.body == (("paragraph", "One line."), ("paragraph", "Another line."))


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir()))
def test_a_sample_is_read_alike_in_other_charsets_and_with_spaces_around_it(name):
    data = (SAMPLES / name).read_bytes()
    text = data.decode("iso-8859-1" if name == "nitf.xml" else "utf-8")
    bare = text.replace('encoding="UTF-8"', "").replace('encoding="ISO-8859-1"', "")
    expected = detect.read(data)
    for charset in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        assert detect.read(bare.encode(charset)) == expected, charset
    assert detect.read(b"\n \r\n" + bare.encode() + b"\n\n ") == expected
    if not name.endswith("json"):
        assert detect.read(bare.encode("cp1252"), "text/xml; charset=windows-1252") == expected
