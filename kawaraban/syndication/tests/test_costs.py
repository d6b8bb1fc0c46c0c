"""What a document costs does not depend on how much there is to tell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kawaraban.discussion.models import Thread
from kawaraban.discussion.testing import make_comment
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


@pytest.mark.parametrize("count", [2, 50])
def test_a_discussion_costs_the_same_at_any_length(site, author, reader, count):
    thread = Thread.objects.get(pk=make_story().thread_id)
    for number in range(count):
        Thread.objects.filter(pk=thread.pk).update(slow_seconds=0)
        from kawaraban.discussion.actions import Record, record_comment

        record_comment(thread, Record(f"Comment {number}.", author=(author, reader)[number % 2], created_at=NOW))
    assert len(cost(f"/feeds/atom/thread/{thread.pk}/")) <= 7


def test_the_head_of_a_story_asks_for_nothing_more(site, author):
    """The page's own cost is tested with the page; here, that the head adds nothing to it at any length."""
    story = make_full_story()
    thread = Thread.objects.get(pk=story.thread_id)
    few = len(cost(story.url))
    for number in range(8):
        make_comment(thread, author if number % 2 else author, f"Comment number {number} of several.")
    assert len(cost(story.url)) == few
