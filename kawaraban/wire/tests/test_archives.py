"""Agencies that pack their items with the pictures: each document is an item, bombs and broken ones are refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from kawaraban import fetch
from kawaraban.fetch.tests.elsewhere import here, serve
from kawaraban.formats import newsml, ninjs
from kawaraban.formats.items import Picture, Rendition
from kawaraban.newsroom.models import Photo
from kawaraban.newsroom.testing import make_section
from kawaraban.wire import actions
from kawaraban.wire.models import Delivery, Feed, WireItem, WireVersion
from kawaraban.wire.testing import an_item, kept, make_feed, map_topic, settle
from kawaraban.wire.tests.test_push import post
from kawaraban.wire.tests.test_stories import a_picture

pytestmark = pytest.mark.django_db


def packed(**files: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return written.getvalue()


def named(href: str) -> tuple[Picture, ...]:
    """A picture that an item names as a file."""
    return (Picture(headline="Aground", renditions=(Rendition(href=href, mimetype="image/jpeg"),)),)


def a_delivery() -> bytes:
    """Two items, one with a picture beside it in a folder, and what agencies pack as well."""
    return packed(
        ferry_json=ninjs.write(an_item(pictures=named("ferry.jpg"))),
        train_xml=newsml.write(an_item(guid="tag:harbour.example,2026:train", headline="Trains run again")),
        media__ferry_jpg=a_picture(),
        MD5SUMS=b"d41d8cd98f00b204e9800998ecf8427e ferry.json",
        index_html=b"<html>Our products</html>",
    )


def by_folder(data: bytes) -> None:
    feed = make_feed(way="folder", address="packed")
    (Path(settings.HOME) / "wire" / "packed" / "delivery.zip").write_bytes(data)
    actions.look(feed.pk)
    actions.look(feed.pk)


def by_post(data: bytes) -> None:
    feed = make_feed()
    assert post(feed, actions.make_key(feed.pk), data).status_code == 200


def by_address(data: bytes) -> None:
    fetch.use(here(), settings.SITE_URL)
    with serve() as there:
        there.says(data, Content_Type="application/zip")
        make_feed(way="http", address=there.url)
        settle()
    fetch.use(settings.FETCH, settings.SITE_URL)


@pytest.mark.parametrize("bring", [by_folder, by_post, by_address])
def test_each_document_of_an_archive_is_an_item_and_its_picture_lies_beside_it(bring, editor):
    map_topic(make_section())
    bring(a_delivery())
    assert sorted(item.headline for item in WireItem.objects.all()) == [
        "Ferry runs aground off Uraminato",
        "Trains run again",
    ]
    assert actions.make_story(editor, kept().pk).warnings == []
    assert Photo.objects.get().width == 60


def test_an_archive_that_comes_again_changes_nothing():
    feed = make_feed()
    for _ in range(2):
        actions.receive(feed, a_delivery())
    actions.receive(feed, ninjs.write(an_item(pictures=named("ferry.jpg"))))
    assert (WireItem.objects.count(), WireVersion.objects.count()) == (2, 2)


def test_a_picture_that_is_not_in_the_archive_is_named(editor):
    map_topic(make_section())
    actions.receive(make_feed(), packed(ferry_json=ninjs.write(an_item(pictures=named("other.jpg")))))
    assert "was left out: it was not delivered with the item." in actions.make_story(editor, kept().pk).warnings[0]


def test_pictures_are_not_taken_from_an_archive_by_an_address_that_ends_alike(editor):
    map_topic(make_section())
    away = named("https://agency.invalid/ferry.jpg")
    actions.receive(make_feed(), packed(ferry_json=ninjs.write(an_item(pictures=away)), ferry_jpg=a_picture()))
    assert len(actions.make_story(editor, kept().pk).warnings) == 1


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (packed(a_json=ninjs.write(an_item()), bomb_json=b"[" + b" " * 20_000_000), "unpacks to"),
        (packed(a_json=ninjs.write(an_item()), b_json=b'{"uri": "b"'), "In the archive, b.json:"),
        (packed(a_json=ninjs.write(an_item()), more_zip=packed(x_json=b"{}")), "holds another archive"),
        (packed(ferry_jpg=b"\xff\xd8\xff"), "holds no document"),
        (packed(a_json=ninjs.write(an_item()))[:-30], "The archive is broken"),
        (packed(a_json=ninjs.write(an_item()), up__a_json=b"{}"), "two files with the name"),
        (
            packed(
                a_json=ninjs.write(an_item()),
                b_xml=b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><newsItem>&b;</newsItem>',
            ),
            "In the archive, b.xml:",
        ),
    ],
    ids=["bomb", "cut-off", "nested", "pictures-only", "cut", "twice", "entities"],
)
def test_a_bad_archive_gives_nothing_and_says_why(data, cause, editor, signed_in):
    delivery = actions.receive(make_feed(), data)
    assert cause in delivery.error
    assert WireItem.objects.count() == 0
    feed = make_feed("Posted")
    answer = post(feed, actions.make_key(feed.pk), data)
    assert (answer.status_code, answer.json()["code"]) == (422, "not-readable")
    assert cause in Feed.objects.get(pk=feed.pk).error
    assert cause in signed_in(editor).get(reverse("wire")).content.decode()


def test_an_archive_as_it_came_is_saved_as_an_archive(editor, signed_in):
    actions.receive(make_feed(), a_delivery())
    answer = signed_in(editor).get(reverse("wire_raw", args=[kept().newest_id]))
    assert answer.content == bytes(Delivery.objects.get().payload)
    assert answer.headers["Content-Type"] == "application/zip"
    assert f'filename="delivery-{Delivery.objects.get().pk}.zip"' in answer.headers["Content-Disposition"]
