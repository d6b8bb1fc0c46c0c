"""What a document costs does not depend on how much there is to tell."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from kawaraban.accounts.models import User
from kawaraban.discussion.actions import Record, record_comment
from kawaraban.discussion.models import Thread
from kawaraban.newsroom.actions import PhotoDraft
from kawaraban.newsroom.models import SectionPage, StoryPage
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import make_photo
from kawaraban.syndication.tests.documents import NOW, body, make_full_story

ADDRESSES = [
    *(f"/feeds/{kind}/" for kind in ("atom", "rss", "json", "ninjs")),
    "/feeds/atom/section/city/",
    "/feeds/atom/author/Kaoru Minami/",
    "/feeds/atom/tag/bridge/",
    "/sitemap.xml",
    "/sitemaps/2026-05-1.xml",
    "/sitemaps/news.xml",
]


def make_many(section: SectionPage, count: int) -> None:
    """So many stories with something of everything, each with a photograph of its own and a link to another."""
    for number in range(count):
        photo = make_photo(title=f"Photo {number}")
        link = f'<p><a linktype="page" id="{StoryPage.objects.order_by("?").values_list("pk", flat=True)[0]}">x</a></p>'
        make_story(
            section,
            headline=f"Story {number}",
            published_at=NOW - timedelta(minutes=number),
            bylines=(("Kaoru Minami", "person"), (f"Author {number}", "person")),
            tags=("bridge", f"tag {number}"),
            photos=(PhotoDraft(photo=photo),),
            body=[("paragraph", link), ("image", {"photo": photo, "caption": ""})],
            corrections=((NOW, f"Correction {number}."),),
        )


def cost(address: str) -> list[str]:
    """The queries of the second of two requests; the first fills what a process keeps."""
    body(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        body(address)
    return [query["sql"][:160] for query in queries]


def test_a_list_costs_the_same_at_2_and_at_50_stories(site):
    make_full_story()
    make_many(make_section("City"), 1)
    before = {address: cost(address) for address in ADDRESSES}
    make_many(make_section("City"), 48)
    after = {address: cost(address) for address in ADDRESSES}
    for address in ADDRESSES:
        assert len(after[address]) == len(before[address]), (address, after[address])
        assert len(after[address]) <= 18, (address, after[address])


def say(thread: Thread, speakers: list[User], count: int) -> None:
    for number in range(count):
        record_comment(thread, Record(f"Comment {number}.", author=speakers[number % len(speakers)], created_at=NOW))


def test_a_discussion_costs_the_same_at_any_length(site, author, reader):
    thread = Thread.objects.get(pk=make_story().thread_id)
    say(thread, [author, reader], 2)
    few = len(cost(f"/feeds/atom/thread/{thread.pk}/"))
    say(thread, [author, reader], 48)
    assert len(cost(f"/feeds/atom/thread/{thread.pk}/")) == few <= 7


def test_the_head_of_a_story_asks_for_nothing(site, author, reader, monkeypatch):
    story = make_full_story()
    thread = Thread.objects.get(pk=story.thread_id)
    say(thread, [author, reader], 12)
    with_head = cost(story.url)
    monkeypatch.setattr("kawaraban.theme.heads._heads", [])
    assert sorted(with_head) == sorted(cost(story.url))
