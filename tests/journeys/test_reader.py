"""Somebody reads the paper, and leaves no trace."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import BRIDGE, GAUGES
from tests.journeys.visit import Held, Visit, follow, typeset

# Shifts within half a second of a click or key are the reader's own; scrolling is none of these.
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(
    [entry.value, entry.sources.map((source) => source.node?.outerHTML?.slice(0, 60) ?? "text").join(", ")]);
}).observe({ type: "layout-shift", buffered: true });
"""
READ_ON = """() => {
  const before = scrollY;
  scrollBy({ top: innerHeight, behavior: "instant" });
  return scrollY > before;
}"""
AFTER_TWO_FRAMES = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
  () => setTimeout(() => done(window.shifts)))))"""
PICTURES_DRAWN = """() => [...document.images].every((image) => {
  const { top, bottom } = image.getBoundingClientRect();
  return image.complete || !image.checkVisibility() || bottom < 0 || top > innerHeight;
})"""


def test_reading_leads_from_the_front_page_to_the_search_and_leaves_no_trace(visits: Begin, scripts: bool) -> None:
    visit = visits(scripts=scripts)
    page = visit.go()
    expect(page.locator(".teaser--lead h2")).to_have_text(
        "Prefecture to rebuild the river bridge after 27 years of delay"
    )

    follow(page.get_by_role("navigation", name="Sections").get_by_role("link", name="City"))
    expect(page.get_by_role("heading", level=1)).to_have_text("City")

    follow(page.locator(".teaser h2, .teaser h3").get_by_role("link", name="Prefecture to rebuild the river bridge"))
    expect(page.locator(".byline")).to_have_text(re.compile(r"By Kaoru Minami.*\d\d:\d\d [ap]m JST", re.DOTALL))
    page.locator(".byline").get_by_role("link", name="comments").click()
    expect(page).to_have_url(f"{visit.paper.story(BRIDGE)}#discussion")
    expect(page.get_by_role("heading", name=re.compile(r"^\d+ comments"))).to_be_in_viewport()

    author = page.locator("#comment-4 .comment__author")
    name = author.inner_text()
    follow(author)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    follow(page.get_by_role("link", name="See #4 in context").last)
    expect(page.locator("#comment-4")).to_be_in_viewport()
    expect(page.locator("#comment-4:target .comment__author")).to_have_text(name)

    follow(page.get_by_role("banner").get_by_role("link", name="Search"))
    page.get_by_role("searchbox").fill("flood gauge")
    follow(page.get_by_role("search").get_by_role("button"))
    expect(page.get_by_role("status")).to_contain_text("for “flood gauge”")
    follow(page.get_by_role("link", name="City to give 1,200 homes a flood gauge"))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "City to give 1,200 homes a flood gauge and publish every reading"
    )

    assert visit.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert visit.context.storage_state(indexed_db=True) == {"cookies": [], "origins": []}
    assert {urlsplit(address).netloc for address in visit.requests} == {urlsplit(visit.paper.url).netloc}


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_somebody_reads(visits: Begin, width: int) -> None:
    visit = visits(width=width)
    visit.context.add_init_script(WATCH_SHIFTS)
    for path in ("", "city/", f"{GAUGES}/"):
        shifts = moved(visit.go(path))
        assert sum(size for size, _ in shifts) < 0.1, shifts


@pytest.mark.parametrize("place", ["", "#comment-5"], ids=["top", "comment"])
@pytest.mark.parametrize("member", ["Ramen Accountant", "moderator"])
def test_nothing_moves_when_what_is_the_viewers_own_arrives(visits: Begin, member: str, place: str) -> None:
    visit = visits(member, width=360)
    visit.context.add_init_script(WATCH_SHIFTS)
    late = Held(visit.page, "**/mine/")
    page = visit.go(f"{GAUGES}/{place}")
    page.wait_for_function(PICTURES_DRAWN)
    late.let_go()
    expect(page.get_by_label("Your comment as")).to_be_attached()
    shifts = page.evaluate(AFTER_TWO_FRAMES)
    assert sum(size for size, _ in shifts) < 0.1, shifts


def test_a_members_comments_come_newest_first_as_the_page_says(visit: Visit) -> None:
    page = visit.go("member/old-ferryman/")
    expect(page.get_by_role("main")).to_contain_text("newest first")
    times = page.locator(".said__item time").evaluate_all("(times) => times.map((time) => time.dateTime)")
    assert len(times) > 1
    assert times == sorted(times, reverse=True)


def test_pictures_and_type_come_from_the_paper_itself(visit: Visit) -> None:
    page = visit.go(f"{GAUGES}/")
    typeset(page)
    assert page.evaluate("document.fonts.check('1rem Newsreader')")
    assert (
        page.evaluate("performance.getEntriesByType('resource').filter((entry) => entry.responseStatus >= 400)") == []
    )


def moved(page: Page) -> list[tuple[float, str]]:
    """What moved, and how far, on a page that is read to its end."""
    typeset(page)
    page.wait_for_function(PICTURES_DRAWN)
    while page.evaluate(READ_ON):
        page.wait_for_function(PICTURES_DRAWN)
    shifts: list[tuple[float, str]] = page.evaluate("window.shifts")
    return shifts
