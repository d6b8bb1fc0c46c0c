"""Feeds that are asked and folders that are looked into, each by itself; what is broken says why."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from kawaraban import fetch
from kawaraban.errors import Refused
from kawaraban.fetch.tests.elsewhere import here, serve
from kawaraban.formats import ninjs
from kawaraban.formats.items import Picture, PubStatus, Rendition
from kawaraban.jobs import actions as jobs
from kawaraban.jobs.testing import run_jobs
from kawaraban.newsroom.models import Photo, StoryPage
from kawaraban.newsroom.testing import make_section
from kawaraban.wire import actions, tasks
from kawaraban.wire.models import Delivery, Feed, WireItem
from kawaraban.wire.testing import NOON, an_item, deliver, kept, make_feed, map_topic, settle
from kawaraban.wire.tests.test_stories import a_picture

pytestmark = pytest.mark.django_db

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title>
<link>https://harbour.example/</link>
<item><guid>rss-1</guid><link>javascript:alert(1)</link>
<title>Ferry &lt;img src=x onerror=alert(1)&gt; aground</title>
<pubDate>Fri, 20 Nov 2026 12:00:00 GMT</pubDate>
<description>&lt;p onclick="alert(1)"&gt;Nobody was &lt;script&gt;alert(1)&lt;/script&gt;hurt.&lt;/p&gt;</description>
</item>
</channel></rss>"""


@pytest.fixture
def agency():
    """An agency's server on this machine, which may be asked."""
    fetch.use(here(), settings.SITE_URL)
    with serve() as there:
        yield there
    fetch.use(settings.FETCH, settings.SITE_URL)


def asked(there, name: str = "Harbour") -> Feed:
    return make_feed(name, way="http", address=there.url)


def again(feed: Feed) -> Feed:
    Feed.objects.filter(pk=feed.pk).update(due_at=timezone.now())
    settle()
    return Feed.objects.get(pk=feed.pk)


def test_a_feed_is_asked_on_the_clock_and_only_when_it_is_due(agency):
    agency.says(RSS.encode(), Content_Type="application/rss+xml", ETag='"one"')
    feed = asked(agency)
    settle()
    settle()
    assert len(agency.asked) == 1
    assert kept("rss-1").state == WireItem.State.NEW
    feed.refresh_from_db()
    assert (feed.etag, feed.error, feed.failures) == ('"one"', "", 0)
    assert timedelta(minutes=4) < feed.due_at - timezone.now() < timedelta(minutes=5)


def test_what_has_not_changed_is_not_sent_again(agency):
    agency.says(RSS.encode(), ETag='"one"', Last_Modified="Fri, 20 Nov 2026 12:00:00 GMT")
    feed = asked(agency)
    settle()
    agency.says(status="304 Not Modified")
    feed = again(feed)
    assert b'if-none-match: "one"' in agency.asked[-1].lower()
    assert b"if-modified-since: fri, 20 nov 2026 12:00:00 gmt" in agency.asked[-1].lower()
    assert (feed.error, Delivery.objects.count()) == ("", 1)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ({"body": b"<html><body>Welcome", "Content_Type": "text/html"}, "It could not be read"),
        ({"body": RSS.encode()[:300]}, "It could not be read"),
        ({"body": b"", "status": "503 Service Unavailable"}, "status 503"),
        ({"body": RSS.encode(), "length": 21 * 1024 * 1024}, ""),
    ],
)
def test_a_broken_feed_says_why_is_asked_less_often_and_recovers(agency, answer, cause):
    agency.says(**answer)
    feed = asked(agency)
    settle()
    first = Feed.objects.get()
    assert cause in first.error
    assert first.error
    second = again(feed)
    assert second.failures == 2
    assert second.due_at - timezone.now() > timedelta(minutes=19)
    assert WireItem.objects.count() == 0
    agency.says(RSS.encode())
    healthy = again(feed)
    assert (healthy.error, healthy.failures, WireItem.objects.count()) == ("", 0, 1)


def test_a_feed_cut_anywhere_gives_nothing_or_all(agency):
    whole = ninjs.write_many([an_item(guid=f"cut-{number}") for number in range(12)])
    feed = asked(agency)
    for end in range(0, len(whole), 1024):
        agency.says(whole[:end] or b" ")
        again(feed)
        assert WireItem.objects.count() == 0, end
    agency.says(whole)
    again(feed)
    assert WireItem.objects.count() == 12


def test_a_server_that_is_away_holds_up_no_other(agency):
    gone = make_feed("Gone", way="http", address="http://127.0.0.1:9/feed")
    agency.says(RSS.encode())
    asked(agency, "Well")
    settle()
    assert WireItem.objects.count() == 1
    gone.refresh_from_db()
    assert "127.0.0.1" in gone.error


def test_a_feed_that_is_switched_off_is_left_alone(agency):
    make_feed(way="http", address=agency.url, is_enabled=False)
    assert tasks.tick.call() == 0
    assert actions.look(Feed.objects.get().pk) == 0
    assert agency.asked == []


def test_another_address_is_asked_for_all_it_has(agency):
    feed = asked(agency)
    Feed.objects.filter(pk=feed.pk).update(etag='"one"', failures=3, error="broken")
    feed = Feed.objects.get()
    feed.address = agency.url + "&other=1"
    feed.clean()
    assert (feed.etag, feed.failures, feed.error) == ("", 0, "")


def test_pictures_at_an_address_come_with_the_story(agency, editor):
    agency.says(a_picture(), Content_Type="image/jpeg")
    map_topic(make_section())
    picture = Picture(headline="Aground", renditions=(Rendition(href=agency.url, mimetype="image/jpeg"),))
    deliver(make_feed(), an_item(pictures=(picture,)))
    made = actions.make_story(editor, kept().pk)
    assert (made.warnings, Photo.objects.get().width) == ([], 60)
    agency.says(b"", status="404 Not Found")
    deliver(make_feed("B"), an_item(guid="b", pictures=(picture,)))
    made = actions.make_story(editor, kept("b").pk)
    assert "status 404" in made.warnings[0]


# --- A kill, by the clock of the jobs ---------------------------------------------------------------------------------


def seconds_until_withdrawn(clock, story: StoryPage) -> int:
    """For how long the site's own clock and its jobs run until the story is off the site."""
    for second in range(60):
        jobs.enqueue_due()
        run_jobs()
        if not StoryPage.objects.get(pk=story.pk).live:
            return second
        clock.shift(1)
    raise AssertionError("It is still there after a minute.")


def to_be_killed(feed: Feed) -> StoryPage:
    map_topic(make_section())
    deliver(feed, an_item())
    return actions.make_story(None, kept().pk, publish=True).story


KILL = ninjs.write(an_item(version=2, pubstatus=PubStatus.CANCELED))
# A worker looks at an empty queue every second: the tick and the job of the look each may wait for so long.
WORKER = 2


@pytest.mark.parametrize("into_the_turn", [0, 1, 2])
def test_a_kill_in_a_folder_acts_within_ten_seconds(folder, into_the_turn):
    story = to_be_killed(Feed.objects.get())
    with time_machine.travel(NOON, tick=False) as clock:
        Feed.objects.update(due_at=NOON)
        jobs.enqueue_due()
        run_jobs()
        clock.shift(into_the_turn)
        jobs.enqueue_due()
        run_jobs()
        (folder / "kill.json").write_bytes(KILL)
        assert seconds_until_withdrawn(clock, story) + WORKER <= 10


@pytest.mark.parametrize("into_the_turn", [0, 1, 2, 3, 4])
def test_a_kill_at_an_address_acts_within_ten_seconds_where_the_editor_wants_it(agency, into_the_turn):
    feed = make_feed(way="http", address=agency.url, seconds=5)
    story = to_be_killed(feed)
    agency.says(ninjs.write(an_item()), ETag='"one"')
    with time_machine.travel(NOON, tick=False) as clock:
        Feed.objects.update(due_at=NOON)
        for _ in range(10 + into_the_turn):
            jobs.enqueue_due()
            run_jobs()
            clock.shift(1)
        agency.says(KILL, ETag='"two"')
        assert seconds_until_withdrawn(clock, story) + WORKER <= 10
    assert any(b'if-none-match: "one"' in request.lower() for request in agency.asked)


def test_a_folder_in_which_nothing_lies_makes_no_job(folder):
    assert [tasks.tick.call(), tasks.tick.call()] == [0, 0]
    (folder / "item.json").write_bytes(ninjs.write(an_item()))
    assert tasks.tick.call() == 1


def test_a_feed_whose_look_has_not_ended_is_not_asked_beside_it(agency):
    make_feed(way="http", address=agency.url, seconds=5)
    assert tasks.tick.call() == 1
    with time_machine.travel(timezone.now() + timedelta(seconds=60), tick=False):
        assert tasks.tick.call() == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=130), tick=False):
        assert tasks.tick.call() == 1


def test_a_server_that_knows_no_conditional_requests_is_read_once(agency):
    agency.says(RSS.encode())
    feed = asked(agency)
    settle()
    WireItem.objects.update(settle_at=None)
    feed = again(feed)
    assert (feed.error, WireItem.objects.get().settle_at, len(agency.asked)) == ("", None, 2)


# --- Folders ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(request) -> Path:
    """The folder of a feed, named after the test."""
    name = f"t{abs(hash(request.node.name)) % 10**9}"
    make_feed(way="folder", address=name)
    return Path(settings.HOME) / "wire" / name


def look() -> Feed:
    actions.look(Feed.objects.get().pk)
    return Feed.objects.get()


def names(folder: Path, below: str = "") -> list[str]:
    place = folder / below
    return sorted(path.name for path in place.iterdir() if path.is_file()) if place.is_dir() else []


def test_a_file_is_taken_when_nobody_has_written_to_it_since_the_last_look(folder):
    file = folder / "item.json"
    whole = ninjs.write(an_item())
    file.write_bytes(whole[:100])
    look()
    file.write_bytes(whole)
    look()
    assert (names(folder), WireItem.objects.count()) == (["item.json"], 0)
    look()
    assert (names(folder), names(folder, "done"), WireItem.objects.count()) == ([], ["item.json"], 1)


def test_a_file_still_on_its_way_is_left_until_it_is_old(folder):
    file = folder / "half.json"
    file.write_bytes(ninjs.write(an_item())[:100])
    look()
    feed = look()
    assert (names(folder), feed.error) == (["half.json"], "")
    hour_ago = time.time() - 3600
    os.utime(file, (hour_ago, hour_ago))
    look()
    feed = look()
    assert (names(folder), names(folder, "failed")) == ([], ["half.json"])
    assert "half.json" in feed.error
    assert "half.json" in look().error, "an empty folder mends nothing"
    (folder / "item.json").write_bytes(ninjs.write(an_item()))
    look()
    assert look().error == ""
    assert Delivery.objects.exclude(error="").count() == 1


def test_nothing_unfinished_hidden_or_linked_is_touched(folder):
    outside = folder.parent / "outside.json"
    outside.write_bytes(ninjs.write(an_item()))
    (folder / "link.json").symlink_to(outside)
    for name in (".hidden.json", "item.json.part", "item.json.filepart"):
        (folder / name).write_bytes(ninjs.write(an_item()))
    look()
    look()
    assert WireItem.objects.count() == 0
    assert outside.exists()
    assert (folder / "link.json").is_symlink()


def test_odd_names_are_taken_and_stay_inside(folder):
    for place, name in enumerate(("a\nb.json", "\u202egnp.json", "..json", "…" * 60 + ".json", "-rf *.json")):
        (folder / name).write_bytes(ninjs.write(an_item(guid=f"odd-{place}")))
    look()
    look()
    # One of them begins with a full stop, as hidden files do.
    assert WireItem.objects.count() == 4
    assert len(names(folder, "done")) == 4


def test_a_second_file_of_a_name_does_not_replace_the_first(folder):
    for version in (1, 2):
        (folder / "item.json").write_bytes(ninjs.write(an_item(version=version)))
        look()
        look()
    assert names(folder, "done") == ["item-2.json", "item.json"]
    assert kept().newest.version == 2


def test_pictures_lie_beside_their_item(folder, editor):
    map_topic(make_section())
    (folder / "ferry.jpg").write_bytes(a_picture())
    picture = Picture(headline="Aground", renditions=(Rendition(href="ferry.jpg", mimetype="image/jpeg"),))
    (folder / "item.json").write_bytes(ninjs.write(an_item(pictures=(picture,))))
    look()
    look()
    assert actions.make_story(editor, kept().pk).warnings == []
    assert Photo.objects.get().width == 60


@pytest.mark.parametrize("name", ["../outside.jpg", "/etc/hostname", "done/ferry.jpg", "..", "ferry.jpg\x00", ""])
def test_a_picture_that_is_named_as_a_path_is_not_there(folder, editor, name):
    from kawaraban.wire import folders

    (folder.parent / "outside.jpg").write_bytes(a_picture())
    with pytest.raises(folders.NotThere):
        folders.picture(name, list(Feed.objects.all()))


def test_a_folder_that_is_a_link_is_not_looked_into(folder):
    other = folder.parent / "elsewhere"
    folder.rename(other)
    folder.symlink_to(other)
    (other / "item.json").write_bytes(ninjs.write(an_item()))
    look()
    assert "There is no folder wire/" in look().error
    assert (names(other), WireItem.objects.count()) == (["item.json"], 0)
    folder.unlink()
    other.rename(folder)


@pytest.mark.parametrize("address", ["../up", "a/b", "/etc", ".hidden", "", "a b"])
def test_a_folder_is_a_plain_name(address):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        Feed(name="x", way="folder", address=address, agency="x").clean()


def test_what_came_long_ago_is_forgotten_but_for_what_it_says():
    feed = make_feed()
    deliver(feed, an_item())
    actions.receive(feed, b"broken")
    Delivery.objects.update(received_at=timezone.now() - timedelta(days=31))
    assert tasks.forget.call() == 2
    delivery = Delivery.objects.get()
    assert (bytes(delivery.payload), kept().headline) == (b"", "Ferry runs aground off Uraminato")
    assert tasks.forget.call() == 0


def test_a_feed_has_two_keys_at_most():
    feed = make_feed()
    actions.make_key(feed.pk)
    actions.make_key(feed.pk)
    with pytest.raises(Refused) as refusal:
        actions.make_key(feed.pk)
    assert refusal.value.code == "keys-enough"
