"""One visit to the paper: a browser window that remembers what it asked for and what went wrong in it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Route, expect

from tests.journeys.paper import PASSWORD, Paper

# Slow machines are slow; whatever is right shows long before.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

# SLOW=N: a browser N times slower, on a line on which every answer takes its time and comes piece by piece. There, what
# is read too early is read wrong.
SLOW = int(os.environ.get("SLOW", "0"))
SLOW_LINE = {"offline": False, "latency": 300, "downloadThroughput": 500_000, "uploadThroughput": 500_000}


@dataclass
class Visit:
    """A window on the paper. `requests` holds every address asked for, `complaints` the console's errors."""

    paper: Paper
    context: BrowserContext
    page: Page
    scripts: bool
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, paper: Paper, context: BrowserContext, scripts: bool) -> Visit:
        """A new visit in a fresh window."""
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(4 * PATIENCE)
        visit = cls(paper, context, new_page(context), scripts)
        context.on("request", lambda request: visit.requests.append(request.url))
        context.on("console", visit._hear)
        context.on("weberror", lambda error: visit.complaints.append(str(error.error)))
        return visit

    def go(self, path: str = "") -> Page:
        """The page at a path of the paper, such as `rules/`."""
        self.page.goto(f"{self.paper.url}/{path}")
        return self.page

    def sign_in(self, handle: str) -> None:
        """Sign in as a member of the demo newsroom, without walking through the pages."""
        address = f"{self.paper.url}/account/login/"
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.context.request.get(address).text())
        assert token is not None
        answer = self.context.request.post(
            address,
            form={"login": email(handle), "password": PASSWORD, "csrfmiddlewaretoken": token[1]},
            headers={"Referer": address},
            max_redirects=0,
        )
        assert answer.status == 302, f"{handle} could not sign in: {answer.status}"

    def settled(self) -> Page:
        """The page, once what is the viewer's own has been laid over it."""
        if self.scripts and self.page.locator("#discussion").count():
            expect(self.page.locator("#csrf-token")).to_be_attached()
        expect(self.page.locator("#viewer-links")).to_contain_text("Sign out")
        return self.page

    def take_part(self, story: str) -> Page:
        """Where a member takes part in a discussion: on the story, or without scripts on a page of its own."""
        page = self.go(f"{story}/")
        if not self.scripts:
            follow(page.get_by_role("link", name="the discussion’s own page"))
        return self.settled()

    def _hear(self, message: ConsoleMessage) -> None:
        # A refusal is a 4xx answer, which the browser reports as an error although all is well.
        if message.type == "error" and not re.search(r"status of 4\d\d", message.text):
            self.complaints.append(message.text)


def new_page(context: BrowserContext) -> Page:
    """A window, slowed down as the environment says."""
    page = context.new_page()
    if SLOW:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_LINE)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    return page


def follow(control: Locator) -> Page:
    """Click on what leads to another page. Returns the page once all of the new one is there, scripts too."""
    with control.page.expect_navigation():
        control.click()
    return control.page


def typeset(page: Page) -> None:
    """Wait for the page's typefaces, without which it is measured in others. Unlike `evaluate`, not for ever."""
    page.wait_for_function("document.fonts.ready.then(() => true)")


def until(page: Page, is_so: Callable[[], object], patience: int = PATIENCE) -> None:
    """Wait for what no part of the page shows, so many milliseconds at most."""
    deadline = time.monotonic() + patience / 1000
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to be"
        page.wait_for_timeout(20)


class Held:
    """Answers to a page that wait until they are let go, one after the other."""

    def __init__(self, page: Page, address: str | re.Pattern[str]) -> None:
        self._page = page
        self._routes: list[Route] = []
        page.route(address, lambda route: self._routes.append(route))

    def let_go(self) -> None:
        """Let the oldest go on, once it was asked for."""
        until(self._page, lambda: self._routes)
        self._routes.pop(0).continue_()


def say(page: Page, words: str) -> Locator:
    """Post a comment. Returns its place in the thread."""
    page.get_by_label("Your comment as").fill(words)
    page.get_by_role("button", name="Post").click()
    posted = page.locator("#thread-comments > li").filter(has_text=words)
    expect(posted).to_be_in_viewport()
    expect(posted.get_by_role("link", name="Delete")).to_be_visible()
    return page.locator(f"#{posted.get_attribute('id')}")


def remove(comment: Locator, rule: str = "1. Speak to the argument", facts: str = "") -> None:
    """Remove a comment under a house rule, as a moderator does where it stands."""
    comment.get_by_text("More", exact=True).click()
    comment.get_by_role("link", name="Remove or fold").click()
    form = comment.page.locator("form.own-form")
    form.get_by_role("radio", name=rule).check()
    form.get_by_label("Why, in a sentence for its writer").fill(facts)
    form.get_by_role("button", name="Do it").click()


def unjudged(page: Page) -> Locator:
    """The first comment that the viewer may vote on and has not voted on, as members of the demo have on many."""
    free = page.locator("li.comment:not([data-own]):has(.vote):not(:has([aria-pressed=true]))").first
    return page.locator(f"#{free.get_attribute('id')}")


def email(handle: str) -> str:
    """The address of somebody in the demo newsroom: staff by their role's name, members by their handle."""
    if handle in ("editor", "moderator", "administrator"):
        return f"{handle}@courier.example"
    return re.sub(r"[^a-z0-9]", "-", handle.lower()).strip("-") + "@readers.example"
