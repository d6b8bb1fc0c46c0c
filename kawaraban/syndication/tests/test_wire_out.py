"""Our stories as other newsrooms take them in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import RequestFactory, override_settings
from django.utils import timezone

from kawaraban.formats import detect
from kawaraban.formats.items import Author, Item, Kind, PubStatus, Signal
from kawaraban.newsroom.drafting import withdraw_story
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import publish_again
from kawaraban.syndication import reads
from kawaraban.syndication.tests.documents import NOW, body, get, make_full_story

KEY = "a key that a customer has got"


def told() -> list[Item]:
    """The items as the room has them, before any format."""
    request = RequestFactory().get("/", headers={"host": "localhost"})
    site = reads.site_of(request)
    return reads.items(reads.published(site), site, request)


def test_an_item_says_all_that_the_story_says(site):
    story = make_full_story(updated_at=NOW)
    (item,) = told()
    assert item.guid == f"tag:localhost,{story.first_published_at:%Y-%m-%d}:story/{story.pk}"
    assert (item.kind, item.pubstatus, item.version, item.signal) == (Kind.TEXT, PubStatus.USABLE, 1, Signal.NONE)
    assert item.firstcreated == NOW - timedelta(hours=30)
    assert item.headline == "Bridge & ferry: <both> “stay”"
    assert item.body == (
        ("paragraph", "Work is to begin in April."),
        ("heading", "Who pays"),
        ("quote", {"text": "We have waited 27 years.", "attribution": "Emi Sato, mayor"}),
        ("list", ["State: <b>60</b> per cent", 'City: <a href="http://localhost/city/">the rest</a>']),
        ("paragraph", '<a href="https://vimeo.com/76979871">The sitting</a>'),
    )
    assert item.bylines == (Author("Kaoru Minami"), Author("Ellis/Grant"), Author("Harbour News", "agency"))
    assert (item.dateline, item.provider, item.uri) == ("URAMINATO", "The Test Courier", story.full_url)
    assert (item.copyrightholder, item.copyright_lines) == ("Harbour News", ("© Harbour News", "© The Test Courier"))
    assert ([subject.name for subject in item.subjects], item.keywords) == (["City"], ("bridge", "river works"))
    lead, inside = item.pictures
    assert (lead.caption, inside.caption) == ("Seen from the wall.", "The wall at noon.")
    assert (lead.alt_text, lead.photographer, lead.credit) == ("A river.", "N. Howe", "Harbour News")
    assert lead.is_file_photo
    assert lead.renditions[0].href.startswith("http://localhost/media/")


@pytest.mark.parametrize("kind", ["ninjs", "newsml"])
def test_what_goes_out_comes_in_again_as_it_was(site, kind):
    story = make_full_story()
    assert detect.read(body(f"/feeds/{kind}/story/{story.pk}/")) == told()


@pytest.mark.parametrize("kind", ["ninjs", "atom"])
def test_a_list_that_goes_out_comes_in_again_as_it_was(site, kind):
    make_full_story()
    make_story(make_section("World"), headline="Elsewhere", tags=("ferry",))
    assert detect.read(body(f"/feeds/{kind}/")) == told()
    assert len(detect.read(body(f"/feeds/{kind}/section/world/"))) == 1


def test_a_changed_story_is_a_newer_version_of_the_same_item(site):
    story = make_full_story(corrections=())
    before = told()[0]
    publish_again(story, title="Other words", slug="moved")
    after = detect.read(body(f"/feeds/ninjs/story/{story.pk}/"))[0]
    assert after.guid == before.guid
    assert (after.version, after.versioncreated) > (before.version, before.versioncreated)
    assert (after.signal, after.headline) == (Signal.UPDATE, "Other words")
    assert after.uri.endswith("/city/moved/")


LISTS = ("", "section/city/", "tag/bridge/", "author/Kaoru Minami/")


def statuses(path: str) -> list[tuple[str, PubStatus]]:
    return [(item.guid, item.pubstatus) for item in detect.read(body(path))]


@pytest.mark.parametrize("kind", ["ninjs", "newsml"])
def test_a_story_that_was_taken_back_says_so_at_its_address_and_nothing_else(site, kind):
    story = make_full_story()
    (before,) = detect.read(body(f"/feeds/{kind}/story/{story.pk}/"))
    story.unpublish()
    (after,) = detect.read(body(f"/feeds/{kind}/story/{story.pk}/"))
    assert (after.guid, after.pubstatus, after.headline) == (before.guid, PubStatus.WITHHELD, "Withheld")
    assert (after.version, after.versioncreated) > (before.version, before.versioncreated)
    assert (after.body, after.standfirst, after.pictures, after.uri) == ((), "", (), "")


def test_lists_as_wire_tell_of_what_was_taken_back_for_a_month(site):
    story = make_full_story()
    make_story(StoryPage.objects.get().get_parent().specific, tags=("bridge",), bylines=(("Kaoru Minami", "person"),))
    story.unpublish()
    for each in LISTS:
        assert [status for _, status in statuses(f"/feeds/ninjs/{each}")] == [PubStatus.USABLE, PubStatus.WITHHELD]
        assert len(detect.read(body(f"/feeds/atom/{each}"))) == 1
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert [status for _, status in statuses("/feeds/ninjs/")] == [PubStatus.USABLE]
        assert statuses(f"/feeds/ninjs/story/{story.pk}/")[0][1] == PubStatus.WITHHELD


def test_what_its_agency_has_killed_is_told_as_killed(site):
    story = make_full_story()
    withdraw_story(story, "Harbour News has withdrawn it.", locks=True)
    (item,) = detect.read(body(f"/feeds/newsml/story/{story.pk}/"))
    assert (item.pubstatus, item.headline) == (PubStatus.CANCELED, "Withdrawn")


def test_a_story_that_is_published_again_is_newer_than_its_withholding(site):
    story = make_full_story()
    story.unpublish()
    (withheld,) = detect.read(body(f"/feeds/ninjs/story/{story.pk}/"))
    story.save_revision().publish()
    (back,) = detect.read(body(f"/feeds/ninjs/story/{story.pk}/"))
    assert (back.guid, back.pubstatus) == (withheld.guid, PubStatus.USABLE)
    assert (back.version, back.versioncreated) > (withheld.version, withheld.versioncreated)


@override_settings(WIRE_KEY=KEY)
def test_a_newsroom_can_give_its_wire_by_key(site):
    story = make_full_story()
    for address in ("/feeds/ninjs/", f"/feeds/ninjs/story/{story.pk}/", f"/feeds/newsml/story/{story.pk}/"):
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer \u00e9"}):
            refused = get(address, **headers)
            assert refused.status_code == 401
            assert refused["WWW-Authenticate"].startswith("Bearer")
            assert b"Bridge" not in refused.content
        given = get(address, Authorization=f"Bearer {KEY}")
        assert given.status_code == 200
        assert "private" in given["Cache-Control"]
        assert get(address, Authorization="Bearer x", **{"If-None-Match": given["ETag"]}).status_code == 401
    assert get("/feeds/atom/").status_code == 200
