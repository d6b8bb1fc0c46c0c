"""Everything can be done with Tab, Enter and letters, and one always sees where one is."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import DIALECT, GAUGES
from tests.journeys.visit import Visit, unjudged

# The focused element, unless its outline shows inside the window and not behind something else.
FOCUS_HIDDEN = """() => {
  const focused = document.activeElement;
  const style = getComputedStyle(focused);
  const box = focused.getClientRects()[0];
  const told = focused.outerHTML.slice(0, 120);
  if (!box || style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return told;
  const [x, y] = [box.left + Math.min(box.width, 20) / 2, box.top + Math.min(box.height, 20) / 2];
  const top = document.elementFromPoint(x, y);
  return top && (focused.contains(top) || top.contains(focused)) ? "" : told;
}"""
FAR_ENOUGH = 80


def test_a_story_is_read_voted_on_and_answered_with_the_keyboard_alone(visits: Begin, scripts: bool) -> None:
    # Without motion the page is at its place as soon as a key is up.
    visit = visits("Lighthouse Keeper's Son" if scripts else "dr_plum", scripts=scripts, reduced_motion="reduce")
    page = _where_one_writes(visit, scripts)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the text")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    first = unjudged(page)
    agree = first.get_by_role("button", name=re.compile("^Agree"))
    before = int(agree.inner_text().split()[-1])
    _tab_to(page, agree)
    page.keyboard.press("Enter")
    expect(agree).to_have_attribute("aria-pressed", "true")
    expect(agree).to_have_text(f"Agree {before + 1}")
    if scripts:
        expect(agree).to_be_focused()
    else:
        page.keyboard.press("Tab")
        expect(first.locator(":focus")).to_have_count(1)

    box = page.get_by_label("Your comment as")
    _tab_to(page, box)
    page.keyboard.type(f"Written without a mouse, scripts {scripts}.")
    _tab_to(page, page.get_by_role("button", name="Post"))
    page.keyboard.press("Enter")
    posted = page.locator("#thread-comments > li").last
    expect(posted).to_contain_text(f"Written without a mouse, scripts {scripts}.")
    expect(posted).to_be_in_viewport()


def test_after_posting_the_focus_is_still_in_the_discussion(visits: Begin) -> None:
    page = _with_own_comment(visits("Blue Bucket"))
    page.get_by_label("Your comment as").fill("And a second one.")
    page.get_by_role("button", name="Post").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#thread-comments > li").last).to_contain_text("And a second one.")
    _expect_focus_in(page, page.locator("#discussion"))


def test_after_an_edit_the_focus_is_still_in_the_comment(visits: Begin) -> None:
    page = _with_own_comment(visits("Low Season"))
    comment = page.locator("#thread-comments > li").last
    _press(comment.get_by_role("link", name="Edit"))
    expect(comment.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" Mended.")
    _press(comment.get_by_role("button", name="Save"))
    expect(comment.locator(".comment__text")).to_contain_text("Mended.")
    expect(comment.locator(".comment__who")).to_contain_text("edited")
    _expect_focus_in(page, comment)


def test_after_a_change_of_mind_the_focus_is_still_in_the_comment(visits: Begin) -> None:
    page = _with_own_comment(visits("Citrus Hill"))
    comment = page.locator("#thread-comments > li").last
    _press(comment.get_by_role("link", name="Delete"))
    expect(comment.get_by_role("button", name="Delete")).to_be_focused()
    _press(comment.get_by_role("link", name="Leave it as it is"))
    expect(comment.get_by_role("link", name="Delete")).to_be_visible()
    _expect_focus_in(page, comment)


def test_after_a_deletion_the_focus_is_still_in_the_comment(visits: Begin) -> None:
    page = _with_own_comment(visits("Miss Gauge"))
    comment = page.locator("#thread-comments > li").last
    _press(comment.get_by_role("link", name="Delete"))
    _press(comment.get_by_role("button", name="Delete"))
    expect(comment).to_contain_text("Deleted by its author.")
    _expect_focus_in(page, comment)


def test_votes_and_posts_are_told_to_those_who_listen(visits: Begin) -> None:
    page = _with_own_comment(visits("wataru"))
    expect(page.get_by_role("status").filter(has_text=re.compile(r"Comment \d+ is posted\."))).to_have_count(1)
    disagree = unjudged(page).get_by_role("button", name=re.compile("^Disagree"))
    _press(disagree)
    expect(disagree).to_have_attribute("aria-pressed", "true")
    expect(disagree).to_be_focused()


def _where_one_writes(visit: Visit, scripts: bool) -> Page:
    page = visit.go(f"{GAUGES}/")
    if not scripts:
        page.get_by_role("link", name="the discussion’s own page").click()
    expect(page.get_by_label("Your comment as")).to_be_visible()
    return page


def _with_own_comment(visit: Visit) -> Page:
    """A story on which the viewer has just posted."""
    page = visit.go(f"{DIALECT}/")
    page.get_by_label("Your comment as").fill(f"A word of mine on {visit.paper.story(DIALECT)}, said once.")
    page.get_by_role("button", name="Post").click()
    expect(page.locator("#thread-comments > li").last.get_by_role("link", name="Delete")).to_be_visible()
    return page


def _tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the wanted element has the focus, which shows at every stop."""
    for _ in range(FAR_ENOUGH):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_HIDDEN) == ""
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} was not reached with {FAR_ENOUGH} Tabs.")


def _press(control: Locator) -> None:
    control.focus()
    control.press("Enter")


def _expect_focus_in(page: Page, place: Locator) -> None:
    expect(place.locator(":focus")).to_have_count(1)
    assert page.evaluate(FOCUS_HIDDEN) == ""
