"""Somebody becomes a member and takes part, from the first form to the last sign-out."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import POST, Paper
from tests.journeys.visit import follow, say, unjudged

VOTER = "Semaphore"
HANDLES = {True: "Slow Steamer", False: "Paper Lantern"}


def test_a_reader_becomes_a_member_and_takes_part(visits: Begin, scripts: bool) -> None:
    visit = visits(scripts=scripts)
    page = visit.go(f"{POST}/")
    follow(page.get_by_role("link", name="Write a comment"))
    follow(page.get_by_role("link", name="Become a member"))
    _sign_up(page, visit.paper, HANDLES[scripts])
    expect(page).to_have_url(re.compile(r"/t/\d+/"))
    expect(page.get_by_role("banner")).to_contain_text(HANDLES[scripts])

    visit.take_part(POST)
    mine = say(page, "The van came on Tuesdays, and it was never late.")
    expect(mine.locator(".comment__author")).to_have_text(HANDLES[scripts])

    mine.get_by_role("link", name="Edit").click()
    form = page.locator("form.own-form")
    expect(form.locator("textarea")).to_have_value("The van came on Tuesdays, and it was never late.")
    form.locator("textarea").fill("The van came on *Thursdays*, and it was never late.")
    form.get_by_role("button", name="Save").click()
    expect(mine.locator(".comment__text")).to_have_text("The van came on Thursdays, and it was never late.")
    expect(mine.locator(".comment__who")).to_contain_text("edited")

    number = mine.get_attribute("data-number")
    follow(mine.locator(".comment__author"))
    expect(page.locator(".said__item")).to_contain_text("Posted in: Small post offices may open three mornings a week")
    follow(page.get_by_role("link", name=f"See #{number} in context"))
    expect(page).to_have_url(f"{visit.paper.story(POST)}#comment-{number}")
    expect(page.locator(f"#comment-{number}:target")).to_be_in_viewport()

    visit.take_part(POST)
    mine = page.locator(f"#comment-{number}")
    mine.get_by_role("link", name="Delete").click()
    expect(page.locator("form.own-form")).to_contain_text(f"Delete #{number}? Its words are erased for good")
    page.locator("form.own-form").get_by_role("button", name="Delete").click()
    expect(mine).to_contain_text("Deleted by its author.")
    expect(page.get_by_text("never late")).to_have_count(0)

    follow(page.get_by_role("banner").get_by_role("link", name="Sign out"))
    follow(page.get_by_role("main").get_by_role("button", name="Sign out"))
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()
    assert [cookie["name"] for cookie in visit.context.cookies() if cookie["name"] in ("session", "signed_in")] == []


def test_a_vote_is_cast_changed_and_taken_back(visits: Begin, scripts: bool) -> None:
    page = visits(VOTER, scripts=scripts).take_part(POST)
    comment = unjudged(page)
    agree, disagree = (comment.get_by_role("button", name=re.compile(name)) for name in ("^Agree", "^Disagree"))
    up, down = _count(agree), _count(disagree)

    agree.click()
    _expect_votes(comment, f"Agree {up + 1}", f"Disagree {down}", pressed="Agree")
    disagree.click()
    _expect_votes(comment, f"Agree {up}", f"Disagree {down + 1}", pressed="Disagree")
    expect(comment.locator(".score")).to_contain_text(f"{up - down - 1} ( +{up} / -{down + 1} )")
    page.reload()
    _expect_votes(comment, f"Agree {up}", f"Disagree {down + 1}", pressed="Disagree")
    disagree.click()
    _expect_votes(comment, f"Agree {up}", f"Disagree {down}", pressed="")


def test_the_discussion_counts_what_is_posted(visits: Begin, scripts: bool) -> None:
    page = visits(VOTER, scripts=scripts).take_part(POST)
    shown = int(page.locator("#discussion-title").inner_text().split()[0])
    say(page, f"One more, scripts {scripts}.")
    expect(page.locator("#discussion-title")).to_have_text(f"{shown + 1} comments")


def test_a_vote_on_the_story_itself_is_asked_back_without_scripts(visits: Begin) -> None:
    visit = visits(VOTER, scripts=False)
    page = visit.take_part(POST)
    comment = unjudged(page)
    disagree = comment.get_by_role("button", name=re.compile("^Disagree"))
    down = _count(disagree)
    visit.go(f"{POST}/")
    follow(disagree)
    expect(page.get_by_role("heading", level=1)).to_have_text("Please confirm")
    expect(page.get_by_role("main")).to_contain_text("You disagree with this comment.")
    follow(page.get_by_role("button", name="Confirm"))
    expect(comment).to_be_in_viewport()
    expect(disagree).to_have_attribute("aria-pressed", "true")
    expect(disagree).to_have_text(f"Disagree {down + 1}")


def _sign_up(page: Page, paper: Paper, handle: str) -> None:
    """Fill in the form, read the mail, follow its link."""
    address = f"{handle.lower().replace(' ', '.')}@readers.example"
    page.get_by_label("Handle").fill(handle)
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill("three wet geese 81")
    page.get_by_label("I have read the house rules").check()
    follow(page.get_by_role("button", name="Become a member"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    page.goto(paper.mailed_link(address))
    expect(page.get_by_role("main")).to_contain_text(f"Is {address} the address of {handle}?")
    follow(page.get_by_role("button", name="Yes, confirm"))


def _count(button: Locator) -> int:
    return int(button.inner_text().split()[-1])


def _expect_votes(comment: Locator, agree: str, disagree: str, pressed: str) -> None:
    expect(comment.get_by_role("button")).to_have_text([agree, disagree])
    expect(comment.locator("button[aria-pressed=true]")).to_have_text([re.compile(f"^{pressed}")] if pressed else [])
