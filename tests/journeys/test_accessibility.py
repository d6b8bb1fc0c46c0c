"""Every kind of page passes axe-core, narrow and wide, in light and in dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import DIALECT, GAUGES, MARKET
from tests.journeys.visit import Visit

LEVELS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
HEIGHTS = {360: 740, 1280: 800}

Reach = Callable[[Visit], Page]


def at(path: str) -> Reach:
    """The page at a path."""
    return lambda visit: visit.go(path)


def own(page: Page, verb: str) -> Locator:
    """The link to do something with the newest comment."""
    return page.locator("#thread-comments > li").last.get_by_role("link", name=verb)


def own_discussion(visit: Visit) -> Page:
    """A discussion on its own page, with a comment of the viewer's."""
    page = visit.go(_thread_of(visit))
    page.get_by_label("Your comment as").fill(f"Noted, at {page.url}.")
    page.get_by_role("button", name="Post").click()
    expect(own(page, "Delete")).to_be_visible()
    return page


def edit_form(visit: Visit) -> Page:
    """The form to mend a comment, on its own page."""
    page = own_discussion(visit)
    return visit.go(str(own(page, "Edit").get_attribute("href")).lstrip("/"))


def delete_question(visit: Visit) -> Page:
    """The question in place, among the comments."""
    page = own_discussion(visit)
    own(page, "Delete").click()
    expect(page.locator(".own-form")).to_be_visible()
    return page


def confirm_page(visit: Visit) -> Page:
    """What a vote on the story leads to while the page's scripts do not know the viewer; axe needs scripts itself."""
    visit.page.route("**/mine/", lambda route: route.fulfill(status=404))
    page = visit.go(f"{GAUGES}/")
    page.locator("#comment-2").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please confirm")
    return page


def sign_up_with_errors(visit: Visit) -> Page:
    """A sign-up that was refused."""
    page = visit.go("account/signup/")
    page.get_by_label("Handle").fill("mikan")
    page.get_by_label("Email").fill("somebody@readers.example")
    page.get_by_label("Password").fill("short")
    page.get_by_label("I have read the house rules").check()
    page.get_by_role("button", name="Become a member").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    return page


def too_long_comment(visit: Visit) -> Page:
    """The discussion with a refusal above the box."""
    page = visit.go(_thread_of(visit))
    page.get_by_label("Your comment as").fill("x" * 5_001)
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


PAGES: dict[str, tuple[Reach, str]] = {
    # name: how to get there, and who is signed in
    "front": (at(""), ""),
    "section": (at("city/"), ""),
    "story": (at(f"{GAUGES}/"), ""),
    "closed story": (at(f"{MARKET}/"), ""),
    "discussion": (own_discussion, "Aunt Umi"),
    "member": (at("member/tidewater/"), ""),
    "search with results": (at("search/?q=flood"), ""),
    "search without": (at("search/?q=zzzz"), ""),
    "sign-in": (at("account/login/"), ""),
    "sign-up with errors": (sign_up_with_errors, ""),
    "account": (at("account/"), "Aunt Umi"),
    "rules": (at("rules/"), ""),
    "not found": (at("nothing/here/"), ""),
    "edit form": (edit_form, "Harbour Cat"),
    "delete question": (delete_question, "K. Tanabe"),
    "too long": (too_long_comment, "Aunt Umi"),
    "confirm": (confirm_page, "Harbour Cat"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier_that_axe_knows_of(visits: Begin, name: str) -> None:
    reach, member = PAGES[name]
    page = reach(visits(member))
    page.evaluate(AXE_SCRIPT)
    found: dict[str, list[str]] = {}
    for width, height in HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for violation in page.evaluate("(levels) => axe.run(levels).then((run) => run.violations)", LEVELS):
                found[f"{violation['id']} at {width}, {scheme}"] = [_told(node) for node in violation["nodes"]]
    assert found == {}


def _told(node: dict[str, Any]) -> str:
    because = "; ".join(check["message"] for check in (*node["any"], *node["all"], *node["none"]))
    return f"{' '.join(node['target'])}: {because}"


def _thread_of(visit: Visit) -> str:
    """The path of the discussion of the story about the dialect."""
    found = re.search(r"/(t/\d+/)", visit.context.request.get(visit.paper.story(DIALECT)).text())
    assert found is not None
    return found[1]
