"""Opinion groups of a thread: their tables, and what one row of these says.

Below `models`, which holds the comments: what stands here knows a thread and a comment by name only. How groups are
found stands in `ranking/opinion.py`, why it is kept like this in docs/decisions/0041-opinion-groups.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.utils import timezone

from kawaraban.ranking.common_ground import Votes

# How a place in the picture is kept: the member, where they stand, and the place of their group among the groups.
DOT = Struct("<qffb")
LETTERS = "ABCD"

# The keys below are not checked by the database: it would lock the thread, the comment and the member, while whoever
# writes in a thread locks them in another order. Rows that stay behind their comment say nothing to anybody.


class Dot(NamedTuple):
    """Where one reader stands among the others. It is nobody's business who that is, but for the member themselves."""

    member: int
    x: float
    y: float
    group: int


class Fit(models.Model):
    """What was found the last time that somebody looked for groups in a thread's votes.

    `sizes` says how many readers each group has, the largest group first; it is empty where there are none, and then
    `why` says why. What the groups are called stands in the thread. `vectors` (doubles, five to a comment, by number)
    is what the next fit begins with, `dots` the picture.
    """

    class Why(models.TextChoices):
        """Why there are no groups."""

        FEW = "few"
        NO_DIVIDE = "no divide"

    thread = models.OneToOneField("discussion.Thread", models.CASCADE, primary_key=True, related_name="fit")
    why = models.CharField(max_length=9, choices=Why, blank=True)
    sizes = models.JSONField(default=list)
    placed = models.PositiveIntegerField(default=0, help_text="Readers who have voted both ways.")
    votes = models.PositiveIntegerField(default=0, help_text="Votes that counted at that time.")
    fitted_at = models.DateTimeField()
    vectors = models.BinaryField(default=bytes)
    dots = models.BinaryField(default=bytes)

    def __str__(self) -> str:
        return f"{self.thread_id}: {len(self.sizes)} groups"

    def each_dot(self) -> Iterator[Dot]:
        """Every reader who is in a group. Cost: none."""
        return (Dot(*each) for each in DOT.iter_unpack(bytes(self.dots)))


class Place(models.Model):
    """Which group of a thread a member is in, by its place among the thread's groups. Nobody else is ever told."""

    thread = models.ForeignKey(
        "discussion.Thread", models.CASCADE, related_name="places", db_index=False, db_constraint=False
    )
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="places", db_constraint=False)
    group = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("thread", "member"), name="placed_once"),)

    def __str__(self) -> str:
        return f"{self.member_id} in {self.thread_id}"


class Tally(models.Model):
    """What the groups of a thread say of one comment: `votes` holds those that agree and all, group by group."""

    comment = models.OneToOneField(
        "discussion.Comment", models.CASCADE, primary_key=True, related_name="tally", db_constraint=False
    )
    thread = models.ForeignKey("discussion.Thread", models.CASCADE, related_name="tallies", db_constraint=False)
    votes = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.votes}"

    @property
    def groups(self) -> tuple[Votes, ...]:
        """The votes of each group, the largest group first. Cost: none."""
        return tuple(Votes(up, n) for up, n in self.votes)


class Agreed(models.Model):
    """A comment that the newsroom has put into the box of what readers agree on; `place` counts from 1.

    It is shown there while every group approves it.
    """

    comment = models.OneToOneField("discussion.Comment", models.CASCADE, primary_key=True, related_name="agreed")
    thread = models.ForeignKey("discussion.Thread", models.CASCADE, related_name="agreed")
    place = models.PositiveSmallIntegerField()
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    chosen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("place",)

    def __str__(self) -> str:
        return f"{self.thread_id}: {self.comment_id}"
