"""Tables of the queue: jobs, and when each periodic task was last due."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One call of a task: what is to be done, whether it is, and who is at it until when.

    `attempts` counts how often it was begun. A running job belongs to `lease_owner`, a worker, until `lease_ends`;
    after that anyone may take it back. `last_error` is for people: it holds none of the arguments.
    """

    class State(models.TextChoices):
        """Where a job stands. A job that failed waits again, with a later `run_after`, until its tries are over."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        DEAD = "dead", _("Dead")

    task = models.CharField(max_length=200, help_text="The dotted path of the task's function.")
    arguments = models.JSONField(help_text="`args` and `kwargs` of the call.")
    alone = models.CharField(max_length=64, blank=True, help_text="Of equal names one waits and one runs at a time.")
    priority = models.SmallIntegerField(default=0, help_text="-100 to 100; the higher goes first.")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    run_after = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_ends = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    value = models.JSONField(null=True, blank=True, help_text="What the task returned.")
    enqueued_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True, help_text="When it was last begun.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        permissions = (("tend_jobs", "Can try dead jobs again and discard them"),)
        indexes = (
            models.Index(F("priority").desc(), "run_after", "id", condition=Q(state="waiting"), name="job_next"),
            models.Index("alone", condition=~Q(alone="") & Q(state__in=("waiting", "running")), name="job_alone"),
            models.Index("lease_ends", condition=Q(state="running"), name="job_lease"),
            models.Index("state", "finished_at", condition=Q(state__in=("done", "dead")), name="job_finished"),
        )
        constraints = (
            models.CheckConstraint(
                name="job_runs_on_a_lease",
                condition=Q(state="running", lease_ends__isnull=False) | ~Q(state="running") & Q(lease_ends=None),
            ),
            models.CheckConstraint(
                name="job_finishes_once",
                condition=Q(state__in=("done", "dead"), finished_at__isnull=False)
                | Q(state__in=("waiting", "running"), finished_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.task} #{self.pk}"


class Periodic(models.Model):
    """When a task on the clock was last due, and the job that was made of it.

    One row for each task, moved on by compare and set: of many clocks, one moves it and makes the job.
    """

    task = models.CharField(max_length=200, primary_key=True)
    last_due = models.DateTimeField()
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.task
