"""The front page as an editor makes it and a reader finds it: by hand, by rule, and by what is read."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.desk import page_number, press_publish
from tests.journeys.paper import CRANES
from tests.journeys.test_accessibility import barriers
from tests.journeys.visit import PATIENCE, until

# Chromium without a window says so, and is taken for the robot that it is.
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_an_editor_puts_a_story_first_a_rule_fills_the_next_and_what_is_read_is_listed(visits: Begin) -> None:
    desk, reader = visits("editor"), visits(user_agent=FIREFOX)
    front = reader.go()
    was = front.locator(".teaser--lead h2").inner_text()
    # The only story of National is for the rule, and the chooser of Wagtail finds no Japanese.
    beside = front.locator(".rows article").filter(has_not=front.get_by_role("link", name="National", exact=True))
    headlines = beside.get_by_role("heading").all_inner_texts()
    chosen = next(text for text in headlines if not re.search("[\u3000-\u9fff]", text))
    assert chosen != was

    number = page_number(desk, "each.meta.type === 'newsroom.FrontPage'")
    page = desk.go(f"desk/pages/{number}/edit/")
    slot = _add_slot(page, 2)
    slot.get_by_role("button", name="Choose a page").click()
    found = page.get_by_role("dialog").get_by_role("link", name=chosen)
    until(page, lambda: _searched(page, chosen, found), 3 * PATIENCE)
    found.click()
    expect(slot).to_contain_text(chosen)
    slot.get_by_role("button", name="Move up").click()
    rule = _add_slot(page, 3)
    rule.get_by_role("combobox", name="Only from this section").select_option("National")

    page.get_by_role("button", name="Toggle preview").click()
    shown = page.frame_locator("#w-preview-iframe")
    expect(shown.locator(".teaser--lead h2")).to_have_text(chosen)
    expect(shown.locator(".rows h2").first).to_have_text(was)
    reader.go()
    expect(front.locator(".teaser--lead h2")).to_have_text(was)

    press_publish(page)
    expect(page.get_by_role("status").filter(has_text="published")).to_be_visible()
    reader.go()
    expect(front.locator(".teaser--lead h2")).to_have_text(chosen)
    expect(front.locator(".rows h2").first).to_have_text(was)
    expect(front.locator(".rows .label").nth(1)).to_have_text("National")

    page = desk.go(f"desk/front/{number}/changes/")
    newest = page.locator(".newsdesk__box").first
    expect(newest).to_contain_text("Readers see it")
    expect(newest).to_contain_text(f"Lead put in: “{chosen}”")
    expect(newest).to_contain_text("put in: the latest from National")

    # Other journeys find the front page as it was.
    page = desk.go(f"desk/pages/{number}/edit/")
    for slot in ("Slot 3", "Slot 1"):
        page.get_by_role("region", name=slot, exact=True).get_by_role("button", name="Delete").click()
    press_publish(page)
    expect(page.get_by_role("status").filter(has_text="published")).to_be_visible()
    expect(reader.go().locator(".teaser--lead h2")).to_have_text(was)


def test_what_a_reader_reads_comes_under_most_read(visits: Begin) -> None:
    reader = visits(user_agent=FIREFOX)
    section = reader.go("business/")
    expect(section.get_by_role("heading", name="Most read")).to_have_count(0)
    with reader.page.expect_response("**/read/", timeout=PATIENCE) as told:
        reader.go(f"{CRANES}/")
    headline = reader.page.get_by_role("heading", level=1).inner_text()
    assert told.value.status == 204
    assert "cookie" not in told.value.request.all_headers()
    assert reader.context.cookies() == []
    until(reader.page, lambda: _is_listed(reader.go("business/"), headline))
    for path in ("", "business/"):
        assert barriers(reader.go(path)) == {}


def _searched(page: Page, words: str, found: Locator) -> bool:
    """Whether a search in Wagtail's chooser finds it. What was just published is found once its job has run."""
    field = page.get_by_role("textbox", name="Search term")
    field.fill("")
    with page.expect_response("**/choose-page/search/**"):
        field.fill(" ".join(words.split()[:2]))
    return found.count() > 0


def _add_slot(page: Page, number: int) -> Locator:
    page.get_by_role("button", name="Add Slot").click()
    return page.get_by_role("region", name=f"Slot {number}", exact=True)


def _is_listed(page: Page, headline: str) -> bool:
    """Whether a story stands under "Most read": what is read is written down within seconds."""
    return page.locator("[aria-labelledby=most-read]").get_by_role("link", name=headline).count() > 0
