"""A story goes out as wire and comes in again: what its newsroom takes back goes wherever it was taken in."""

from __future__ import annotations

import pytest

from kawaraban.newsroom.drafting import withdraw_story
from kawaraban.newsroom.models import SectionPage, StoryPage
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.wire import actions
from kawaraban.wire.models import Feed, Release, WireItem
from kawaraban.wire.testing import make_feed, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def sister(site) -> SectionPage:
    """A section in which what comes from elsewhere appears: the site stands for both newsrooms, the sender and ours."""
    return make_section("Sister")


def taken_in(browser, feed: Feed, address: str) -> None:
    """What the clock does with an address: asked, read, done as the rules of the feed say."""
    answer = browser.get(address)
    assert answer.status_code == 200
    assert not actions.receive(feed, answer.content, answer.headers["Content-Type"]).error
    settle()


ADDRESSES = ("/feeds/ninjs/section/city/", "/feeds/ninjs/story/{}/", "/feeds/newsml/story/{}/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_story_that_is_taken_back_goes_from_the_site_that_has_taken_it_in(sister, stranger, address):
    feed = make_feed("Sister", agency="The Test Courier", section=sister, release=Release.PUBLISH, merges_updates=True)
    sent = make_story(make_section(), headline="Bridge closed", standfirst="For a week.")
    address = address.format(sent.pk)
    taken_in(stranger, feed, address)
    copy = StoryPage.objects.child_of(sister).get()
    assert "For a week." in stranger.get(copy.url).content.decode()

    sent.unpublish()
    taken_in(stranger, feed, address)
    assert stranger.get(copy.url).status_code == 410
    assert not StoryPage.objects.get(pk=copy.pk).locked

    sent.get_latest_revision().publish()
    taken_in(stranger, feed, address)
    assert "For a week." in stranger.get(copy.url).content.decode()

    withdraw_story(sent, "Its agency has withdrawn it.", locks=True)
    taken_in(stranger, feed, address)
    page = stranger.get(copy.url)
    assert page.status_code == 410
    assert "has withdrawn it, so it can no longer be read here." in page.content.decode()
    assert StoryPage.objects.get(pk=copy.pk).locked
    assert WireItem.objects.get().state == WireItem.State.KILLED
