"""What has a time of its own is public from its second on, and nowhere a second before."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import URLPattern, get_resolver
from wagtail.models import Revision

from kawaraban.jobs.models import Job
from kawaraban.jobs.schedule import TIMETABLES
from kawaraban.jobs.testing import run_jobs
from kawaraban.newsroom import tasks
from kawaraban.newsroom.actions import paragraph
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import MORNING, page, publish_again, words
from kawaraban.newsroom.tests.test_desk import edit, sent

CANARY = "Cormorant"
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock():
    """07:01 on a May morning; tests move it on."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def embargoed(site, clock):
    """A story with a poll that an editor has published for an hour from now, beside one that is public."""
    section = make_section()
    make_story(section, headline="Shown", slug="shown")
    written = section.add_child(
        instance=StoryPage(
            title=CANARY,
            slug="at-eight",
            body=[paragraph(f"A {CANARY} at eight.")],
            kind="poll",
            question=f"Have you seen the {CANARY}?",
            poll_options="Yes\nNo",
            update_note=f"{CANARY} added",
            live=False,
        )
    )
    return publish_again(written, go_live_at=MORNING + HOUR)


def every_public_address(story):
    """All addresses of the site but those of the desk, with what could name this story wherever they ask for it."""
    guesses = {
        "id": [str(story.pk), "1", "2"],
        "int": ["1"],
        "slug": ["at-eight", "city"],
        "str": ["at-eight", "city"],
        "name": ["Kaoru Minami"],
        "feed_format": ["atom", "rss", "json"],
    }

    def patterns(resolver, path=""):
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                yield path + str(entry.pattern)
            else:
                yield from patterns(entry, path + str(entry.pattern))

    asked = {"/", "/city/", "/city/at-eight/", "/city/at-eight/?preview=1", f"/search/?q={CANARY.lower()}"}
    for pattern in patterns(get_resolver()):
        if pattern.startswith(("desk/", "^", "account/")) or re.search(r"[(\\]", pattern):
            continue
        kinds = re.findall(r"<(\w+):", pattern)
        for guess in range(3):
            filled = pattern
            for kind in kinds:
                filled = re.sub(r"<\w+:\w+>", guesses[kind][guess % len(guesses[kind])], filled, count=1)
            asked.add(f"/{filled}")
    return sorted(asked)


def test_a_second_before_its_time_a_story_is_nowhere_and_a_second_after_it_is_there(embargoed, stranger, clock):
    addresses = every_public_address(embargoed)
    assert len(addresses) > 60
    clock.shift(HOUR - SECOND)
    run_jobs()
    shown = [address for address in addresses if CANARY in stranger.get(address).content.decode(errors="replace")]
    assert [address for address in shown if not address.startswith("/search/")] == []
    assert CANARY not in words(page(f"/search/?q={CANARY.lower()}").select_one("main")).replace(f"“{CANARY}”", "")
    assert stranger.get("/city/at-eight/").status_code == 404
    clock.shift(2 * SECOND)
    run_jobs()
    for address in (
        "/",
        "/city/",
        "/city/at-eight/",
        f"/search/?q={CANARY.lower()}",
        f"/story/{embargoed.pk}/versions/",
    ):
        assert CANARY in stranger.get(address).content.decode(), address


def test_what_is_scheduled_goes_live_at_its_second_without_the_minute_of_the_clock(embargoed, stranger, clock):
    """No clock is asked here: the job that was written with the schedule is due at that second."""
    run_jobs()
    waiting = Job.objects.get(task="kawaraban.newsroom.tasks.publish_what_is_due")
    assert waiting.run_after == MORNING + HOUR
    clock.shift(HOUR)
    run_jobs()
    assert stranger.get("/city/at-eight/").status_code == 200
    assert StoryPage.objects.get(pk=embargoed.pk).published_at == MORNING + HOUR


def test_a_new_version_of_a_public_story_waits_for_its_second(site, stranger, clock):
    story = make_story(headline="Shown", slug="shown")
    publish_again(story, title=CANARY, go_live_at=MORNING + HOUR)
    clock.shift(HOUR - SECOND)
    run_jobs()
    assert words(page(story.url).h1) == "Shown"
    clock.shift(SECOND)
    run_jobs()
    assert words(page(story.url).h1) == CANARY


def test_a_story_comes_down_at_its_second(site, stranger, clock):
    story = publish_again(make_story(headline=CANARY), expire_at=MORNING + HOUR)
    clock.shift(HOUR - SECOND)
    run_jobs()
    assert stranger.get(story.url).status_code == 200
    clock.shift(SECOND)
    run_jobs()
    assert stranger.get(story.url).status_code == 404
    assert CANARY not in words(page("/"))
    assert stranger.get(f"/story/{story.pk}/versions/").status_code == 404


def test_the_clock_finds_each_minute_what_has_no_job_of_its_own(embargoed, stranger, clock):
    Job.objects.all().delete()
    assert TIMETABLES[tasks.publish_what_is_due.module_path].interval == timedelta(minutes=1)
    clock.shift(HOUR + SECOND)
    assert tasks.publish_what_is_due.func() == 1
    assert tasks.publish_what_is_due.func() == 0
    assert stranger.get("/city/at-eight/").status_code == 200


def test_a_schedule_that_was_taken_back_publishes_nothing(embargoed, stranger, clock):
    Revision.objects.filter(object_id=str(embargoed.pk)).update(approved_go_live_at=None)
    clock.shift(HOUR + SECOND)
    run_jobs()
    assert stranger.get("/city/at-eight/").status_code == 404


def test_one_story_that_cannot_be_published_holds_up_no_other(embargoed, stranger, clock, caplog):
    other = make_section().add_child(instance=StoryPage(title="Second", slug="second", live=False))
    publish_again(other, go_live_at=MORNING + HOUR + SECOND)
    first = Revision.objects.get(approved_go_live_at=MORNING + HOUR)
    first.content = {**first.content, "pk": None, "body": 7, "latest_revision": "none"}
    first.save()
    clock.shift(2 * HOUR)
    run_jobs()
    assert stranger.get("/city/second/").status_code == 200
    assert "could not be done on time" in caplog.text


@pytest.mark.parametrize("where", ["preview", "draft", "edit", "revision"])
def test_what_is_not_published_is_previewed_by_the_desk_alone(
    embargoed, editor, reader, stranger, signed_in, clock, where
):
    address = {
        "preview": f"/desk/pages/{embargoed.pk}/edit/preview/",
        "draft": f"/desk/pages/{embargoed.pk}/view_draft/",
        "edit": edit(embargoed),
        "revision": f"/desk/pages/{embargoed.pk}/revisions/{embargoed.latest_revision_id}/view/",
    }[where]
    desk = signed_in(editor)
    if where == "preview":
        desk.post(address, sent(desk, embargoed, title=CANARY))
    assert CANARY in desk.get(address).content.decode()
    for browser in (stranger, signed_in(reader)):
        answer = browser.get(address, follow=True)
        assert CANARY not in answer.content.decode()
        assert answer.redirect_chain
