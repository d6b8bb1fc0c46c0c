"""What is not published is nowhere: not on a list, not in the search, not at its address, not in its discussion."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import PageViewRestriction

from kawaraban.newsroom.actions import paragraph
from kawaraban.newsroom.models import RelatedStory, StoryPage
from kawaraban.newsroom.testing import make_section, make_story
from kawaraban.newsroom.tests.pages import publish_again, put_on_front

CANARY = "Cormorant"


def never_published(section):
    section.add_child(
        instance=StoryPage(title=CANARY, slug="hidden", body=[paragraph(CANARY)], live=False)
    ).save_revision()


def taken_back(section):
    hidden = make_story(section, headline=CANARY, slug="hidden", body=[paragraph(CANARY)])
    hidden.unpublish()


def expired(section):
    hidden = make_story(section, headline=CANARY, slug="hidden", body=[paragraph(CANARY)])
    publish_again(hidden, expire_at=timezone.now() + timedelta(minutes=5))
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        call_command("publish_scheduled")


def kept_for_members(section):
    hidden = make_story(section, headline=CANARY, slug="hidden", body=[paragraph(CANARY)])
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)


def a_new_version_in_draft(section):
    shown = StoryPage.objects.get(slug="shown")
    shown.title, shown.body = CANARY, [("paragraph", f"<p>{CANARY}</p>")]
    shown.save_revision()


@pytest.mark.parametrize("hide", [never_published, taken_back, expired, kept_for_members, a_new_version_in_draft])
def test_what_is_not_published_is_nowhere(site, stranger, reader, hide):
    section = make_section()
    shown = make_story(section, headline="Shown", slug="shown")
    hide(section)
    hidden = StoryPage.objects.filter(slug="hidden").first() or shown
    if hidden != shown:
        put_on_front(hidden, shown)
        publish_again(shown, related=[RelatedStory(target=hidden)])
    addresses = ["/", "/city/", "/search/?q=cormorant", shown.url, f"/t/{shown.thread_id}/"]
    for address in addresses:
        response = stranger.get(address)
        assert response.status_code == 200, address
        assert CANARY not in response.content.decode(), address
    answer = stranger.get("/city/hidden/")
    assert answer.status_code in (302, 404)
    assert CANARY not in answer.content.decode()


@pytest.mark.parametrize("hide", [taken_back, expired])
def test_the_discussion_of_what_is_not_published_is_nowhere(site, stranger, reader, signed_in, hide):
    hide(make_section())
    thread = StoryPage.objects.get(slug="hidden").thread
    for address in (f"/t/{thread.pk}/", f"/t/{thread.pk}/mine/"):
        assert stranger.get(address).status_code == 404, address
    answer = signed_in(reader).post(f"/t/{thread.pk}/comments/", {"body": "Hello?", "key": "k"})
    assert answer.status_code == 404
    assert thread.comments.count() == 0
