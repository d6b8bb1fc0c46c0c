"""A job is there when its transaction is; it is begun in order, tried again with patience, and ends done or dead."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist

from kawaraban.jobs import actions
from kawaraban.jobs.limits import DEAD_KEPT, DONE_KEPT, Limits
from kawaraban.jobs.models import Job
from kawaraban.jobs.runner import Outcome
from kawaraban.jobs.testing import run_jobs
from kawaraban.jobs.tests import sample_tasks

pytestmark = pytest.mark.django_db

LIMITS = Limits()
AT_ONCE = Limits(first_pause=0)


def begin(owner="worker", limits=LIMITS):
    return actions.begin_next(owner, limits)


def end(job, outcome=None, owner="worker", limits=LIMITS):
    return actions.finish(owner, job.pk, job.attempts, outcome or Outcome("well"), limits)


def the_job():
    return Job.objects.get()


def test_a_call_is_run_later_with_its_arguments_and_its_result_is_kept(done):
    result = sample_tasks.note.enqueue("a", 2, third=[3, None])
    assert (done, result.status) == ([], TaskResultStatus.READY)
    assert run_jobs() == 1
    assert done == [["a", 2, ("third", [3, None])]]
    result.refresh()
    assert (result.status, result.return_value, result.attempts) == (TaskResultStatus.SUCCESSFUL, ["a", 2], 1)
    assert run_jobs() == 0


def test_a_job_goes_with_the_transaction_that_made_it(done):
    with transaction.atomic():
        sample_tasks.note.enqueue()
        transaction.set_rollback(True)
    assert (run_jobs(), done) == (0, [])


def test_jobs_begin_by_priority_then_by_age():
    for word, priority in (("first", 0), ("second", 0), ("last", -5), ("urgent", 100)):
        sample_tasks.note.using(priority=priority).enqueue(word)
    begun = [begin().arguments["args"][0] for _ in range(4)]
    assert begun == ["urgent", "first", "second", "last"]
    assert begin() is None


def test_a_job_for_later_waits_for_its_time(time_machine):
    now = timezone.now()
    time_machine.move_to(now)
    sample_tasks.note.using(run_after=now + timedelta(hours=1)).enqueue()
    assert begin() is None
    time_machine.move_to(now + timedelta(hours=1, seconds=1))
    assert begin() is not None


def test_what_json_cannot_hold_is_refused_when_it_is_enqueued():
    with pytest.raises(TypeError):
        sample_tasks.note.enqueue(object())
    assert not Job.objects.exists()


def test_a_time_limit_is_a_number_of_seconds():
    assert task(time_limit=5)(sample_tasks.no_task).time_limit == 5
    with pytest.raises(InvalidTaskError):
        task(time_limit=0)(sample_tasks.no_task)


def test_a_task_that_fails_is_tried_five_times_with_growing_pauses_and_then_is_dead(time_machine, caplog):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    result = sample_tasks.fail.enqueue("not today")
    pauses = []
    for attempt in range(1, 6):
        assert run_jobs(forgiving=True) == 1
        job = the_job()
        assert job.attempts == attempt
        if attempt < 5:
            pauses.append((job.run_after - timezone.now()).total_seconds())
            assert run_jobs() == 0, "it pauses"
            time_machine.move_to(job.run_after, tick=False)
    expected = [10, 60, 360, 2160]
    assert all(0.8 * wanted <= pause <= 1.2 * wanted for pause, wanted in zip(pauses, expected, strict=True)), pauses
    assert (job.state, job.finished_at, run_jobs()) == ("dead", timezone.now(), 0)
    told = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(told) == 1, "the death is an error in the log, the failures before are not"
    assert "dead after 5 tries: ValueError" in told[0].getMessage()
    result.refresh()
    assert result.status == TaskResultStatus.FAILED


def test_pauses_differ_so_that_what_failed_together_does_not_come_back_together():
    assert len({LIMITS.pause_after(1) for _ in range(20)}) > 10


def test_an_error_is_kept_in_a_line_without_the_arguments(caplog):
    sample_tasks.fail.enqueue("no mailbox for setsuko@readers.example\nDETAIL: hers")
    run_jobs(forgiving=True)
    error = the_job().last_error
    assert error.startswith("ValueError: ")
    assert "(tests/sample_tasks.py:" in error
    assert "setsuko" not in error + caplog.text
    assert "hers" not in error + caplog.text


def test_a_long_error_is_cut_and_still_says_where():
    sample_tasks.fail.enqueue("x" * 2)
    run_jobs(forgiving=True)
    job = the_job()
    actions.begin_next("worker", AT_ONCE)
    assert job.last_error.endswith(")")
    Job.objects.update(
        task="kawaraban.jobs.tests.sample_tasks." + "n" * 150,
        run_after=timezone.now(),
        state="waiting",
        lease_ends=None,
    )
    run_jobs(forgiving=True)
    assert len(the_job().last_error) <= 300


def test_what_leaves_the_interpreter_has_failed_like_any_other():
    sample_tasks.leave.enqueue()
    run_jobs(forgiving=True)
    assert (the_job().state, the_job().attempts) == ("waiting", 1)


def test_a_result_that_json_cannot_hold_is_a_failure():
    sample_tasks.hand_back.enqueue("x")
    run_jobs(forgiving=True)
    assert the_job().last_error.startswith("TypeError")


@pytest.mark.parametrize(
    "path", ["kawaraban.jobs.tests.sample_tasks.no_task", "kawaraban.gone.task", "os.abort", "nonsense"]
)
def test_only_a_task_is_run_whatever_a_row_names(path, done):
    actions.record_job(path, {"args": [], "kwargs": {}})
    run_jobs(forgiving=True)
    assert done == []
    assert the_job().last_error.startswith("LookupError")


def test_a_task_learns_its_job_and_its_try(done):
    result = sample_tasks.note_context.enqueue()
    for _ in range(3):
        run_jobs(forgiving=True, limits=AT_ONCE)
    assert done == [(result.id, 1), (result.id, 2), (result.id, 3)]
    assert the_job().state == "done"


def test_a_coroutine_is_a_task_as_well(done):
    sample_tasks.note_later.enqueue("later")
    assert run_jobs() == 1
    assert done == ["later"]


def test_run_jobs_goes_on_to_what_the_tasks_enqueue_and_tells_a_test_what_they_raise(done):
    sample_tasks.pass_on.enqueue(2)
    assert run_jobs() == 6
    assert sorted(done) == [[0], [1], [2]]
    sample_tasks.fail.enqueue("told")
    with pytest.raises(ValueError, match="told"):
        run_jobs()


def test_a_lease_that_ended_is_taken_back_once_and_counts_as_a_try(time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    sample_tasks.note.enqueue()
    lost = begin("killed")
    assert actions.take_back_lost(LIMITS) == 0, "its worker may still be at it"
    time_machine.move_to(now + timedelta(seconds=LIMITS.lease + 1), tick=False)
    assert actions.take_back_lost(LIMITS, besides=[lost.pk]) == 0, "the caller has it in hand"
    assert actions.take_back_lost(LIMITS) == 1
    assert actions.take_back_lost(LIMITS) == 0
    again = begin("other")
    assert (again.pk, again.attempts) == (lost.pk, 2)
    assert end(lost, owner="killed") is False, "who comes back from the dead changes nothing"
    assert the_job().state == "running"
    assert end(again, owner="other") is True


def test_a_job_that_kills_its_worker_every_time_is_dead_after_five(time_machine):
    now = timezone.now()
    sample_tasks.note.enqueue()
    for number in range(1, 6):
        time_machine.move_to(now + timedelta(minutes=number), tick=False)
        actions.take_back_lost(LIMITS)
        assert begin() is not None
    time_machine.move_to(now + timedelta(minutes=6), tick=False)
    actions.take_back_lost(LIMITS)
    assert (the_job().state, begin()) == ("dead", None)
    assert the_job().last_error == actions.LOST


def test_a_lease_is_at_most_a_minute_and_survives_a_beat_that_is_late():
    assert LIMITS.lease + LIMITS.heartbeat <= 60
    assert LIMITS.heartbeat * 3 <= LIMITS.lease


def test_a_heartbeat_keeps_the_leases_of_its_own_worker_alone(time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    for _ in range(2):
        sample_tasks.note.enqueue()
    mine, other = begin("mine"), begin("other")
    time_machine.move_to(now + timedelta(seconds=30), tick=False)
    assert actions.keep_leases("mine", {mine.pk, other.pk}, LIMITS) == {mine.pk}
    time_machine.move_to(now + timedelta(seconds=50), tick=False)
    assert actions.take_back_lost(LIMITS) == 1
    assert Job.objects.get(state="running").pk == mine.pk


def test_a_job_given_back_begins_at_once_and_the_try_is_not_counted():
    sample_tasks.note.enqueue()
    job = begin()
    actions.release("worker", job.pk, job.attempts)
    again = begin("other")
    assert (again.pk, again.attempts) == (job.pk, 1)
    actions.release("worker", job.pk, 1)
    assert the_job().lease_owner == "other"


def test_finished_jobs_are_kept_for_a_while_and_then_swept(time_machine):
    now = timezone.now()
    time_machine.move_to(now, tick=False)
    sample_tasks.note.enqueue("done")
    sample_tasks.fail.enqueue()
    sample_tasks.note.using(run_after=now + timedelta(days=365)).enqueue("waits")
    for _ in range(5):
        run_jobs(forgiving=True, limits=AT_ONCE)
    time_machine.move_to(now + DONE_KEPT - timedelta(minutes=1), tick=False)
    assert actions.sweep_finished() == 0
    time_machine.move_to(now + DONE_KEPT + timedelta(minutes=1), tick=False)
    assert actions.sweep_finished() == 1
    time_machine.move_to(now + DEAD_KEPT + timedelta(minutes=1), tick=False)
    assert actions.sweep_finished() == 1
    assert the_job().state == "waiting"


def test_the_result_of_no_job_is_said_not_to_be_there():
    for name in ("1", "x", "9" * 30):
        with pytest.raises(TaskResultDoesNotExist):
            sample_tasks.note.get_result(name)


def test_an_idle_look_costs_one_query_and_takes_no_lock(django_assert_num_queries):
    with django_assert_num_queries(1) as captured:
        assert begin() is None
    assert captured[0]["sql"].startswith("SELECT 1")


# --- Alone ------------------------------------------------------------------------------------------------------------


def test_of_equal_calls_that_run_alone_one_waits_and_one_runs(monkeypatch, done):
    monkeypatch.setattr(actions, "ALONE", {sample_tasks.note.module_path})
    first, twin, other = (sample_tasks.note.enqueue(word) for word in ("index 1", "index 1", "index 2"))
    assert first.id == twin.id != other.id
    running = begin()
    # What is saved while the first runs has to be looked at again: afterwards.
    again = sample_tasks.note.enqueue("index 1")
    assert again.id not in (first.id, other.id)
    assert str(begin().pk) == other.id
    assert begin() is None
    end(running)
    assert str(begin().pk) == again.id


def test_other_calls_of_a_task_are_not_merged():
    assert sample_tasks.note.enqueue("a").id != sample_tasks.note.enqueue("a").id


# --- What cannot be kept ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("raises", [0, 1])
def test_text_that_no_database_keeps_fails_its_task_and_holds_up_nobody(raises, done):
    sample_tasks.hand_back_broken.enqueue(raises)
    sample_tasks.note.enqueue("after it")
    run_jobs(forgiving=True)
    assert done == [["after it"]]
    failed = Job.objects.get(task=sample_tasks.hand_back_broken.module_path)
    assert failed.state == Job.State.WAITING
    assert "a NUL  and half a character ?" in failed.last_error or "cannot be kept" in failed.last_error
