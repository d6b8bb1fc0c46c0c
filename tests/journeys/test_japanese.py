"""A paper whose readers read Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.paper import DIALECT, GAUGES, Paper, served_paper
from tests.journeys.test_accessibility import barriers
from tests.journeys.visit import PATIENCE, Visit, follow, until

MEMBER = "mikan"


@pytest.fixture(scope="module")
def japanese(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """A paper in Japanese; its stories were written in English."""
    with served_paper(tmp_path_factory.mktemp("japanese"), [GAUGES, DIALECT], KAWARABAN_LANGUAGE="ja") as paper:
        yield paper
        assert paper.errors() == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_reader_finds_every_word_of_the_paper_in_japanese(japanese: Paper, browser: Browser, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce") as context:
        visit = Visit.begin(japanese, context, scripts=True)
        page = visit.go()
        expect(page.locator("html")).to_have_attribute("lang", "ja")
        expect(page.locator(".masthead__date")).to_have_text(re.compile(r"^\d{4}年\d{1,2}月\d{1,2}日"))
        assert barriers(page) == {}
        page = follow(page.locator(".teaser--lead h2 a"))
        expect(page.get_by_role("link", name="新しい順")).to_be_visible()
        expect(page.locator(".byline")).to_contain_text("年")
        assert barriers(page) == {}
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        # What was just published is found once the clock has come round.
        until(page, lambda: visit.go("search/?q=潮待ち").locator(".teaser h2").count(), 3 * PATIENCE)
        expect(page.get_by_role("button", name="検索")).to_be_visible()
        expect(page.locator(".teaser h2").first).to_contain_text("潮待ち")
        assert barriers(page) == {}
        assert visit.complaints == []


def test_a_member_answers_in_japanese_and_english_is_said_to_be_english(japanese: Paper, browser: Browser) -> None:
    with browser.new_context(reduced_motion="reduce") as context:
        visit = Visit.begin(japanese, context, scripts=True)
        visit.sign_in(MEMBER)
        page = visit.go(f"{DIALECT}/")
        expect(page.locator("#csrf-token")).to_be_attached()
        expect(page.locator("#viewer-links")).to_contain_text("ログアウト")
        for words, language in (("港では今でもそう言います。", None), ("They still say so down at the port.", "en")):
            page.get_by_label("として投稿するコメント").fill(words)
            page.get_by_role("button", name="投稿する", exact=True).click()
            said = page.locator("#thread-comments > li").filter(has_text=words)
            expect(said).to_be_in_viewport()
            text = said.locator(".comment__text")
            if language:
                expect(text).to_have_attribute("lang", language)
            else:
                assert text.get_attribute("lang") is None
        assert barriers(page) == {}
        assert visit.complaints == []
