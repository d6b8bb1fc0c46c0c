"""Open discussions hear what happens in real ones, at once, and nothing moves under the reader's eyes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import DIALECT, GRAIN
from tests.journeys.test_live_streams import Line
from tests.journeys.visit import Visit, say

FIRST, SECOND, THIRD = "Lighthouse Keeper's Son", "Old Ferryman", "Miss Gauge"
NOTE_WHEN_ANNOUNCED = """() => new MutationObserver(() => {
  if (document.querySelector(".live-thread__show")?.textContent === "1 new comment") window.announced ??= Date.now();
}).observe(document.querySelector("live-thread"), { childList: true, subtree: true, characterData: true })"""
NOTE_WHEN_SENT = "() => addEventListener('submit', () => { window.sent ??= Date.now() }, { capture: true })"


def test_one_posts_and_two_see_it_announced_within_a_second(visits: Begin) -> None:
    writer = visits(FIRST).take_part(DIALECT)
    readers = [_listening(visits(), DIALECT), _listening(visits(SECOND), DIALECT)]
    for page in readers:
        page.evaluate(NOTE_WHEN_ANNOUNCED)
    writer.evaluate(NOTE_WHEN_SENT)
    posted = say(writer, "Said while two others read.")
    took = []
    for page in readers:
        expect(_news(page)).to_have_text("1 new comment")
        expect(page.locator(f"#{posted.get_attribute('id')}")).to_have_count(0)
        took.append(page.evaluate("window.announced") - writer.evaluate("window.sent"))
    assert max(took) < 1000, took
    expect(_news(writer)).to_have_text("")
    _news(readers[0]).get_by_role("button").click()
    expect(readers[0].locator(f"#{posted.get_attribute('id')} .comment__number")).to_be_focused()


@pytest.fixture
def wire() -> Iterator[Callable[[int], Line]]:
    """A function that lays a wire to a port: a browser told to be offline keeps the connections that it has."""
    with ExitStack() as lines:
        yield lambda port: lines.enter_context(Line(port))


def test_who_was_offline_misses_neither_new_comments_nor_a_changed_one(
    visits: Begin, wire: Callable[[int], Line]
) -> None:
    writer = visits(FIRST).take_part(GRAIN)
    changed = say(writer, "As it was before.")
    away = visits()
    line = wire(int(urlsplit(away.paper.url).port or 0))
    away.paper = replace(away.paper, url=f"http://127.0.0.1:{line.port}")
    page = _listening(away, GRAIN)
    line.cut()
    away.context.set_offline(True)
    for words in ("One while you were away.", "Two while you were away.", "Three while you were away."):
        say(writer, words)
    changed.get_by_role("link", name="Edit").click()
    changed.get_by_role("textbox").fill("As it is now.")
    changed.get_by_role("button", name="Save").click()
    expect(changed).to_contain_text("As it is now.")
    expect(_news(page)).to_have_text("")
    expect(page.locator(f"#{changed.get_attribute('id')}")).to_contain_text("As it was before.")
    line.mend()
    away.context.set_offline(False)
    expect(_news(page)).to_have_text("3 new comments")
    expect(page.locator(f"#{changed.get_attribute('id')}")).to_contain_text("As it is now.")
    # The browser complains of the line that was cut, and of nothing else.
    assert all("net::ERR" in complaint for complaint in away.complaints)
    away.complaints.clear()


def test_focus_selection_and_place_stay_while_much_happens(visits: Begin) -> None:
    writer = visits(SECOND).take_part(DIALECT)
    above = say(writer, "A short word above.")
    reading = say(writer, "The words that somebody reads and selects.")
    visit = visits(THIRD)
    page = _listening(visit, DIALECT)
    visit.settled()
    place = page.locator(f"#{reading.get_attribute('id')}")
    place.evaluate("(place) => place.scrollIntoView({ block: 'center' })")
    link = place.get_by_role("link", name="Reply")
    link.focus()
    place.locator(".comment__text").evaluate("(text) => getSelection().selectAllChildren(text)")
    before = place.bounding_box()
    above.get_by_role("link", name="Edit").click()
    above.get_by_role("textbox").fill("A much longer word above. " * 60)
    above.get_by_role("button", name="Save").click()
    say(writer, "And one more below.")
    expect(page.locator(f"#{above.get_attribute('id')}")).to_contain_text("A much longer word above.")
    expect(_news(page)).to_have_text("1 new comment")
    after = place.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 1
    assert page.evaluate("getSelection().toString()").strip() == "The words that somebody reads and selects."
    expect(link).to_be_focused()


def test_a_removal_shows_in_open_pages_also_in_quotations_of_it(visits: Begin) -> None:
    said = say(visits(SECOND).take_part(GRAIN), "Grain prices were three times higher in spring.")
    name = f"#{said.get_attribute('id')}"
    writer = visits(THIRD).take_part(GRAIN)
    writer.locator(name).get_by_role("link", name="Quote").click()
    writer.keyboard.type("Twice at most.")
    answer = _post(writer, "Twice at most.")
    page = _listening(visits(), GRAIN)
    quotation = page.locator(f"#{answer.get_attribute('id')} .quotation")
    expect(quotation).to_contain_text("three times higher")

    desk = visits("moderator").take_part(GRAIN)
    desk.locator(name).get_by_role("link", name="Remove").click()
    desk.locator(name).get_by_role("button", name="Remove").click()
    expect(desk.locator(name)).to_contain_text("Removed by a moderator.")
    expect(page.locator(name)).to_contain_text("Removed by a moderator.")
    expect(quotation).to_contain_text("Words removed by a moderator.")
    expect(page.get_by_text("three times higher")).to_have_count(0)
    expect(page.locator(f"#{answer.get_attribute('id')}")).to_contain_text("Twice at most.")
    desk.locator(name).get_by_role("link", name="Restore").click()
    desk.locator(name).get_by_role("button", name="Restore").click()
    expect(quotation).to_contain_text("three times higher")


def _post(page: Page, words: str) -> Locator:
    """Post what is in the box. Returns its place in the thread."""
    page.get_by_role("button", name="Post").click()
    posted = page.locator("#thread-comments > li").filter(has_text=words)
    expect(posted).to_be_in_viewport()
    return page.locator(f"#{posted.get_attribute('id')}")


def _listening(visit: Visit, story: str) -> Page:
    """A story whose discussion hears what happens."""
    with visit.page.expect_response(re.compile(r"/live/\?")):
        visit.go(f"{story}/")
    return visit.page


def _news(page: Page) -> Locator:
    return page.locator(".live-thread__news")
