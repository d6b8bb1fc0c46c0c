"""Nothing sticks out, is cut off, stands too close, or moves by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import BRIDGE, DIALECT, GAUGES, GRAIN
from tests.journeys.visit import Visit, say

RULER = Path(__file__).with_name("geometry.js").read_text(encoding="utf-8")
PATHS = (
    "",
    "culture/",
    f"{GAUGES}/",
    f"{DIALECT}/",
    f"{GRAIN}/",
    "member/old-ferryman/",
    "search/?q=flood",
    "account/signup/",
)

# What WCAG 1.4.12 lets readers set; sheets made by a script pass the content policy.
SPACED_TEXT = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
  p { margin-block-end: 2em !important }`);
document.adoptedStyleSheets.push(sheet);
"""
BIG_TEXT = "document.documentElement.style.fontSize = '200%'"


@pytest.mark.parametrize(
    ("width", "change"),
    [(320, ""), (640, BIG_TEXT), (1280, BIG_TEXT), (360, SPACED_TEXT)],
    ids=["320 px", "200 % at 640", "200 % at 1280", "spaced text"],
)
def test_nothing_sticks_out_or_is_cut_off(visits: Begin, width: int, change: str) -> None:
    visit = _measured(visits(width=width))
    found: dict[str, list[str]] = {}
    for path in PATHS:
        page = visit.go(path)
        page.evaluate(change)
        _note(found, f"/{path}", page, "stickingOut", "cutOff")
    assert found == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_sticks_out_for_a_member_who_writes(visits: Begin, width: int) -> None:
    visit = _measured(visits("moderator", width=width))
    visit.go(f"{GAUGES}/")
    page = visit.settled()
    found: dict[str, list[str]] = {}
    _note(found, "signed in", page, "stickingOut", "cutOff", "crowded")
    page.locator("#comment-2").get_by_role("link", name="Remove").click()
    expect(page.locator(".own-form")).to_be_visible()
    _note(found, "with a question", page, "stickingOut", "cutOff", "crowded")
    assert found == {}


@pytest.mark.parametrize("width", [360, 1280])
def test_the_box_to_edit_in_is_as_wide_as_the_text_above_it(visits: Begin, width: int) -> None:
    page = visits("Newcomer", width=width).take_part(GRAIN)
    comment = say(page, f"Wide enough to fill a line of the comment at {width} pixels, or more.")
    comment.get_by_role("link", name="Edit").click()
    text, box = (comment.locator(part).bounding_box() for part in (".comment__text", "textarea"))
    assert text is not None
    assert box is not None
    assert box["width"] > 0.9 * text["width"]


@pytest.mark.parametrize("width", [360, 1280])
def test_targets_are_large_enough_or_apart(visits: Begin, width: int) -> None:
    visit = _measured(visits(width=width))
    found: dict[str, list[str]] = {}
    for path in PATHS:
        _note(found, f"/{path}", visit.go(path), "crowded")
    assert found == {}


def test_targets_fit_a_finger_on_touch_screens(visits: Begin) -> None:
    visit = _measured(visits("moderator", width=360, has_touch=True, is_mobile=True))
    visit.go(f"{GAUGES}/")
    assert visit.settled().evaluate("ruler.tooSmallForFingers()") == []


def test_nothing_moves_for_those_who_asked_for_less_motion(visits: Begin) -> None:
    visit = _measured(visits("Newcomer", reduced_motion="reduce"))
    for path in (f"{BRIDGE}/", ""):
        visit.go(path)
        page = visit.settled()
        page.keyboard.press("Tab")
        assert page.evaluate("ruler.moving()") == [], path


def _measured(visit: Visit) -> Visit:
    visit.context.add_init_script(RULER)
    return visit


def _note(found: dict[str, list[str]], where: str, page: Page, *rulers: str) -> None:
    """Note what the rulers find, under the place where it was found."""
    page.evaluate("document.fonts.ready.then(() => true)")
    for ruler in rulers:
        if elements := page.evaluate(f"ruler.{ruler}()"):
            found[f"{where} {ruler}"] = elements
