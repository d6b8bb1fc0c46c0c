"""News in JSON, versions 1, 2 and 3: what is read of it, and what we write."""

import json

import pytest

from kawaraban.formats import ninjs, testing
from kawaraban.formats.items import FormatError, Kind, PubStatus


def test_several_items_are_written_as_a_list_and_a_picture_comes_back_as_it_was():
    picture = testing.rich_item(kind=Kind.PICTURE, body=(), standfirst="", pictures=(testing.rich_picture(),))
    assert ninjs.read(ninjs.write_many([testing.package(), picture])) == [testing.package(), picture]


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
