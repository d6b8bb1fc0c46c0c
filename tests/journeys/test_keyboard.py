"""Everything can be done with Tab, Enter and letters, and one always sees where one is."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import DIALECT, GAUGES
from tests.journeys.visit import Held, Visit, say, unjudged

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
FAR_ENOUGH = 200  # A comment has some eight stops.
WRITER = "Blue Bucket"


def test_a_story_is_read_voted_on_and_answered_with_the_keyboard_alone(visits: Begin, scripts: bool) -> None:
    page = _still(visits, scripts).take_part(GAUGES)
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
    if scripts:
        page.keyboard.press("Enter")
    else:
        with page.expect_navigation():
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


def test_the_box_keeps_the_focus_when_what_is_the_viewers_own_arrives(visits: Begin) -> None:
    visit = _still(visits)
    page = visit.take_part(DIALECT)
    late = Held(page, "**/mine/")
    visit.go(str(page.locator("#write").get_attribute("action")).removesuffix("comments/").lstrip("/"))
    box = page.get_by_label("Your comment as")
    box.focus()
    late.let_go()
    visit.settled()
    expect(box).to_be_focused()


def test_after_posting_the_focus_is_still_in_the_discussion(visits: Begin) -> None:
    page = _still(visits).take_part(DIALECT)
    page.get_by_label("Your comment as").fill("Words without a mouse.")
    _press(page.get_by_role("button", name="Post"))
    posted = page.locator("#thread-comments > li").last
    expect(posted).to_contain_text("Words without a mouse.")
    expect(posted.get_by_role("link", name="Delete")).to_be_visible()
    _expect_focus_in(page, page.locator("#discussion"))


def test_after_an_edit_the_focus_is_still_in_the_comment(visits: Begin) -> None:
    page, comment = _with_own_comment(visits, "To be mended.")
    _press(comment.get_by_role("link", name="Edit"))
    expect(comment.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" Mended.")
    _press(comment.get_by_role("button", name="Save"))
    expect(comment.locator(".comment__text")).to_contain_text("Mended.")
    expect(comment.locator(".comment__who")).to_contain_text("edited")
    _expect_focus_in(page, comment)


def test_after_a_change_of_mind_the_focus_is_still_in_the_comment(visits: Begin) -> None:
    page, comment = _with_own_comment(visits, "Hardly worth deleting.")
    _press(comment.get_by_role("link", name="Delete"))
    expect(comment.get_by_role("button", name="Delete")).to_be_focused()
    _press(comment.get_by_role("link", name="Leave it as it is"))
    expect(comment.get_by_role("link", name="Delete")).to_be_visible()
    _expect_focus_in(page, comment)


def test_after_a_deletion_the_focus_is_still_in_the_comment(visits: Begin) -> None:
    page, comment = _with_own_comment(visits, "Soon to be gone.")
    _press(comment.get_by_role("link", name="Delete"))
    _press(comment.get_by_role("button", name="Delete"))
    expect(comment).to_contain_text("Deleted by its author.")
    _expect_focus_in(page, comment)


def test_a_decision_begins_at_its_first_field_and_left_undone_leads_back_to_its_link(visits: Begin) -> None:
    page = visits("moderator").take_part(GAUGES)
    comment = page.locator("#comment-2")
    _press(comment.get_by_text("More", exact=True))
    for name, first in (("Remove or fold", "radio"), ("Take personal data out", "textbox"), ("Pick", "textbox")):
        link = comment.get_by_role("link", name=name)
        _press(link)
        expect(comment.locator(".own-form").get_by_role(first).first).to_be_focused()
        assert page.evaluate(FOCUS_HIDDEN) == ""
        _press(comment.get_by_role("link", name="Leave it as it"))
        expect(link).to_be_focused()
        expect(comment.locator(".own-form")).to_have_count(0)


def test_votes_and_posts_are_told_to_those_who_listen(visits: Begin) -> None:
    page, _ = _with_own_comment(visits, "Loud and clear.")
    expect(page.get_by_role("status").filter(has_text=re.compile(r"Comment \d+ is posted\."))).to_have_count(1)
    disagree = unjudged(page).get_by_role("button", name=re.compile("^Disagree"))
    _press(disagree)
    expect(disagree).to_have_attribute("aria-pressed", "true")
    expect(disagree).to_be_focused()


def _still(visits: Begin, scripts: bool = True) -> Visit:
    """A member's visit without motion: the page is at its place as soon as a key is up."""
    return visits(WRITER, scripts=scripts)


def _with_own_comment(visits: Begin, words: str) -> tuple[Page, Locator]:
    """A story on which the viewer has just said something, and the place of that."""
    page = _still(visits).take_part(DIALECT)
    return page, say(page, words)


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
