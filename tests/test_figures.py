"""What stands in the database is told when somebody asks; one that is away is no figure; statements are timed."""

from __future__ import annotations

import socket
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from prometheus_client import REGISTRY

from kawaraban.jobs.models import Job, Periodic
from kawaraban.jobs.schedule import TIMETABLES
from kawaraban.metrics import collecting, database, queue
from kawaraban.metrics.collecting import age
from kawaraban.moderation import metrics as moderation


@pytest.fixture(autouse=True)
def anew(monkeypatch):
    """Nothing is remembered of what was asked before."""
    monkeypatch.setattr(database, "_last", None)
    queue.QUEUE.forget()
    moderation.WAITING.forget()


def told(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


def test_the_queue_is_told_by_where_jobs_stand(db):
    now = timezone.now()
    Job.objects.create(task="a.b", arguments={}, run_after=now - timedelta(minutes=2))
    Job.objects.create(task="a.b", arguments={}, run_after=now + timedelta(hours=1))
    Job.objects.create(task="a.b", arguments={}, state=Job.State.DEAD, finished_at=now)
    states = {state: told("kawaraban_jobs", state=state) for state in ("waiting", "later", "running", "dead")}
    assert states == {"waiting": 1, "later": 1, "running": 0, "dead": 1}
    assert 119 < told("kawaraban_jobs_oldest_seconds") < 180


def test_what_workers_have_done_within_the_hour_is_told_by_task(db):
    now = timezone.now()
    for minutes, state in ((10, Job.State.DONE), (50, Job.State.DONE), (70, Job.State.DONE), (5, Job.State.DEAD)):
        ended = now - timedelta(minutes=minutes)
        began = ended - timedelta(seconds=2)
        Job.objects.create(task="a.b", arguments={}, state=state, started_at=began, finished_at=ended)
    assert told("kawaraban_jobs_ended", task="a.b", state="done") == 2
    assert told("kawaraban_jobs_ended_seconds", task="a.b", state="done") == 4
    assert told("kawaraban_jobs_ended", task="a.b", state="dead") == 1


def test_a_clock_that_stands_still_is_told(db):
    assert told("kawaraban_clock_behind_seconds") == 0
    path, table = max(TIMETABLES.items(), key=lambda item: item[1].interval)
    due = table.due(timezone.now())
    Periodic.objects.create(task=path, last_due=due)
    queue.QUEUE.forget()
    assert told("kawaraban_clock_behind_seconds") == 0
    Periodic.objects.update(last_due=due - table.interval)
    queue.QUEUE.forget()
    assert told("kawaraban_clock_behind_seconds") == pytest.approx((timezone.now() - due).total_seconds(), abs=60)


def test_many_who_ask_cost_no_more_than_one(db, django_assert_num_queries):
    with django_assert_num_queries(10):
        for _ in range(5):
            REGISTRY.get_sample_value("kawaraban_jobs", {"state": "waiting"})


def test_every_queue_of_the_moderation_is_told(db, django_assert_num_queries):
    with django_assert_num_queries(6):
        list(moderation.WAITING.collect())
    assert told("kawaraban_moderation_cases", queue="appeals") == 0
    assert told("kawaraban_moderation_oldest_case_seconds", queue="appeals") == 0


def test_a_clock_that_was_set_back_makes_no_age_negative():
    assert age(timezone.now() + timedelta(hours=1)) == 0


def test_statements_are_timed_on_every_connection(db):
    before = told("kawaraban_database_query_duration_seconds_count")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert told("kawaraban_database_query_duration_seconds_count") == before + 1
    assert connection.execute_wrappers.count(database.timed) == 1


def test_a_statement_that_is_wrong_is_no_fault_of_the_database():
    def execute(*args):
        raise raised

    before = told("kawaraban_database_errors_total")
    for raised, more in ((ValueError(), 0), (OperationalError(), 1)):
        with pytest.raises(type(raised)):
            database.timed(execute, "", None, False, {})
        assert told("kawaraban_database_errors_total") == before + more


def test_the_database_answers(db):
    assert database.answers()
    assert told("kawaraban_database_up") == 1


def test_what_a_database_keeps_is_told(db):
    if connection.vendor == "sqlite":
        assert told("kawaraban_database_size_bytes", file="database") is not None
        assert told("kawaraban_database_size_bytes", file="wal") is not None
    else:
        # This test's own connection, out of a pool as a site has it.
        assert told("kawaraban_database_connections", state="used") >= 1
        assert told("kawaraban_database_connections", state="idle") >= 0
        assert told("kawaraban_database_connections_awaited") == 0


@pytest.fixture
def away(db, monkeypatch):
    """A database that cannot be reached by whoever opens a new connection."""
    name = {"sqlite": "NAME", "postgresql": "PORT"}[connection.vendor]
    monkeypatch.setitem(connection.settings_dict, name, "/nowhere/site.sqlite3" if name == "NAME" else 1)


def test_a_database_that_is_away_answers_nobody_and_is_told(away, django_assert_num_queries):
    assert not database.answers()
    with django_assert_num_queries(0):
        assert told("kawaraban_database_up") == 0
        assert told("kawaraban_jobs", state="dead") is None
        assert told("kawaraban_moderation_cases", queue="appeals") is None


def test_a_database_that_says_nothing_is_waited_for_by_one_thread_and_no_longer_than_told(monkeypatch):
    """Whoever listens and is silent: a database that was stopped, or a network that swallows what is sent."""
    started = []

    class Silent(database._Question):
        def _ask(self) -> None:
            started.append(self)
            with socket.create_connection(silent.getsockname()) as asking:
                asking.recv(1)
            self.is_answered = True
            self.over.set()

    monkeypatch.setattr(database, "_Question", Silent)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        assert [database.answers(0.05) for _ in range(5)] == [False] * 5
        assert time.monotonic() - began >= 0.25
        assert len(started) == 1
        answer, _ = silent.accept()
        answer.close()
    assert started[0].over.wait(10)
    assert database.answers(lately=60)


def test_a_figure_is_read_again_when_its_time_is_over(db, monkeypatch):
    read = []
    figures = collecting.Remembered(lambda: read.append(1) or (), seconds=0)
    list(figures.collect())
    list(figures.collect())
    assert len(read) == 2
