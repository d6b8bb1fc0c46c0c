"""Who speaks for whom: no feed kills or changes what another agency has sent, unless the desk lets it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from kawaraban.formats.items import PubStatus
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_section
from kawaraban.wire import actions, tasks
from kawaraban.wire.models import Delivery, RefusedVersion, Release, Voice, WireItem
from kawaraban.wire.testing import HARBOUR, an_item, deliver, kept, make_feed, map_topic, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(stranger) -> StoryPage:
    """A story of an item of the Harbour News Agency, before readers."""
    map_topic(make_section())
    deliver(make_feed(release=Release.PUBLISH, merges_updates=True), an_item())
    settle()
    found: StoryPage = StoryPage.objects.get()
    assert stranger.get(found.url).status_code == 200
    return found


@pytest.fixture
def other():
    """A feed of somebody else."""
    return make_feed("Gossip", agency="The Gossip")


KILL = an_item(version=9, pubstatus=PubStatus.CANCELED, headline="KILL: ferry")


def test_no_feed_kills_or_changes_an_item_of_another_agency(story, other, stranger):
    deliver(other, KILL)
    deliver(other, an_item(version=8, standfirst="It was the mayor."))
    settle()
    page = stranger.get(story.url)
    assert page.status_code == 200
    assert "Nobody was hurt." in page.content.decode()
    assert [version.version for version in kept().versions.all()] == [1]
    assert kept().alarm == ""


def test_what_was_refused_is_shown_with_its_cause(story, other, editor, signed_in):
    deliver(other, KILL)
    page = " ".join(signed_in(editor).get(reverse("wire")).content.decode().split())
    assert (
        "</strong> has brought 1 version of <bdi>Harbour News Agency</bdi>, for whom <bdi>Harbour</bdi> speaks" in page
    )
    assert "1 of them would kill an item" in page
    assert "“<bdi>KILL: ferry</bdi>”" in page
    assert "KILL: ferry" in signed_in(editor).get(reverse("wire_voices")).content.decode()


def test_one_press_lets_a_feed_speak_for_a_provider(story, other, editor, signed_in, stranger):
    deliver(other, KILL)
    deliver(other, KILL)
    signed_in(editor).post(reverse("wire_voice", args=[Voice.objects.get().pk]), {"allow": "yes"})
    settle()
    assert stranger.get(story.url).status_code == 410
    assert RefusedVersion.objects.count() == 0
    assert "has brought" not in signed_in(editor).get(reverse("wire")).content.decode()


def test_what_is_refused_at_the_desk_asks_no_more_and_stays_out(story, other, editor, signed_in, stranger):
    deliver(other, KILL)
    signed_in(editor).post(reverse("wire_voice", args=[Voice.objects.get().pk]))
    deliver(other, an_item(version=10, pubstatus=PubStatus.CANCELED))
    settle()
    assert stranger.get(story.url).status_code == 200
    assert "has brought" not in signed_in(editor).get(reverse("wire")).content.decode()
    assert "has brought 2 versions" in signed_in(editor).get(reverse("wire_voices")).content.decode()


def test_what_a_feed_says_for_itself_is_taken_in_beside_what_is_refused(story, other):
    deliver(other, KILL, an_item(guid="own", provider="The Gossip"), an_item(guid="unnamed", provider=""))
    assert {item.guid for item in WireItem.objects.filter(provider="The Gossip")} == {"own", "unnamed"}
    assert kept().state == WireItem.State.USED


def test_a_feed_speaks_without_a_press_for_whom_nobody_else_does():
    first, second = make_feed("Reader", agency="A reader"), make_feed("Mixed", agency="Mixed")
    deliver(first, an_item(provider="Sea Press"))
    deliver(second, an_item(provider="Sea Press", version=2))
    assert kept().newest.version == 1
    assert [(voice.feed.name, voice.state) for voice in Voice.objects.all()] == [("Mixed", "asks"), ("Reader", "first")]


def test_whom_the_desk_has_allowed_nobody_comes_before():
    first, second = make_feed("Reader", agency="A reader"), make_feed("Mixed", agency="Mixed")
    deliver(first, an_item(provider="Sea Press"))
    actions.allow_voice(Voice.objects.get().pk)
    deliver(second, an_item(provider="Sea Press", version=2, pubstatus=PubStatus.CANCELED))
    assert kept().state == WireItem.State.NEW


def test_two_feeds_of_one_agency_both_speak_for_it():
    deliver(make_feed(), an_item())
    deliver(make_feed("Harbour, folder", way="folder", address="harbour"), an_item(version=2))
    assert kept().newest.version == 2
    assert Voice.objects.count() == 0


def test_an_agency_that_comes_by_itself_is_no_longer_spoken_for_by_who_was_first():
    squatter = make_feed("Gossip", agency="The Gossip")
    deliver(squatter, an_item())
    own = make_feed()
    deliver(own, an_item(version=2))
    deliver(squatter, KILL)
    assert (kept().state, kept().newest.version) == (WireItem.State.NEW, 2)
    assert Voice.objects.get().state == Voice.State.ASKS


def test_an_agency_that_comes_by_itself_may_be_spoken_for_by_who_was_allowed():
    reseller = make_feed("Reseller", agency="The Reseller")
    deliver(reseller, an_item())
    actions.allow_voice(Voice.objects.get().pk)
    make_feed()
    deliver(reseller, KILL)
    assert kept().state == WireItem.State.KILLED


def test_a_provider_is_spoken_for_however_its_name_is_spaced(other):
    deliver(make_feed(), an_item())
    deliver(other, an_item(version=2, provider="  Harbour \n News  Agency"))
    assert kept().newest.version == 1
    assert Voice.objects.get().provider == HARBOUR


def test_a_feed_that_repeats_itself_is_told_of_once(story, other):
    for _ in range(3):
        deliver(other, KILL)
    deliver(other, KILL, an_item(guid="own", provider="The Gossip"))
    assert RefusedVersion.objects.count() == 1


def test_odd_things_are_refused_as_well(story, other, editor, signed_in):
    deliver(other, an_item(version=10**30, guid="g" * 5_000, headline="h" * 5_000), an_item(version=-1, headline=""))
    assert RefusedVersion.objects.count() == 2
    assert signed_in(editor).get(reverse("wire_voices")).status_code == 200


def test_what_was_refused_is_forgotten_with_its_delivery(story, other):
    deliver(other, KILL)
    Delivery.objects.filter(feed=other).update(received_at=timezone.now() - timedelta(days=31))
    assert tasks.forget.call() == 1
    assert RefusedVersion.objects.count() == 0


def test_only_the_desk_says_who_speaks_for_whom(story, other, moderator, signed_in, stranger):
    deliver(other, KILL)
    address = reverse("wire_voice", args=[Voice.objects.get().pk])
    for browser in (signed_in(moderator), stranger):
        assert browser.post(address, {"allow": "yes"}).status_code == 302
        assert browser.get(reverse("wire_voices")).status_code == 302
    assert Voice.objects.get().state == Voice.State.ASKS
