"""A story that an editor gives a time of its own is public from its second on, and nowhere before."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.desk import begin_story, write_paragraph
from tests.journeys.visit import PATIENCE, follow, until

HEADLINE = "Cormorants are back on the east pier"
ADDRESS = "world/cormorants-are-back-on-the-east-pier/"
LISTS = ("", "world/", "search/?q=cormorants", "feeds/rss/", "sitemaps/news.xml")


def test_a_scheduled_story_appears_at_its_second_and_nowhere_before(visits: Begin) -> None:
    began = time.monotonic()
    page = begin_story(visits("editor"), "World", HEADLINE)
    write_paragraph(page, "Nobody had counted on them.")
    follow(page.get_by_role("button", name="Save draft"))
    # The slower the machine, the later: the editor must have pressed before it is time.
    due = _schedule(page, timedelta(seconds=3 + time.monotonic() - began))
    expect(page.locator(".messages")).to_contain_text("scheduled for publishing")

    reader = visits()
    ask, url = reader.context.request, reader.paper.url

    def shown() -> list[str]:
        """Where a reader finds it."""
        found = [path for path in LISTS if HEADLINE in ask.get(f"{url}/{path}").text()]
        return found + ([ADDRESS] if ask.get(f"{url}/{ADDRESS}").status == 200 else [])

    while datetime.now(due.tzinfo) < due:
        found = shown()
        assert not found or datetime.now(due.tzinfo) >= due, found
    until(reader.page, lambda: shown() == [*LISTS, ADDRESS], 3 * PATIENCE)
    expect(reader.go(ADDRESS).get_by_role("heading", level=1)).to_have_text(HEADLINE)


def _schedule(page: Page, lead: timedelta) -> datetime:
    """Publish the story of a form at a time of its own. Returns that."""
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    dialog = page.get_by_role("dialog")
    due = (datetime.now(ZoneInfo("Asia/Tokyo")) + lead).replace(microsecond=0)
    dialog.get_by_label("Go live date/time").fill(f"{due:%Y-%m-%d %H:%M:%S}")
    # The field's calendar takes the seconds away as soon as it is left: nobody but a test has no minute to wait.
    with page.expect_navigation():
        page.locator("[name=action-publish]").dispatch_event("click")
    return due
