"""Somebody votes in a poll, changes their mind, and reads what the others said, with scripts and without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import DIALECT, POST
from tests.journeys.test_accessibility import AT_REST, LEVELS
from tests.journeys.visit import Held, follow, typeset

SHOP = "A counter in a shop, open all day"
VAN = "A van that calls twice a week"
# Members of the demo who have not voted in its poll.
VOTERS = {True: "Harbour Cat", False: "Ota River Runner"}
KEYS, LATE, LOOKER = "Clara M.", "Ground Floor", "nik"


def test_a_member_votes_and_changes_their_mind(visits: Begin, scripts: bool) -> None:
    visit = visits(VOTERS[scripts], scripts=scripts)
    page = visit.go(f"{POST}/")
    poll = page.locator("#poll")
    if scripts:
        expect(poll.locator("form[method=post]")).to_be_visible()
    expect(poll).not_to_contain_text("%")
    poll.get_by_label(SHOP).check()
    poll.get_by_role("button", name="Vote").click()
    if not scripts:
        page.wait_for_load_state()
        expect(page.get_by_role("radio", name=SHOP)).to_be_checked()
        follow(page.get_by_role("button", name="Vote"))
    expect(poll.locator(".poll__said")).to_have_text(f"You chose “{SHOP}”.")
    own = poll.locator(".poll__row[data-own]")
    expect(own).to_contain_text("your choice")
    before = _votes(own.inner_text())
    if scripts:
        expect(poll.locator(".poll__said")).to_be_focused()
        expect(page).to_have_url(visit.paper.story(POST))

    poll.get_by_text("Change your vote").click()
    poll.get_by_label(VAN).check()
    poll.get_by_role("button", name="Change vote").click()
    expect(poll.locator(".poll__said")).to_have_text(f"You chose “{VAN}”.")
    shop = poll.locator(".poll__result .poll__row").filter(has_text=SHOP)
    expect(shop).to_contain_text(re.compile(rf"\b{before - 1} votes?\b"))

    visit.go(f"{POST}/")
    if scripts:
        expect(page.locator("#poll .poll__said")).to_have_text(f"You chose “{VAN}”.")
    else:
        expect(page.locator("#poll .poll__result")).to_have_count(0)
        follow(page.get_by_role("link", name="the poll’s own page"))
        expect(page.locator("#poll .poll__said")).to_have_text(f"You chose “{VAN}”.")


def test_a_stranger_votes_after_signing_in(visits: Begin, scripts: bool) -> None:
    visit = visits(scripts=scripts)
    page = visit.go(f"{POST}/")
    page.get_by_label(VAN).check()
    page.locator("#poll").get_by_role("button", name="Vote").click()
    expect(page).to_have_url(re.compile(r"/account/login/\?next=/poll/\d+/"))
    assert not any("/vote/" in request for request in visit.requests)


def test_a_poll_is_voted_in_by_keyboard_alone(visits: Begin) -> None:
    page = visits(KEYS).go(f"{POST}/")
    expect(page.locator("#poll form[method=post]")).to_be_visible()
    page.locator("#poll input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label(SHOP)).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.locator("#poll").get_by_role("button", name="Vote")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#poll .poll__said")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#poll summary")).to_be_focused()


def test_what_is_picked_before_the_page_knows_the_member_stays_picked(visits: Begin) -> None:
    visit = visits(LATE)
    page = visit.page
    ballot = Held(page, re.compile(r"/poll/\d+/$"))
    visit.go(f"{POST}/")
    expect(page.locator("#poll form[method=get]")).to_be_visible()
    page.get_by_label(VAN).check()
    ballot.let_go()
    expect(page.locator("#poll form[method=post]")).to_be_visible()
    expect(page.get_by_label(VAN)).to_be_checked()
    expect(page.get_by_label(VAN)).to_be_focused()


def test_a_ballot_with_a_token_takes_the_place_of_one_without_and_nothing_moves(visits: Begin) -> None:
    visit = visits(LATE)
    page = visit.page
    ballot = Held(page, re.compile(r"/poll/\d+/$"))
    visit.go(f"{POST}/")
    visit.settled()
    typeset(page)
    before = page.locator("#discussion").bounding_box()
    ballot.let_go()
    expect(page.locator("#poll form[method=post]")).to_be_visible()
    assert page.locator("#discussion").bounding_box() == before


@pytest.mark.parametrize("width", [360, 1280])
def test_a_poll_has_no_barrier_that_axe_knows_of_and_is_pictured(visits: Begin, screenshots: Path, width: int) -> None:
    page = visits(width=width).go(f"{POST}/")
    own = str(page.locator("reader-poll").get_attribute("src")).lstrip("/")
    _look_at(page, screenshots / f"poll-ballot-{width}", "reader-poll")
    page = visits(width=width).go(f"{DIALECT}/")
    _look_at(page, screenshots / f"poll-question-{width}", ".poll")
    page = visits(LOOKER, width=width).go(f"{own}")
    if page.locator(".poll__said").count() == 0:
        page.get_by_label(SHOP).check()
        follow(page.locator("#poll").get_by_role("button", name="Vote"))
    _look_at(page, screenshots / f"poll-result-{width}", "main")
    page.get_by_text("Change your vote").click()
    _look_at(page, screenshots / f"poll-change-{width}", "main")


def _look_at(page: Page, file: Path, part: str) -> None:
    page.evaluate(AXE_SCRIPT)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate(AT_REST)
        found = page.evaluate("(levels) => axe.run(levels).then((run) => run.violations)", LEVELS)
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
        page.locator(part).first.screenshot(path=f"{file}-{scheme}.png")


def _votes(row: str) -> int:
    found = re.search(r"(\d+) votes?", row)
    assert found is not None
    return int(found[1])
