"""The wire at the desk: who sees it, what stands in the inbox, and that nothing in an item can do harm there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kawaraban.accounts.models import ADMINISTRATOR
from kawaraban.accounts.testing import make_member
from kawaraban.formats.items import Kind, PubStatus, Signal, Subject
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_section
from kawaraban.wire import actions
from kawaraban.wire.models import Feed, TopicMap, WireItem
from kawaraban.wire.testing import an_item, deliver, kept, make_feed, map_topic

pytestmark = pytest.mark.django_db

PAGES = ("wire", "wire_count", "wire_feeds:index", "wire_topics:index")


@pytest.mark.parametrize("page", PAGES)
def test_editors_and_administrators_work_with_the_wire_and_nobody_else(
    page, editor, moderator, reader, stranger, signed_in
):
    administrator = make_member("Rin Aoki", role=ADMINISTRATOR)
    assert [signed_in(each).get(reverse(page)).status_code for each in (editor, administrator)] == [200, 200]
    assert [signed_in(each).get(reverse(page)).status_code for each in (moderator, reader)] == [302, 302]
    assert stranger.get(reverse(page)).status_code == 302


def test_nobody_else_can_press_anything(moderator, signed_in):
    map_topic(make_section())
    deliver(make_feed(), an_item())
    for name in ("wire_make_story", "wire_merge", "wire_unread", "wire_acknowledge"):
        assert signed_in(moderator).post(reverse(name, args=[kept().pk])).status_code == 302
    assert signed_in(moderator).get(reverse("wire_raw", args=[kept().newest_id])).status_code == 302
    assert StoryPage.objects.count() == 0


def test_the_menu_counts_what_is_unread(editor, signed_in):
    deliver(make_feed(), an_item(guid="a"), an_item(guid="b"))
    browser = signed_in(editor)
    assert "Wire (2)" in browser.get(reverse("wire")).content.decode()
    browser.get(reverse("wire_item", args=[kept("a").pk]))
    assert "Wire (1)" in browser.get(reverse("wire")).content.decode()
    assert browser.get(reverse("wire_count")).json()["unread"] == 1
    browser.post(reverse("wire_unread", args=[kept("a").pk]))
    assert browser.get(reverse("wire_count")).json()["unread"] == 2


def test_a_new_version_of_what_was_read_is_unread_again(editor, signed_in):
    feed = make_feed()
    deliver(feed, an_item())
    signed_in(editor).get(reverse("wire_item", args=[kept().pk]))
    assert kept().state == WireItem.State.READ
    deliver(feed, an_item(version=2))
    assert kept().state == WireItem.State.NEW


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"city", "world", "flash"}),
        ("?provider=Harbour+News+Agency", {"city", "flash"}),
        ("?section={city}", {"city"}),
        ("?urgency=2", {"flash"}),
        ("?urgency=5", {"city", "flash"}),
        ("?state=read", {"world"}),
        ("?state=new", {"city", "flash"}),
        ("?q=volcano+ASH", {"world"}),
        ("?q=volcano+ferry", set()),
        ("?section=x&urgency=77&state=odd&p=-4", {"city", "world", "flash"}),
    ],
)
def test_the_inbox_shows_what_is_asked_for(editor, signed_in, query, found):
    city = make_section()
    map_topic(city)
    sports = (Subject("sport", "medtop:15000000"),)
    deliver(
        make_feed(),
        an_item(guid="city", headline="Item city", urgency=4),
        an_item(
            guid="world",
            headline="Item world",
            provider="Other",
            subjects=sports,
            body=(("paragraph", "A volcano; <b>ash</b>."),),
        ),
        an_item(guid="flash", headline="Item flash", urgency=1, subjects=sports),
    )
    actions.mark_read(kept("world").pk)
    page = signed_in(editor).get(reverse("wire") + query.format(city=city.pk)).content.decode()
    assert {name for name in ("city", "world", "flash") if f"Item {name}</a>" in page} == found


def test_the_inbox_says_how_an_item_stands(editor, signed_in):
    feed = make_feed()
    ends = timezone.now() + timedelta(hours=3)
    deliver(feed, an_item(guid="a", pubstatus=PubStatus.CANCELED), an_item(guid="b", pubstatus=PubStatus.WITHHELD))
    deliver(feed, an_item(guid="c", embargoed=ends), an_item(guid="d", signal=Signal.ADVISORY))
    deliver(feed, an_item(guid="e", kind=Kind.COMPOSITE, body=(), items=("a", "b")))
    page = signed_in(editor).get(reverse("wire")).content.decode()
    for words in ("Killed: do not use", "Withheld", "Embargo until", "Advisory"):
        assert words in page
    assert "Make a story" not in page


def test_the_inbox_costs_the_same_for_two_items_and_for_fifty(editor, signed_in):
    map_topic(make_section())
    feed, browser = make_feed(), signed_in(editor)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse("wire")).status_code == 200
        return len(queries)

    deliver(feed, an_item(guid="1"), an_item(guid="2"))
    cost()
    few = cost()
    deliver(feed, *(an_item(guid=str(number)) for number in range(50)))
    assert cost() == few


def test_an_item_costs_the_same_with_two_versions_and_with_twenty(editor, signed_in):
    feed, browser = make_feed(), signed_in(editor)
    deliver(feed, an_item(), an_item(version=2, standfirst="Two."))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse("wire_item", args=[kept().pk])).status_code == 200
        return len(queries)

    cost()
    few = cost()
    deliver(feed, *(an_item(version=number, standfirst=f"{number}.") for number in range(3, 21)))
    cost()
    assert cost() == few


def test_nothing_in_an_item_does_anything_at_the_desk_or_in_the_story(editor, signed_in, stranger):
    map_topic(make_section())
    evil = '<img src=x onerror="alert(1)">'
    body = (
        (
            "paragraph",
            f'Read <a href="javascript:alert(1)" onclick="alert(1)">this</a> {evil}<script>alert(1)</script>',
        ),
        ("paragraph", '<a href="data:text/html,x">data</a> <embed embedtype="media" url="https://evil.example/">'),
        ("heading", f"Heading {evil}"),
        ("quote", {"text": evil, "attribution": evil}),
        ("list", [f"<b>{evil}</b>"]),
    )
    # As a format that let everything pass would hand it over.
    feed = make_feed()
    from kawaraban.wire.actions.receiving import _take

    _take(feed, b"{}", "", [an_item(headline=evil, standfirst=evil, slugline=evil, ednote=evil, body=body)])
    browser = signed_in(editor)
    pages = [browser.get(reverse("wire")), browser.get(reverse("wire_item", args=[kept().pk]))]
    story = actions.make_story(editor, kept().pk).story
    story.get_latest_revision().publish(user=editor)
    pages.append(stranger.get(StoryPage.objects.get().url))
    for page in pages:
        text = page.content.decode()
        assert "<img src=x" not in text
        assert "javascript:alert" not in text
        assert 'href="data:' not in text
        assert "<script>alert" not in text
        assert "<embed" not in text
        assert 'onclick="alert' not in text


def test_the_bytes_as_they_came_are_saved_and_not_shown(editor, signed_in):
    delivery = deliver(make_feed(), an_item())
    answer = signed_in(editor).get(reverse("wire_raw", args=[kept().newest_id]))
    assert answer.content == bytes(delivery.payload)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["wire_item", "wire_raw", "wire_keys"])
@pytest.mark.parametrize("key", [999, 99_999_999_999_999_999_999])
def test_what_is_not_there_is_not_found(editor, signed_in, name, key):
    assert signed_in(editor).get(reverse(name, args=[key])).status_code == 404


@pytest.mark.parametrize("name", ["wire_make_story", "wire_merge"])
def test_what_is_not_there_cannot_be_used(editor, signed_in, name):
    assert signed_in(editor).post(reverse(name, args=[999])).status_code == 404


def test_an_earlier_version_can_be_looked_at(editor, signed_in):
    feed = make_feed()
    deliver(feed, an_item(standfirst="First words."), an_item(version=2, standfirst="Second words."))
    first = kept().versions.get(version=1)
    browser = signed_in(editor)
    address = reverse("wire_item", args=[kept().pk])
    assert "<strong>First words.</strong>" in browser.get(f"{address}?version={first.pk}").content.decode()
    page = browser.get(f"{address}?version=99999999").content.decode()
    assert "<del>First</del><ins>Second</ins> words." in page


def test_an_editor_connects_an_agency_with_a_form(editor, signed_in):
    browser = signed_in(editor)
    form = {
        "name": "Harbour",
        "way": "http",
        "address": "https://harbour.example/rss",
        "seconds": "300",
        "is_enabled": "on",
        "agency": "Harbour News Agency",
        "section": str(make_section().pk),
        "release": "inbox",
        "rules-TOTAL_FORMS": "1",
        "rules-INITIAL_FORMS": "0",
        "rules-MIN_NUM_FORMS": "0",
        "rules-MAX_NUM_FORMS": "1000",
        "rules-0-id": "",
        "rules-0-section": "",
        "rules-0-keyword": "ferry",
        "rules-0-urgency": "3",
        "rules-0-release": "draft",
        "rules-0-ORDER": "1",
        "rules-0-DELETE": "",
    }
    page = browser.post(reverse("wire_feeds:add"), form, follow=True)
    feed = Feed.objects.get()
    assert (feed.name, [(rule.keyword, rule.urgency) for rule in feed.rules.all()]) == ("Harbour", [("ferry", 3)])
    assert "nothing has come yet" in page.content.decode()
    bad = browser.post(reverse("wire_feeds:add"), {**form, "name": "Other", "address": "ftp://x"})
    assert "An address begins with https:// or http://." in bad.content.decode()


def test_an_editor_says_where_a_subject_leads(editor, signed_in):
    sport = make_section("Sport")
    form = {"code": " MEDTOP:15000000 ", "name": "sport", "section": str(sport.pk), "tag": "Sport"}
    signed_in(editor).post(reverse("wire_topics:add"), form)
    assert TopicMap.objects.get().code == "medtop:15000000"
    deliver(make_feed(), an_item(subjects=(Subject("Sport", "medtop:15000000"),)))
    assert kept().section == sport


def test_a_word_leads_to_a_section_where_there_is_no_code(editor):
    sport = make_section("Sport")
    TopicMap.objects.create(code="football", section=sport)
    deliver(make_feed(), an_item(subjects=(Subject("Football"),)))
    assert kept().section == sport


def test_what_leads_nowhere_goes_where_its_feed_says(editor):
    deliver(make_feed(section=make_section("World")), an_item())
    assert kept().section.title == "World"


def test_a_broken_feed_stands_in_the_inbox_with_its_cause(editor, signed_in):
    feed = make_feed()
    Feed.objects.filter(pk=feed.pk).update(error="The server answered with status 503.", failures=2)
    for page in ("wire", "wire_feeds:index"):
        assert "The server answered with status 503." in signed_in(editor).get(reverse(page)).content.decode()
