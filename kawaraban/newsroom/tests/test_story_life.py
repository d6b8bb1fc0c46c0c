"""What happens to a story's discussion on a timetable, and when the story is copied, moved or deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from wagtail.models import Page

from kawaraban.discussion.models import Thread
from kawaraban.discussion.testing import make_comment
from kawaraban.newsroom.actions import paragraph
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import MORNING, publish_again


@pytest.fixture
def clock():
    """07:01 on a May morning; tests move it on."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def story(site, reader):
    """A published story with one comment under it."""
    made = make_story()
    make_comment(made.thread, reader, "Said under it.")
    return made


@pytest.fixture
def embargoed(site, clock):
    """A story that an editor has published for an hour from now."""
    written = make_section().add_child(
        instance=StoryPage(title="At eight", slug="at-eight", body=[paragraph("It is eight.")], live=False)
    )
    return publish_again(written, go_live_at=MORNING + timedelta(hours=1))


def test_nothing_of_a_story_can_be_read_before_its_time(embargoed, stranger, clock):
    clock.shift(timedelta(minutes=59))
    call_command("publish_scheduled")
    threads = [thread.get_absolute_url() for thread in Thread.objects.all()]
    for address in ("/city/at-eight/", *threads):
        assert stranger.get(address).status_code == 404, address


def test_a_story_published_on_the_clock_opens_its_discussion(embargoed, stranger, clock):
    clock.shift(timedelta(hours=1, seconds=1))
    call_command("publish_scheduled")
    assert stranger.get("/city/at-eight/").status_code == 200
    published = StoryPage.objects.get(pk=embargoed.pk)
    assert (published.thread.title, published.thread.is_open) == ("At eight", True)
    assert published.thread.passages.count() == 2


def test_the_time_of_a_story_published_on_the_clock_is_when_it_could_be_read(embargoed, clock):
    clock.shift(timedelta(hours=1, seconds=1))
    call_command("publish_scheduled")
    published = StoryPage.objects.get(pk=embargoed.pk)
    assert (published.published_at, published.updated_at) == (MORNING + timedelta(hours=1, seconds=1), None)


def test_a_story_that_expires_takes_its_discussion_with_it(story, stranger, clock):
    publish_again(story, expire_at=MORNING + timedelta(hours=1))
    clock.shift(timedelta(hours=2))
    call_command("publish_scheduled")
    assert stranger.get(story.url).status_code == 404
    assert stranger.get(f"/t/{story.thread_id}/1/").status_code == 404


def test_a_copy_starts_without_the_discussion(story):
    copied = story.copy(update_attrs={"slug": "again", "title": "The bridge, again"})
    assert copied.thread_id != story.thread_id
    story.refresh_from_db()
    assert story.thread.comment_count == 1


def test_a_copy_made_at_the_desk_starts_without_the_discussion(story, editor, signed_in):
    """The desk copies with Wagtail's action, and not by the page's own method."""
    published = publish_again(story, standfirst="Changed, so that it has a time of change.")
    response = signed_in(editor).post(
        f"/desk/pages/{story.pk}/copy/",
        {"new_title": "Again", "new_slug": "again", "new_parent_page": story.get_parent().pk, "publish_copies": "on"},
    )
    assert response.status_code == 302
    copied = StoryPage.objects.get(slug="again")
    assert copied.thread_id not in (None, story.thread_id)
    assert copied.thread.comment_count == 0
    assert (copied.updated_at, copied.published_at != published.published_at) == (None, True)


def test_an_unpublished_copy_from_the_desk_has_no_discussion(story, editor, signed_in):
    response = signed_in(editor).post(
        f"/desk/pages/{story.pk}/copy/",
        {"new_title": "Again", "new_slug": "again", "new_parent_page": story.get_parent().pk},
    )
    assert response.status_code == 302
    copied = StoryPage.objects.get(slug="again")
    assert (copied.live, copied.thread, copied.published_at) == (False, None, None)


def test_a_comment_is_found_after_its_story_has_moved(story, stranger):
    story.move(make_section("World"), pos="last-child")
    response = stranger.get(f"/t/{story.thread_id}/1/", follow=True)
    assert response.status_code == 200
    assert response.wsgi_request.path == "/world/the-bridge-is-promised-again/"


def test_a_comment_is_found_after_its_section_got_another_address(story, stranger, django_capture_on_commit_callbacks):
    section = story.get_parent().specific
    section.slug = "town"
    with django_capture_on_commit_callbacks(execute=True):
        section.save_revision().publish()
    response = stranger.get(f"/t/{story.thread_id}/1/", follow=True)
    assert response.status_code == 200
    assert response.wsgi_request.path == "/town/the-bridge-is-promised-again/"


@pytest.mark.parametrize("renamed", ["story", "section"])
def test_an_old_address_leads_to_the_new_one(story, stranger, django_capture_on_commit_callbacks, renamed):
    old = story.url
    page = story if renamed == "story" else story.get_parent().specific
    page.slug = "renamed"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    new = StoryPage.objects.get(pk=story.pk).url
    assert "renamed" in new
    assert stranger.get(old, follow=True).redirect_chain == [(new, 301)]


@pytest.mark.parametrize("delete", ["story", "story as a plain page", "section"])
def test_the_discussion_of_a_deleted_story_cannot_be_read(story, stranger, reader, delete):
    thread = story.thread_id
    doomed = {
        "story": story,
        "story as a plain page": Page.objects.get(pk=story.pk),
        "section": story.get_parent(),
    }[delete]
    doomed.delete()
    assert not StoryPage.objects.exists()
    for address in (f"/t/{thread}/", f"/t/{thread}/1/", f"/t/{thread}/mine/"):
        assert stranger.get(address).status_code == 404, address
    assert "Said under it." not in stranger.get(reader.get_absolute_url()).content.decode()


def test_the_discussion_of_an_unpublished_story_stays_closed_when_it_is_deleted(story, stranger):
    story.unpublish()
    thread = story.thread_id
    StoryPage.objects.get(pk=story.pk).delete()
    assert stranger.get(f"/t/{thread}/").status_code == 404
