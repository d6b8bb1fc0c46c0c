"""What an editor does at Wagtail's desk, step by step."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.journeys.visit import Visit, follow


def begin_story(desk: Visit, section: str, headline: str) -> Page:
    """The form of a new story in a section, with its headline filled in."""
    page = desk.go("desk/pages/")
    for name in ("The Harbour Courier", section):
        follow(page.get_by_role("link", name=f"Explore child pages of '{name}'"))
    follow(page.get_by_role("link", name="Add child page").first)
    field = page.get_by_role("textbox", name="Headline")
    field.fill(headline)
    # The address is made of the headline once the field is left.
    field.press("Tab")
    expect(page.locator("#id_slug")).not_to_have_value("")
    return page


def page_number(desk: Visit, condition: str) -> int:
    """The number of the newest page of which this JavaScript about `each` holds, as the desk's own list has it."""
    page = desk.go("desk/api/main/pages/?order=-id")
    number: int = page.evaluate(f"JSON.parse(document.body.innerText).items.find((each) => {condition}).id")
    return number


def write_paragraph(page: Page, words: str) -> None:
    """Write the first paragraph of a story."""
    page.get_by_role("button", name="Insert a block").click()
    page.get_by_role("option", name="Paragraph").click()
    page.get_by_role("region", name="Body").get_by_role("textbox").press_sequentially(words)
    # The editor hands its text to the form a quarter of a second later: nobody but a test presses Publish before that.
    expect(page.locator("[name=body-0-value]")).to_have_value(re.compile(re.escape(words[-15:].rstrip("."))))


def choose_photograph(page: Page) -> tuple[Locator, Locator]:
    """The place of a story's first photograph, and the dialog in which a new one is uploaded for it."""
    page.get_by_role("button", name="Add Photograph").click()
    photograph = page.get_by_role("region", name="Photograph 1")
    photograph.get_by_role("button", name="Choose an image").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name="Upload").click()
    return photograph, dialog


def publish(page: Page) -> str:
    """Publish the story of a form. Returns its path."""
    press_publish(page)
    expect(page.get_by_role("status").filter(has_text="published")).to_be_visible()
    return urlsplit(str(page.get_by_role("link", name="View live").first.get_attribute("href"))).path.lstrip("/")


def press_publish(page: Page) -> None:
    """Press Publish, whatever comes of it."""
    page.get_by_role("button", name="More actions").click()
    follow(page.get_by_role("button", name="Publish", exact=True))
