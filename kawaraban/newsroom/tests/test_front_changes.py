"""Who changed what on the front page and the sections, in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kawaraban.newsroom.front_changes import Arrangement, slot_phrase, told
from kawaraban.newsroom.models import FrontLimit, FrontPage, FrontSlot, SectionSlot
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import MORNING, make_stories, page, texts, words


def changed(before, after):
    return told(Arrangement(before), Arrangement(after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("abc", "abc", []),
        ("abc", "xbc", ["Lead: a → x"]),
        ("abc", "ab", ["Slot 3 taken out: c"]),
        ("abc", "bc", ["Lead taken out: a"]),
        ("bc", "abc", ["Lead put in: a"]),
        ("abc", "cab", ["Lead: c, which was slot 3"]),
        ("abc", "xb", ["Lead: a → x", "Slot 3 taken out: c"]),
        ("", "ab", ["Lead put in: a", "Slot 2 put in: b"]),
        ("ab", "", ["Lead taken out: a", "Slot 2 taken out: b"]),
        ("aab", "ab", ["Lead taken out: a"]),
    ],
)
def test_a_change_of_slots_is_told_as_an_editor_would(before, after, expected):
    assert changed(list(before), list(after)) == expected


def test_a_slot_is_told_by_what_it_holds():
    assert slot_phrase("“The bridge”", "", "", None, "", "") == "“The bridge”"
    assert slot_phrase("", "", "", None, "", "") == "the latest from all sections"
    assert (
        slot_phrase("", "City", "Poll", 24, "1 May 2026, 08:00", "2 May 2026, 08:00")
        == "the latest (Poll) from City, not older than 24 hours, from 1 May 2026, 08:00, until 2 May 2026, 08:00"
    )


def save(page, editor, slots, **changes):
    """A version that an editor has saved, at another minute than the others."""
    page = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    page.slots.set(slots)
    for name, value in changes.items():
        setattr(page, name, value)
    return page.save_revision(user=editor)


def shown(browser, page_id):
    soup = page(f"/desk/front/{page_id}/changes/", browser)
    return [
        (words(box.select_one(".newsdesk__meta")), [words(each) for each in box.select("li")])
        for box in soup.select(".newsdesk__box")
    ]


def test_editors_read_who_changed_what_on_the_front_page(site, editor, signed_in):
    city = make_section()
    stories = make_stories(city, 2)
    with time_machine.travel(MORNING, tick=False) as clock:
        save(site, editor, [FrontSlot(story=stories[0])]).publish()
        clock.shift(60)
        limits = [FrontLimit(section=city, most=1)]
        save(site, editor, [FrontSlot(story=stories[1]), FrontSlot(section=city, begins_at=MORNING)]).publish()
        clock.shift(60)
        front = FrontPage.objects.get()
        front.limits.set(limits)
        front.save_revision(user=editor)
        desk = signed_in(editor)
        soup = page(f"/desk/front/{site.pk}/changes/", desk)
        assert texts(soup, ".newsdesk__box h2")[0] == "12 May 2026, 07:03, Tomoe Sakai"
        found = shown(desk, site.pk)
        header = desk.get(f"/desk/pages/{site.pk}/edit/").content.decode()
    assert found[:3] == [
        ("Draft", ["Limit put in: at most 1 from City"]),
        (
            "Readers see it",
            ["Lead: “City 1” → “City 2”", "Slot 2 put in: the latest from City, from 12 May 2026, 07:01"],
        ),
        ("Earlier", ["Lead put in: “City 1”"]),
    ]
    assert f"/desk/front/{site.pk}/changes/" in header


def test_what_was_deleted_since_is_said_to_be(site, editor, signed_in):
    world = make_section("World")
    story = make_story()
    save(site, editor, [FrontSlot(story=story), FrontSlot(section=world)]).publish()
    story.delete()
    world.delete()
    assert shown(signed_in(editor), site.pk)[0][1] == [
        "Lead put in: a story that was deleted",
        "Slot 2 put in: the latest from a section that was deleted",
    ]


def test_a_section_tells_its_changes_too_and_a_schedule_its_time(site, editor, signed_in):
    city = make_section()
    with time_machine.travel(MORNING, tick=False):
        slots = [SectionSlot(kind="poll")]
        save(city, editor, slots, introduction="By the river.").publish()
        save(city, editor, slots, introduction="By the river.", go_live_at=MORNING + timedelta(hours=1)).publish()
        found = shown(signed_in(editor), city.pk)
    assert found[0] == ("Goes live 12 May 2026, 08:01", [])
    assert found[1][1] == ["Lead put in: the latest (Poll) from this section", "Introduction: empty → By the river."]


def test_who_edits_no_front_page_is_not_told(site, editor, reader, moderator, stranger, signed_in):
    address = f"/desk/front/{site.pk}/changes/"
    for browser in (stranger, signed_in(reader), signed_in(moderator)):
        assert browser.get(address).status_code in (302, 403)
    story = make_story()
    for missing in (story.pk, 999_999):
        assert signed_in(editor).get(f"/desk/front/{missing}/changes/").status_code == 404


def test_two_versions_cost_what_forty_do(site, editor, signed_in):
    stories = make_stories(make_section(), 2)
    save(site, editor, [FrontSlot(story=stories[0])]).publish()
    desk = signed_in(editor)

    def cost():
        desk.get(f"/desk/front/{site.pk}/changes/")
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(f"/desk/front/{site.pk}/changes/").status_code == 200
        return len(queries)

    few = cost()
    for number in range(40):
        save(site, editor, [FrontSlot(story=stories[number % 2])])
    assert cost() == few
    assert len(shown(desk, site.pk)) == 30
