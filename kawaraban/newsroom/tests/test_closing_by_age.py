"""Discussions of old stories are closed by the clock, as the publication or the section has set it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Site

from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Closing, Thread
from kawaraban.discussion.testing import make_comment
from kawaraban.jobs.schedule import TIMETABLES
from kawaraban.jobs.testing import run_jobs
from kawaraban.newsroom import actions, tasks
from kawaraban.newsroom.models import Publication
from kawaraban.newsroom.testing import make_section, make_story


@pytest.fixture
def fortnight(site):
    """The publication closes discussions after 14 days."""
    publication = Publication.for_site(Site.objects.get(is_default_site=True))
    publication.close_after_days = 14
    publication.save()
    return publication


def story_of(days, section=None, **fields):
    """A story published so many days ago, less or more a minute."""
    return make_story(section, published_at=timezone.now() - timedelta(days=days, minutes=1), **fields)


def state(story):
    return Thread.objects.get(pk=story.thread_id).state


def test_what_is_older_than_the_limit_is_closed_by_nobody_with_the_reason(fortnight, stranger):
    old = story_of(14)
    young = make_story(published_at=timezone.now() - timedelta(days=14) + timedelta(minutes=1))
    assert actions.close_what_is_old() == 1
    assert (state(old), state(young)) == ("closed", "open")
    closing = Closing.objects.get()
    assert (closing.reason, closing.closed_by, closing.role, closing.until) == ("age", None, "", None)
    page = " ".join(stranger.get(old.url).content.decode().split())
    assert "Discussions close after a while, so that they can be looked after." in page
    assert "Decided by" not in page
    assert actions.close_what_is_old() == 0


def test_without_a_limit_nothing_is_closed(site):
    story = story_of(4000)
    assert actions.close_what_is_old() == 0
    assert state(story) == "open"


@pytest.mark.parametrize(("own", "closed"), [(None, ["B", "C"]), (0, []), (3, ["A", "B", "C"]), (30, ["C"])])
def test_a_sections_own_figure_goes_before_that_of_the_publication(fortnight, own, closed):
    section, other = make_section("City"), make_section("World")
    section.close_after_days = own
    section.save()
    stories = {name: story_of(days, section, headline=name) for name, days in (("A", 5), ("B", 20), ("C", 40))}
    elsewhere = story_of(20, other, headline="D")
    actions.close_what_is_old()
    assert [name for name, story in stories.items() if state(story) == "closed"] == closed
    assert state(elsewhere) == "closed"


def test_what_the_newsroom_opens_again_stays_open(fortnight, editor):
    story = story_of(20)
    actions.close_what_is_old()
    discussion.reopen_thread(editor, story.thread_id)
    assert actions.close_what_is_old() == 0
    assert state(story) == "open"


def test_a_closing_of_the_newsroom_is_left_as_it_is(fortnight, editor):
    story = story_of(20)
    discussion.close_thread(editor, story.thread_id, reason="heat", words="Cool down.")
    assert actions.close_what_is_old() == 0
    # Between the clock's look and its deed somebody may have decided.
    assert discussion.close_thread(None, story.thread_id, reason="age").reason == "heat"
    assert Closing.objects.get(lifted_at=None).words == "Cool down."


def test_a_discussion_that_is_off_or_was_imported_closed_is_not_closed_again(fortnight):
    story_of(20, comments="off", headline="Off")
    story_of(20, comments="closed", headline="Closed", origin="page:1")
    before = list(Thread.objects.order_by("pk").values_list("state", flat=True))
    assert actions.close_what_is_old() == 0
    assert list(Thread.objects.order_by("pk").values_list("state", flat=True)) == before


def test_so_many_at_once_the_oldest_first(fortnight, monkeypatch):
    monkeypatch.setattr("kawaraban.newsroom.actions.stories.CLOSED_AT_ONCE", 2)
    section = make_section()
    stories = [story_of(days, section, headline=f"Of {days} days") for days in (20, 40, 30)]
    assert actions.close_what_is_old() == 2
    assert [state(story) for story in stories] == ["open", "closed", "closed"]
    assert actions.close_what_is_old() == 1


def test_the_clock_closes_every_hour(fortnight, reader):
    story = story_of(14)
    make_comment(Thread.objects.get(pk=story.thread_id), reader)
    assert TIMETABLES[tasks.close_what_is_old.module_path].interval == timedelta(hours=1)
    tasks.close_what_is_old.enqueue()
    assert run_jobs() >= 1
    assert state(story) == "closed"


def test_a_scheduled_story_counts_from_its_publication(fortnight):
    moment = datetime(2026, 11, 1, 9, tzinfo=timezone.get_default_timezone())
    with time_machine.travel(moment, tick=False):
        story = make_story()
    with time_machine.travel(moment + timedelta(days=13, hours=23), tick=False):
        assert actions.close_what_is_old() == 0
    with time_machine.travel(moment + timedelta(days=14), tick=False):
        assert actions.close_what_is_old() == 1
    assert state(story) == "closed"


def test_the_cost_is_that_of_the_sections(fortnight, django_assert_max_num_queries):
    section = make_section()
    for number in range(6):
        story_of(1, section, headline=f"Story {number}")
    with django_assert_max_num_queries(8):
        assert actions.close_what_is_old() == 0


@pytest.mark.parametrize("days", [-1, 3651, 10**9])
def test_a_figure_that_is_no_such_span_is_not_kept(fortnight, days):
    fortnight.close_after_days = days
    with pytest.raises(ValidationError) as error:
        fortnight.full_clean()
    assert list(error.value.message_dict) == ["close_after_days"]


def test_an_editor_sets_it_for_a_section(fortnight, editor, signed_in):
    section = make_section()
    form = signed_in(editor).get(f"/desk/pages/{section.pk}/edit/").content.decode()
    assert 'name="close_after_days"' in form
    settings = signed_in(editor).get(f"/desk/settings/newsroom/publication/{fortnight.site_id}/").content.decode()
    assert 'name="close_after_days" value="14"' in settings
