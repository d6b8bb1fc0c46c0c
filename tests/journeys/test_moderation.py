"""Moderation seen from its three sides: who reports, who decides at the desk, and whom it concerns."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import PASSWORD, POST
from tests.journeys.visit import email, follow, remove, say

REPORTER, WRITER, QUOTER = "Stamp Collector", "Hoist", "Ground Floor"
# Nobody posts more than five comments within five minutes.
OTHERS = {"many": "Citrus Hill", "notice": "Bento Box"}
# With scripts and without: nothing that could be taken for a quotation of the other.
SAID = {True: "The savings book was stamped by hand until spring.", False: "My pension came over this very counter."}
TITLE = "Small post offices may open three mornings a week, or move in with a barber"
FAR_ENOUGH = 50


def test_a_reported_comment_is_removed_and_put_back_with_the_keyboard_alone(visits: Begin) -> None:
    words = "Nobody who sends parcels has ever done an honest day of work."
    said = say(visits(WRITER).take_part(POST), words)
    name = f"#{said.get_attribute('id')}"
    number = said.get_attribute("data-number")
    _report(visits(REPORTER).take_part(POST).locator(name), "1. Speak to the argument", "It is about people.")
    reader, desk = visits(), visits("moderator")
    shown = reader.go(f"{POST}/").locator(name)

    page = desk.go("desk/moderation/queue/reported/")
    keys = page.keyboard
    line = page.locator("[data-line]").filter(has_text=words)
    expect(line).to_contain_text("1 report, weight")
    _press_until(page, "n", line.get_by_role("link", name=f"#{number} by {WRITER}"))
    _follow(page, "Enter")
    expect(page.get_by_role("heading", name=f"#{number} by {WRITER}")).to_be_visible()
    expect(page.get_by_role("region", name="Reports")).to_contain_text("It is about people.")
    expect(page.get_by_role("radio", name="1. Speak to the argument")).to_be_checked()
    keys.press("2")
    expect(page.get_by_role("radio", name="2. Say it once")).to_be_checked()
    expect(page.locator("[data-news]")).to_have_text("Chosen: 2. Say it once")
    _follow(page, "r")
    expect(_told(page)).to_contain_text(f"#{number} in “{TITLE}”: removed.")
    reader.page.reload()
    expect(shown).to_contain_text("Removed: rule 2, Say it once. Answers stay.")
    assert words not in reader.page.content()

    _follow(page, "u")
    expect(_told(page)).to_contain_text(f"#{number} is as it was before your decision.")
    reader.page.reload()
    expect(shown.locator(".comment__text")).to_have_text(words)

    # The report waits again; letters are letters where somebody writes.
    desk.go("desk/moderation/queue/reported/")
    _press_until(page, "j", line.get_by_role("link"))
    _follow(page, "Enter")
    told = page.get_by_role("textbox", name="What the member is told")
    _press_until(page, "Tab", told)
    keys.type("rather")
    expect(told).to_have_value("rather")
    _press_until(page, "Shift+Tab", page.get_by_role("radio", name="1. Speak to the argument"))
    _follow(page, "a")
    expect(_told(page)).to_contain_text(f"#{number} in “{TITLE}”: approved.")
    expect(line).to_have_count(0)


def test_a_member_appeals_and_another_moderator_puts_everything_back(visits: Begin, scripts: bool) -> None:
    words = SAID[scripts]
    writer, quoter, reader = (visits(name, scripts=scripts) for name in (WRITER, QUOTER, ""))
    said = say(writer.take_part(POST), words)
    name = f"#{said.get_attribute('id')}"
    page = quoter.take_part(POST)
    page.get_by_label("Your comment as").fill(f"> {words}\n\nMine still is, scripts {scripts}.")
    page.get_by_role("button", name="Post").click()
    answer = page.locator("#thread-comments > li").filter(has_text=f"Mine still is, scripts {scripts}.")
    expect(answer.locator(".quotation")).to_contain_text(words)
    page.locator(name).get_by_role("button", name=re.compile("^Agree")).click()
    expect(page.locator(name).get_by_role("button", name=re.compile("^Agree"))).to_have_text("Agree 1")
    seen = reader.go(f"{POST}/")
    whole, quoted = seen.locator(name), seen.locator(f"#{answer.get_attribute('id')}")
    before = [_as_read(seen), _as_read(whole), _as_read(quoted)]
    assert "1 ( +1 / -0 )" in before[1]

    first = visits("moderator", scripts=scripts).take_part(POST).locator(name)
    remove(first, "4. Stay with the subject", "Savings are not the subject.")
    expect(first).to_contain_text("Removed: rule 4, Stay with the subject. Answers stay.")
    seen.reload()
    expect(whole).to_contain_text("Removed: rule 4, Stay with the subject. Answers stay.")
    expect(quoted.locator(".quotation")).to_contain_text("Words removed by a moderator.")
    assert words not in seen.content()

    page = writer.go("account/notifications/")
    follow(page.get_by_role("button", name=re.compile("was removed: rule 4, Stay with the subject")).first)
    expect(page.get_by_role("main")).to_contain_text("Savings are not the subject.")
    expect(page.get_by_role("link", name="4. Stay with the subject")).to_be_visible()
    follow(page.get_by_role("link", name="Appeal against it"))
    page.get_by_label("Why is the decision wrong?").fill(f"It is a service of the post office, scripts {scripts}.")
    follow(page.get_by_role("button", name="Send the appeal"))
    expect(page.get_by_role("main")).to_contain_text("Somebody else than who decided first will answer here.")
    appealed = page.url

    same = _appeal(visits("moderator", scripts=scripts).go("desk/moderation/queue/appeals/"), scripts)
    expect(same).to_contain_text("You decided this yourself; a colleague answers it.")
    expect(same.get_by_role("button")).to_have_count(0)
    other = visits("editor", scripts=scripts).go("desk/moderation/queue/appeals/")
    _appeal(other, scripts).get_by_label("Answer, for whoever appealed").fill("The book belongs to the counter.")
    follow(_appeal(other, scripts).get_by_role("button", name="Take the decision back"))
    expect(_told(other)).to_contain_text("The appeal is answered. Whoever appealed is told.")

    page = writer.go("account/notifications/")
    follow(page.get_by_role("button", name="Your appeal: the decision was taken back").first)
    expect(page).to_have_url(appealed)
    expect(page.get_by_role("main")).to_contain_text("The book belongs to the counter.")
    seen.reload()
    expect(whole.locator(".comment__text")).to_have_text(words)
    assert [_as_read(seen), _as_read(whole), _as_read(quoted)] == before


def test_from_the_sign_in_to_a_decision_about_many_and_its_undo_with_the_keyboard_alone(visits: Begin) -> None:
    both = ("Cheques were invented by a bored clerk in Leeds.", "My aunt weighs her letters on the kitchen scales.")
    page = visits(OTHERS["many"]).take_part(POST)
    names = [f"#{say(page, words).get_attribute('id')}" for words in both]
    for name in names:
        _report(visits(REPORTER).take_part(POST).locator(name), "2. Say it once", "Said before.")
    reader, desk = visits(), visits()

    page = desk.go("desk/")
    keys = page.keyboard
    _press_until(page, "Tab", page.get_by_label("Email"))
    keys.type(email("moderator"))
    _press_until(page, "Tab", page.get_by_label("Password"))
    keys.type(PASSWORD)
    _follow(page, "Enter")
    _press_until(page, "Tab", page.get_by_role("link", name=re.compile("^Moderation")))
    _follow(page, "Enter")
    _press_until(page, "Tab", page.locator(".desk-queues").get_by_role("link", name=re.compile("^Reported")))
    _follow(page, "Enter")
    for words in both:
        line = page.locator("[data-line]").filter(has_text=words)
        expect(line).to_contain_text("1 report, weight")
        _press_until(page, "n" if words == both[0] else "j", line.get_by_role("link"))
        keys.press("x")
        expect(line.get_by_role("checkbox")).to_be_checked()
    _press_until(page, "Tab", page.get_by_role("button", name="Remove …"))
    _follow(page, "Enter")
    expect(page.locator(".desk")).to_contain_text("Remove 2 comments of 1 member")
    _press_until(page, "Tab", page.get_by_role("radio", name="1. Speak to the argument"))
    keys.press("Space")
    _press_until(page, "Tab", page.get_by_role("button", name="Remove 2"))
    _follow(page, "Enter")
    expect(_told(page)).to_contain_text("Removed: 2. It can be undone for a day.")
    seen = reader.go(f"{POST}/")
    for name in names:
        expect(seen.locator(name)).to_contain_text("Removed: rule 1, Speak to the argument. Answers stay.")

    _press_until(page, "Tab", page.get_by_role("button", name=re.compile("^Undo: removed 2 comments")))
    _follow(page, "Enter")
    expect(_told(page)).to_contain_text("2 comments are as they were before.")
    seen.reload()
    for name, words in zip(names, both, strict=True):
        expect(seen.locator(name).locator(".comment__text")).to_have_text(words)
        expect(page.locator("[data-line]").filter(has_text=words)).to_contain_text("1 report, weight")


def test_somebody_without_an_account_gives_notice_and_reads_what_became_of_it(visits: Begin, scripts: bool) -> None:
    words = {True: "Kiyo Hara has sold the ferry twice.", False: "Kiyo Hara never owned a ferry."}[scripts]
    said = say(visits(OTHERS["notice"]).take_part(POST), words)
    name = f"#{said.get_attribute('id')}"
    number = said.get_attribute("data-number")
    outside = visits(scripts=scripts)
    page = outside.go(f"{POST}/")
    thread = str(page.locator("live-thread").get_attribute("changes")).removesuffix("since/")
    page = outside.go("contact/")
    follow(page.get_by_role("main").get_by_role("link", name="Tell us of it here"))
    page.get_by_label("Address of the comment or page").fill(f"{outside.paper.url}{thread}{number}/")
    page.get_by_role("radio", name="Insult, defamation").check()
    page.get_by_label("The law or rule that it breaks").fill("Defamation")
    page.get_by_label("Why it is illegal").fill("It is about me, and it is not true.")
    page.get_by_label("Your name").fill("Kiyo Hara")
    page.get_by_label("Your e-mail address").fill("kiyo@outside.example")
    page.get_by_label("I believe in good faith").check()
    follow(page.get_by_role("button", name="Send the notice"))
    expect(page.get_by_role("main")).to_contain_text("A person will read it and decide.")

    desk = visits("moderator", scripts=scripts).go("desk/moderation/queue/notices/")
    notice = desk.locator(".desk-box").filter(has_text=f"#{number} in {TITLE}")
    expect(notice).to_contain_text("from Kiyo Hara kiyo@outside.example")
    follow(notice.get_by_role("link", name="Open the case"))
    desk.get_by_role("radio", name="6. Keep to the law").check()
    follow(desk.get_by_role("button", name="Remove", exact=True))
    expect(_told(desk)).to_contain_text(f"#{number} in “{TITLE}”: removed.")
    desk = visits("moderator", scripts=scripts).go("desk/moderation/queue/notices/")
    expect(desk.locator(".desk-box").filter(has_text=f"#{number} in {TITLE}")).to_have_count(0)

    page.reload()
    expect(page.get_by_role("main")).to_contain_text("It was restricted.")
    expect(page.get_by_role("main")).to_contain_text("rule 6, Keep to the law")
    page = outside.go(f"{POST}/")
    expect(page.locator(name)).to_contain_text("Removed: rule 6, Keep to the law. Answers stay.")


def _report(comment: Locator, rule: str, words: str) -> None:
    """Report a comment under a house rule, from where it stands."""
    comment.get_by_text("More", exact=True).click()
    page = follow(comment.get_by_role("link", name="Report"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Report a comment")
    page.get_by_role("radio", name=rule).check()
    page.get_by_label("What should the moderator know?").fill(words)
    follow(page.get_by_role("button", name="Report"))
    expect(page.get_by_role("main")).to_contain_text("You reported this")


def _told(page: Page) -> Locator:
    """What the desk says of what was done."""
    return page.locator(".messages")


def _appeal(page: Page, scripts: bool) -> Locator:
    return page.locator(".desk-box").filter(has_text=f"a service of the post office, scripts {scripts}.")


def _press_until(page: Page, key: str, target: Locator) -> None:
    """Press a key again and again until the target has the focus."""
    expect(target).to_be_visible()
    for _ in range(FAR_ENOUGH):
        if target.evaluate("(target) => target === document.activeElement"):
            break
        page.keyboard.press(key)
    expect(target).to_be_focused()


def _follow(page: Page, key: str) -> None:
    """Press a key that leads to another page, whose own keys hold once all of it is there."""
    with page.expect_navigation():
        page.keyboard.press(key)


def _as_read(place: Page | Locator) -> str:
    """The discussion, or a comment of it, as a reader sees it: order, words, numbers and scores."""
    shown = place.locator("#thread-comments") if isinstance(place, Page) else place
    return " ".join(shown.inner_text().split())
