"""News in JSON, versions 1, 2 and 3: what is read of it, and what we write."""

import dataclasses
import json

import pytest

from kawaraban.formats import detect, ninjs, testing
from kawaraban.formats.items import FormatError, Item, Kind, PubStatus


def differences(one, other):
    """The fields in which two items differ, each with both values."""
    names = [field.name for field in dataclasses.fields(Item) if field.compare]
    return {
        name: (getattr(one, name), getattr(other, name)) for name in names if getattr(one, name) != getattr(other, name)
    }


def test_what_we_write_is_read_as_the_same_item():
    item = testing.rich_item()
    [read] = ninjs.read(ninjs.write(item))
    assert differences(item, read) == {}
    assert read.warnings == ()


@pytest.mark.parametrize("seed", range(60))
def test_any_item_comes_back_as_it_was(seed):
    item = testing.random_item(seed)
    assert [differences(item, read) for read in detect.read(ninjs.write(item))] == [{}]


def test_a_package_and_a_picture_come_back_as_they_were():
    package = testing.package()
    picture = testing.rich_item(kind=Kind.PICTURE, body=(), standfirst="", pictures=(testing.rich_picture(),))
    read = ninjs.read(ninjs.write_many([package, picture]))
    assert [differences(*pair) for pair in zip([package, picture], read, strict=True)] == [{}, {}]


def test_a_name_that_is_no_uri_is_kept_as_it_is():
    item = testing.rich_item(guid="LX1N 瓦版")
    document = json.loads(ninjs.write(item))
    assert document["uri"] == "urn:x-guid:LX1N%20%E7%93%A6%E7%89%88"
    assert ninjs.read(json.dumps(document).encode())[0].guid == "LX1N 瓦版"


def test_what_is_cancelled_or_not_understood_is_not_usable():
    read = ninjs.read(
        json.dumps(
            [
                {"uri": "a:1", "pubstatus": "canceled"},
                {"uri": "a:2", "pubStatus": "cancelled"},
                {"uri": "a:3", "pubstatus": "maybe"},
                {"uri": "a:4", "embargoed": "soon"},
                {"uri": "a:5"},
            ]
        ).encode()
    )
    killed, withheld = PubStatus.CANCELED, PubStatus.WITHHELD
    assert [item.pubstatus for item in read] == [killed, killed, withheld, withheld, PubStatus.USABLE]
    assert "withheld" in read[2].warnings[0]


@pytest.mark.parametrize(
    "document",
    [
        "",
        "{",
        "null",
        "7",
        '"a"',
        "[1]",
        "{}",
        '{"uri": ""}',
        '{"uri": 7}',
        '{"uri": "a:1", "urgency": NaN}',
        "[" * 33 + "]" * 33,
    ],
)
def test_what_is_no_news_item_is_refused(document):
    with pytest.raises(FormatError):
        ninjs.read(document.encode())
