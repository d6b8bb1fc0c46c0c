"""One visit to the paper: a browser window that remembers what it asked for and what went wrong in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.journeys.paper import PASSWORD, Paper

# Slow machines are slow; whatever is right shows long before.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


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
        visit = cls(paper, context, context.new_page(), scripts)
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
            page.get_by_role("link", name="the discussion’s own page").click()
        return self.settled()

    def _hear(self, message: ConsoleMessage) -> None:
        # A refusal is a 4xx answer, which the browser reports as an error although all is well.
        if message.type == "error" and not re.search(r"status of 4\d\d", message.text):
            self.complaints.append(message.text)


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
