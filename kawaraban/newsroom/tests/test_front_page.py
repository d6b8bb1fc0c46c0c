"""The front page: what editors put there first, then the newest, nothing twice, at the same cost for any archive."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kawaraban.discussion.testing import make_comment
from kawaraban.newsroom.actions import PhotoDraft
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import (
    make_archive,
    make_photo,
    make_stories,
    page,
    publish_again,
    put_on_front,
    texts,
    words,
)

STORIES = ".front h2, .lines li, .section__stories h3"


def lead(soup):
    return words(soup.select_one(".teaser--lead h2"))


def rows(soup):
    return texts(soup, ".rows h2")


def test_before_the_first_edition_the_front_page_says_so(site):
    assert "The first edition is being set" in words(page("/").main)


def test_the_newest_story_leads_and_the_next_stand_beside_it(site):
    make_stories(make_section(), 7)
    soup = page("/")
    assert lead(soup) == "City 1"
    assert rows(soup) == ["City 2", "City 3", "City 4", "City 5"]
    assert texts(soup, ".lines li") == ["City 6", "City 7"]


def test_the_newest_with_a_picture_leads(site):
    city = make_section()
    make_stories(city, 2)
    make_stories(city, 1, make_photo(), first=3)
    make_stories(city, 3, first=4)
    soup = page("/")
    assert lead(soup) == "City 3"
    assert rows(soup) == ["City 1", "City 2", "City 4", "City 5"]
    assert soup.select_one(".teaser--lead img")["fetchpriority"] == "high"


def test_an_old_picture_does_not_lead(site):
    city = make_section()
    make_stories(city, 5)
    make_stories(city, 1, make_photo(), first=6)
    assert lead(page("/")) == "City 1"


def test_a_story_of_unknown_time_is_not_news(site):
    city = make_section()
    make_stories(city, 2)
    make_story(city, headline="Undated", origin="page:1", photos=(PhotoDraft(photo=make_photo()),))
    soup = page("/")
    assert texts(soup, ".rows h2")[-1] == "Undated"
    assert texts(soup, ".rows .teaser:last-child .meta") == []
    assert texts(page("/city/"), ".teaser h2") == ["City 1", "City 2", "Undated"]


def test_what_editors_chose_comes_first_in_their_order(site):
    stories = make_stories(make_section(), 6, make_photo())
    put_on_front(stories[5], stories[3], stories[4])
    soup = page("/")
    assert lead(soup) == "City 6"
    assert rows(soup) == ["City 4", "City 5", "City 1", "City 2"]


def test_an_editors_lead_needs_no_picture(site):
    city = make_section()
    make_stories(city, 2, make_photo())
    put_on_front(make_stories(city, 1, first=3)[0])
    assert lead(page("/")) == "City 3"


def test_a_very_old_story_can_be_put_on_the_front_page(site):
    city = make_section()
    make_archive(city, 12)
    put_on_front(*make_stories(city, 1, first=13))
    assert lead(page("/")) == "City 13"


def test_a_slot_whose_story_was_taken_back_fills_itself(site):
    city = make_section()
    make_stories(city, 1)
    make_stories(city, 1, make_photo(), first=2)
    (gone,) = make_stories(city, 1, first=3)
    put_on_front(gone)
    gone.unpublish()
    soup = page("/")
    assert "City 3" not in texts(soup, STORIES)
    assert lead(soup) == "City 2", "an empty slot is filled as if nobody had chosen: by the newest with a picture"


def test_nothing_stands_on_the_front_page_twice(site):
    city, world = make_section("City"), make_section("World")
    make_archive(city, 8)
    make_archive(world, 9)
    (chosen,) = make_stories(city, 1, first=9)
    put_on_front(chosen, StoryPage.objects.get(title="City 1"), chosen)
    shown = texts(page("/"), STORIES)
    assert len(shown) > 12
    assert len(set(shown)) == len(shown)


def test_sections_stand_in_their_order_with_their_newest_first(site):
    city, world = make_section("City"), make_section("World")
    make_section("Culture")  # has nothing yet, so it is not on the page
    make_archive(world, 8)
    make_archive(city, 5, first=20)
    soup = page("/")
    assert texts(soup, ".section > h2") == ["City", "World"]
    assert texts(soup, ".section:nth-of-type(1) h3") == ["City 20", "City 21", "City 22", "City 23"]
    assert texts(soup, ".section:nth-of-type(2) h3") == ["World 8"]
    assert rows(soup) == ["World 2", "World 3", "World 4", "World 5"]
    assert texts(soup, ".lines li") == ["World 6", "World 7"]


def test_a_story_that_changes_does_not_become_new(site):
    stories = make_stories(make_section(), 3)
    publish_again(stories[2], standfirst="Changed a moment ago.")
    assert lead(page("/")) == "City 1"


def test_a_teaser_counts_the_comments_that_can_be_read(site, reader, author):
    stories = make_stories(make_section(), 4)
    for member in (reader, author):
        make_comment(stories[0].thread, member)
    make_comment(stories[1].thread, reader)
    make_comment(stories[2].thread, reader)
    publish_again(stories[2], comments="off")
    soup = page("/")
    assert texts(soup, ".teaser--lead .meta a") == ["2 comments"]
    assert soup.select_one(".teaser--lead .meta a")["href"] == f"{stories[0].url}#discussion"
    assert texts(soup, ".rows .teaser:nth-of-type(1) .meta a") == ["1 comment"]
    assert texts(soup, ".rows .teaser:nth-of-type(2) .meta a") == []
    assert texts(soup, ".rows .teaser:nth-of-type(3) .meta a") == []


def test_a_section_is_read_page_by_page(site):
    make_archive(make_section(), 21)
    first, second = page("/city/"), page("/city/?page=2")
    assert texts(first, ".teaser h2") == [f"City {number}" for number in range(1, 21)]
    assert texts(second, ".teaser h2") == ["City 21"]
    assert words(first.select_one(".pages")) == "Page 1 of 2 Older"
    assert second.select_one(".pages a[rel=prev]")["href"] == "?page=1"


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "1e9", "9" * 400])
def test_a_page_that_is_not_there_is_one_that_is(site, number):
    make_stories(make_section(), 1)
    assert texts(page(f"/city/?page={number}"), ".teaser h2") == ["City 1"]


def test_the_masthead_says_in_which_section_one_is(site):
    (story,) = make_stories(make_section("City"), 1)
    make_section("World")
    marked = ".masthead__sections a[aria-current={}]"
    assert texts(page("/"), ".masthead__sections a") == ["City", "World"]
    assert texts(page("/"), ".masthead__sections a[aria-current]") == []
    assert texts(page(story.url), marked.format("true")) == ["City"]
    assert texts(page("/city/"), marked.format("page")) == ["City"]


def cost(address):
    page(address)  # what is remembered per process is remembered now
    with CaptureQueriesContext(connection) as queries:
        page(address)
    return len(queries)


def test_the_front_page_and_a_section_cost_the_same_with_five_and_with_sixty_stories(site):
    city, photo = make_section(), make_photo()
    put_on_front(*make_stories(city, 5, photo)[:2])
    few = {address: cost(address) for address in ("/", "/city/", "/search/?q=city")}
    make_archive(city, 55, photo, first=6)
    assert {address: cost(address) for address in few} == few


def test_a_section_that_was_long_silent_shows_its_stories_all_the_same(site, monkeypatch):
    monkeypatch.setattr("kawaraban.newsroom.querysets.RECENT", 3)
    city = make_stories(make_section(), 3, first=10)[0]
    make_stories(make_section("World"), 5)
    assert texts(page("/city/"), ".list h2") == ["City 10", "City 11", "City 12"]
    assert texts(page(city.url), ".aside li > a") == ["City 11", "City 12"]
    assert [story.title for story in StoryPage.objects.newest().head(4)] == ["World 1", "World 2", "World 3", "World 4"]


def test_the_first_of_an_archive_are_found_without_sorting_it(site, monkeypatch):
    monkeypatch.setattr("kawaraban.newsroom.querysets.RECENT", 3)
    make_stories(make_section(), 5)
    with CaptureQueriesContext(connection) as queries:
        assert [story.title for story in StoryPage.objects.newest().head(2)] == ["City 1", "City 2"]
    assert len(queries) == 3  # whether pages are kept from anybody, since when, and they
