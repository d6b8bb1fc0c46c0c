"""Closing a discussion is a decision with a reason, which readers see; it can be taken back, or slow it down only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import GAUGES, PORTS
from tests.journeys.visit import Visit, follow, say

HASTY = {True: "nik", False: "mikan"}


def test_a_discussion_is_closed_with_a_reason_and_a_successor_and_opened_again(visits: Begin, scripts: bool) -> None:
    desk = visits("moderator", scripts=scripts)
    page = _decide(desk)
    page.get_by_label("Reason").select_option(label="A court is hearing the case.")
    page.get_by_label("In your own words").fill("The verdict is expected in May.")
    page.get_by_label("The discussion goes on").fill(f"/{GAUGES}/")
    follow(page.get_by_role("button", name="Close the discussion"))
    expect(page.locator("#closed-notice")).to_contain_text("Comments are closed")

    reader = visits(scripts=scripts)
    page = reader.go(f"{PORTS}/")
    notice = page.locator("#closed-notice")
    expect(notice).to_contain_text("A court is hearing the case. The verdict is expected in May.")
    expect(notice).to_contain_text("Decided by: ")
    expect(page.get_by_role("link", name="Write a comment")).to_have_count(0)
    expect(page.get_by_role("link", name="Reply")).to_have_count(0)
    notice.get_by_role("link").click()
    expect(page).to_have_url(f"{reader.paper.story(GAUGES)}#discussion")

    page = desk.take_part(PORTS)
    follow(page.get_by_role("link", name="Open again or change the closing"))
    follow(page.get_by_role("button", name="Open again"))
    expect(page.locator("#closed-notice")).to_have_count(0)
    expect(reader.go(f"{PORTS}/").get_by_role("link", name="Write a comment")).to_be_visible()


def test_an_address_without_a_discussion_is_no_successor_and_the_words_are_kept(visits: Begin) -> None:
    page = _decide(visits("moderator"))
    page.get_by_label("In your own words").fill("Go on there.")
    page.get_by_label("The discussion goes on").fill("/nowhere/at-all/")
    follow(page.get_by_role("button", name="Close the discussion"))
    expect(page.get_by_role("alert")).to_contain_text("There is no discussion at that address.")
    expect(page.get_by_label("In your own words")).to_have_value("Go on there.")


@pytest.fixture
def slow(visits: Begin) -> Iterator[None]:
    """A discussion in which members wait ten minutes between two comments."""
    desk = visits("moderator")
    _slow_down(desk, 10)
    yield
    _slow_down(desk, 0)


@pytest.mark.usefixtures("slow")
def test_in_slow_mode_a_second_comment_is_refused_and_its_text_kept(visits: Begin, scripts: bool) -> None:
    page = visits(HASTY[scripts], scripts=scripts).take_part(PORTS)
    say(page, f"First things first, scripts {scripts}.")
    page.get_by_label("Your comment as").fill("And another thing.")
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("alert")).to_contain_text("This discussion is slowed down")
    expect(page.get_by_label("Your comment as")).to_have_value("And another thing.")


def _decide(desk: Visit) -> Page:
    """The form of the desk, reached from the discussion."""
    page = desk.take_part(PORTS)
    follow(page.get_by_role("link", name="Close or slow down"))
    return page


def _slow_down(desk: Visit, minutes: int) -> None:
    page = _decide(desk)
    page.get_by_label("Minutes between two comments").fill(str(minutes))
    follow(page.get_by_role("button", name="Save the rules"))
    expect(page.locator("#discussion")).to_be_visible()
