"""A discussion in which readers stand in three groups: its order, what groups say, their map, and one's own place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import Paper, served_paper
from tests.journeys.test_accessibility import barriers
from tests.journeys.visit import follow

WEEK = "national/four-day-week-second-year"
VOTER = "Pier 4"
NUMBERS = re.compile(r"(\d+) of (\d+) votes?$")


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """A paper with one story."""
    with served_paper(tmp_path_factory.mktemp("groups"), (WEEK,)) as paper:
        yield paper
        assert paper.errors() == []


@pytest.fixture(scope="module")
def sessions() -> dict[str, Any]:
    """Who has signed in there."""
    return {}


def open_groups(page: Page, number: int) -> list[tuple[int, int]]:
    """What each group says of a comment: how many agree, of how many."""
    comment = page.locator(f"#comment-{number}")
    comment.get_by_text("By group").click()
    said = [NUMBERS.search(text) for text in comment.locator(".bars li").all_inner_texts()]
    return [(int(found[1]), int(found[2])) for found in said if found]


def test_the_order_of_common_ground_is_what_a_reader_can_count_again(visits: Begin, scripts: bool) -> None:
    page = visits(scripts=scripts).go(f"{WEEK}/")
    follow(page.get_by_role("link", name="Common ground", exact=True))
    expect(page.locator(".thread__head")).to_contain_text(
        "Ranked by the approval it gets in the group of readers that likes it least."
    )
    shown = [int(str(each.get_attribute("data-number"))) for each in page.locator("#thread-comments > li").all()]
    figures = []
    for number in shown[:6]:
        groups = open_groups(page, number)
        assert len(groups) == 3
        figures.append(min((up + 2) / (n + 4) for up, n in groups))
        badge = page.locator(f"#comment-{number}").get_by_text("Common ground", exact=True)
        is_badged = figures[-1] >= 0.7 and min(n for _, n in groups) >= 5
        expect(badge).to_have_count(int(is_badged))
        expect(page.locator(f"#comment-{number} .comment__groups")).to_contain_text(f"{100 * figures[-1]:.0f} %")
    assert figures == sorted(figures, reverse=True)


def test_the_map_leads_to_what_stands_for_each_group_and_back(visits: Begin, scripts: bool) -> None:
    page = visits(scripts=scripts).go(f"{WEEK}/")
    follow(page.get_by_role("link", name="3 groups of opinion"))
    expect(page.get_by_role("heading", level=2)).to_have_count(5)
    sizes = [int(each) for each in re.findall(r"Group \w, (\d+) readers", page.locator("main").inner_text())]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 3
    expect(page.locator("main")).to_contain_text(f"{sum(sizes)} readers fall into 3 groups")
    expect(page.get_by_text("You stand where the ring is")).to_have_count(0)
    follow(page.get_by_role("link", name="How this is found"))
    expect(page.get_by_role("heading", level=1)).to_have_text("What is common ground?")
    page.go_back()
    follow(page.get_by_role("link", name=re.compile(r"^#\d+$")).first)
    expect(page.locator(".comment:target")).to_be_in_viewport()


def test_a_member_sees_where_they_stand_themselves(visits: Begin, scripts: bool) -> None:
    page = visits(VOTER, scripts=scripts).go(f"{WEEK}/")
    follow(page.get_by_role("link", name="3 groups of opinion"))
    if not scripts:
        follow(page.get_by_role("link", name="See where you stand yourself"))
    expect(page.get_by_text("You stand where the ring is, in group")).to_be_visible()
    ring, frame = page.locator(".picture__own").bounding_box(), page.locator(".picture__frame").bounding_box()
    assert ring is not None
    assert frame is not None
    assert frame["x"] <= ring["x"] <= frame["x"] + frame["width"] - ring["width"]
    assert frame["y"] <= ring["y"] <= frame["y"] + frame["height"] - ring["height"]


def test_what_groups_say_opens_with_the_keyboard(visits: Begin) -> None:
    page = visits().go(f"{WEEK}/")
    summary = page.locator("#comment-1").get_by_text("By group")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#comment-1 .bars")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#comment-1 .bars")).to_be_hidden()


def test_nothing_about_groups_keeps_anybody_out(visits: Begin) -> None:
    visit = visits(VOTER)
    page = visit.go(f"{WEEK}/?order=common-ground")
    open_groups(page, 1)
    assert barriers(page) == {}
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    follow(page.get_by_role("link", name="3 groups of opinion"))
    expect(page.get_by_text("You stand where the ring is")).to_be_visible()
    assert barriers(page) == {}
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    visit.go("common-ground/")
    assert barriers(page) == {}


def test_an_editor_puts_what_all_agree_on_above_the_discussion(visits: Begin, scripts: bool) -> None:
    editor = visits("editor", scripts=scripts)
    page = editor.take_part(WEEK)
    follow(page.get_by_role("link", name="Choose what readers agree on"))
    boxes = page.get_by_role("checkbox")
    for box in boxes.all():
        box.uncheck()
    chosen = [str(boxes.nth(place).get_attribute("value")) for place in (1, 0)]
    for place in (1, 0):
        boxes.nth(place).check()
    follow(page.get_by_role("button", name="Save"))
    box = page.get_by_role("complementary", name="What readers agree on")
    expect(box.get_by_role("listitem")).to_have_count(2)
    assert {link.inner_text() for link in box.locator("li a").all()} == {f"#{number}" for number in chosen}
    assert barriers(editor.page, "#agreed") == {} if scripts else True
