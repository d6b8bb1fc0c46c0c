"""What is refused keeps its text, and what is sent twice is posted once."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import CRANES, PORTS

WRITER = "Low Season"


def test_a_comment_that_is_too_long_is_kept_whole_and_posted_once_it_is_shorter(visits: Begin, scripts: bool) -> None:
    visit = visits(WRITER, scripts=scripts)
    page = visit.take_part(PORTS)
    too_long = "A word too many. " * 294 + "abc"
    assert len(too_long) == 5_001
    _post(page, too_long)
    expect(page.get_by_role("alert")).to_contain_text("this one has 1 more")
    expect(_box(page)).to_have_value(too_long)

    comments = page.locator("#thread-comments > li").count()
    _post(page, f"Shorter, with scripts {scripts}.")
    expect(page.locator("#thread-comments > li")).to_have_count(comments + 1)
    expect(page.locator("#thread-comments > li").last).to_contain_text(f"Shorter, with scripts {scripts}.")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(_box(page)).to_have_value("")

    _post(page, f"And one more, with scripts {scripts}.")
    expect(page.locator("#thread-comments > li")).to_have_count(comments + 2)


def test_a_discussion_that_closes_meanwhile_gives_the_text_back(visits: Begin) -> None:
    writers = {scripts: visits(WRITER, scripts=scripts) for scripts in (True, False)}
    pages = {scripts: visit.take_part(CRANES) for scripts, visit in writers.items()}
    for page in pages.values():
        _box(page).fill("I was just about to say something.")
    writers[True].paper.close_discussion(CRANES)
    for scripts, page in pages.items():
        page.get_by_role("button", name="Post").click()
        expect(page.get_by_text("This discussion is closed, so nothing was posted.")).to_be_visible()
        expect(page.locator("textarea")).to_have_value("I was just about to say something.")
        visit = writers[scripts]
        visit.go(f"{CRANES}/")
        expect(page.locator("#closed-notice")).to_contain_text("Comments are closed")
        expect(page.locator("#thread-comments")).not_to_contain_text("just about to say")


def test_a_session_that_ended_meanwhile_gives_the_text_back(visits: Begin, scripts: bool) -> None:
    visit = visits(WRITER, scripts=scripts)
    page = visit.take_part(PORTS)
    visit.context.clear_cookies()
    _post(page, "Signed in a minute ago.")
    expect(page.get_by_role("heading", level=1)).to_have_text("You have been signed out")
    expect(page.get_by_label("Your text")).to_have_value("Signed in a minute ago.")
    visit.go(f"{PORTS}/")
    expect(page.locator("#thread-comments")).not_to_contain_text("Signed in a minute ago.")


def test_a_double_click_posts_one_comment(visits: Begin, scripts: bool) -> None:
    visit = visits(WRITER, scripts=scripts)
    page = visit.take_part(PORTS)
    # Nothing alike, which would be taken for the same said twice.
    words = "Twice is nice." if scripts else "A finger that trembles presses again."
    _box(page).fill(words)
    page.get_by_role("button", name="Post").dblclick()
    expect(page.locator("#thread-comments > li", has_text=words)).to_have_count(1)
    visit.go(f"{PORTS}/")
    expect(page.locator("#thread-comments > li", has_text=words)).to_have_count(1)


def test_somebody_who_is_not_signed_in_is_asked_to_when_they_vote(visits: Begin, scripts: bool) -> None:
    page = visits(scripts=scripts).go(f"{PORTS}/")
    agree = page.locator("#comment-1").get_by_role("button").first
    shown = agree.inner_text()
    agree.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.go_back()
    expect(agree).to_have_text(shown)


def _box(page: Page) -> Locator:
    return page.get_by_label("Your comment as")


def _post(page: Page, words: str) -> None:
    _box(page).fill(words)
    page.get_by_role("button", name="Post").click()
