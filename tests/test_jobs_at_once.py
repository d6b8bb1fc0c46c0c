"""Many workers and many clocks at the same moment: each job is begun once, each periodic task enqueued once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from kawaraban.accounts.tests.side_by_side import all_at_once, database_of_its_own
from kawaraban.jobs import actions
from kawaraban.jobs.limits import Limits
from kawaraban.jobs.models import Job, Periodic
from kawaraban.jobs.tests import sample_tasks

LIMITS = Limits()


@pytest.fixture
def db(django_db_setup, django_db_blocker, tmp_path):
    """A database that threads can meet in, instead of one transaction around the test."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        yield


def test_many_workers_at_once_begin_each_job_once(db):
    for number in range(40):
        sample_tasks.note.enqueue(number)

    def take(owner):
        begun = []
        while job := actions.begin_next(owner, LIMITS):
            begun.append(job.pk)
        return begun

    begun = all_at_once([lambda n=n: take(f"worker {n}") for n in range(6)])
    times = Counter(pk for each in begun for pk in each)
    assert (len(times), set(times.values())) == (40, {1})


def test_a_lost_job_is_taken_back_by_one_of_many(db):
    sample_tasks.note.enqueue()
    actions.begin_next("killed", LIMITS)
    Job.objects.update(lease_ends=timezone.now() - timedelta(seconds=1))
    assert sum(all_at_once([lambda: actions.take_back_lost(LIMITS)] * 6)) == 1
    assert Job.objects.get().state == "waiting"


def test_many_clocks_at_once_enqueue_each_periodic_task_once(db):
    all_at_once([actions.enqueue_due] * 6)
    first = Counter(Job.objects.values_list("task", flat=True))
    assert first
    assert set(first.values()) == {1}
    Job.objects.update(state="done", finished_at=timezone.now())
    Periodic.objects.update(last_due=timezone.now() - timedelta(days=40))
    all_at_once([actions.enqueue_due] * 6)
    assert Counter(Job.objects.filter(state="waiting").values_list("task", flat=True)) == first
