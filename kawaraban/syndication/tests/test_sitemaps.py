"""Sitemaps and robots.txt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib import robotparser

import pytest
import time_machine

from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.syndication.tests.documents import NOW, body, get, make_full_story, values, xml


def locations(address: str) -> list[str]:
    return values(xml(address), "//s:loc/text()")


def test_every_story_and_section_can_be_reached_from_the_index(site):
    stories = [
        make_story(make_section("City"), headline="Of May", published_at=datetime(2026, 5, 31, 23, 59, 59, tzinfo=UTC)),
        make_story(make_section("World"), headline="Of June", published_at=datetime(2026, 6, 1, tzinfo=UTC)),
        make_story(headline="Of December", published_at=datetime(2025, 12, 31, 12, tzinfo=UTC)),
    ]
    index = locations("/sitemap.xml")
    assert index == [
        f"http://localhost/sitemaps/{name}.xml" for name in ("pages", "news", "2025-12-1", "2026-05-1", "2026-06-1")
    ]
    assert locations("/sitemaps/2026-05-1.xml") == [stories[0].full_url]
    found = [place for address in index for place in locations(address.removeprefix("http://localhost"))]
    assert set(found) >= {story.full_url for story in stories} | {"http://localhost/", "http://localhost/city/"}
    for address in found:
        body(address.removeprefix("http://localhost"))


def test_a_sitemap_keeps_the_rules_of_the_protocol(site):
    make_full_story()
    index = xml("/sitemap.xml")
    assert index.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}sitemapindex"
    assert {child.tag.rpartition("}")[2] for child in index} == {"sitemap"}
    urls = xml("/sitemaps/2026-05-1.xml")
    assert urls.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}urlset"
    for url in urls:
        names = [child.tag.rpartition("}")[2] for child in url]
        assert names == ["loc", "lastmod"]
        assert url[0].text.startswith("http://localhost/")
        assert len(url[0].text) < 2048
        assert datetime.fromisoformat(url[1].text).tzinfo == UTC


def test_a_month_with_very_many_stories_has_several_files(site, monkeypatch):
    monkeypatch.setattr("kawaraban.syndication.reads.dated.ADDRESSES", 2)
    stories = [make_story(headline=f"No {n}", published_at=NOW - timedelta(hours=n)) for n in range(5)]
    index = locations("/sitemap.xml")
    assert [address[-13:] for address in index[2:]] == [f"2026-05-{part}.xml" for part in (1, 2, 3)]
    found = [place for address in index[2:] for place in locations(address.removeprefix("http://localhost"))]
    assert sorted(found) == sorted(story.full_url for story in stories)
    assert get("/sitemaps/2026-05-4.xml").status_code == 404


def test_an_imported_page_without_a_time_stands_in_the_month_of_its_import(site):
    with time_machine.travel(NOW, tick=False):
        story = make_story(origin="page:1")
    assert locations("/sitemaps/2026-05-1.xml") == [story.full_url]


@pytest.mark.parametrize("name", ["2026-13-1", "2026-00-1", "0000-01-1", "2026-05-0", "2026-05-99999", "2026-05", "x"])
def test_what_is_no_sitemap_is_not_there(site, name):
    make_story(published_at=NOW)
    assert get(f"/sitemaps/{name}.xml").status_code == 404


def test_news_is_what_is_not_older_than_48_hours(site):
    with time_machine.travel(NOW, tick=False):
        for hours, headline in ((47, "Fresh & <new>"), (49, "Stale"), (1, "Fresher")):
            make_story(headline=headline, published_at=NOW - timedelta(hours=hours))
        document = xml("/sitemaps/news.xml")
    assert values(document, "//news:title/text()") == ["Fresher", "Fresh & <new>"]
    assert values(document, "//news:name/text()") == ["The Test Courier"] * 2
    assert values(document, "//news:language/text()") == ["en"] * 2
    dates = values(document, "//news:publication_date/text()")
    assert datetime.fromisoformat(dates[0]) == NOW - timedelta(hours=1)
    for about in values(document, "//news:news"):
        assert [child.tag.rpartition("}")[2] for child in about] == ["publication", "publication_date", "title"]


def test_robots_are_let_to_the_stories_and_to_nothing_that_acts(site):
    story = make_story()
    text = body("/robots.txt").decode()
    assert get("/robots.txt")["Content-Type"].startswith("text/plain")
    rules = robotparser.RobotFileParser()
    rules.parse(text.splitlines())
    for path in ("/", story.url, "/member/mikan/", "/feeds/rss/", "/cards/1.png", "/rules/", "/moderation/"):
        assert rules.can_fetch("*", path), path
    for path in ("/desk/", "/account/login/", "/search/?q=x", f"/t/{story.thread_id}/write/", "/t/1/2/report/"):
        assert not rules.can_fetch("*", path), path
    assert "Sitemap: http://localhost/sitemap.xml" in text.splitlines()


def test_an_empty_site_has_sitemaps_too(site):
    assert locations("/sitemaps/pages.xml") == ["http://localhost/"]
    assert locations("/sitemaps/news.xml") == []
