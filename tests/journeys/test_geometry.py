"""Nothing sticks out, is cut off, stands too close, or moves by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import DIALECT, GAUGES, GRAIN
from tests.journeys.visit import Visit, say, typeset

RULER = Path(__file__).with_name("geometry.js").read_text(encoding="utf-8")
PATHS = ("", "culture/", f"{GAUGES}/", f"{DIALECT}/", "member/old-ferryman/", "search/?q=flood", "account/signup/")

# What readers may set (WCAG 1.4.4, 1.4.12); sheets that a script makes pass the content policy.
AS_IT_IS = "document.documentElement.style.fontSize = ''; document.adoptedStyleSheets = []"
BIG_TEXT = "document.documentElement.style.fontSize = '200%'"
SPACED_TEXT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
WINDOWS = {
    # name: width, what the reader has set, and the rulers to lay on
    "320 px": (320, AS_IT_IS, ("stickingOut", "cutOff")),
    "360 px": (360, AS_IT_IS, ("stickingOut", "cutOff", "crowded")),
    "360 px, text spaced": (360, SPACED_TEXT, ("stickingOut", "cutOff")),
    "640 px, text at 200 %": (640, BIG_TEXT, ("stickingOut", "cutOff")),
    "1280 px": (1280, AS_IT_IS, ("stickingOut", "cutOff", "crowded")),
    "1280 px, text at 200 %": (1280, BIG_TEXT, ("stickingOut", "cutOff")),
}


@pytest.mark.parametrize("path", PATHS)
def test_nothing_sticks_out_is_cut_off_or_stands_too_close(visits: Begin, path: str) -> None:
    page = measured(visits()).go(path)
    found: dict[str, list[str]] = {}
    for name, (width, change, rulers) in WINDOWS.items():
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(AS_IT_IS)
        page.evaluate(change)
        note(found, name, page, *rulers)
    assert found == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_sticks_out_for_a_member_who_writes(visits: Begin, width: int) -> None:
    visit = measured(visits("moderator", width=width))
    visit.go(f"{GAUGES}/")
    page = visit.settled()
    found: dict[str, list[str]] = {}
    note(found, "signed in", page, "stickingOut", "cutOff", "crowded")
    page.locator("#comment-2").get_by_text("More", exact=True).click()
    page.locator("#comment-2").get_by_role("link", name="Remove").click()
    expect(page.locator(".own-form")).to_be_visible()
    note(found, "with a question", page, "stickingOut", "cutOff", "crowded")
    assert found == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_sticks_out_on_the_pages_of_a_discussion(visits: Begin, width: int) -> None:
    visit = measured(visits("moderator", width=width))
    page = visit.go(f"{GAUGES}/")
    own = (page.locator("live-thread").get_attribute("changes") or "").removesuffix("since/").lstrip("/")
    found: dict[str, list[str]] = {}
    for rest in ("2/conversation/", "story/1/", "write/?quote=2", "2/source/", "closing/", "?order=best&part=sources"):
        visit.go(own + rest)
        visit.settled()
        note(found, rest, page, "stickingOut", "cutOff", "crowded")
    visit.go("account/discussions/")
    note(found, "what concerns me", page, "stickingOut", "cutOff", "crowded")
    assert found == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_moves_or_sticks_out_when_more_is_opened_and_a_quotation_looked_at(visits: Begin, width: int) -> None:
    visit = measured(visits("moderator", width=width))
    visit.go(f"{GAUGES}/")
    page = visit.settled()
    comment = page.locator("#comment-2")
    more = comment.get_by_text("More", exact=True)
    more.scroll_into_view_if_needed()
    typeset(page)
    before = more.bounding_box()
    more.click()
    assert more.bounding_box() == before
    comment.get_by_role("link", name="Reply").click()
    comment.get_by_role("link", name="Quote", exact=True).click()
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview")).to_be_visible()
    found: dict[str, list[str]] = {}
    note(found, "answering", page, "stickingOut", "cutOff", "crowded")
    assert found == {}


@pytest.mark.parametrize("width", [360, 1280])
def test_the_box_to_edit_in_is_as_wide_as_the_text_above_it(visits: Begin, width: int) -> None:
    page = visits("Newcomer", width=width).take_part(GRAIN)
    comment = say(page, f"Wide enough to fill a line of the comment at {width} pixels, or more.")
    comment.get_by_role("link", name="Edit").click()
    expect(comment.locator("textarea")).to_be_focused()
    text, box = (comment.locator(part).bounding_box() for part in (".comment__text", "textarea"))
    assert text is not None
    assert box is not None
    assert box["width"] > 0.9 * text["width"]


def test_targets_fit_a_finger_on_touch_screens(visits: Begin) -> None:
    visit = measured(visits("moderator", width=360, has_touch=True, is_mobile=True))
    visit.go(f"{GAUGES}/")
    assert visit.settled().evaluate("ruler.tooSmallForFingers()") == []


def test_nothing_moves_for_those_who_asked_for_less_motion(visits: Begin) -> None:
    visit = measured(visits("Newcomer"))
    for path in (f"{GAUGES}/", ""):
        visit.go(path)
        page = visit.settled()
        page.keyboard.press("Tab")
        assert page.evaluate("ruler.moving()") == [], path


def measured(visit: Visit) -> Visit:
    """The visit, with a ruler in every page that it opens from now on."""
    visit.context.add_init_script(RULER)
    return visit


def note(found: dict[str, list[str]], where: str, page: Page, *rulers: str, within: str | None = None) -> None:
    """Note what the rulers find in a part of the page, or in all of it, under the place where it was found."""
    page.wait_for_load_state()
    typeset(page)
    for ruler in rulers:
        if elements := page.evaluate(f"(within) => ruler.{ruler}(within ?? undefined)", within):
            found[f"{where} {ruler}"] = elements
