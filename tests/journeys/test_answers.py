"""Answers find their way: to whom they answer, to the exchange alone, through orders and pages, and to the member."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import BRIDGE, CRANES, GAUGES
from tests.journeys.visit import Held, follow, say, until

ANSWERER = "Quiet Street"
RETURNING = "Pepper & Salt"
AUTHOR = "Hoist"


def test_a_reply_says_whom_it_answers_and_the_exchange_can_be_read_alone(visits: Begin, scripts: bool) -> None:
    page = visits(ANSWERER, scripts=scripts).take_part(CRANES)
    name = page.locator("#comment-1 .comment__author").inner_text()
    page.locator("#comment-1").get_by_role("link", name="Reply").click()
    expect(page.locator(".reply__to")).to_contain_text("In answer to #1")
    answer = say(page, f"Since you ask, scripts {scripts}: yes.")
    expect(answer.locator(".comment__links").first).to_contain_text(f"In answer to #1 {name}")
    number = answer.get_attribute("data-number")

    page.reload()
    page.locator("#comment-1").get_by_role("link", name=f"Answered by #{number}").click()
    expect(page.locator(f"#comment-{number}:target")).to_be_in_viewport()
    follow(page.locator("#comment-1").get_by_role("link", name="this exchange alone"))
    expect(page.get_by_role("heading", level=1)).to_have_text("The exchange around #1")
    expect(page.locator("#thread-comments > li").first).to_have_id("comment-1")
    expect(page.locator(f"#comment-{number}")).to_be_visible()
    assert page.locator("#thread-comments > li").count() < 13
    page.get_by_role("link", name="Back to its place in the discussion").click()
    expect(page.locator("#comment-1:target")).to_be_in_viewport()


def test_an_answer_can_be_made_one_to_nobody_in_particular(visits: Begin) -> None:
    page = visits(ANSWERER).take_part(CRANES)
    page.locator("#comment-2").get_by_role("link", name="Reply").click()
    expect(page.locator(".reply__to")).to_contain_text("In answer to #2")
    page.get_by_role("link", name="Answer nobody in particular").click()
    expect(page.locator(".reply__to")).to_be_hidden()
    said = say(page, "To nobody in particular.")
    expect(said.get_by_text("In answer to")).to_have_count(0)


def test_who_writes_on_at_once_posts_again_and_answers_nobody_by_it(visits: Begin) -> None:
    page = visits(ANSWERER).take_part(CRANES)
    page.locator("#comment-2").get_by_role("link", name="Reply").click()
    late = Held(page, "**/mine/**")
    box = page.get_by_label("Your comment as")
    box.fill("A first thought, in answer.")
    page.get_by_role("button", name="Post").click()
    expect(page.locator("#thread-comments > li").last).to_contain_text("A first thought, in answer.")
    box.fill("A second thought, of my own.")
    expect(page.locator(".reply__to")).to_be_hidden()
    with page.expect_response("**/mine/**"):
        late.let_go()
    page.unroute("**/mine/**")
    page.get_by_role("button", name="Post").click()
    said = page.locator("#thread-comments > li").filter(has_text="A second thought, of my own.")
    expect(said).to_be_in_viewport()
    expect(said.get_by_text("In answer to")).to_have_count(0)


def test_a_reply_is_written_with_the_keyboard_alone(visits: Begin) -> None:
    page = visits(ANSWERER).take_part(CRANES)
    page.locator("#comment-2").get_by_role("link", name="Reply").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your comment as")).to_be_focused()
    page.keyboard.type("Answered without a mouse.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Post")).to_be_focused()
    page.keyboard.press("Enter")
    said = page.locator("#thread-comments > li").filter(has_text="Answered without a mouse.")
    expect(said).to_contain_text("In answer to #2")
    expect(said.locator(".comment__number")).to_be_focused()


def test_each_order_says_what_it_is_and_has_its_address(visits: Begin, scripts: bool) -> None:
    page = visits(scripts=scripts).go(f"{BRIDGE}/")
    expect(page.locator(".thread__head")).to_contain_text("In the order they were written.")
    assert _numbers(page) == list(range(1, 101))
    for label, name in (
        ("Newest first", "newest"),
        ("Best first", "best"),
        ("Most discussed", "discussed"),
        ("Most divided", "controversial"),
    ):
        follow(page.get_by_role("link", name=label))
        expect(page).to_have_url(re.compile(rf"\?order={name}#discussion$"))
        expect(page.get_by_role("link", name=label)).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="Oldest first").click()
    expect(page).to_have_url(re.compile(rf"/{BRIDGE}/#discussion$"))


def test_a_long_discussion_is_read_in_pages_or_all_at_once(visits: Begin, scripts: bool) -> None:
    page = visits(scripts=scripts).go(f"{BRIDGE}/")
    follow(page.get_by_role("link", name="Next").first)
    expect(page.get_by_text("Page 2 of ").first).to_be_visible()
    assert _numbers(page)[0] == 101
    follow(page.get_by_role("link", name="Last").first)
    last = _numbers(page)
    assert 300 < last[0] <= last[-1]
    follow(page.get_by_role("link", name="All on one page").first)
    expect(page.get_by_text("All on one page").first).to_be_visible()
    expect(page.locator("#thread-comments > .comment")).to_have_count(last[-1])
    assert _numbers(page) == list(range(1, last[-1] + 1))


def test_a_permalink_leads_to_the_page_on_which_the_comment_stands(visits: Begin, scripts: bool) -> None:
    visit = visits(scripts=scripts)
    page = visit.go(f"{BRIDGE}/")
    source = page.locator("live-thread").get_attribute("changes") or ""
    visit.go(f"{source.removesuffix('since/').lstrip('/')}250/")
    expect(page).to_have_url(re.compile(r"\?page=3#comment-250$"))
    expect(page.locator("#comment-250:target")).to_be_in_viewport()


def test_who_comes_back_is_led_to_the_first_new_comment(visits: Begin) -> None:
    returning = visits(RETURNING)
    mine = str(returning.take_part(CRANES).locator("viewer-state").get_attribute("src"))
    page = returning.go("rules/")
    posted = say(visits(ANSWERER).take_part(CRANES), "New since you were here.")
    # How far somebody has read is told while they leave, and may arrive late.
    address = f"{returning.paper.url}{mine}"
    until(page, lambda: "since your last visit" in returning.context.request.get(address).text())
    returning.take_part(CRANES)
    page.get_by_role("link", name="To the first comment since your last visit").click()
    expect(page.locator(f"#{posted.get_attribute('id')}:target")).to_be_in_viewport()


def test_who_is_answered_finds_it_among_their_notifications_and_discussions(visits: Begin, scripts: bool) -> None:
    author = visits(AUTHOR, scripts=scripts)
    asked = say(author.take_part(GAUGES), f"Who reads the gauges at night, scripts {scripts}?")
    number = asked.get_attribute("data-number")
    page = visits(ANSWERER).take_part(GAUGES)
    page.locator(f"#comment-{number}").get_by_role("link", name="Reply").click()
    answer = say(page, f"The harbour master does, scripts {scripts}.")

    page = author.go("account/notifications/")
    told = page.locator("[data-unread]").filter(has_text="Your comment was answered in").first
    expect(told).to_contain_text(ANSWERER)
    told.get_by_role("button").click()
    expect(page.locator(f"#{answer.get_attribute('id')}")).to_be_in_viewport()
    author.go("account/")
    page.get_by_role("link", name="Answers to you").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Answers to me")
    expect(page.locator(".said__item").first).to_contain_text(f"The harbour master does, scripts {scripts}.")


def _numbers(page: Page) -> list[int]:
    numbers: list[int] = page.locator("#thread-comments > li").evaluate_all(
        "(all) => all.map((each) => Number(each.dataset.number))"
    )
    return numbers
