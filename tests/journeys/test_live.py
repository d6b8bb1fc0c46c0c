"""Open discussions hear what happens in real ones, at once, and nothing moves under the reader's eyes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import CRANES, DIALECT, GRAIN
from tests.journeys.test_live_streams import Line
from tests.journeys.visit import Visit, follow, remove, say, typeset

DECIDE = re.compile("Close or slow down|change the closing")
FIRST, SECOND, THIRD = "Lighthouse Keeper's Son", "Old Ferryman", "Miss Gauge"
NOTE_WHEN_ANNOUNCED = """() => new MutationObserver(() => {
  const news = document.querySelector(".live-thread__show")?.textContent;
  if (news) (window.announced ??= {})[news] ??= Date.now();
}).observe(document.querySelector("live-thread"), { childList: true, subtree: true, characterData: true })"""
NOTE_WHEN_SENT = "() => addEventListener('submit', () => { window.sent = Date.now() }, { capture: true })"


def test_one_posts_and_two_see_it_announced_within_a_second(visits: Begin) -> None:
    writer = visits(FIRST).take_part(DIALECT)
    readers = [_listening(visits(), DIALECT), _listening(visits(SECOND), DIALECT)]
    for page in readers:
        page.evaluate(NOTE_WHEN_ANNOUNCED)
    writer.evaluate(NOTE_WHEN_SENT)
    names, took = [], []
    # A busy machine takes the processor away now and then; what waits of itself does so every time.
    for words, news in (("Said while two read.", "1 new comment"), ("Over to you.", "2 new comments")):
        names.append(f"#{say(writer, words).get_attribute('id')}")
        for page in readers:
            expect(_news(page)).to_have_text(news)
            expect(page.locator(names[-1])).to_have_count(0)
        heard = [page.evaluate("(news) => window.announced[news]", news) for page in readers]
        took.append(max(heard) - writer.evaluate("window.sent"))
        if took[-1] < 1000:
            break
    assert min(took) < 1000, took
    expect(_news(writer)).to_have_text("")
    _news(readers[0]).get_by_role("button").click()
    expect(readers[0].locator(f"{names[0]} .comment__number")).to_be_focused()


@pytest.fixture
def wire() -> Iterator[Callable[[int], Line]]:
    """A function that lays a wire to a port: a browser told to be offline keeps the connections that it has."""
    with ExitStack() as lines:
        yield lambda port: lines.enter_context(Line(port))


def test_who_was_offline_misses_neither_new_comments_nor_a_changed_one(
    visits: Begin, wire: Callable[[int], Line]
) -> None:
    writer = visits(FIRST).take_part(GRAIN)
    changed = say(writer, "As it was before.")
    away = visits()
    line = wire(int(urlsplit(away.paper.url).port or 0))
    away.paper = replace(away.paper, url=f"http://127.0.0.1:{line.port}")
    page = _listening(away, GRAIN)
    line.cut()
    away.context.set_offline(True)
    for words in ("One while you were away.", "Two while you were away.", "Three while you were away."):
        say(writer, words)
    changed.get_by_role("link", name="Edit").click()
    changed.get_by_role("textbox").fill("As it is now.")
    changed.get_by_role("button", name="Save").click()
    expect(changed).to_contain_text("As it is now.")
    expect(_news(page)).to_have_text("")
    expect(page.locator(f"#{changed.get_attribute('id')}")).to_contain_text("As it was before.")
    line.mend()
    away.context.set_offline(False)
    expect(_news(page)).to_have_text("3 new comments")
    expect(page.locator(f"#{changed.get_attribute('id')}")).to_contain_text("As it is now.")
    # The browser complains of the line that was cut, and of nothing else.
    assert all("net::ERR" in complaint for complaint in away.complaints)
    away.complaints.clear()


def test_focus_selection_and_place_stay_while_much_happens(visits: Begin) -> None:
    writer = visits(SECOND).take_part(DIALECT)
    above = say(writer, "A short word above.")
    reading = say(writer, "The words that somebody reads and selects.")
    visit = visits(THIRD)
    page = _listening(visit, DIALECT)
    visit.settled()
    place = page.locator(f"#{reading.get_attribute('id')}")
    link = place.get_by_role("link", name="Reply")
    link.focus()
    place.locator(".comment__text").evaluate("(text) => getSelection().selectAllChildren(text)")
    before = _centred(place)
    above.get_by_role("link", name="Edit").click()
    above.get_by_role("textbox").fill("A much longer word above. " * 60)
    above.get_by_role("button", name="Save").click()
    say(writer, "And one more below.")
    expect(page.locator(f"#{above.get_attribute('id')}")).to_contain_text("A much longer word above.")
    expect(_news(page)).to_have_text("1 new comment")
    assert abs(_top(place) - before) < 1
    assert page.evaluate("getSelection().toString()").strip() == "The words that somebody reads and selects."
    expect(link).to_be_focused()


def test_a_removal_shows_in_open_pages_also_in_quotations_of_it(visits: Begin) -> None:
    said = say(visits(SECOND).take_part(GRAIN), "Grain prices were three times higher in spring.")
    name = f"#{said.get_attribute('id')}"
    writer = visits(THIRD).take_part(GRAIN)
    writer.locator(name).get_by_role("link", name="Quote", exact=True).click()
    writer.keyboard.type("Twice at most.")
    answer = _post(writer, "Twice at most.")
    page = _listening(visits(), GRAIN)
    quotation = page.locator(f"#{answer.get_attribute('id')} .quotation")
    expect(quotation).to_contain_text("three times higher")

    desk = visits("moderator").take_part(GRAIN)
    remove(desk.locator(name))
    expect(desk.locator(name)).to_contain_text("Removed: rule 1, Speak to the argument.")
    expect(page.locator(name)).to_contain_text("Removed: rule 1, Speak to the argument.")
    expect(quotation).to_contain_text("Words removed by a moderator.")
    expect(page.get_by_text("three times higher")).to_have_count(0)
    expect(page.locator(f"#{answer.get_attribute('id')}")).to_contain_text("Twice at most.")
    desk.locator(name).get_by_role("link", name="Restore").click()
    desk.locator(name).get_by_role("button", name="Restore").click()
    expect(quotation).to_contain_text("three times higher")


def test_a_source_on_an_open_page_shows_its_answer_at_once_and_no_more_when_it_goes(visits: Begin) -> None:
    """In three browsers: the new comment itself is announced only, and nothing moves."""
    said = say(visits(SECOND).take_part(GRAIN), "The harbour office weighs each sack twice, and has done so for years.")
    name = f"#{said.get_attribute('id')}"
    writer = visits(THIRD).take_part(GRAIN)
    pages = [_listening(visits(), GRAIN), _listening(visits(FIRST), GRAIN)]
    source = [page.locator(name) for page in pages]
    pages[1].get_by_label("Your comment as").fill("half a sentence")
    source[0].locator(".comment__text").evaluate("(text) => getSelection().selectAllChildren(text)")
    source[0].get_by_role("link", name="Reply").focus()
    before = _centred(source[0])

    writer.locator(name).get_by_role("link", name="Quote", exact=True).click()
    writer.keyboard.type("Once was enough.")
    quoting = _post(writer, "Once was enough.")
    writer.locator(name).get_by_role("link", name="Reply").click()
    writer.keyboard.type("Who pays for the scales?")
    answering = _post(writer, "Who pays for the scales?")
    numbers = [one.get_attribute("data-number") for one in (quoting, answering)]
    line = f"Quoted by #{numbers[0]} · Answered by #{numbers[1]} · this exchange alone"
    for page, place in zip(pages, source, strict=True):
        expect(place.locator("[data-links]")).to_have_text(line)
        expect(page.locator(f"#comment-{numbers[0]}")).to_have_count(0)
        expect(_news(page)).to_have_text("2 new comments")
    expect(writer.locator(f"{name} [data-links]")).to_have_text(line)
    assert source[0].locator("[data-links]").inner_html() == writer.locator(f"{name} [data-links]").inner_html()
    assert abs(_top(source[0]) - before) < 1
    assert pages[0].evaluate("getSelection().toString()").strip() == said.locator(".comment__text").inner_text()
    expect(source[0].get_by_role("link", name="Reply")).to_be_focused()
    expect(pages[1].get_by_label("Your comment as")).to_have_value("half a sentence")
    expect(pages[1].get_by_label("Your comment as")).to_be_focused()

    quoting.get_by_role("link", name="Delete").click()
    quoting.get_by_role("button", name="Delete").click()
    for place in source:
        expect(place.locator("[data-links]")).to_have_text(f"Answered by #{numbers[1]} · this exchange alone")
    source[1].get_by_role("link", name=f"Answered by #{numbers[1]}").focus()
    answering.get_by_role("link", name="Delete").click()
    answering.get_by_role("button", name="Delete").click()
    expect(source[0].locator("[data-links]")).to_be_empty()
    # Who has the focus in that line keeps it until they go on.
    expect(source[1].get_by_role("link", name=f"Answered by #{numbers[1]}")).to_be_focused()
    pages[1].keyboard.press("Shift+Tab")
    pages[1].get_by_label("Your comment as").focus()
    expect(source[1].locator("[data-links]")).to_be_empty()


@pytest.fixture
def open_again(visits: Begin) -> Iterator[None]:
    """Whatever a journey does to this discussion, it is open and without rules afterwards."""
    yield
    desk = visits("moderator")
    for label in ("Open again", "Save the rules"):
        page = desk.take_part(CRANES)
        follow(page.get_by_role("link", name=DECIDE))
        if label == "Save the rules":
            page.get_by_label("Minutes between two comments").fill("0")
        elif not page.get_by_role("button", name=label).count():
            continue
        follow(page.get_by_role("button", name=label))


@pytest.mark.usefixtures("open_again")
def test_rules_and_a_closing_are_told_to_who_is_writing_just_now(visits: Begin, wire: Callable[[int], Line]) -> None:
    desk = visits("moderator")
    away = visits(SECOND)
    line = wire(int(urlsplit(away.paper.url).port or 0))
    away.paper = replace(away.paper, url=f"http://127.0.0.1:{line.port}")
    pages = [_listening(visits(FIRST), CRANES), _listening(away, CRANES), _listening(visits(), CRANES)]
    writer = pages[0]
    box = writer.get_by_label("Your comment as")
    box.fill("Half a sentence that nobody takes away")
    box.evaluate("(box) => box.setSelectionRange(0, 4)")
    before = _centred(box)
    line.cut()
    away.context.set_offline(True)

    page = desk.take_part(CRANES)
    follow(page.get_by_role("link", name=DECIDE))
    page.get_by_label("Minutes between two comments").fill("5")
    follow(page.get_by_role("button", name="Save the rules"))
    for each in (pages[0], pages[2]):
        expect(each.locator("#rules-notice")).to_contain_text("one comment every 5 minutes")
        expect(_state(each)).to_contain_text("What holds for writing here has changed. Slow mode: one comment every 5")
    expect(_state(pages[1])).to_be_empty()
    _untouched(box, before)

    follow(page.get_by_role("link", name=DECIDE))
    page.get_by_label("Reason").select_option(label="It had left its subject.")
    follow(page.get_by_role("button", name="Close the discussion"))
    line.mend()
    away.context.set_offline(False)
    for each in pages:
        expect(_state(each)).to_contain_text("The discussion has been closed.")
        expect(each.locator("#closed-notice")).to_contain_text("It had left its subject.")
    _untouched(box, before)
    writer.get_by_role("button", name="Post").click()
    expect(writer.get_by_role("alert")).to_contain_text("closed")
    expect(writer.get_by_text("Half a sentence that nobody takes away")).to_be_visible()

    follow(page.get_by_role("link", name=DECIDE))
    follow(page.get_by_role("button", name="Open again"))
    for each in pages:
        expect(_state(each)).to_contain_text("The discussion is open again.")
        expect(each.locator("#closed-notice")).to_have_count(0)
    # Who was away hears of the rules now, which hold again.
    expect(_state(pages[1])).to_contain_text("Slow mode: one comment every 5 minutes")
    _state(pages[2]).get_by_role("link").click()
    expect(pages[2].get_by_role("link", name="Write a comment")).to_be_visible()
    away.context.close()
    assert all("net::ERR" in complaint for complaint in away.complaints)
    away.complaints.clear()


def _untouched(box: Locator, before: float) -> None:
    """What somebody writes is as it was: the words, the selection, the focus and the place in the window."""
    expect(box).to_have_value("Half a sentence that nobody takes away")
    expect(box).to_be_focused()
    assert box.evaluate("(box) => [box.selectionStart, box.selectionEnd]") == [0, 4]
    assert abs(_top(box) - before) < 1


def _centred(place: Locator) -> float:
    """Where a place stands in the window once it is in its middle."""
    typeset(place.page)
    place.evaluate("(place) => place.scrollIntoView({ block: 'center', behavior: 'instant' })")
    return _top(place)


def _top(place: Locator) -> float:
    return float(place.evaluate("(place) => place.getBoundingClientRect().top"))


def _state(page: Page) -> Locator:
    return page.locator(".live-thread__state")


def _post(page: Page, words: str) -> Locator:
    """Post what is in the box. Returns its place in the thread."""
    page.get_by_role("button", name="Post").click()
    posted = page.locator("#thread-comments > li").filter(has_text=words)
    expect(posted).to_be_in_viewport()
    return page.locator(f"#{posted.get_attribute('id')}")


def _listening(visit: Visit, story: str) -> Page:
    """A story whose discussion hears what happens."""
    with visit.page.expect_response(re.compile(r"/live/\?")):
        visit.go(f"{story}/")
    return visit.page


def _news(page: Page) -> Locator:
    return page.locator(".live-thread__news")
