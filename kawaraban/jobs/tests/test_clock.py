"""Periodic work: once for each moment it is due, made up for once, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.utils import timezone

from kawaraban.jobs import actions, reads, schedule
from kawaraban.jobs.limits import Limits
from kawaraban.jobs.models import Job, Periodic
from kawaraban.jobs.testing import run_jobs
from kawaraban.jobs.tests import sample_tasks

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def only_ours(monkeypatch):
    """The timetables of this test alone."""
    monkeypatch.setattr(schedule, "TIMETABLES", {})
    for module in (actions, reads):
        monkeypatch.setattr(module, "TIMETABLES", schedule.TIMETABLES)


@pytest.fixture
def at(time_machine):
    """A function that sets the clock."""
    return lambda moment: time_machine.move_to(moment, tick=False)


def run_due():
    """What a clock and a worker do at this moment: the number of jobs."""
    actions.enqueue_due()
    return run_jobs()


def test_a_task_runs_once_at_each_interval(at):
    schedule.every(minutes=10)(sample_tasks.note)
    at(NOON)
    assert [run_due(), run_due()] == [1, 0], "a new one at once"
    at(NOON + timedelta(minutes=9, seconds=59))
    assert run_due() == 0
    at(NOON + timedelta(minutes=10))
    assert [run_due(), run_due()] == [1, 0]


def test_it_says_how_long_until_the_next_is_due(at):
    schedule.every(hours=1)(sample_tasks.note)
    schedule.every(minutes=10)(sample_tasks.fail)
    at(NOON + timedelta(minutes=3))
    assert actions.enqueue_due() == 7 * 60


def test_what_was_missed_is_made_up_for_once(at):
    schedule.every(minutes=10)(sample_tasks.note)
    at(NOON)
    run_due()
    at(NOON + timedelta(days=3, minutes=7))
    assert [run_due(), run_due()] == [1, 0]
    at(NOON + timedelta(days=3, minutes=10))
    assert run_due() == 1, "and from there in the old step"


def test_a_clock_without_a_worker_piles_nothing_up(at):
    schedule.every(minutes=10)(sample_tasks.note)
    for step in range(50):
        at(NOON + timedelta(minutes=10 * step))
        actions.enqueue_due()
    assert Job.objects.count() == 1


def test_a_run_that_waits_for_its_next_try_does_not_stop_the_next_run(at):
    schedule.every(minutes=1)(sample_tasks.fail)
    at(NOON)
    actions.enqueue_due()
    run_jobs(forgiving=True, limits=Limits(first_pause=3600))
    at(NOON + timedelta(minutes=1))
    actions.enqueue_due()
    assert Job.objects.count() == 2


def test_a_day_has_24_hours_when_summer_time_begins_and_ends(at):
    """29 March and 25 October 2026 in Europe."""
    table = schedule.Timetable(sample_tasks.note, timedelta(days=1), timedelta(hours=1, minutes=30))
    for day in (datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)):
        due = [table.due(day + timedelta(days=n, hours=23)) for n in range(3)]
        assert [later - sooner for sooner, later in pairwise(due)] == [timedelta(days=1)] * 2
        assert {(moment.hour, moment.minute) for moment in due} == {(1, 30)}


def test_a_clock_that_is_set_back_repeats_nothing(at):
    schedule.every(minutes=10)(sample_tasks.note)
    at(NOON)
    run_due()
    at(NOON - timedelta(minutes=15))
    assert run_due() == 0
    at(NOON + timedelta(minutes=10))
    assert run_due() == 1


def test_a_clock_that_was_years_ahead_for_a_moment_does_not_stop_the_work(at):
    schedule.every(minutes=10)(sample_tasks.note)
    at(datetime(2031, 1, 1, tzinfo=UTC))
    run_due()
    at(NOON)
    assert [run_due(), run_due()] == [1, 0]


def test_an_interval_is_a_second_or_more():
    with pytest.raises(ValueError, match="second"):
        schedule.every(seconds=0.1)
    with pytest.raises(ValueError, match="second"):
        schedule.every()


def test_the_decorator_leaves_the_task_a_task():
    assert schedule.every(days=1)(sample_tasks.note) is sample_tasks.note
    assert list(schedule.TIMETABLES) == [sample_tasks.note.module_path]


def test_a_quiet_moment_costs_one_query(at, django_assert_num_queries):
    schedule.every(minutes=10)(sample_tasks.note)
    at(NOON)
    run_due()
    with django_assert_num_queries(1):
        actions.enqueue_due()


def test_a_late_clock_is_noticed(at):
    schedule.every(minutes=10)(sample_tasks.note)
    assert reads.clock_is_late() is None
    at(NOON)
    actions.enqueue_due()
    at(NOON + timedelta(minutes=11))
    assert reads.clock_is_late() is False
    at(NOON + timedelta(minutes=13))
    assert reads.clock_is_late() is True


def test_a_sweep_takes_the_job_of_a_task_on_the_clock_and_leaves_its_row(at):
    schedule.every(days=30)(sample_tasks.note)
    at(NOON)
    run_due()
    at(NOON + timedelta(days=4))
    assert actions.sweep_finished() == 1
    assert Periodic.objects.get().job is None
    assert timezone.now() == NOON + timedelta(days=4)


def test_sqlite_learns_how_its_tables_have_grown(at):
    schedule.every(days=30)(sample_tasks.note)
    at(NOON)
    run_due()
    actions.learn_tables()  # PostgreSQL does so by itself
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'jobs_job'")
            assert cursor.fetchone() > (0,)
