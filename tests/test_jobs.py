"""Jobs where the rooms meet: the page at the desk, and what the doctor says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from kawaraban import doctor
from kawaraban.accounts.models import ADMINISTRATOR
from kawaraban.accounts.testing import make_member
from kawaraban.jobs import actions
from kawaraban.jobs.limits import Limits
from kawaraban.jobs.models import Job, Periodic
from kawaraban.jobs.testing import run_jobs
from kawaraban.jobs.tests import sample_tasks

LIMITS = Limits()


def make_dead(words="poison"):
    """A job whose tries are over."""
    result = sample_tasks.fail.enqueue(words)
    for _ in range(LIMITS.tries):
        run_jobs(forgiving=True, limits=Limits(first_pause=0))
    return Job.objects.get(pk=result.id)


# --- At the desk -----------------------------------------------------------------------------------------------------


@pytest.fixture
def quiet(site):
    """A site whose own jobs are done: Wagtail has some for every page that is saved."""
    run_jobs()
    Job.objects.all().delete()


@pytest.fixture
def desk(quiet, signed_in):
    """The browser of an administrator."""
    return signed_in(make_member("Akiko Dunne", role=ADMINISTRATOR))


def test_an_administrator_sees_what_waits_and_what_is_dead_and_why(desk):
    job = make_dead()
    sample_tasks.note.enqueue()
    text = desk.get("/desk/jobs/").content.decode()
    assert f"kawaraban.jobs.tests.sample_tasks.fail #{job.pk}" in text
    assert "ValueError: …" in text
    assert "Try again" in text
    assert "Discard" in text
    assert '<form method="post"' in text
    assert "/desk/jobs/" in desk.get("/desk/").content.decode()


def test_an_empty_queue_says_so(desk):
    assert "None. A job is dead when" in desk.get("/desk/jobs/").content.decode()


def test_the_page_costs_the_same_with_any_number_of_the_dead(desk, django_assert_num_queries):
    make_dead()
    desk.get("/desk/jobs/")
    job = Job.objects.get()
    with django_assert_num_queries(21):
        desk.get("/desk/jobs/")
    Job.objects.bulk_create(
        Job(task=job.task, arguments=job.arguments, state="dead", finished_at=timezone.now()) for _ in range(40)
    )
    with django_assert_num_queries(21):
        desk.get("/desk/jobs/")


def test_a_dead_job_is_tried_again_with_all_its_tries(desk):
    job = make_dead()
    answer = desk.post(f"/desk/jobs/{job.pk}/again/", follow=True)
    assert "The job is tried again." in answer.content.decode()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("waiting", 0)
    assert run_jobs(forgiving=True) == 1


def test_a_dead_job_is_discarded(desk):
    job = make_dead()
    answer = desk.post(f"/desk/jobs/{job.pk}/discard/", follow=True)
    assert "The job was discarded." in answer.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize("button", ["again", "discard"])
def test_what_somebody_else_has_dealt_with_meanwhile_is_left_alone(desk, button):
    job = make_dead()
    desk.post(f"/desk/jobs/{job.pk}/again/")
    for pk in (job.pk, job.pk + 1, 10**30):
        answer = desk.post(f"/desk/jobs/{pk}/{button}/", follow=True)
        assert "not among the dead ones any more" in answer.content.decode()
    assert Job.objects.get().state == "waiting"


@pytest.mark.parametrize("who", ["editor", "moderator", "reader"])
def test_only_administrators_see_or_change_jobs(quiet, who, request, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    job = make_dead()
    for answer in (browser.get("/desk/jobs/"), browser.post(f"/desk/jobs/{job.pk}/discard/")):
        assert answer.status_code == 302
        assert answer.url != reverse("jobs")
    assert "/desk/jobs/" not in browser.get("/desk/", follow=True).content.decode()
    assert Job.objects.get().state == "dead"


def test_the_buttons_are_no_links(desk):
    job = make_dead()
    assert [desk.get(f"/desk/jobs/{job.pk}/{button}/").status_code for button in ("again", "discard")] == [405, 405]


def test_actions_refuse_whoever_calls_them(editor):
    job = make_dead()
    for action in (actions.try_again, actions.discard):
        with pytest.raises(actions.Refused) as refused:
            action(editor, job.pk)
        assert refused.value.code == "not-administrator"
    editor.user_permissions.add(Permission.objects.get(codename="tend_jobs"))
    actions.discard(type(editor).objects.get(pk=editor.pk), job.pk)
    assert not Job.objects.exists()


# --- The doctor ------------------------------------------------------------------------------------------------------


def said():
    """What the doctor says of jobs: each finding with its cure."""
    found = {finding.what: finding.mend for finding in doctor.examine()}
    return {what: mend for what, mend in found.items() if "job" in what or "work" in what}


def test_the_doctor_finds_a_quiet_queue_well(quiet):
    assert said() == {
        "The clock of periodic work has not run yet.": "",
        "0 jobs wait for a worker.": "",
        "0 jobs have failed at every try.": "",
    }


def test_the_doctor_notices_a_stuck_queue_a_stopped_clock_and_the_dead(quiet):
    make_dead()
    actions.enqueue_due()
    Job.objects.filter(state="waiting").update(run_after=timezone.now() - timedelta(minutes=11))
    Periodic.objects.update(last_due=timezone.now() - timedelta(days=40))
    waiting = Job.objects.filter(state="waiting").count()
    found = said()
    assert "kawaraban clock" in found["Periodic work is due and was not started."]
    assert "kawaraban worker" in found[f"{waiting} jobs wait for a worker."]
    assert "/desk/jobs/" in found["1 jobs have failed at every try."]
