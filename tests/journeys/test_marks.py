"""What members say of a comment besides agreement, what the newsroom says of it, and whom a member follows or mutes."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import DIALECT, GAUGES, POST
from tests.journeys.visit import Visit, follow, say, unjudged

READER = "Tidewater"
CLAIMER = "Oldtimer 1951"
FOLLOWER = "Stamp Collector"
WRITER = "Harbour Cat"


def test_a_comment_is_found_worth_reading_listed_and_let_go(visits: Begin, scripts: bool) -> None:
    page = visits(READER, scripts=scripts).take_part(GAUGES)
    comment = unjudged(page)
    number = comment.get_attribute("data-number")
    _more(comment).get_by_role("button", name="Worth reading").click()
    expect(comment.locator(".comment__marks")).to_contain_text(re.compile(r"find this|finds this"))
    follow(page.get_by_role("link", name="Worth reading", exact=True))
    expect(page).to_have_url(re.compile(r"\?part=worth#discussion$"))
    expect(page.locator(f"#comment-{number}")).to_be_visible()
    mark = _more(page.locator(f"#comment-{number}")).get_by_role("button", name="Worth reading")
    expect(mark).to_have_attribute("aria-pressed", "true")
    with page.expect_response(lambda response: response.request.method == "POST"):
        mark.click()
    page = visits(READER, scripts=scripts).take_part(GAUGES)
    expect(page.locator(f"#comment-{number} .comment__marks")).to_have_count(0)


def test_a_source_is_asked_for_and_given(visits: Begin, scripts: bool) -> None:
    author = visits(CLAIMER, scripts=scripts)
    claim = say(author.take_part(POST), f"Nine of ten letters are bills, scripts {scripts}.")
    name = f"#{claim.get_attribute('id')}"
    page = visits(READER, scripts=scripts).take_part(POST)
    _more(page.locator(name)).get_by_role("link", name="Ask for a source").click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator(name)).to_contain_text("Source requested by 1")

    page = author.go("account/notifications/")
    expect(page.locator("[data-unread]").first).to_contain_text("A source was asked for under")
    page = author.take_part(POST)
    _more(page.locator(name)).get_by_role("link", name="Give or ask for a source").click()
    page.get_by_label("A link that proves it").fill("https://example.org/letters/2026")
    page.get_by_role("button", name="Give the source").click()
    expect(page.locator(name)).to_contain_text("Source given: example.org/letters/2026")
    follow(page.get_by_role("link", name="Source requested or given"))
    expect(page.locator(name)).to_be_visible()


def test_what_is_no_link_is_refused_and_the_form_can_be_left(visits: Begin) -> None:
    page = visits(READER).take_part(POST)
    comment = unjudged(page)
    _more(comment).get_by_role("link", name=re.compile("source$")).click()
    box = comment.get_by_label("A link that proves it")
    box.fill("ftp://example.org/")
    comment.get_by_role("button", name="Send").click()
    expect(comment.get_by_role("alert")).to_contain_text("A source is a web address that begins with https://.")
    expect(box).to_have_value("ftp://example.org/")
    comment.get_by_role("link", name="Leave it as it is").click()
    expect(comment.locator("form.own-form")).to_have_count(0)


def test_an_editor_points_a_comment_out_and_says_why(visits: Begin, scripts: bool) -> None:
    visit = visits("moderator", scripts=scripts)
    page = visit.take_part(GAUGES)
    comment = page.locator("#comment-3")
    _more(comment).get_by_role("link", name="Pick").click()
    page.get_by_label("Why readers should not miss it").fill("First-hand knowledge")
    page.get_by_role("button", name="Save").click()
    expect(comment.locator(".comment__pick")).to_have_text("The newsroom’s pick: First-hand knowledge")
    page = visit.take_part(GAUGES)
    _more(comment).get_by_role("link", name="Pick").click()
    page.get_by_label("Why readers should not miss it").fill("")
    page.get_by_role("button", name="Save").click()
    expect(comment.locator(".comment__pick")).to_have_count(0)


def test_comments_of_a_muted_member_fold_for_the_one_who_muted(visits: Begin, scripts: bool) -> None:
    visit = visits(FOLLOWER, scripts=scripts)
    page = visit.take_part(GAUGES)
    comment = page.locator("li.comment:not([data-own]):has(.comment__text)").first
    comment = page.locator(f"#{comment.get_attribute('id')}")
    handle = comment.locator(".comment__author").inner_text()
    address = comment.locator(".comment__author").get_attribute("href") or ""
    _relate(visit, address, "Mute", handle)

    page = visit.take_part(GAUGES)
    text = comment.locator(".comment__text")
    expect(text).to_be_hidden()
    expect(comment.locator(".comment__author")).to_be_visible()
    folded = comment.get_by_text("Folded: you have muted this member")
    folded.focus()
    page.keyboard.press("Enter")
    expect(text).to_be_visible()
    expect(visits().go(f"{GAUGES}/").get_by_text("Folded")).to_have_count(0)

    _relate(visit, address, "Stop muting", handle)
    visit.take_part(GAUGES)
    expect(text).to_be_visible()


def test_who_follows_a_discussion_is_told_of_a_new_comment(visits: Begin, scripts: bool) -> None:
    visit = visits(FOLLOWER, scripts=scripts)
    page = visit.take_part(DIALECT)
    page.get_by_role("button", name="Follow this discussion").click()
    expect(page.get_by_role("button", name="Stop following this discussion")).to_be_visible()
    say(visits(WRITER).take_part(DIALECT), f"My grandmother said it so, scripts {scripts}.")
    told = visit.go("account/notifications/").locator("[data-unread]").first
    expect(told).to_contain_text("A new comment on")
    expect(told).to_contain_text(WRITER)
    followed = visit.go("account/discussions/").get_by_role("heading", name="Discussions you follow")
    expect(followed).to_be_visible()
    page = visit.take_part(DIALECT)
    page.get_by_role("button", name="Stop following this discussion").click()
    expect(page.get_by_role("button", name="Follow this discussion", exact=True)).to_be_visible()


def _more(comment: Locator) -> Locator:
    comment.get_by_text("More", exact=True).click()
    return comment


def _relate(visit: Visit, address: str, deed: str, handle: str) -> None:
    """Press a button about a member, to which a page that everybody gets has only a link."""
    page = visit.go(address.lstrip("/"))
    if not visit.scripts:
        follow(page.get_by_role("link", name="Follow or mute"))
    button = page.get_by_role("button", name=f"{deed} {handle}")
    follow(button.first)
    expect(button).to_have_count(0)
