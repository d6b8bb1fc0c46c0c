"""Words are quoted by hand, by pasting and by keyboard, and the quotation leads to where they were said and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import BRIDGE, GAUGES, PORTS
from tests.journeys.visit import Visit, follow, until

QUOTER = "Setsuko B."
DRAFTER = "Harbour Cat"
SELECT = """(element) => {
  element.scrollIntoView({ block: "center" });
  const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
  getSelection().setBaseAndExtent(words, 0, words, words.data.indexOf(" ", 25));
  return getSelection().toString();
}"""


def test_two_comments_are_quoted_and_answered_point_by_point(visits: Begin) -> None:
    page = visits(QUOTER).take_part(PORTS)
    first, second = _comment(page, 1), _comment(page, 2)
    box = _box(page)
    first.get_by_role("link", name="Quote", exact=True).click()
    expect(box).to_be_focused()
    page.keyboard.type("To the first point.")
    second.get_by_role("link", name="Quote", exact=True).click()
    page.keyboard.type("To the second point.")
    posted = _post(page, "To the second point.")
    expect(posted.locator(".quotation figcaption")).to_contain_text([_label(first), _label(second)])
    expect(posted.locator(".comment__text > p")).to_have_text(["To the first point.", "To the second point."])
    number = posted.get_attribute("data-number")
    page.reload()
    for source in (first, second):
        expect(source.get_by_role("link", name=f"Quoted by #{number}")).to_be_visible()


def test_a_comment_is_quoted_without_scripts_on_a_page_with_the_same_box(visits: Begin) -> None:
    page = visits(QUOTER, scripts=False).take_part(PORTS)
    source = _comment(page, 3)
    label = _label(source)
    follow(source.get_by_role("link", name="Quote", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Answer #3")
    box = _box(page)
    expect(box).to_have_value(re.compile(r"^.+\n> "))
    box.fill(f"{box.input_value()}To the third point.")
    posted = _post(page, "To the third point.")
    expect(posted.locator(".quotation figcaption")).to_contain_text(label)


def test_words_selected_in_a_comment_are_quoted_with_the_mouse(visits: Begin) -> None:
    page = visits(QUOTER).take_part(PORTS)
    words = _comment(page, 1).locator(".comment__text").evaluate(SELECT)
    page.get_by_role("button", name="Quote", exact=True).click()
    expect(_box(page)).to_have_value(re.compile(rf"^.+\n> {re.escape(words)}\n\n$"))
    expect(page.get_by_role("button", name="Quote", exact=True)).to_be_hidden()
    _draft(page, "")


def test_words_selected_in_the_story_are_quoted_with_the_keyboard(visits: Begin) -> None:
    page = visits(QUOTER).take_part(PORTS)
    # Three clicks select the paragraph, and the Tab key goes on from there.
    page.locator(".prose p").nth(1).click(click_count=3)
    words = page.evaluate("getSelection().toString().trim()")
    button = page.get_by_role("button", name="Quote", exact=True)
    expect(button).to_be_in_viewport()
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("(button) => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(_box(page)).to_be_focused()
    page.keyboard.type("That is the point.")
    posted = _post(page, "That is the point.")
    expect(posted.locator(".quotation blockquote")).to_have_text(words)
    expect(posted.locator(".quotation figcaption")).to_have_text("from the story")


def test_a_paragraph_of_the_story_is_quoted_without_scripts(visits: Begin) -> None:
    page = visits(QUOTER, scripts=False).go(f"{PORTS}/")
    follow(page.get_by_role("link", name="Quote a paragraph"))
    paragraph = page.locator("#p3")
    words = paragraph.locator("p").first.inner_text()
    follow(paragraph.get_by_role("link", name="Quote", exact=True))
    box = _box(page)
    expect(box).to_have_value(re.compile(rf"^> {re.escape(words[:40])}"))
    box.fill(f"{box.input_value()}Read that again.")
    posted = _post(page, "Read that again.")
    expect(posted.locator(".quotation figcaption")).to_have_text("from the story")
    posted.locator(".quotation figcaption a").click()
    expect(page.locator("#p3:target")).to_contain_text(words)


def test_pasted_words_are_recognised_in_the_preview_and_can_be_kept_as_ones_own(visits: Begin, scripts: bool) -> None:
    page = visits(QUOTER, scripts=scripts).take_part(GAUGES)
    source = _comment(page, 2 if scripts else 3)  # who says the same twice is asked to say something new
    label = _label(source)
    pasted = source.locator(".comment__text > p").last.inner_text()
    said = f"As I said, scripts {scripts}."
    _box(page).fill(f"{pasted}\n\n{said}")
    page.get_by_role("button", name="Preview").click()
    preview = page.locator(".preview")
    expect(preview.locator(".quotation figcaption")).to_contain_text(label)
    own = page.get_by_role("group", name="Recognised as quotations").get_by_role("checkbox")
    own.check()
    page.get_by_role("button", name="Preview").click()
    expect(preview.locator(".quotation")).to_have_count(0)
    expect(own).to_be_checked()
    posted = _post(page, said)
    expect(posted).to_contain_text(pasted[:40])
    expect(posted.locator(".quotation")).to_have_count(0)


def test_a_quotation_leads_to_its_source_and_the_way_back_to_the_quotation(visits: Begin, scripts: bool) -> None:
    page = visits(scripts=scripts).go(f"{BRIDGE}/")
    link = page.locator(".quotation figcaption a", has_text="#").first
    number = link.inner_text().split()[0].removeprefix("#")
    link.scroll_into_view_if_needed()
    link.click()
    expect(page.locator(f"#comment-{number}:target")).to_be_in_viewport()
    page.go_back()
    expect(link).to_be_in_viewport()


@pytest.fixture
def begun(visits: Begin) -> Iterator[Visit]:
    """A draft that waits on the server; the box is left empty afterwards."""
    visit = visits(DRAFTER)
    page = visit.take_part(GAUGES)
    _draft(page, "What I was about to s")
    yield visit
    page.goto(f"{visit.paper.url}/{GAUGES}/")
    visit.settled()
    _draft(page, "")


def test_a_draft_comes_back_after_a_reload_and_on_a_second_device(visits: Begin, begun: Visit) -> None:
    begun.page.reload()
    expect(_box(begun.settled())).to_have_value("What I was about to s")
    elsewhere = visits(DRAFTER, scripts=False, width=360).take_part(GAUGES)
    expect(_box(elsewhere)).to_have_value("What I was about to s")


def test_a_draft_is_kept_when_its_writer_leaves_at_once(visits: Begin, begun: Visit) -> None:
    _box(begun.page).fill("What I was about to say")
    mine = str(begun.page.locator("viewer-state").get_attribute("src"))
    page = begun.go("rules/")
    # What is kept while its writer leaves may arrive late.
    address = f"{begun.paper.url}{mine}"
    until(page, lambda: "What I was about to say" in begun.context.request.get(address).text())
    begun.go(f"{GAUGES}/")
    expect(_box(begun.settled())).to_have_value("What I was about to say")


def test_a_quotation_goes_below_a_draft_that_was_not_touched(visits: Begin, begun: Visit) -> None:
    begun.page.reload()
    page = begun.settled()
    with page.expect_response("**/draft/"):
        _comment(page, 1).get_by_role("link", name="Quote", exact=True).click()
    expect(_box(page)).to_have_value(re.compile(r"^What I was about to s\n\n.+\n> "))


def test_what_is_posted_is_no_draft_any_more(visits: Begin) -> None:
    visit = visits(DRAFTER)
    page = visit.take_part(PORTS)
    _draft(page, "Said at once, and done with.")
    _post(page, "Said at once, and done with.")
    page.reload()
    expect(_box(visit.settled())).to_have_value("")


def _box(page: Page) -> Locator:
    return page.get_by_label("Your comment as")


def _comment(page: Page, number: int) -> Locator:
    return page.locator(f"#comment-{number}")


def _label(comment: Locator) -> str:
    """How a quotation names this comment: number and handle."""
    return f"#{comment.get_attribute('data-number')} {comment.locator('.comment__author').inner_text()}"


def _post(page: Page, words: str) -> Locator:
    """Post what is in the box. Returns the comment's place in the thread."""
    page.get_by_role("button", name="Post").click()
    posted = page.locator("#thread-comments > li").filter(has_text=words)
    expect(posted).to_be_in_viewport()
    return page.locator(f"#{posted.get_attribute('id')}")


def _draft(page: Page, words: str) -> None:
    """Write into the box, and wait until just this is kept."""
    with page.expect_response(_keeps(words)):
        _box(page).fill(words)


def _keeps(words: str) -> Callable[[Response], bool]:
    """Whether an answer is about a draft with these words."""

    def keeps(response: Response) -> bool:
        sent = parse_qs(response.request.post_data or "", keep_blank_values=True)
        return response.url.endswith("/draft/") and sent.get("body") == [words]

    return keeps
