"""An open discussion in a browser: `live-thread.js` on a page that a real server keeps up to date."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from kawaraban.live.tests.wall import NOTE, Wall
from tests.journeys.visit import PATIENCE, new_page, until

Open = Callable[..., Page]
ANNOUNCES = "(count) => document.querySelector('.live-thread__show')?.textContent.startsWith(`${count} new comment`)"
CLOSED = json.dumps([[0, 1, "closed", "<p id='closed-notice'>Comments are closed.</p>"]])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wall]:
    wall = Wall(tmp_path_factory.mktemp("wall"), KAWARABAN_DEBUG="1")
    yield wall
    wall.stop()
    assert " ERROR " not in wall.log()


@pytest.fixture
def wall(served: Wall) -> Iterator[Wall]:
    """A wall with three notes."""
    for text in ("one", "two", "three"):
        served.put(text)
    yield served
    served.clean()


@pytest.fixture
def look(wall: Wall, browser: Browser) -> Iterator[Open]:
    """A function that opens the wall in a browser of its own, which listens when it returns."""
    with ExitStack() as windows:

        def look(
            query: str = "", signed_in: bool = False, listens: bool = True, before: str = "", port: int = 0
        ) -> Page:
            context = browser.new_context(viewport={"width": 1000, "height": 600}, reduced_motion="reduce")
            windows.callback(context.close)
            origin = f"http://127.0.0.1:{port or wall.port}"
            if signed_in:
                context.add_cookies([{"name": "signed_in", "value": "1", "url": origin}])
            page = new_page(context)
            if before:
                page.clock.install()
                page.add_init_script(before)
            page.goto(f"{origin}/page/{wall.number}/{query}")
            expect(page.get_by_role("button", name="Pause updates")).to_be_visible()
            if listens:
                _settle(wall, page)
            return page

        yield look


def test_two_others_see_a_new_comment_within_a_second(wall, look):
    pages, took = (look(), look()), []
    # A busy machine takes the processor away now and then; what waits of itself does so every time.
    for count in ("1", "2", "3"):
        began = time.monotonic()
        wall.put("a new one")
        for page in pages:
            page.wait_for_function(ANNOUNCES, arg=count)
        took.append(time.monotonic() - began)
        if took[-1] < 1:
            break
    assert min(took) < 1, took


def test_two_others_see_one_new_comment_and_its_writer_does_not(wall, look):
    writer, first, second = look(), look(), look()
    writer.evaluate("document.querySelector('.reply').ariaBusy = 'true'")
    wall.put("four")
    for page in (first, second):
        expect(page.get_by_role("status").first).to_have_text("1 new comment")
    # The answer to the writer's form arrives after the event.
    writer.evaluate(
        """(html) => {
            document.getElementById("thread-comments").insertAdjacentHTML("beforeend", html);
            document.querySelector(".reply").ariaBusy = "false";
        }""",
        NOTE.format(number=4, text="four"),
    )
    wall.put("five")
    expect(writer.get_by_role("status").first).to_have_text("1 new comment")
    expect(first.get_by_role("status").first).to_have_text("2 new comments")
    expect(first.locator("li.comment")).to_have_count(3)


@pytest.mark.parametrize("is_told", [True, False], ids=["the browser knows", "the line is just dead"])
def test_who_was_offline_misses_nothing(wall, look, is_told):
    with Line(wall.port) as line:
        page = look(port=line.port)
        line.cut()
        page.context.set_offline(is_told)
        for text in ("four", "five"):
            wall.put(text)
        # Others have heard of it, and tries to come back have failed.
        expect(look().locator("li.comment")).to_have_count(5)
        assert is_told or line.refused.wait(PATIENCE / 1000)
        expect(page.get_by_role("status").first).to_have_text("")
        line.mend()
        page.context.set_offline(False)
        expect(page.get_by_role("status").first).to_have_text("2 new comments")
        wall.put("six")
        expect(page.get_by_role("status").first).to_have_text("3 new comments")
        page.context.close()


def test_a_site_that_was_stopped_and_started_again_is_heard_again(browser, tmp_path):
    wall = Wall(tmp_path, KAWARABAN_DEBUG="1")
    wall.put("one")
    context = browser.new_context()
    page = new_page(context)
    page.goto(f"http://127.0.0.1:{wall.port}/page/1/")
    expect(page.get_by_role("button", name="Pause updates")).to_be_visible()
    again = wall.start_again()
    again.put("two")
    expect(page.get_by_role("status").first).to_have_text("1 new comment")
    context.close()
    again.stop()


def test_new_comments_are_shown_when_asked_for_by_keyboard_alone(wall, look):
    page = look(signed_in=True)
    wall.put("four")
    wall.put("five")
    expect(page.get_by_role("button", name="2 new comments")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="2 new comments")).to_be_focused()
    with page.expect_request("**/mine/"):
        page.keyboard.press("Enter")
    expect(page.locator("#comment-4 .comment__number")).to_be_focused()
    expect(page.locator("li.comment")).to_have_count(5)
    expect(page.get_by_role("status").first).to_have_text("")
    wall.put("six")
    expect(page.get_by_role("button", name="1 new comment")).to_be_visible()


def test_a_changed_comment_is_changed_in_its_place_once_nobody_is_busy_with_it(wall, look):
    page = look(signed_in=True)
    expect(page.locator("#comment-1").get_by_role("link", name="Edit")).to_be_visible()
    vote = page.locator("#comment-1").get_by_role("button", name="Agree")
    vote.focus()
    _change(wall, 1, "one, edited")
    _change(wall, 2, "two, edited")
    expect(page.locator("#comment-2")).to_contain_text("two, edited")
    expect(page.locator("#comment-1")).not_to_contain_text("edited")
    expect(vote).to_be_focused()
    page.get_by_label("Your note").focus()
    expect(page.locator("#comment-1")).to_contain_text("one, edited")
    # What is the viewer's own is laid over the new words as well.
    expect(page.locator("#comment-1").get_by_role("link", name="Edit")).to_be_visible()
    expect(page.get_by_label("Your note")).to_be_focused()


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (
            "document.querySelector('#comment-1 .comment__own').innerHTML = '<textarea>half a sent</textarea>'",
            "document.querySelector('#comment-1 .comment__own').innerHTML = ''",
        ),
        (
            "getSelection().selectAllChildren(document.querySelector('#comment-1 .comment__text'))",
            "getSelection().removeAllRanges()",
        ),
    ],
    ids=["writing", "selecting"],
)
def test_a_comment_in_which_somebody_writes_or_selects_waits(wall, look, begin, end):
    page = look()
    page.evaluate(begin)
    _change(wall, 1, "edited")
    _change(wall, 2, "edited")
    expect(page.locator("#comment-2")).to_contain_text("edited")
    expect(page.locator("#comment-1")).to_contain_text("one")
    page.evaluate(end)
    expect(page.locator("#comment-1")).to_contain_text("edited")


def test_nothing_moves_under_the_readers_eyes(wall, look):
    for number in range(4, 41):
        wall.put(f"note {number}")
    page = look()
    page.evaluate("document.getElementById('comment-30').scrollIntoView({ behavior: 'instant' })")
    page.get_by_label("Your note").evaluate("(box) => box.focus({ preventScroll: true })")
    place = "document.getElementById('comment-32').getBoundingClientRect().top"
    before = page.evaluate(place)
    page.evaluate(
        "new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shift = (window.shift ?? 0)"
        " + one.value }).observe({ type: 'layout-shift' })"
    )
    _change(wall, 3, "much longer " * 200)
    wall.put("new")
    wall.tell(name="scores", data="[[31, 1000, 20]]")
    wall.tell(name="thread", data=CLOSED)
    expect(page.locator("#comment-3")).to_contain_text("much longer")
    expect(page.get_by_role("status").last).to_contain_text("closed")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert abs(page.evaluate(place) - before) < 1
    assert page.evaluate("window.shift ?? 0") < 0.1
    expect(page.get_by_label("Your note")).to_be_focused()


def test_scores_change_in_their_place(wall, look):
    page = look()
    wall.tell(name="scores", data="[[2, 9, 7], [99, 1, 1]]")
    expect(page.locator("#comment-2 [data-agree]")).to_have_text("9")
    expect(page.locator("#comment-2 [data-disagree]")).to_have_text("7")
    expect(page.locator("#comment-2 [data-net]")).to_have_text("2")


def test_a_discussion_that_is_closed_says_so_and_keeps_what_somebody_writes(wall, look):
    page = look()
    page.get_by_label("Your note").fill("half a sentence")
    wall.tell(name="thread", data=CLOSED)
    said = page.get_by_role("status").last
    expect(said).to_have_text("The discussion has been closed. Load the page again")
    expect(page.get_by_label("Your note")).to_have_value("half a sentence")
    assert Axe().run(page).violations_count == 0


def test_a_notice_changes_in_its_place_and_goes_when_the_discussion_is_open_again(wall, look):
    page = look()
    said = page.get_by_role("status").last
    for place, html, sentence in (
        (1, "Closed since <time datetime='2026-11-22T00:00Z'>09:00 am</time>.", "The discussion has been closed."),
        (2, "Closed until May.", "The newsroom decided anew: Closed until May."),
    ):
        _rule(wall, place, "closed", f"<p id='closed-notice'>{html}</p>")
        expect(said).to_contain_text(sentence)
        expect(page.locator("#closed-notice")).to_contain_text(re.sub("<[^>]*>", "", html))
    _rule(wall, 1, "closed", "<p id='closed-notice'>What was said before.</p>")
    _rule(wall, 3, "open", "<div id='rules'></div>")
    expect(said).to_have_text("The discussion is open again. Load the page again")
    expect(page.locator("#closed-notice")).to_have_count(0)


def test_a_notice_that_only_another_day_words_differently_is_no_news(wall, look):
    page = look()
    notice = "<p id='closed-notice'>Closed since <time datetime='2026-11-22T00:00Z'>{}</time>.</p>"
    _rule(wall, 1, "closed", notice.format("09:00 am"))
    said = page.get_by_role("status").last
    expect(said).to_contain_text("The discussion has been closed.")
    said.evaluate("(said) => said.replaceChildren()")
    _rule(wall, 2, "closed", notice.format("Nov 22, 09:00 am"))
    wall.put("four")
    expect(page.get_by_role("status").first).to_have_text("1 new comment")
    expect(said).to_have_text("")


def test_of_very_much_that_has_happened_a_page_offers_to_load_again(wall, look):
    page = look()
    wall.tell(name="stale", data="[[0]]", id=1000)
    expect(page.get_by_role("status").last).to_have_text("Much has happened here meanwhile. Load the page again")


def test_a_late_word_does_not_undo_a_later_one(wall, look):
    page = look()
    for place, text in ((20, "the later words"), (19, "the earlier words")):
        html = NOTE.format(number=1, text=text)
        wall.tell(name="comment", data=json.dumps([[1, place, [], [], html]]))
        _change(wall, 2, f"after {place}")
        expect(page.locator("#comment-2")).to_contain_text(f"after {place}")
    expect(page.locator("#comment-1")).to_contain_text("the later words")


def test_updates_can_be_paused_and_resumed_without_missing_any(wall, look):
    page = look()
    page.get_by_role("button", name="Pause updates").click()
    wall.put("four")
    other = look()
    wall.put("five")
    expect(other.get_by_role("status").first).to_have_text("1 new comment")
    expect(page.get_by_role("status").first).to_have_text("")
    page.get_by_role("button", name="Resume updates").click()
    expect(page.get_by_role("status").first).to_have_text("2 new comments")
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_on_a_page_where_new_comments_do_not_belong_they_are_linked_to(wall, look):
    page = look("?elsewhere")
    wall.put("four")
    link = page.get_by_role("link", name="1 new comment")
    expect(link).to_have_attribute("href", "/page/1/4/")


def test_without_event_source_a_page_asks_now_and_then(wall, look):
    page = look(before="delete window.EventSource", listens=False)
    wall.put("four")
    expect(page.get_by_role("status").first).to_have_text("")
    page.clock.fast_forward(40_000)
    expect(page.get_by_role("status").first).to_have_text("1 new comment")
    wall.put("five")
    page.clock.fast_forward(40_000)
    expect(page.get_by_role("status").first).to_have_text("2 new comments")


def test_a_page_that_is_refused_a_stream_asks_now_and_then_and_tries_again(wall, look):
    page = look(before="window.before = true")
    refused = re.compile(r"/live/\?after=")
    page.route(refused, lambda route: route.fulfill(status=503))
    page.context.set_offline(True)
    page.context.set_offline(False)
    with page.expect_response(refused):
        page.evaluate("dispatchEvent(new Event('online'))")
    wall.put("four")
    page.unroute(refused)
    news = page.get_by_role("status").first

    def has_asked() -> bool:
        page.clock.fast_forward(40_000)  # it begins to wait once it has read the refusal
        return news.text_content() == "1 new comment"

    until(page, has_asked)
    wall.put("five")
    expect(page.get_by_role("status").first).to_have_text("2 new comments")


def test_a_page_nobody_looks_at_lets_go_and_catches_up_when_somebody_does(wall, look):
    page = look(before="Object.defineProperty(document, 'hidden', { get: () => window.away ?? false })")
    look_away = "(away) => { window.away = away; document.dispatchEvent(new Event('visibilitychange')) }"
    wall.put("four")
    expect(page.get_by_role("status").first).to_have_text("1 new comment")
    page.evaluate(look_away, True)
    page.clock.fast_forward(181_000)
    wall.put("five")
    other = look()
    wall.put("six")
    expect(other.get_by_role("status").first).to_have_text("1 new comment")
    expect(page.get_by_role("status").first).to_have_text("1 new comment")
    with page.expect_request("**/live/?after=4"):
        page.evaluate(look_away, False)
    expect(page.get_by_role("status").first).to_have_text("3 new comments")


class Line:
    """A wire to a server, which can be cut: a browser told to be offline keeps the connections that it has."""

    def __init__(self, to: int) -> None:
        self.refused = threading.Event()
        self._to = to
        self._is_cut = False
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *error: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()

    def cut(self) -> None:
        with self._lock:
            self._is_cut = True
            for end in self._ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._is_cut = False

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                with self._lock:
                    self._ends += [near, far]
                    is_cut = self._is_cut
                if is_cut:
                    near.close()
                    far.close()
                    self.refused.set()
                    continue
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(65_536):
                other.sendall(piece)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        one.close()


def _settle(wall: Wall, page: Page) -> None:
    """Wait until the page's stream is open: it hears of something that changes nothing."""
    net = page.locator("#comment-1 [data-net]")
    mark = str(time.monotonic_ns() % 1_000_000)

    def hears() -> bool:
        wall.tell(name="scores", data=f"[[1, 0, {mark}]]")
        return net.text_content() == f"-{mark}"

    until(page, hears)


def _rule(wall: Wall, place: int, state: str, html: str) -> None:
    wall.tell(name="thread", data=json.dumps([[0, place, state, html]]))


def _change(wall: Wall, number: int, text: str) -> None:
    html = NOTE.format(number=number, text=text)
    wall.tell(name="comment", data=json.dumps([[number, time.monotonic_ns(), [], [], html]]))
