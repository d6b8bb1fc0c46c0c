"""The search finds what stories say, whatever is typed into it, and never what is not published."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.test import override_settings

from kawaraban.jobs.testing import run_jobs
from kawaraban.newsroom.actions import paragraph
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import make_archive, page, publish_again, texts, words
from kawaraban.search import actions

TYPED = [
    '"', '"bridge', 'br"idge', '" "', "'", "''", "*", "bridge*", "(", ")", "((((", "AND", "OR", "NOT", "NEAR(a b)",
    "bridge AND", "title:bridge", "^bridge", "-bridge", "+", "{bridge}", "%", "%%s", "_", "\\", "\\x", ";", "--", "/*",
    "<b>", "&amp;", "!", "&", "|", ":*", "bridge:*", "<->", "'; DROP TABLE accounts_user; --", "{{ 7*7 }}", "é", "橋",
    "\u202e", "\u200d", "🌉", "a" * 10_000, "bridge " * 2_000, '" ' * 5_000, "\n\t", "0", "-1",
]  # fmt: skip


def found(typed, **more):
    """The headlines that a search finds, by the very way a reader takes, once the worker has brought it up to date."""
    run_jobs()
    return texts(page(f"/search/?{urlencode({'q': typed, **more})}"), ".teaser h2")


@pytest.fixture
def story(site):
    """A story with a word in each of its parts."""
    made = make_story(
        headline="Prefecture to rebuild a viaduct",
        standfirst="After a quarrelsome week.",
        body=[
            paragraph("The hydrologist was not asked."),
            ("heading", "Soundings"),
            ("quote", {"text": "We measured twice.", "attribution": "Emi Sato, surveyor"}),
            ("list", ["<p>Scaffolding until March</p>"]),
        ],
        tags=("bridge",),
    )
    run_jobs()
    return made


@pytest.mark.parametrize(
    "typed",
    [
        "viaduct",
        "VIADUCT",
        "prefecture viaduct",
        "quarrelsome",
        "hydrologist",
        "soundings",
        "measured",
        "scaffolding",
        "bridge",
    ],
)
def test_a_story_is_found_by_its_headline_its_standfirst_its_text_and_its_tags(story, typed):
    make_story(headline="Something else altogether", body=[paragraph("Nothing of the kind.")])
    assert found(typed) == [story.title]


def test_a_search_that_finds_nothing_says_so_and_what_to_try(story):
    soup = page("/search/?q=nowhere")
    assert words(soup.select_one("[role=status]")) == "0 found for “nowhere”."
    assert "Try fewer words" in words(soup.select_one(".empty"))


def test_what_is_changed_is_found_by_its_new_words_alone(story):
    publish_again(story, title="Prefecture to rebuild a pier")
    assert (found("pier"), found("viaduct")) == (["Prefecture to rebuild a pier"], [])


def test_a_search_says_what_it_looked_for_and_how_much_it_found(story):
    soup = page("/search/?q=+viaduct++")
    assert words(soup.select_one("[role=status]")) == (
        "1 found for “viaduct”: the best match first, stories before comments, where a word in a headline "
        "counts four times."
    )
    assert soup.select_one("input[name=q]")["value"] == "viaduct"
    assert texts(soup, ".teaser .label") == ["City"]
    assert soup.select_one("meta[name=robots]")["content"] == "noindex"


def test_a_search_for_nothing_asks_for_words(site):
    for address in ("/search/", "/search/?q=", "/search/?q=+++"):
        soup = page(address)
        assert soup.select("[role=status], .teaser") == []


def test_many_results_are_read_page_by_page(site):
    make_archive(make_section(), 21)
    actions.catch_up()
    assert len(found("city")) == 20
    assert len(found("city", page="2")) == 1
    assert page("/search/?q=city").select_one(".pages a[rel=next]")["href"] == "?q=city&page=2"


@pytest.mark.parametrize("typed", TYPED, ids=[ascii(typed[:20]) for typed in TYPED])
def test_whatever_is_typed_is_answered(story, typed):
    assert found(typed) in ([], [story.title])


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "1e9", "9" * 400, "٣"])
def test_whatever_page_is_asked_for_is_answered(story, number):
    assert found("viaduct", page=number) == [story.title]


def test_a_nul_is_refused(story, stranger):
    assert stranger.get("/search/", {"q": "via\0duct"}).status_code == 400


def test_what_was_typed_is_shown_as_text(site):
    soup = page("/search/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert soup.select_one("input[name=q]")["value"] == '"><script>alert(1)</script>'
    assert [script.get("src") for script in soup.find_all("script")] == ["/static/theme/viewer-state.js"]


def test_a_search_changes_nothing_and_takes_nothing_but_get(site, stranger):
    assert stranger.post("/search/", {"q": "x"}).status_code == 405


def test_drafts_are_not_found(site):
    make_section().add_child(instance=StoryPage(title="Viaduct in draft", slug="draft", live=False))
    story = make_story(headline="Published")
    story.title = "Viaduct in the next version"
    story.save_revision()
    assert found("viaduct") == []


@override_settings(LANGUAGE_CODE="ja")
def test_the_search_of_a_japanese_site_is_in_japanese(story):
    soup = page("/search/?q=viaduct&since=2026-11-01&order=newest")
    assert words(soup.select_one("h1")) == "検索"
    assert words(soup.select_one("[role=status]")) == "「viaduct」の検索結果：1件（新しい順）。"
    assert words(soup.select_one("summary")) == "絞り込み：2026年11月1日から"
    assert "言葉を減らしてください" in words(page("/search/?q=nowhere").select_one(".empty"))
