"""What the newsroom, the wire and their readers see besides stories: no barrier, nothing out of its place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import Paper
from tests.journeys.test_accessibility import barriers
from tests.journeys.test_geometry import measured
from tests.journeys.test_moderation_pages import out_of_place
from tests.journeys.visit import follow

DESK = ".wire, .newsdesk"  # our part of a page; the menu and the header around it are Wagtail's


@pytest.fixture(scope="module")
def made(paper: Paper) -> dict[str, Any]:
    """What an agency has sent, and what has become of it."""
    return paper.fill_the_newsroom()


AT_THE_DESK = {
    # name: where it is, and what shows that it is this page
    "wire": ("desk/wire/", "Spring tide on Monday night"),
    "wire, found nothing": ("desk/wire/?q=zzzz", "Nothing here is like that."),
    "item with an update": ("desk/wire/item/{item}/", "Changed since version 2"),
    "item that was killed": ("desk/wire/item/{killed}/", "The agency has killed this item."),
    "keys": ("desk/wire/feed/{feed}/keys/", "X-Kawaraban-Signature"),
    "reported errors": ("desk/errors/", "It is called Kamome Maru"),
    "versions at the desk": ("desk/story/{number}/versions/", "Hide these words"),
}
BEFORE_THE_DESK = {
    "story that was brought up to date": ("{story}/", "What has changed"),
    "versions": ("story/{number}/versions/", "The harbour is open again"),
    "report an error": ("story/{number}/error/", "Choose the paragraph"),
    "report an error, form": ("story/{number}/error/?passage=1", "What is wrong"),
    "withdrawn story": ("{withdrawn}/", "has withdrawn it"),
    "search with a result": ("search/?q=kamome", "Ferry runs aground"),
    "search without": ("search/?q=zzzz", "zzzz"),
}


@pytest.mark.parametrize("name", AT_THE_DESK)
def test_a_page_of_the_desk_has_no_barrier_and_nothing_out_of_its_place(
    visits: Begin, made: dict[str, Any], screenshots: Path, name: str
) -> None:
    path, words = AT_THE_DESK[name]
    page = measured(visits("editor")).go(path.format(**made))
    part = page.locator(DESK).first
    expect(part).to_contain_text(words)
    for opened in part.locator("details").all():
        opened.evaluate("(each) => { each.open = true }")
    assert (barriers(page, DESK), out_of_place(page, DESK)) == ({}, {})
    _picture(page, screenshots, name)


@pytest.mark.parametrize("name", BEFORE_THE_DESK)
def test_a_page_for_readers_has_no_barrier_and_nothing_out_of_its_place(
    visits: Begin, made: dict[str, Any], screenshots: Path, name: str
) -> None:
    path, words = BEFORE_THE_DESK[name]
    page = measured(visits()).go(path.format(**made))
    expect(page.get_by_role("main")).to_contain_text(words)
    assert (barriers(page), out_of_place(page)) == ({}, {})
    _picture(page, screenshots, name)


def test_an_error_is_reported_with_what_is_missing_asked_for(visits: Begin, made: dict[str, Any]) -> None:
    page = measured(visits()).go(f"story/{made['number']}/error/?passage=1")
    words, send = page.get_by_label("What is wrong"), page.get_by_role("button", name="Send to the newsroom")
    words.fill(" ")
    follow(send)
    expect(page.get_by_role("alert")).to_contain_text("Say what is wrong. Nothing was sent.")
    assert (barriers(page), out_of_place(page)) == ({}, {})
    words.fill("The pier is not grey.")
    follow(send)
    expect(page).to_have_url(re.compile("/error/sent/$"))
    assert (barriers(page), out_of_place(page)) == ({}, {})


def test_photographs_that_expire_are_listed_for_the_desk(visits: Begin, made: dict[str, Any]) -> None:
    page = visits("editor").go("desk/reports/photographs/")
    table = page.get_by_role("table")
    expect(table).to_contain_text("In 2 days")
    expect(table).to_contain_text("Expired: withdrawn from all pages")
    assert barriers(page, "table") == {}


def _picture(page: Page, folder: Path, name: str) -> None:
    """Pictures for people to look at."""
    file = name.replace(", ", "-").replace(" ", "-")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=folder / f"{file}-{width}-{scheme}.png", full_page=True)
