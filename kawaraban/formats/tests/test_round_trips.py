"""What we write is read again as the same items, and is what the standards ask for."""

import dataclasses
import json
from dataclasses import replace
from io import BytesIO

import feedparser
import pytest
from lxml import etree

from kawaraban.formats import detect, feeds, newsml, ninjs, testing
from kawaraban.formats.items import Author, Item, Kind, PubStatus, Subject

CHANNEL = feeds.Channel("Courier", "https://courier.example/", "https://courier.example/feed", "News", "en")
NAR = "{http://iptc.org/std/nar/2006-10-01/}"
ATOM = "{http://www.w3.org/2005/Atom}"


def atom(items):
    return feeds.write_atom(items, CHANNEL)


def message(items):
    [item] = items
    return newsml.write(item)


WRITERS = {"ninjs": ninjs.write_many, "newsml": message, "atom": atom}


def differences(one, other):
    """The fields in which two items differ, each with both values."""
    names = [field.name for field in dataclasses.fields(Item) if field.compare]
    pairs = {name: (getattr(one, name), getattr(other, name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@pytest.mark.parametrize("format_", WRITERS)
def test_an_item_that_says_all_comes_back_as_it_was(format_):
    item = testing.rich_item()
    [read] = detect.read(WRITERS[format_]([item]))
    assert differences(item, read) == {}
    assert read.warnings == ()


@pytest.mark.parametrize("format_", WRITERS)
def test_the_rich_item_leaves_no_field_unsaid(format_):
    item = testing.rich_item()
    unsaid = [field.name for field in dataclasses.fields(Item) if getattr(item, field.name) in ("", 0, None, ())]
    assert unsaid == ["items", "warnings"]
    assert [
        field.name for field in dataclasses.fields(testing.rich_picture()) if not getattr(item.pictures[0], field.name)
    ] == []


@pytest.mark.parametrize("format_", WRITERS)
def test_items_made_by_chance_come_back_as_they_were(format_):
    for seed in range(100):
        item = testing.random_item(seed)
        if format_ == "atom" and item.pubstatus == PubStatus.CANCELED:
            item = replace(item, pubstatus=PubStatus.USABLE)
        assert [differences(item, read) for read in detect.read(WRITERS[format_]([item]))] == [{}], seed


@pytest.mark.parametrize("format_", WRITERS)
def test_a_name_that_is_no_address_and_a_picture_without_a_name_stay_so(format_):
    photo = testing.rich_picture(guid="")
    item = testing.rich_item(guid="LX1N 瓦版 / 7", pictures=(photo, photo))
    assert [differences(item, read) for read in detect.read(WRITERS[format_]([item]))] == [{}]


@pytest.mark.parametrize("format_", ["ninjs", "newsml"])
def test_a_package_comes_back_as_it_was(format_):
    item = testing.package()
    assert [differences(item, read) for read in detect.read(WRITERS[format_]([item]))] == [{}]


def test_a_picture_of_newsml_comes_back_as_it_was():
    [picture] = newsml.read(newsml.write(testing.rich_item(pictures=(testing.rich_picture(),))))[0].pictures
    item = testing.rich_item(kind=Kind.PICTURE, pictures=(picture,), body=(), guid=picture.guid)
    [read] = newsml.read(newsml.write(item))
    assert read.kind == Kind.PICTURE
    assert read.pictures == (picture,)


def test_text_that_xml_cannot_hold_does_not_stop_the_writing():
    item = testing.rich_item(headline="a\x00b\ud800c", ednote="\x0b", body=(("paragraph", "x\x00<b>y"),))
    for data in (ninjs.write(item), newsml.write(item), atom([item]), feeds.write_rss([item], CHANNEL)):
        [read] = detect.read(data)
        assert (read.headline, read.body) == ("abc", (("paragraph", "x<b>y</b>"),))


# --- ninjs ------------------------------------------------------------------------------------------------------------


def test_ninjs_keeps_to_the_constraints_of_its_schema(ninjs_schema):
    for item in (testing.rich_item(), testing.package(), *map(testing.random_item, range(30))):
        ninjs_schema.validate(json.loads(ninjs.write(item)))


def test_the_schema_would_see_a_mistake(ninjs_schema):
    document = json.loads(ninjs.write(testing.rich_item()))
    for wrong in ({"versioncreated": "x"}, {"urgency": 0}, {"pubStatus": "killed"}, {"headlines": [{"text": "x"}]}):
        assert not ninjs_schema.is_valid({**document, **wrong})


# --- NewsML-G2 --------------------------------------------------------------------------------------------------------


def test_newsml_has_its_elements_in_the_order_of_the_schema():
    root = etree.fromstring(newsml.write(testing.rich_item()))
    item = root.find(f"{NAR}itemSet/{NAR}newsItem")
    names = [etree.QName(each).localname for each in item]
    assert names == ["catalogRef", "catalog", "rightsInfo", "itemMeta", "contentMeta", "contentSet"]
    meta = [etree.QName(each).localname for each in item.find(f"{NAR}itemMeta")]
    order = ["itemClass", "provider", "versionCreated", "firstCreated", "embargoed", "pubStatus", "edNote", "signal"]
    assert meta == [*order, "altRep", "expires", "link", "link"]
    order = ["urgency", "contentCreated", "creator", "language", "genre", "keyword", "subject", "slugline", "headline"]
    order += ["dateline", "creditline", "description"]
    for content in root.iter(f"{NAR}contentMeta"):
        found = [etree.QName(each).localname for each in content]
        assert found == sorted(found, key=order.index)
    assert [item.get(name) for name in ("standard", "conformance")] == ["NewsML-G2", "power"]


def test_pictures_of_newsml_are_items_with_their_files_elsewhere():
    root = etree.fromstring(newsml.write(testing.rich_item()))
    first = root.findall(f"{NAR}itemSet/{NAR}newsItem")[1]
    files = first.findall(f"{NAR}contentSet/{NAR}remoteContent")
    assert [each.get("href") for each in files] == ["https://p.example/full.jpg?a=1&b=2", "preview.jpg"]
    assert first.find(f"{NAR}contentSet/{NAR}inlineData").get("encoding") == "encd:base64"


# --- Feeds ------------------------------------------------------------------------------------------------------------


def test_atom_has_what_it_must_have():
    items = [testing.random_item(seed) for seed in range(20)]
    root = etree.fromstring(atom(items))
    assert [root.find(f"{ATOM}{name}").text for name in ("id", "title")] == [CHANNEL.address, "Courier"]
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Courier"
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == len([item for item in items if item.pubstatus != PubStatus.CANCELED])
    for entry in entries:
        assert [len(entry.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated", "content")] == [1, 1, 1, 1]
    newest = max(item.versioncreated for item in items)
    assert root.find(f"{ATOM}updated").text == newest.isoformat().replace("+00:00", "Z")


def test_atom_names_what_was_killed_and_the_others_leave_it_out():
    killed = testing.rich_item(pubstatus=PubStatus.CANCELED, ednote="Wrong from the first word.")
    [read] = detect.read(atom([killed]))
    assert (read.guid, read.pubstatus, read.ednote) == (killed.guid, PubStatus.CANCELED, killed.ednote)
    assert read.versioncreated == killed.versioncreated
    assert b"bridge" not in atom([killed])
    assert detect.read(feeds.write_rss([killed], CHANNEL)) == []
    assert detect.read(feeds.write_json_feed([killed], CHANNEL)) == []


def test_an_empty_feed_is_a_feed():
    for data in (atom([]), feeds.write_rss([], CHANNEL), feeds.write_json_feed([], CHANNEL)):
        assert detect.read(data) == []


def test_rss_comes_back_but_for_the_codes_of_its_topics_and_the_language():
    item = testing.rich_item()
    [read] = detect.read(feeds.write_rss([item], CHANNEL))
    named = tuple(Subject(each.name) for each in item.subjects)
    assert differences(item, read) == {"subjects": (item.subjects, named), "language": ("en-GB", "en")}


def test_a_json_feed_comes_back_with_what_it_can_say():
    item = testing.rich_item()
    [read] = detect.read(feeds.write_json_feed([item], CHANNEL))
    same = ("guid", "headline", "standfirst", "body", "versioncreated", "firstcreated", "language", "uri")
    assert [name for name in same if getattr(item, name) != getattr(read, name)] == []
    assert [author.name for author in read.bylines] == [author.name for author in item.bylines]
    assert Author("Ann Lee") in read.bylines


@pytest.mark.parametrize("write", [feeds.write_atom, feeds.write_rss])
def test_other_readers_find_nothing_amiss_in_our_feeds(write):
    parsed = feedparser.parse(BytesIO(write([testing.rich_item()], CHANNEL)))
    assert not parsed.bozo
    assert parsed.feed.title == "Courier"
    assert parsed.entries[0].title == testing.rich_item().headline
    assert parsed.entries[0].link == testing.rich_item().uri
