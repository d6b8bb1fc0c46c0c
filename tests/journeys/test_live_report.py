"""A live report: written at the desk, and read while it is written."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.desk import begin_story, page_number, publish
from tests.journeys.test_accessibility import barriers
from tests.journeys.visit import Visit, follow


def test_a_report_is_written_corrected_and_read_by_those_who_have_it_open(visits: Begin) -> None:
    desk, reader, plain = visits("editor"), visits(), visits(scripts=False)
    story = _begin(desk, "The first train crosses the bridge")
    page = reader.go(story)
    expect(_pause(page)).to_be_visible()
    expect(page.get_by_text("No entry yet")).to_be_visible()

    _write(desk, "The train has left the west bank.")
    expect(_entries(page)).to_have_count(1)
    _write(desk, "The train stands at the second pier.", headline="A halt", key=True)
    expect(_entries(page)).to_have_count(2)
    expect(_entries(page).first).to_contain_text("The train stands at the second pier.")
    expect(page.get_by_role("navigation", name="Key moments")).to_contain_text("A halt")

    follow(desk.page.get_by_role("link", name="Correct entry 2"))
    desk.page.get_by_label("What happened").fill("The train stands at the third pier.")
    follow(desk.page.get_by_role("button", name="Publish the correction"))
    expect(desk.page.get_by_text("Entry 2 was corrected.")).to_be_visible()
    expect(_entries(page).first).to_contain_text("The train stands at the third pier.")
    expect(_entries(page).first).to_contain_text("corrected")

    # Without scripts, by loading the page again; the permalink leads to the entry.
    shown = plain.go(f"{story}#entry-1")
    expect(_entries(shown)).to_have_count(2)
    expect(shown.locator("#entry-1")).to_contain_text("The train has left the west bank.")
    expect(shown.locator(".live noscript p")).to_be_visible()

    assert barriers(page) == {}
    assert barriers(desk.page, "main") == {}
    page.set_viewport_size({"width": 1280, "height": 800})

    desk.page.get_by_role("button", name="End the report").click()
    expect(page.locator("#live-report-head")).to_contain_text("This live report has ended")


def test_who_reads_further_down_is_told_and_is_not_moved(visits: Begin) -> None:
    desk, reader = visits("editor"), visits(width=360)
    story = _begin(desk, "The last ferry crosses the river")
    for number in range(1, 7):
        _write(desk, f"Entry {number}.\n\n" + "The train moves and halts and moves again. " * 12)
    page = reader.go(story)
    expect(_pause(page)).to_be_visible()
    reading = page.locator("#entry-3")
    reading.evaluate("(entry) => entry.scrollIntoView()")
    expect(reading).to_be_in_viewport()
    before = reading.bounding_box()
    _write(desk, "It has arrived.", headline="Arrived", key=True)
    _write(desk, "The doors open.")
    button = page.get_by_role("button", name="2 new entries")
    expect(button).to_be_in_viewport()
    expect(_entries(page)).to_have_count(6)
    after = reading.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 1
    assert barriers(page) == {}
    page.set_viewport_size({"width": 360, "height": 800})
    button.click()
    expect(_entries(page)).to_have_count(8)
    expect(page.locator("#entry-8 .entry__time a")).to_be_focused()
    expect(button).to_have_count(0)


def _begin(desk: Visit, headline: str) -> str:
    """Publish a live report through the editor; its path. The desk's page for its entries is open then."""
    page = begin_story(desk, "Business", headline)
    page.locator("#id_kind").select_option("live")
    story = publish(page)
    desk.go(f"desk/story/{page_number(desk, f'each.meta.html_url?.endsWith({story!r})')}/live/")
    return story


def _write(desk: Visit, words: str, headline: str = "", *, key: bool = False) -> None:
    page = desk.page
    page.get_by_label("What happened").fill(words)
    page.get_by_label("Headline (optional)").fill(headline)
    page.get_by_label("A key moment").set_checked(key)
    follow(page.get_by_role("button", name="Publish entry"))
    expect(page.locator(".newsdesk__box").first).to_contain_text(words.split("\n")[0])


def _entries(page: Page) -> Locator:
    return page.locator("#entries > .entry")


def _pause(page: Page) -> Locator:
    """The button that is there once the page listens."""
    return page.get_by_role("region", name="Live report").get_by_role("button", name="Pause updates")
