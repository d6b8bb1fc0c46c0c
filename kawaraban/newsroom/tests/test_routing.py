"""From an address to its page, as Wagtail finds it, and in fewer queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from kawaraban.newsroom.models import SectionPage, StoryPage
from kawaraban.newsroom.testing import make_section, make_story


@pytest.fixture
def story(site):
    """A story in a section that has another story."""
    section = make_section("City")
    make_story(section, slug="ferry")
    return make_story(section, slug="bridge")


def route(page, *steps):
    return page.route(RequestFactory().get("/"), list(steps))


def test_each_step_takes_one_query(site, story):
    for steps in (["city"], ["city", "bridge"]):
        with CaptureQueriesContext(connection) as queries:
            found = route(site, *steps).page
        assert len(queries) == len(steps), steps
        assert found == Page.objects.get(slug=steps[-1]).specific
        assert type(found) is type(Page.objects.get(slug=steps[-1]).specific)


def test_a_story_comes_with_its_thread_and_its_section(site, story):
    found = route(site, "city", "bridge").page
    with CaptureQueriesContext(connection) as queries:
        assert found.thread.title == found.title
        section = found.get_parent().specific
        assert (section.title, section.slug, section.live, section.depth) == ("City", "city", True, 3)
    assert len(queries) == 0


def test_a_section_itself_is_whole(site, story):
    found = route(site, "city").page
    assert not found.get_deferred_fields()


@pytest.mark.parametrize("steps", [["nowhere"], ["city", "nowhere"], ["city", "bridge", "nowhere"], ["bridge"]])
def test_what_is_not_there_is_not_found(steps, site, story):
    with pytest.raises(Http404):
        route(site, *steps)


def test_a_story_of_the_same_name_elsewhere_is_another(site, story):
    other = make_story(make_section("World"), slug="bridge")
    assert route(site, "world", "bridge").page == other
    assert route(site, "city", "bridge").page == story


def test_what_is_not_published_is_not_found(site, story):
    StoryPage.objects.filter(pk=story.pk).update(live=False)
    with pytest.raises(Http404):
        route(site, "city", "bridge")


def test_a_page_of_another_kind_is_found_by_wagtails_own(site):
    page = site.add_child(instance=Page(title="Imprint", slug="imprint"))
    assert route(site, "imprint").page == page


def test_who_is_kept_from_a_page_is_kept_from_all_below_it(site, story):
    section = SectionPage.objects.get(slug="city")
    PageViewRestriction.objects.create(page=section, restriction_type=PageViewRestriction.LOGIN)
    assert list(story.get_view_restrictions()) == list(PageViewRestriction.objects.all())
    PageViewRestriction.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        assert not list(story.get_view_restrictions())
    assert len(queries) == 1
