"""Corrections that stand on a story, and the errors that readers report.

Below `models`, whose story is corrected: what stands here knows a story by name only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable

from kawaraban.discussion.models import Comment, Thread

WORDS_LENGTH = 2000  # characters of a report
ANSWER_LENGTH = 500  # characters
NAME_LENGTH = 60  # characters


class Correction(Orderable):
    """A note on what an earlier version had wrong, and whom the newsroom thanks for saying so.

    A member who is thanked is named by their present handle; `thanks` is for everybody else.
    """

    class Kind(models.TextChoices):
        """How grave it was."""

        CLARIFICATION = "clarification", _("Clarification: it was right, and could be misread")
        CORRECTION = "correction", _("Correction: something was wrong")
        RETRACTION = "retraction", _("Retraction: the newsroom no longer stands by it")

    story = ParentalKey("newsroom.StoryPage", on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=13, choices=Kind.choices, default=Kind.CORRECTION)
    made_at = models.DateTimeField(_("time"))
    text = models.TextField()
    comment_number = models.PositiveIntegerField(
        _("comment"),
        null=True,
        blank=True,
        help_text=_("The number of the comment below this story that said so. It is linked, and its writer named."),
    )
    thanks = models.CharField(max_length=NAME_LENGTH, blank=True, help_text=_("The name of whoever else told us."))
    thanked = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    panels: ClassVar = [FieldPanel(name) for name in ("kind", "made_at", "text", "comment_number", "thanks")]

    @property
    def label(self) -> str:
        """The kind in one word, as it is printed."""
        return str(LABELS[self.Kind(self.kind)])


LABELS = {
    Correction.Kind.CLARIFICATION: _("Clarification"),
    Correction.Kind.CORRECTION: _("Correction"),
    Correction.Kind.RETRACTION: _("Retraction"),
}


@dataclass(frozen=True, slots=True)
class Credit:
    """Whom a correction thanks, as readers may see it now: a comment's number or 0, and a name or nothing."""

    number: int
    name: str


def with_credits(corrections: Iterable[Correction], thread: Thread | None) -> list[tuple[Correction, Credit]]:
    """Corrections, newest first, each with whom it thanks. Cost: 1 query for comments and 1 for members, if any.

    A comment that readers do not see is not pointed at.

    Args:
        thread: that of the story, unless readers do not see it.
    """
    notes = sorted(corrections, key=lambda note: note.made_at, reverse=True)
    prefetch_related_objects(notes, "thanked")
    numbers = {note.comment_number for note in notes if note.comment_number}
    shown: set[int] = set()
    if numbers and thread is not None:
        found = Comment.objects.filter(thread=thread, number__in=numbers, state=Comment.State.VISIBLE)
        shown = set(found.values_list("number", flat=True))
    return [
        (
            note,
            Credit(
                note.comment_number if note.comment_number in shown else 0,
                note.thanked.handle if note.thanked and note.thanked.is_active else note.thanks,
            ),
        )
        for note in notes
    ]


class ErrorReport(models.Model):
    """What a reader says is wrong in a story, until the desk has answered it.

    `version` and `position` are those of the passage (`discussion.models.Passage`); position 0 is the head of the
    story, and none is the story as a whole. `member` is empty for those who were not signed in; `name` is then what
    they gave, if they wish to be thanked.
    """

    class Outcome(models.TextChoices):
        """What the desk made of it."""

        OPEN = "open", _("Waits")
        CORRECTED = "corrected", _("Corrected")
        CLOSED = "closed", _("Closed without a correction")

    story = models.ForeignKey("newsroom.StoryPage", models.CASCADE, related_name="error_reports")
    version = models.PositiveIntegerField()
    position = models.PositiveIntegerField(null=True, blank=True)
    words = models.TextField(max_length=WORDS_LENGTH)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    wants_thanks = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.OPEN)
    answer = models.CharField(
        max_length=ANSWER_LENGTH, blank=True, help_text=_("Why it was closed; a member reads it.")
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["outcome", "id"], name="error_report_waiting")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="open", settled_at=None) | ~Q(outcome="open") & Q(settled_at__isnull=False),
                name="error_report_settled",
            ),
            models.CheckConstraint(condition=Q(member=None) | Q(name=""), name="error_report_names_member_by_handle"),
        ]

    def __str__(self) -> str:
        return f"{self.story_id} v{self.version} ¶{self.position}: {self.outcome}"
