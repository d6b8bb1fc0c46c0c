"""Words that are selected in a story go along to the report of an error."""

from __future__ import annotations

import re
from functools import partial

from playwright.sync_api import expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import PORTS

SELECT = """(element) => {
  const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
  getSelection().setBaseAndExtent(words, 0, words, words.data.indexOf(" ", 25));
  return getSelection().toString();
}"""


def test_selected_words_are_quoted_in_the_report_with_mouse_and_keyboard(visits: Begin) -> None:
    page = visits().go(f"{PORTS}/")
    link = page.get_by_role("link", name="Report an error")
    story = page.url
    for press in (link.click, partial(link.press, "Enter")):
        page.goto(story)
        words = page.locator(".prose p").nth(1).evaluate(SELECT)
        press()
        expect(page.get_by_label("What is wrong")).to_have_value(f"“{words}”\n\n")
        expect(page.locator("blockquote")).to_contain_text(words)
    page.goto(story)
    link.click()
    expect(page).to_have_url(re.compile(r"/error/$"))
