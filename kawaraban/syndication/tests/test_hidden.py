"""Nothing is told before its second, nothing that was taken back, nothing that is hidden (S-034, S-035)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command

from kawaraban.discussion.models import Thread
from kawaraban.discussion.testing import fold_comment, make_comment, make_waiting, put_away
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.syndication.tests.documents import NOW, get, values, xml

CANARY = "canaryword"
KINDS = ("atom", "rss", "json", "ninjs")


def addresses(story: StoryPage) -> list[str]:
    """Every address of the room at which this story, or what is said about it, could be found."""
    lists = ["", "section/city/", "author/Heron Canaryword/", "tag/canaryword tag/", f"thread/{story.thread_id}/"]
    day = story.published_at or NOW
    return [
        *(f"/feeds/{kind}/{name}" for kind in KINDS for name in lists),
        f"/feeds/ninjs/story/{story.pk}/",
        f"/feeds/newsml/story/{story.pk}/",
        f"/cards/{story.pk}.png",
        f"/cards/{story.pk}.png?look=12345678",
        "/sitemap.xml",
        "/sitemaps/pages.xml",
        "/sitemaps/news.xml",
        f"/sitemaps/{day:%Y-%m}-1.xml",
        "/robots.txt",
        "/feeds/",
        "/",
        "/city/",
    ]


def told(paths: Iterable[str]) -> list[str]:
    """Those of the addresses that tell of the story: by its words, or by being there at all."""
    found = []
    for path in paths:
        response = get(path)
        assert response.status_code in (200, 404), path
        by_itself = path.startswith(("/cards/", "/feeds/ninjs/story/", "/feeds/newsml/"))
        text = response.content.decode(errors="ignore").lower()
        # That a story was taken back is told to whoever has taken it in, without a word of it.
        by_itself = by_itself and "withheld" not in text
        if response.status_code == 200 and (by_itself or CANARY in text):
            found.append(path)
    return found


def make_marked_story(**fields: object) -> StoryPage:
    return make_story(
        make_section("City"),
        **{
            "headline": "Canaryword headline",
            "standfirst": "Canaryword standfirst.",
            "bylines": (("Heron Canaryword", "person"),),
            "tags": ("canaryword tag",),
            **fields,
        },
    )


def test_a_story_that_is_published_is_found_everywhere(site):
    with time_machine.travel(NOW, tick=False):
        story = make_marked_story()
        found = told(addresses(story))
    silent = {"/sitemap.xml", "/sitemaps/pages.xml", "/robots.txt", "/feeds/"}
    ninjs_of_thread = f"/feeds/ninjs/thread/{story.thread_id}/"
    assert set(addresses(story)) - set(found) == silent | {ninjs_of_thread}


def test_nothing_is_told_before_its_second_and_nothing_after_its_last(site):
    with time_machine.travel(NOW, tick=False) as clock:
        story = StoryPage(
            title="Canaryword headline",
            slug="canaryword",
            go_live_at=NOW + timedelta(hours=1),
            expire_at=NOW + timedelta(hours=2),
            live=False,
        )
        make_section("City").add_child(instance=story)
        story.save_revision().publish()
        clock.move_to(NOW + timedelta(minutes=59, seconds=59))
        call_command("publish_scheduled")
        story.refresh_from_db()
        assert told(addresses(story)) == []
        clock.move_to(NOW + timedelta(minutes=60, seconds=1))
        call_command("publish_scheduled")
        story.refresh_from_db()
        places = addresses(story)
        assert {"/feeds/atom/", "/feeds/ninjs/", f"/cards/{story.pk}.png"} <= set(told(places))
        clock.move_to(NOW + timedelta(hours=1, minutes=59, seconds=59))
        assert "/feeds/atom/" in told(places)
        clock.move_to(NOW + timedelta(hours=2, seconds=1))
        # The room does not wait for the clock, which comes by only now.
        ours = [path for path in places if path not in ("/", "/city/") and "thread" not in path]
        assert told(ours) == []
        call_command("publish_scheduled")
        assert told(places) == []


def test_a_draft_is_found_nowhere(site):
    story = make_marked_story()
    story.unpublish()
    draft = StoryPage(title="Canaryword draft", slug="canaryword-draft", live=False)
    make_section("City").add_child(instance=draft)
    draft.save_revision()
    assert told([*addresses(StoryPage.objects.get(pk=story.pk)), *addresses(draft)]) == []


def test_a_change_that_is_not_published_is_found_nowhere(site):
    story = make_story(make_section("City"))
    story.title = "Canaryword change"
    story.save_revision()
    by_words = [path for path in addresses(story) if not path.startswith("/cards/") and "/story/" not in path]
    assert told(by_words) == []
    assert CANARY not in get(f"/feeds/ninjs/story/{story.pk}/").content.decode().lower()


def test_a_story_that_is_deleted_is_found_nowhere(site):
    story = make_marked_story()
    places = addresses(story)
    StoryPage.objects.get(pk=story.pk).delete()
    assert told(places) == []


@pytest.mark.parametrize("state", ["removed", "held", "deleted", "waiting", "folded"])
def test_hidden_words_are_told_by_no_feed_and_no_data(site, author, moderator, state):
    story = make_story(make_section("City"))
    thread = Thread.objects.get(pk=story.thread_id)
    make_comment(thread, author, "Plain words.")
    words = "Canaryword of somebody."
    if state == "waiting":
        make_waiting(thread, author, words)
    else:
        comment = make_comment(thread, author, words)
        if state == "folded":
            fold_comment(moderator, thread.pk, comment.number)
        else:
            put_away(comment, state)
    paths = [path for path in addresses(story) if not path.startswith("/cards/") and "/story/" not in path]
    assert told(paths) == []
    data = get(story.url).content.decode().split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert CANARY not in data.lower()
    assert b"Plain words" in get(f"/feeds/atom/thread/{thread.pk}/").content


def test_a_quotation_of_words_that_were_removed_tells_them_no_more(site, author, reader, moderator):
    thread = Thread.objects.get(pk=make_story(make_section("City")).thread_id)
    first = make_comment(thread, author, "Canaryword was never late.")
    make_comment(thread, reader, "> Canaryword was never late.\n\nIt was.")
    put_away(first, "removed")
    for kind in ("atom", "rss", "json"):
        content = get(f"/feeds/{kind}/thread/{thread.pk}/").content.decode()
        assert "It was." in content
        assert CANARY not in content.lower()
    replies = xml(f"/feeds/atom/thread/{thread.pk}/")
    assert values(replies, "//thr:in-reply-to/@href") == [f"http://localhost{thread.url}"]
