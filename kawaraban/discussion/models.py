"""Tables of the discussion: threads, what they are about, comments and votes."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

# Long enough to mend what one sees on reading oneself, short enough that answers still fit.
EDIT_WINDOW = timedelta(minutes=15)


class Thread(models.Model):
    """The discussion of one subject; it knows the subject's title and address and nothing else about it.

    `comment_count` counts the comments that can be read. `last_number` is the highest number given out, and
    `version` the subject's newest version among the passages; both start at 0.
    """

    class State(models.TextChoices):
        """Whether the thread can be answered, only read, or not even that."""

        OPEN = "open", "Open"
        CLOSED = "closed", "Closed: can be read, not answered"
        OFF = "off", "Off: no discussion"

    title = models.CharField(max_length=255)
    url = models.CharField(max_length=500, help_text="Address of the subject: a path on this site, or a whole URL.")
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Empty while open, or when it is not known.")
    created_at = models.DateTimeField(default=timezone.now)
    comment_count = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The thread's own page, where members take part without JavaScript."""
        return reverse("discussion:thread", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """True while members may post, edit and vote."""
        return self.state == self.State.OPEN


class Passage(models.Model):
    """A paragraph of a thread's subject as one published version had it, so that a quote can point at it.

    Position 0 is the head of the subject (headline, and standfirst after an empty line); paragraphs count from 1.
    """

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="passages")
    version = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("thread", "version", "position"), name="passage_place"),)
        ordering = ("version", "position")

    def __str__(self) -> str:
        return f"{self.thread_id} v{self.version} ¶{self.position}"


class Comment(models.Model):
    """What somebody said in a thread, under a number that never changes.

    A comment has either an `author`, who has an account, or is `signed` with a name that came with an import;
    an imported name is never an account here, even when a member has the same handle. `up` and `down` count the
    votes cast here; `imported_up` and `imported_down` came as counts without voters. Readers see the sums.
    """

    class State(models.TextChoices):
        """Whether the words are shown, and why not."""

        VISIBLE = "visible", "Visible"
        HELD = "held", "Held for a moderator"
        REMOVED = "removed", "Removed by a moderator"
        DELETED = "deleted", "Deleted by its author"

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="comments")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="comments")
    signed = models.CharField(max_length=100, blank=True)
    is_placeholder = models.BooleanField(default=False, help_text="The signature stands for an unknown name.")
    source = models.TextField(blank=True)
    html = models.TextField(blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.VISIBLE)
    created_at = models.DateTimeField(null=True, blank=True, help_text="Empty when an import could not tell.")
    time_text = models.CharField(max_length=60, blank=True, help_text="The time as an import printed it.")
    edited_at = models.DateTimeField(null=True, blank=True)
    up = models.PositiveIntegerField(default=0)
    down = models.PositiveIntegerField(default=0)
    imported_up = models.PositiveIntegerField(default=0)
    imported_down = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - NULLs are distinct under UNIQUE

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("thread", "number"), name="comment_number"),
            models.UniqueConstraint(fields=("author", "key"), name="comment_written_once"),
            models.CheckConstraint(
                name="comment_has_one_author",
                condition=Q(author__isnull=False, signed="", is_placeholder=False)
                | Q(author__isnull=True) & ~Q(signed=""),
            ),
        )
        indexes = (models.Index("author", F("id").desc(), name="comment_by_author"),)

    def __str__(self) -> str:
        return f"#{self.number} in {self.thread_id}"

    def get_absolute_url(self) -> str:
        """The permalink, which leads to the comment in its place."""
        return reverse("discussion:comment", args=[self.thread_id, self.number])

    @property
    def agree(self) -> int:
        """Votes up, cast and imported."""
        return self.up + self.imported_up

    @property
    def disagree(self) -> int:
        """Votes down, cast and imported."""
        return self.down + self.imported_down

    @property
    def net(self) -> int:
        """Votes up less votes down."""
        return self.agree - self.disagree

    @property
    def is_visible(self) -> bool:
        """True when readers see the words."""
        return self.state == self.State.VISIBLE

    @property
    def author_name(self) -> str:
        """The handle, or the name an import came with. Cost: 1 query unless `author` is loaded."""
        return self.author.handle if self.author else self.signed


class Vote(models.Model):
    """One member's agreement (+1) or disagreement (-1) with one comment."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="votes")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="votes")
    value = models.SmallIntegerField()
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("comment", "voter"), name="vote_once"),
            models.CheckConstraint(name="vote_is_plus_or_minus_one", condition=Q(value__in=(-1, 1))),
        )

    def __str__(self) -> str:
        return f"{self.voter_id} {self.value:+d} on {self.comment_id}"
