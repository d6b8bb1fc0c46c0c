"""Items for tests: one that says all an item can say, and any number made by chance."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from kawaraban.formats.items import Author, Item, Kind, Picture, PubStatus, Rendition, Signal, Subject

NOON = datetime(2024, 5, 30, 12, 0, tzinfo=UTC)

# Letters that have broken formats before: markup, ampersands, quotes, other scripts, a no-break space, an emoji.
_WORDS = [
    "Kyiv",
    "a < b",
    "AT&T",
    "“quoted”",
    "it's",
    "&amp;",
    "<b>",
    "瓦版",
    "ニュース",
    "Ünlü",
    "20\xa0km",
    "🗞",
    "]]>",
    "–",
]


def rich_item(**changes: Any) -> Item:
    """An update of a story with every field set, as an agency would send it; `changes` replace fields."""
    said: dict[str, Any] = {
        "guid": "tag:courier.example,2024:newsml_LX1N3HX0GR",
        "version": 3,
        "versioncreated": NOON + timedelta(hours=2, minutes=20),
        "firstcreated": NOON,
        "signal": Signal.UPDATE,
        "embargoed": NOON + timedelta(hours=3),
        "expires": NOON + timedelta(days=30),
        "headline": "Harbour bridge “to close” for repairs & a check of < 20 piers",
        "slugline": "HARBOUR-BRIDGE/",
        "standfirst": "The bridge closes on Monday; ferries run every ten minutes.",
        "body": (
            (
                "paragraph",
                'The bridge <b>closes on Monday</b>, says <a href="https://a.example/?b=1&amp;c">the city</a>.',
            ),
            ("heading", "What is checked"),
            ("paragraph", "20\xa0piers, <b>all <i>of them</i></b>, at a cost of 3 &lt; 4 million."),
            ("list", ["The <i>piers</i>", "The cables"]),
            ("quote", {"text": "It has to be done.\nNobody likes it.", "attribution": "Ann Lee, harbour master"}),
            ("quote", {"text": "We will swim.", "attribution": ""}),
            ("paragraph", "橋は月曜日に閉鎖される。"),
        ),
        "bylines": (
            Author("Ann Lee"),
            Author("Bo Ek"),
            Author("Courier Wire", "agency"),
            Author("City staff", "staff"),
        ),
        "dateline": "HARBOUR CITY",
        "language": "en-GB",
        "urgency": 3,
        "ednote": "Adds quote in paragraph 5.",
        "provider": "Courier Wire",
        "copyrightholder": "Courier Wire Ltd",
        "copyright_lines": ("© Courier Wire 2024.", "© 2024 Harbour Press."),
        "usageterms": "Not for use outside Europe.",
        "subjects": (
            Subject("transport", "medtop:20000337"),
            Subject("politics", "medtop:11000000"),
            Subject("Bridges"),
        ),
        "keywords": ("bridge", "harbour"),
        "genre": "Current",
        "uri": "https://wire.example/stories/bridge",
        "pictures": (
            rich_picture(),
            Picture(
                guid="tag:courier.example,2024:pic2",
                caption="A second one.",
                renditions=(_file("https://p.example/2.png"),),
            ),
        ),
    }
    return Item(**{**said, **changes})


def rich_picture(**changes: Any) -> Picture:
    """A picture from the archive with every field set and three files, one of them inline."""
    said: dict[str, Any] = {
        "guid": "tag:courier.example,2024:pic1",
        "headline": "The bridge at dawn",
        "caption": "FILE PHOTO: The harbour bridge, seen from the east, May 2, 2023.",
        "alt_text": "A steel bridge over grey water.",
        "photographer": "Cy Day",
        "credit": "Courier Wire/Cy Day",
        "copyrightnotice": "© Courier Wire",
        "usageterms": "Editorial use only.",
        "is_file_photo": True,
        "contentcreated": NOON - timedelta(days=394),
        "expires": NOON + timedelta(days=365),
        "renditions": (
            Rendition("https://p.example/full.jpg?a=1&b=2", b"", "image/jpeg", 3000, 2000),
            Rendition("preview.jpg", b"", "image/jpeg", 600, 400),
            Rendition("", b"\xff\xd8\xff\x00inline", "image/jpeg", 60, 40),
        ),
    }
    return Picture(**{**said, **changes})


def _file(href: str) -> Rendition:
    return Rendition(href, b"", "image/png", 800, 600)


def random_item(seed: int) -> Item:
    """An item made by chance, always the same for a seed, with what a format does not ask for left out at times."""
    chance = random.Random(seed)  # noqa: S311 - test data, nothing secret

    def words(most: int = 6) -> str:
        return " ".join(chance.choice(_WORDS) for _ in range(chance.randint(1, most)))

    def maybe(value: Any, otherwise: Any) -> Any:
        return value if chance.random() < 0.7 else otherwise

    def moment() -> datetime:
        return NOON + timedelta(seconds=chance.randint(-(10**8), 10**8))

    rich = rich_item()
    return Item(
        guid=f"tag:courier.example,2024:{seed}",
        version=chance.randint(0, 50),
        versioncreated=moment(),
        firstcreated=maybe(moment(), None),
        pubstatus=chance.choice(list(PubStatus)),
        signal=chance.choice(list(Signal)),
        embargoed=maybe(moment(), None),
        expires=maybe(moment(), None),
        headline=maybe(words(), ""),
        slugline=maybe(words(2), ""),
        standfirst=maybe(words(20), ""),
        body=tuple(chance.sample(rich.body, chance.randint(0, len(rich.body)))),
        bylines=tuple(chance.sample(rich.bylines, chance.randint(0, 4))),
        dateline=maybe(chance.choice(("KYIV", "東京", "Zürich")), ""),
        language=chance.choice(("en", "ja", "de-CH")),
        urgency=chance.randint(0, 9),
        ednote=maybe(words(), ""),
        provider=words(2),
        copyrightholder=maybe(words(2), ""),
        copyright_lines=tuple(dict.fromkeys(words(3) for _ in range(chance.randint(0, 2)))),
        usageterms=maybe(words(), ""),
        subjects=tuple(chance.sample(rich.subjects, chance.randint(0, 3))),
        keywords=tuple(dict.fromkeys(words(1) for _ in range(chance.randint(0, 3)))),
        genre=maybe(words(1), ""),
        uri=maybe(rich.uri, ""),
        pictures=tuple(chance.sample(rich.pictures, chance.randint(0, 2))),
    )


def package(**changes: Any) -> Item:
    """A package of three items."""
    named = tuple(f"tag:courier.example,2024:{number}" for number in (1, 2, 3))
    return rich_item(**{"kind": Kind.COMPOSITE, "body": (), "pictures": (), "items": named, **changes})
