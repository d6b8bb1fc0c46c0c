"""What is read and discussed most: counted without knowing a reader, never a story that readers cannot see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kawaraban.accounts.testing import make_member
from kawaraban.discussion.models import Comment
from kawaraban.discussion.testing import make_comment, make_waiting, remove_comment
from kawaraban.newsroom import actions
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.popularity import ReadCount
from kawaraban.newsroom.reading import MOST_WAITING, PER_ADDRESS, PER_STORY, ReadCounter, is_robot
from kawaraban.newsroom.testing import make_section
from kawaraban.newsroom.tests.pages import MORNING, make_archive, make_stories, page, publish_again, texts

HERE = {
    "Origin": "http://testserver",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}
HOUR = timedelta(hours=1)


@pytest.fixture
def clock():
    """07:01 on a May morning; tests move it on."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def read(story, address="192.0.2.1", browser=None, **headers):
    """What an opened story's page sends after a few seconds."""
    headers = {name: value for name, value in {**HERE, **headers}.items() if value is not None}
    key = getattr(story, "pk", story)
    answer = (browser or Client()).post(f"/story/{key}/read/", headers=headers, REMOTE_ADDR=address)
    assert (answer.status_code, answer.content, dict(answer.cookies)) == (204, b"", {})
    return answer


def most(address="/", what="most-read"):
    return texts(page(address), f"[aria-labelledby={what}] li")


def counted():
    actions.write_reads()
    return {(row.story_id, row.hour): row.reads for row in ReadCount.objects.all()}


def test_what_is_read_most_is_listed_most_read_first(site, clock):
    city, world = make_section("City"), make_section("World")
    stories = [*make_stories(city, 6), *make_stories(world, 1)]
    for reads, story in enumerate(stories, 1):
        for reader in range(reads):
            read(story, f"192.0.2.{reader}")
    actions.write_reads()
    assert most() == ["World 1", "City 6", "City 5", "City 4", "City 3"]
    assert most("/city/") == ["City 6", "City 5", "City 4", "City 3", "City 2"]
    assert most("/world/") == ["World 1"]


def test_the_lists_are_not_there_while_nothing_is_read_or_said(site, clock):
    make_stories(make_section(), 2)
    assert page("/").select(".popular") == []


def test_only_the_last_day_counts(site, clock):
    stories = make_stories(make_section(), 2)
    for reader in range(3):
        read(stories[0], f"192.0.2.{reader}")
    clock.shift(23 * HOUR)
    read(stories[1])
    actions.write_reads()
    assert most() == ["City 1", "City 2"]
    clock.shift(2 * HOUR)
    assert most() == ["City 2"]


@pytest.mark.parametrize("fate", ["unpublish", "delete"])
def test_what_readers_cannot_see_is_in_no_list(site, clock, fate, reader):
    stories = make_stories(make_section(), 2)
    for story in stories:
        read(story)
        make_comment(story.thread, reader)
    actions.write_reads()
    getattr(stories[0], fate)()
    assert most() == most(what="most-discussed") == ["City 2"]
    assert most("/city/") == most("/city/", "most-discussed") == ["City 2"]


def test_what_most_members_talk_about_is_discussed_most(site, clock, reader, author):
    stories = make_stories(make_section(), 3)
    for text in ("No.", "Yes.", "Not at all.", "And yet."):
        make_comment(stories[0].thread, reader, text)
    for member in (reader, author):
        make_comment(stories[1].thread, member)
        make_comment(stories[2].thread, member)
    make_comment(stories[2].thread, author, "One more.")
    assert most(what="most-discussed") == ["City 3", "City 2", "City 1"]
    clock.shift(25 * HOUR)
    assert page("/").select(".popular") == []


def test_only_comments_that_everybody_can_read_count(site, clock, reader, author, moderator):
    stories = make_stories(make_section(), 4)
    remove_comment(moderator, stories[0].thread_id, make_comment(stories[0].thread, reader).number)
    make_waiting(stories[1].thread, reader)
    make_comment(stories[2].thread, reader)
    publish_again(stories[2], comments="off")
    make_comment(stories[3].thread, author)
    assert Comment.objects.count() == 4
    assert most(what="most-discussed") == ["City 4"]


def test_reads_are_written_down_by_story_and_hour_and_by_nothing_else(site, clock):
    (story,) = make_stories(make_section(), 1)
    read(story, "192.0.2.1")
    read(story, "192.0.2.2")
    hour = MORNING.replace(minute=0)
    assert counted() == {(story.pk, hour): 2}
    read(story, "192.0.2.3")
    clock.shift(HOUR)
    read(story, "192.0.2.1")
    assert counted() == {(story.pk, hour): 3, (story.pk, hour + HOUR): 1}
    assert {field.name for field in ReadCount._meta.get_fields()} == {"id", "story", "hour", "reads"}


def test_counting_asks_the_database_nothing_and_leaves_nothing_with_the_reader(site, clock, reader, signed_in):
    (story,) = make_stories(make_section(), 1)
    with CaptureQueriesContext(connection) as queries:
        for browser in (Client(), signed_in(reader)):
            browser.cookies.clear()
            assert "no-store" in read(story, browser=browser)["Cache-Control"]
    assert [query["sql"] for query in queries if "readcount" in query["sql"] or "storypage" in query["sql"]] == []
    with CaptureQueriesContext(connection) as queries:
        read(story)
    assert len(queries) == 0


def test_a_thousand_reads_of_many_stories_are_written_in_two_statements(site, clock):
    city = make_section()
    make_archive(city, 20)
    for key in StoryPage.objects.values_list("pk", flat=True):
        for reader in range(50):
            assert actions.count_read(key, f"192.0.2.{reader}")
    with CaptureQueriesContext(connection) as queries:
        assert actions.write_reads() == 1000
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 2
    with CaptureQueriesContext(connection) as queries:
        assert actions.write_reads() == 0
    assert len(queries) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": None},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://testserver"},
        {"Origin": "http://testserver:81"},
        {"Origin": "http://testserver.evil.example"},
        {"User-Agent": ""},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0.0.0 Safari/537.36"},
        {"User-Agent": "curl/8.5.0"},
    ],
)
def test_robots_and_pages_elsewhere_count_nothing(site, clock, headers):
    (story,) = make_stories(make_section(), 1)
    read(story, **headers)
    assert counted() == {}


def test_a_reader_is_no_robot():
    assert not is_robot(HERE["User-Agent"])
    assert not is_robot(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 CUBOT Version/19.0"
    )


def test_nobody_counts_a_story_up_in_a_loop(site, clock):
    stories = make_stories(make_section(), 2)
    for _ in range(40):
        read(stories[0], "2001:db8::1")
        read(stories[0], "2001:db8::ffff:1", **{"X-Forwarded-For": "198.51.100.7"})
    read(stories[1], "2001:db8::1")
    hour = MORNING.replace(minute=0)
    assert counted() == {(stories[0].pk, hour): PER_STORY, (stories[1].pk, hour): 1}


def test_stories_that_are_not_there_are_not_counted(site, clock):
    (story,) = make_stories(make_section(), 1)
    for key in (story.pk, 999_999_999, 123_456):
        read(key)
    assert [key for key, _ in counted()] == [story.pk]
    assert Client().post("/story/0/read/", headers=HERE).status_code == 404
    assert Client().get(f"/story/{story.pk}/read/").status_code == 405


def test_one_address_is_good_for_a_hundred_reads_within_an_hour():
    counter, at = ReadCounter(), datetime(2026, 5, 12, 8, 59, tzinfo=UTC)
    assert sum(counter.count(story, "192.0.2.1", at) for story in range(300)) in range(PER_ADDRESS - 3, PER_ADDRESS + 1)
    assert counter.count(1, "192.0.2.2", at)
    assert counter.count(1, "192.0.2.1", at + timedelta(minutes=1)), "with the hour all is forgotten"


def test_made_up_stories_do_not_fill_the_memory():
    counter, at = ReadCounter(), datetime(2026, 5, 12, 8, 59, tzinfo=UTC)
    for number in range(MOST_WAITING + 500):
        counter.count(number, f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", at)
    assert len(counter.take()) <= MOST_WAITING


def test_what_the_database_did_not_take_is_written_down_the_next_time(site, clock, caplog):
    (story,) = make_stories(make_section(), 1)
    read(story)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE newsroom_readcount RENAME TO newsroom_away")
        assert actions.write_reads() == 0
        cursor.execute("ALTER TABLE newsroom_away RENAME TO newsroom_readcount")
    assert "wait to be written down" in caplog.text
    read(story, "192.0.2.2")
    assert list(counted().values()) == [2]


def test_after_a_month_only_the_sum_of_each_month_is_kept(site, clock):
    stories = make_stories(make_section(), 2)
    first, second = (story.pk for story in stories)

    def at(*moment):
        return datetime(*moment, tzinfo=UTC)

    actions.record_reads(
        {
            (first, at(2026, 3, 1)): 1,
            (first, at(2026, 3, 1, 7)): 2,
            (first, at(2026, 3, 31, 23)): 4,
            (first, at(2026, 4, 1)): 8,
            (first, at(2026, 4, 2, 5)): 16,
            (first, at(2026, 4, 20, 5)): 32,
            (second, at(2026, 3, 5, 5)): 64,
        }
    )
    assert actions.sum_up_reads() == 4
    kept = {
        (first, at(2026, 3, 1)): 7,
        (first, at(2026, 4, 1)): 24,
        (first, at(2026, 4, 20, 5)): 32,
        (second, at(2026, 3, 1)): 64,
    }
    assert counted() == kept
    assert actions.sum_up_reads() == 0
    clock.shift(timedelta(days=20))
    assert actions.sum_up_reads() == 1
    assert counted() == {key: reads for key, reads in kept.items() if key[1].day == 1} | {(first, at(2026, 4, 1)): 56}


def test_the_lists_cost_the_same_at_any_number_of_counts(site, clock):
    stories = make_stories(make_section(), 4)
    read(stories[0])
    make_comment(stories[0].thread, make_member("One"))
    actions.write_reads()

    def cost(address):
        page(address)
        with CaptureQueriesContext(connection) as queries:
            page(address)
        return len(queries)

    few = cost("/"), cost("/city/")
    for number, story in enumerate(stories):
        actions.record_reads({(story.pk, MORNING.replace(minute=0) - hour * HOUR): 5 for hour in range(12)})
        make_comment(story.thread, make_member(f"Gull {number}"))
    assert (cost("/"), cost("/city/")) == few


def test_a_story_asks_to_be_counted_and_its_preview_does_not(site, clock, editor, signed_in):
    (story,) = make_stories(make_section(), 1)
    assert page(story.url).select_one("counted-read")["src"] == f"/story/{story.pk}/read/"
    draft = page(f"/desk/pages/{story.pk}/view_draft/", signed_in(editor))
    assert draft.select("counted-read") == []
