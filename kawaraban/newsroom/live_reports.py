"""Live reports: their tables, and how readers are shown one.

Below `models`, whose story is reported live: what stands here knows a story by name only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from kawaraban.markup import MAX_LENGTH, plain_text

HEADLINE_LENGTH = 120  # characters
WORDS_LENGTH = MAX_LENGTH  # characters
SUMMARY_LENGTH = 100  # characters of an entry that has no headline


class LiveReport(models.Model):
    """What happens to a story minute by minute. It belongs to the story and not to a revision of the story.

    `activity` counts what was written, corrected, taken back, ended and begun again: open pages say how far they have
    come. `last_number` is that of the newest entry; no number is given twice.
    """

    story = models.OneToOneField("newsroom.StoryPage", models.CASCADE, related_name="live_report")
    activity = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"live report of {self.story_id}"


class LiveEntry(models.Model):
    """One entry. `changed` is the report's activity at its newest change.

    What was taken back keeps its place and its words, which nobody but the desk reads.
    """

    report = models.ForeignKey(LiveReport, models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    headline = models.CharField(max_length=HEADLINE_LENGTH, blank=True)
    source = models.TextField()
    html = models.TextField()
    is_key = models.BooleanField(default=False)
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    key = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - NULLs are distinct under UNIQUE
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("report", "number"), name="live_entry_number"),
            models.UniqueConstraint(fields=("report", "key"), name="live_entry_written_once"),
        )
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.report_id} #{self.number}"

    @property
    def words(self) -> str:
        """What it says, as plain text without the headline; nothing once it was taken back."""
        return "" if self.removed_at else plain_text(self.html)

    @property
    def summary(self) -> str:
        """Its headline, or the beginning of what it says."""
        said = self.headline or " ".join(self.words.split())
        return said if len(said) <= SUMMARY_LENGTH else said[: SUMMARY_LENGTH - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as every page shows it. `url` is that of its stream; `entries` are the newest first."""

    url: str
    activity: int
    ended_at: datetime | None
    entries: list[LiveEntry]

    @property
    def shown(self) -> list[LiveEntry]:
        """Those that were not taken back, newest first."""
        return [entry for entry in self.entries if entry.removed_at is None]

    @property
    def keys(self) -> list[LiveEntry]:
        """Those that the newsroom points out, newest first."""
        return [entry for entry in self.shown if entry.is_key]


def view(story_id: int) -> ReportView:
    """The live report of a story, without entries as long as none was written. Cost: 2 queries at any length."""
    # How far it has come is read first: what is written meanwhile is told once more, and not left out.
    report = LiveReport.objects.filter(story_id=story_id).first()
    return shown(report, report.entries.all()) if report else ReportView(_stream(story_id), 0, None, [])


def shown(report: LiveReport, entries: models.QuerySet[LiveEntry]) -> ReportView:
    """The report with these of its entries. Cost: 1 query."""
    return ReportView(_stream(report.story_id), report.activity, report.ended_at, list(entries.order_by("-number")))


def _stream(story_id: int) -> str:
    return f"/story/{story_id}/live/"
