"""Slots of the front page and of sections: by hand, by rule, for a time; looked at before, and on schedule."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.test.utils.form_data import inline_formset, nested_form_data, querydict_from_html

from kawaraban.jobs.testing import run_jobs
from kawaraban.newsroom.models import FrontLimit, FrontPage, FrontSlot, SectionPage, SectionSlot
from kawaraban.newsroom.testing import make_section
from kawaraban.newsroom.tests.pages import MORNING, make_archive, make_photo, make_stories, page, publish_again, texts

TOP = ".teaser--lead h2, .rows :is(h2, h3)"
HOUR = timedelta(hours=1)


@pytest.fixture
def clock():
    """07:01 on a May morning; tests move it on."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def set_slots(*slots, limits=(), **changes):
    """Publish the front page with these slots."""
    front = FrontPage.objects.get()
    front.slots.set(slots)
    front.limits.set(limits)
    for name, value in changes.items():
        setattr(front, name, value)
    front.save_revision().publish()


def set_section_slots(section, *slots, **changes):
    section = SectionPage.objects.get(pk=section.pk)
    section.slots.set(slots)
    for name, value in changes.items():
        setattr(section, name, value)
    section.save_revision().publish()


def top(address="/", browser=None):
    return texts(page(address, browser), TOP)


def test_the_lead_by_hand_then_the_latest_from_a_section_and_at_most_one_from_another(site, clock):
    sport, national, city = make_section("Sport"), make_section("National"), make_section("City")
    make_stories(sport, 4)
    make_stories(national, 2, first=5)
    stories = make_stories(city, 3, first=7)
    set_slots(FrontSlot(story=stories[2]), FrontSlot(section=national), limits=[FrontLimit(section=sport, most=1)])
    assert top() == ["City 9", "National 5", "Sport 1", "National 6", "City 7"]


def test_a_rule_asks_for_a_kind_and_an_age(site, clock):
    city = make_section()
    make_stories(city, 4)
    asked = [publish_again(story, kind="question", question="And you?") for story in make_stories(city, 2, first=20)]
    set_slots(FrontSlot(kind="question", newer_than_hours=20), FrontSlot(kind="question", newer_than_hours=20))
    assert top()[:2] == ["City 20", "City 1"]
    clock.shift(HOUR)
    assert top()[0] == "City 1", "it has become too old"
    set_slots(FrontSlot(kind="question"), FrontSlot(kind="question"))
    assert top()[:2] == [story.title for story in asked]


def test_a_kind_is_found_however_much_else_was_published_since(site, clock):
    city = make_section()
    (asked,) = make_stories(city, 1, first=90)
    publish_again(asked, kind="question", question="And you?")
    make_archive(city, 40)
    set_slots(FrontSlot(kind="question"))
    assert top()[0] == "City 90"


def test_a_slot_holds_from_its_beginning_until_its_end(site, clock):
    stories = make_stories(make_section(), 3)
    set_slots(FrontSlot(story=stories[2], begins_at=MORNING + HOUR, ends_at=MORNING + 2 * HOUR))
    assert top()[0] == "City 1"
    clock.shift(HOUR - timedelta(seconds=1))
    assert top()[0] == "City 1"
    clock.shift(timedelta(seconds=1))
    assert top()[0] == "City 3"
    clock.shift(HOUR)
    assert top()[0] == "City 1"


@pytest.mark.parametrize("fate", ["unpublish", "delete"])
def test_what_is_taken_back_leaves_its_slot_to_the_next(site, clock, fate):
    city = make_section()
    stories = make_stories(city, 8)
    slots = [FrontSlot(story=stories[5]), FrontSlot(story=stories[6]), FrontSlot(story=stories[7])]
    set_slots(*slots)
    getattr(stories[5], fate)()
    assert top() == ["City 7", "City 8", "City 1", "City 2", "City 3"]


def test_a_section_shows_its_slots_first_and_every_story_once(site, clock):
    city, world = make_section("City"), make_section("World")
    make_archive(city, 24)
    stories = make_stories(city, 2, make_photo(), first=25)
    foreign = make_stories(world, 1)[0]
    set_section_slots(city, SectionSlot(story=stories[1]), SectionSlot(), SectionSlot(story=foreign))
    first, second = page("/city/"), page("/city/?page=2")
    assert texts(first, TOP) == ["City 26", "City 1"], "what stands in another section is not shown in this one"
    assert texts(first, ".list h2") == [f"City {number}" for number in range(2, 22)]
    assert texts(second, TOP) == []
    assert texts(second, ".list h2") == [f"City {number}" for number in range(22, 26)]


def test_a_section_without_slots_is_its_newest_stories(site, clock):
    make_stories(make_section(), 3)
    assert top("/city/") == []
    assert texts(page("/city/"), ".list h2") == ["City 1", "City 2", "City 3"]


def test_the_arrangement_is_previewed_before_it_is_published_and_as_it_will_be_later(site, clock, editor, signed_in):
    stories = make_stories(make_section(), 6)
    desk, address = signed_in(editor), f"/desk/pages/{site.pk}/edit/"
    form = querydict_from_html(desk.get(address).content.decode(), form_id="page-edit-form").dict()
    later = {"begins_at": "2026-05-12 08:00", "ends_at": ""}
    slots = [{"story": stories[4].pk, "ORDER": 2}, {"story": stories[5].pk, "ORDER": 1, **later}]
    slots = [{"section": "", "kind": "", "newer_than_hours": "", "begins_at": "", "ends_at": "", **s} for s in slots]
    sent = {**form, **nested_form_data({"slots": inline_formset(slots)})}
    assert desk.post(f"{address}preview/", sent).json() == {"is_valid": True, "is_available": True}
    assert top(f"{address}preview/", desk)[0] == "City 5"
    at = (MORNING + timedelta(minutes=59)).isoformat().replace("+", "%2B")
    set_slots(FrontSlot(story=stories[5], begins_at=MORNING + timedelta(minutes=59)))
    assert top(f"{address}preview/?mode={at}", desk)[:2] == ["City 6", "City 5"]
    assert top() == ["City 1", "City 2", "City 3", "City 4", "City 5"]


def test_the_front_page_and_a_section_change_at_their_second(site, clock):
    city = make_section()
    stories = make_stories(city, 3)
    set_slots(FrontSlot(story=stories[2]), go_live_at=MORNING + HOUR)
    set_section_slots(city, SectionSlot(story=stories[2]), go_live_at=MORNING + HOUR)
    clock.shift(HOUR - timedelta(seconds=1))
    run_jobs()
    assert (top()[0], top("/city/")) == ("City 1", [])
    clock.shift(timedelta(seconds=1))
    run_jobs()
    assert (top()[0], top("/city/")) == ("City 3", ["City 3"])


def test_a_slot_is_filled_in_one_way_and_ends_after_it_has_begun(site, clock):
    city = make_section()
    (story,) = make_stories(city, 1)
    for slot in (FrontSlot(story=story, section=city), SectionSlot(story=story, kind="poll")):
        with pytest.raises(ValidationError, match="Either choose a story"):
            slot.clean()
    with pytest.raises(ValidationError, match="before the beginning"):
        FrontSlot(begins_at=MORNING, ends_at=MORNING).clean()
    FrontSlot(story=story, begins_at=MORNING, ends_at=MORNING + HOUR).clean()


def cost(address):
    page(address)  # what is remembered per process is remembered now
    with CaptureQueriesContext(connection) as queries:
        page(address)
    return len(queries)


def test_slots_and_rules_cost_the_same_at_any_number_of_stories_and_slots(site, clock):
    city, photo = make_section(), make_photo()
    stories = make_stories(city, 6, photo)
    publish_again(stories[5], kind="question", question="And you?")
    set_slots(FrontSlot(story=stories[3]), FrontSlot(kind="question"), limits=[FrontLimit(section=city, most=4)])
    set_section_slots(city, SectionSlot(story=stories[3]))
    few = {address: cost(address) for address in ("/", "/city/")}
    make_archive(city, 60, photo, first=7)
    set_slots(*(FrontSlot(story=story) for story in stories), FrontSlot(kind="question"), FrontSlot(section=city))
    set_section_slots(city, *(SectionSlot(story=story) for story in stories[:4]), SectionSlot(kind="question"))
    assert {address: cost(address) for address in few} == few
