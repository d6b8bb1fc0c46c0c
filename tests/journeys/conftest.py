"""The browser, the served paper, and visits to it. No model is imported here: journeys see pages and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.paper import Paper, served_paper
from tests.journeys.visit import Visit
from tests.run import find_chromium

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

Begin = Callable[..., Visit]


@pytest.fixture(scope="package")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """A filled and served site, the same for all journeys."""
    with served_paper(tmp_path_factory.mktemp("paper")) as paper:
        yield paper
        assert paper.errors() == []


# Not for the whole session: while Playwright's event loop runs, Django refuses to talk to the database in this thread.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["js", "no-js"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts: journeys that ask for this are made with and without."""
    return bool(request.param)


@pytest.fixture(scope="package")
def sessions() -> dict[str, Any]:
    """The cookies of those who have signed in, by handle: nobody needs to do it twice."""
    return {}


@pytest.fixture
def visits(paper: Paper, browser: Browser, sessions: dict[str, Any]) -> Iterator[Begin]:
    """A function that begins a visit; its options are those of a browser window. All end without a complaint."""
    begun: list[Visit] = []
    with ExitStack() as windows:

        def begin(member: str = "", scripts: bool = True, width: int = 1280, **options: Any) -> Visit:
            options["viewport"] = {"width": width, "height": 800}
            # A scroll that is on its way goes on beneath what a test does next: only tests of motion ask for it.
            options.setdefault("reduced_motion", "reduce")
            options["storage_state"] = sessions.get(member)
            context = browser.new_context(java_script_enabled=scripts, **options)
            windows.callback(context.close)
            begun.append(visit := Visit.begin(paper, context, scripts))
            if member and member not in sessions:
                visit.sign_in(member)
                sessions[member] = context.storage_state()
            return visit

        yield begin
        assert [complaint for visit in begun for complaint in visit.complaints] == []


@pytest.fixture
def visit(visits: Begin) -> Visit:
    """A visit by nobody in particular, with scripts."""
    return visits()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """The folder for pictures of pages; git ignores it."""
    folder = Path(__file__).parents[1] / ".screenshots"
    folder.mkdir(exist_ok=True)
    return folder
