"""Every kind of page passes axe-core, narrow and wide, in light and in dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import BRIDGE, GAUGES, GRAIN, MARKET
from tests.journeys.visit import Visit, follow, say

LEVELS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
RUN = "([within, levels]) => axe.run(within, levels).then((run) => run.violations)"
# Colours may change gently; in between, axe would measure colours that nobody reads by. Ended, not waited for: what is
# out of sight may never end by itself.
AT_REST = """() => {
  for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
}"""
HEIGHTS = {360: 740, 1280: 800}

Reach = Callable[[Visit], Page]


def at(path: str) -> Reach:
    """The page at a path."""
    return lambda visit: visit.go(path)


def own_discussion(visit: Visit) -> Page:
    """A discussion on its own page, with a comment of the viewer's."""
    say(_on_its_own(visit, GAUGES), "A word to look at.")
    return visit.page


def edit_form(visit: Visit) -> Page:
    """The form to mend a comment, on its own page."""
    comment = say(_on_its_own(visit, GRAIN), "A word to mend.")
    return visit.go(str(comment.get_by_role("link", name="Edit").get_attribute("href")).lstrip("/"))


def delete_question(visit: Visit) -> Page:
    """The question in place, among the comments."""
    comment = say(_on_its_own(visit, GRAIN), "A word to delete.")
    comment.get_by_role("link", name="Delete").click()
    expect(comment.get_by_role("button", name="Delete")).to_be_visible()
    return visit.page


def confirm_page(visit: Visit) -> Page:
    """What a vote on the story leads to while the page's scripts do not know the viewer; axe needs scripts itself."""
    visit.page.route("**/mine/", lambda route: route.fulfill(status=404))
    page = visit.go(f"{GAUGES}/")
    follow(page.locator("#comment-2").get_by_role("button").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Please confirm")
    return page


def sign_up_with_errors(visit: Visit) -> Page:
    """A sign-up that was refused."""
    page = visit.go("account/signup/")
    page.get_by_label("Handle").fill("mikan")
    page.get_by_label("Email").fill("somebody@readers.example")
    page.get_by_label("Password").fill("short")
    page.get_by_label("I have read the house rules").check()
    follow(page.get_by_role("button", name="Become a member"))
    expect(page.get_by_role("alert").first).to_be_visible()
    return page


def too_long_comment(visit: Visit) -> Page:
    """The discussion with a refusal above the box."""
    page = _on_its_own(visit, GRAIN)
    page.get_by_label("Your comment as").fill("x" * 5_001)
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


def of_the_discussion(rest: str) -> Reach:
    """A page that belongs to a discussion, at its address after the discussion's own."""

    def reach(visit: Visit) -> Page:
        visit.go(f"{GAUGES}/")
        changes = visit.page.locator("live-thread").get_attribute("changes") or ""
        return visit.go(changes.removesuffix("since/").lstrip("/") + rest)

    return reach


def preview(visit: Visit) -> Page:
    """The box with a quotation that was recognised, in answer to somebody, and more of what can be done."""
    page = visit.take_part(GAUGES)
    comment = page.locator("#comment-2")
    comment.get_by_role("link", name="Reply").click()
    comment.get_by_role("link", name="Quote", exact=True).click()
    comment.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("group", name="Recognised as quotations")).to_be_visible()
    return page


def folded(visit: Visit) -> Page:
    """A discussion with comments of a muted member."""
    page = visit.take_part(BRIDGE)
    address = page.locator("#comment-1 .comment__author").get_attribute("href") or ""
    follow(visit.go(address.lstrip("/")).get_by_role("button", name=re.compile("^Mute")))
    page = visit.take_part(BRIDGE)
    expect(page.get_by_text("Folded: you have muted this member").first).to_be_visible()
    return page


def _on_its_own(visit: Visit, story: str) -> Page:
    """The page of a discussion alone, where those take part who run no scripts."""
    page = visit.take_part(story)
    visit.go(str(page.locator("#write").get_attribute("action")).removesuffix("comments/").lstrip("/"))
    return visit.settled()


MEMBER = "Aunt Umi"
PAGES: dict[str, tuple[Reach, str]] = {
    # name: how to get there, and who is signed in
    "front": (at(""), ""),
    "section": (at("city/"), ""),
    "story": (at(f"{GAUGES}/"), ""),
    "closed story": (at(f"{MARKET}/"), ""),
    "discussion": (own_discussion, MEMBER),
    "an order and a part": (of_the_discussion("?order=best&part=worth"), MEMBER),
    "exchange": (of_the_discussion("2/conversation/"), ""),
    "words of the story": (of_the_discussion("story/1/"), ""),
    "answer": (of_the_discussion("write/?quote=2"), MEMBER),
    "preview": (preview, MEMBER),
    "folded": (folded, "Blue Bucket"),
    "source form": (of_the_discussion("2/source/"), MEMBER),
    "pick form": (of_the_discussion("2/pick/"), "moderator"),
    "closing form": (of_the_discussion("closing/"), "moderator"),
    "what concerns me": (at("account/discussions/?part=quotes"), MEMBER),
    "member": (at("member/tidewater/"), ""),
    "search with results": (at("search/?q=flood"), ""),
    "search without": (at("search/?q=zzzz"), ""),
    "sign-in": (at("account/login/"), ""),
    "sign-up with errors": (sign_up_with_errors, ""),
    "member, signed in": (at("member/tidewater/"), MEMBER),
    "account": (at("account/"), MEMBER),
    "rules": (at("rules/"), ""),
    "not found": (at("nothing/here/"), ""),
    "edit form": (edit_form, MEMBER),
    "delete question": (delete_question, MEMBER),
    "too long": (too_long_comment, MEMBER),
    "confirm": (confirm_page, MEMBER),
    "last hour": (at("desk/last-hour/"), "administrator"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier_that_axe_knows_of(visits: Begin, name: str) -> None:
    reach, member = PAGES[name]
    page = reach(visits(member))
    assert barriers(page) == {}


def barriers(page: Page, within: str = "html") -> dict[str, list[str]]:
    """What axe finds in a part of a page, by rule, width and scheme."""
    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    found: dict[str, list[str]] = {}
    for width, height in HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(AT_REST)
            for violation in page.evaluate(RUN, [within, LEVELS]):
                found[f"{violation['id']} at {width}, {scheme}"] = [_told(node) for node in violation["nodes"]]
    return found


def _told(node: dict[str, Any]) -> str:
    because = "; ".join(check["message"] for check in (*node["any"], *node["all"], *node["none"]))
    return f"{' '.join(node['target'])}: {because}"
