"""The updates of a story: when readers got other words, and what the newsroom says has changed.

Below `models`, whose story is updated: what stands here knows a story by name only. The words of each version are the
passages of the story's thread (`discussion.models.Passage`), under the same number.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

NOTE_LENGTH = 120  # characters
REASON_LENGTH = 300  # characters


class Update(models.Model):
    """A publication of a story that brought other words, or a note on what else has changed.

    `version` is that of the story's thread. The update that brought a version carries what holds for its words: when
    and why the newsroom hid them.
    """

    story = models.ForeignKey("newsroom.StoryPage", models.CASCADE, related_name="updates")
    version = models.PositiveIntegerField()
    is_wording = models.BooleanField(default=True, help_text="It brought these words.")
    made_at = models.DateTimeField(null=True, blank=True, help_text="Empty when an import could not tell.")
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_because = models.CharField(max_length=REASON_LENGTH, blank=True, help_text="Readers see it.")
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("story", "version"), condition=Q(is_wording=True), name="version_once"),
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_because="")
                | Q(hidden_at__isnull=False, is_wording=True) & ~Q(hidden_because=""),
                name="version_hidden_with_reason",
            ),
        ]
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.story_id} v{self.version}: {self.note}"

    @property
    def is_hidden(self) -> bool:
        """True for words that readers may not read any more."""
        return self.hidden_at is not None
