"""Tables of the discussion: threads, what they are about, comments and votes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kawaraban.caching.models import Mentioned
from kawaraban.decisions.models import Decision
from kawaraban.discussion.groups import Agreed as Agreed  # Django and others look for the tables here
from kawaraban.discussion.groups import Fit as Fit
from kawaraban.discussion.groups import Place as Place
from kawaraban.discussion.groups import Tally as Tally

if TYPE_CHECKING:
    from kawaraban.discussion.reads import Links
    from kawaraban.ranking.common_ground import Votes

# Long enough to mend what one sees on reading oneself, short enough that answers still fit.
EDIT_WINDOW = timedelta(minutes=15)


class Screens(models.TextChoices):
    """When moderators read the comments of a thread."""

    OFF = "off", _("Off: no check lets a comment wait")
    AFTER = "after", _("After publication (post-moderation): comments appear at once, unless a check lets them wait")
    BEFORE = "before", _("Before publication (pre-moderation): every comment waits until a moderator has read it")


class Thread(Mentioned, models.Model):
    """The discussion of one subject; of that it knows the title, the address and what it asks, and nothing else.

    `comment_count` counts the comments that can be read. `last_number` is the highest number given out, `version` the
    subject's newest version among the passages, and `activity` grows with every change that readers can see, votes
    excepted; all start at 0. `state` follows from what the subject wishes and from the closing in force.
    """

    class State(models.TextChoices):
        """Whether the thread can be answered, only read, or not even that."""

        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed: can be read, not answered")
        OFF = "off", _("Off: no discussion")

    title = models.CharField(max_length=255)
    url = models.CharField(max_length=500, help_text="Address of the subject: a path on this site, or a whole URL.")
    question = models.CharField(
        max_length=200, blank=True, help_text="What the subject asks, to be answered in the discussion; often nothing."
    )
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    wish = models.CharField(
        max_length=6, choices=State.choices, default=State.OPEN, help_text="The subject's last word."
    )
    slow_seconds = models.PositiveIntegerField(default=0, help_text="Between two comments of one member; 0 is no wait.")
    member_days = models.PositiveIntegerField(default=0, help_text="Members for fewer days only read.")
    is_questions = models.BooleanField(default=False, help_text="Readers ask, the newsroom answers.")
    screens = models.CharField(
        max_length=6,
        default=Screens.AFTER,
        choices=Screens,
        help_text="When moderators read: as the subject wishes, and in a raid before everything is published.",
    )
    screens_wish = models.CharField(
        max_length=6, default=Screens.AFTER, choices=Screens, help_text="The subject's last word about that."
    )
    hold_new_from = models.DateTimeField(
        null=True, blank=True, help_text="In a raid: comments of accounts made since then wait for a moderator."
    )
    finds_groups = models.BooleanField(default=True, help_text="Opinion groups are looked for, as the subject wishes.")
    group_letters = models.CharField(
        max_length=4, blank=True, help_text="The name of each opinion group, the largest first; empty for none."
    )
    has_new_votes = models.BooleanField(default=False, help_text="Since opinion groups were last looked for.")
    created_at = models.DateTimeField(default=timezone.now)
    comment_count = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    activity = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = (models.Index("id", name="thread_new_votes", condition=Q(has_new_votes=True)),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The thread's own page, where members take part without JavaScript."""
        return reverse("discussion:thread", args=[self.pk])

    @property
    def cache_tag(self) -> str:
        """Its name among what remembered pages are about."""
        return f"thread:{self.pk}"

    @property
    def group_count(self) -> int:
        """How many opinion groups were found; 0 for none."""
        return len(self.group_letters)

    @property
    def is_open(self) -> bool:
        """True while members may post, edit and vote."""
        return self.state == self.State.OPEN

    @property
    def has_rules(self) -> bool:
        """True where more holds for writing than everywhere else."""
        return bool(self.slow_seconds or self.member_days or self.is_questions or self.screens == Screens.BEFORE)

    @property
    def slow_words(self) -> str:
        """How long a member waits between two comments, in words: "90 seconds", "5 minutes"."""
        minutes, rest = divmod(self.slow_seconds, 60)
        if rest:
            return ngettext("second", "{count} seconds", self.slow_seconds).format(count=self.slow_seconds)
        return ngettext("minute", "{count} minutes", minutes).format(count=minutes)


class Closing(models.Model):
    """The decision that a thread can no longer be answered: who made it, why, and how it goes on.

    In force until it is lifted. `closed_by` is empty where no person decided: the clock, or the page an import read.
    """

    class Reason(models.TextChoices):
        """Why discussions are closed, in words that readers see."""

        CIRCLES = "circles", _("The discussion went in circles.")
        HEAT = "heat", _("Too much of it had to be removed.")
        TOPIC = "topic", _("It had left its subject.")
        COURT = "court", _("A court is hearing the case.")
        WATCH = "watch", _("Nobody of the newsroom can look after it now.")
        AGE = "age", _("Discussions close after a while, so that they can be looked after.")
        NEWSROOM = "newsroom", _("The newsroom closed it.")
        IMPORT = "import", _("It was closed where it came from.")

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="closings")
    reason = models.CharField(max_length=8, choices=Reason.choices, default=Reason.NEWSROOM)
    words = models.CharField(max_length=300, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    role = models.CharField(
        max_length=60, blank=True, help_text="The part in which somebody decided, shown to readers."
    )
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="closings")
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Empty when an import could not tell.")
    until = models.DateTimeField(null=True, blank=True, help_text="Opens again then; empty: closed for good.")
    successor = models.ForeignKey(Thread, models.SET_NULL, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("thread",), condition=Q(lifted_at=None), name="closed_once_at_a_time"),
            models.CheckConstraint(name="closed_by_decision", condition=Q(decision__isnull=False) | Q(reason="import")),
        )

    def __str__(self) -> str:
        return f"{self.thread_id} closed: {self.reason}"


class Passage(models.Model):
    """A paragraph of a thread's subject as one published version had it, so that a quote can point at it.

    Position 0 is the head of the subject (headline, and standfirst after an empty line); paragraphs count from 1.
    """

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="passages")
    version = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    text = models.TextField()
    is_withheld = models.BooleanField(default=False, help_text="The subject does not let these words be read any more.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("thread", "version", "position"), name="passage_place"),)
        ordering = ("version", "position")

    def __str__(self) -> str:
        return f"{self.thread_id} v{self.version} ¶{self.position}"


class Comment(Mentioned, models.Model):
    """What somebody said in a thread, under a number that never changes.

    A comment has either an `author`, who has an account, or is `signed` with a name that came with an import;
    an imported name is never an account here, even when a member has the same handle. `up` and `down` count the
    votes cast here; `imported_up` and `imported_down` came as counts without voters. Readers see the sums.
    """

    class State(models.TextChoices):
        """Whether the words are shown, and why not."""

        VISIBLE = "visible", _("Visible")
        HELD = "held", _("Held for a moderator")
        REMOVED = "removed", _("Removed by a moderator")
        DELETED = "deleted", _("Deleted by its author")

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
    changed = models.PositiveBigIntegerField(default=0, help_text="The thread's activity at its last visible change.")
    born = models.PositiveBigIntegerField(
        default=0, help_text="The thread's activity when it was first shown; 0 while it never was."
    )
    unquoted = models.JSONField(default=list, blank=True, help_text="Words that the writer says are no quotation.")
    worth = models.PositiveIntegerField(default=0, help_text="Members who find it worth reading.")
    source_requests = models.PositiveIntegerField(default=0, help_text="Members who asked for a source.")
    pick_reason = models.CharField(
        max_length=200, blank=True, help_text="Why the newsroom picked it; empty: not picked."
    )
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The decision in force that hides it, folds it, or has taken something out of it.",
    )
    is_folded = models.BooleanField(default=False, help_text="Readers open it if they wish.")
    withheld = models.TextField(blank=True, help_text="The text before personal data was taken out.")
    key = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - NULLs are distinct under UNIQUE

    # What the comment hangs together with, told by `reads`; None where nobody asked.
    links: Links | None = None
    # What each opinion group says of it, the largest group first, told by `reads`; empty where there are no groups.
    groups: tuple[Votes, ...] = ()
    # The viewer's own vote, +1 or -1, while it does not count yet: they see it in the score, and nobody else does.
    own_fresh = 0

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("thread", "number"), name="comment_number"),
            models.UniqueConstraint(fields=("author", "key"), name="comment_written_once"),
            models.CheckConstraint(
                name="comment_has_one_author",
                condition=Q(author__isnull=False, signed="", is_placeholder=False)
                | Q(author__isnull=True) & ~Q(signed=""),
            ),
            models.CheckConstraint(
                name="comment_restricted_by_decision",
                condition=Q(decision__isnull=False)
                | ~Q(state__in=("held", "removed")) & Q(is_folded=False, withheld=""),
            ),
        )
        indexes = (
            models.Index("author", F("id").desc(), name="comment_by_author"),
            models.Index("thread", "changed", name="comment_by_change"),
            models.Index("created_at", name="comment_by_time"),
        )

    def __str__(self) -> str:
        return f"#{self.number} in {self.thread_id}"

    def get_absolute_url(self) -> str:
        """The permalink, which leads to the comment in its place."""
        return reverse("discussion:comment", args=[self.thread_id, self.number])

    @property
    def cache_tag(self) -> str:
        """That of its thread, where it is shown."""
        return f"thread:{self.__dict__.get('thread_id')}"  # without a query where it was left out

    @property
    def agree(self) -> int:
        """Votes up, cast and imported."""
        return self.up + self.imported_up + (self.own_fresh == 1)

    @property
    def disagree(self) -> int:
        """Votes down, cast and imported."""
        return self.down + self.imported_down + (self.own_fresh == -1)

    @property
    def net(self) -> int:
        """Votes up less votes down."""
        return self.agree - self.disagree

    @property
    def is_visible(self) -> bool:
        """True when readers see the words."""
        return self.state == self.State.VISIBLE

    @property
    def was_shown(self) -> bool:
        """True when readers have seen the words, be it for a moment."""
        return self.born > 0

    @property
    def is_public(self) -> bool:
        """True when readers know that it is there, be it by what stands in its place."""
        return self.is_visible or self.was_shown

    @property
    def author_name(self) -> str:
        """The handle, or the name an import came with. Cost: 1 query unless `author` is loaded."""
        return self.author.handle if self.author else self.signed


# Held before anybody saw them, whatever became of them then: for readers they are not there.
NEVER_SHOWN = Q(born=0) & ~Q(state=Comment.State.VISIBLE)


class Vote(models.Model):
    """One member's agreement (+1) or disagreement (-1) with one comment.

    A vote that does not count says why in `set_aside`. Taken back, it stays with the value 0 where counting it anew
    would undo what was decided about it.
    """

    class Aside(models.TextChoices):
        """Why a vote is kept and not counted; without a reason it counts."""

        FRESH = "fresh", _("Cast just now; counts after the delay that the site has set")
        NEW = "new", _("The account was too new; counts once it is older")
        SERIAL = "serial", _("One of very many in a day on one author")
        RING = "ring", _("Cast together with others as if by one hand")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="votes")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="votes", db_index=False)
    value = models.SmallIntegerField()
    cast_at = models.DateTimeField(default=timezone.now)
    set_aside = models.CharField(max_length=6, choices=Aside, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("comment", "voter"), name="vote_once"),
            models.CheckConstraint(
                name="vote_is_plus_or_minus_one", condition=Q(value__in=(-1, 1)) | Q(value=0) & ~Q(set_aside="")
            ),
        )
        indexes = (
            models.Index("voter", "cast_at", name="vote_by_voter"),
            models.Index("cast_at", name="vote_by_time"),
            models.Index("set_aside", "cast_at", name="vote_waiting", condition=Q(set_aside__in=("fresh", "new"))),
        )

    def __str__(self) -> str:
        return f"{self.voter_id} {self.value:+d} on {self.comment_id}"


class Quote(models.Model):
    """What a comment answers: words that it quotes, and the passage they come from.

    Without words it is a plain reply, which quotes nothing and says whom it answers. The source is a comment of the
    same thread or a passage of its subject. `start` and `end` enclose the quotation in the comment's source text, with
    its marks; `heading_start` the line above that names who is quoted. A quotation inside a quotation has a `parent`.
    """

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="quotes")
    position = models.PositiveIntegerField()
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="inner")
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    heading_start = models.PositiveIntegerField(null=True, blank=True)
    is_block = models.BooleanField(default=True, help_text="Whole lines, not words within a sentence.")
    words = models.TextField(blank=True)
    is_exact = models.BooleanField(default=True, help_text="Equal to the source but for typography and cuts.")
    is_stale = models.BooleanField(default=False, help_text="The source no longer has these words.")
    source = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="quoted_in")
    passage = models.ForeignKey(Passage, models.CASCADE, null=True, blank=True, related_name="quoted_in")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("comment", "position"), name="quote_place"),
            models.CheckConstraint(
                name="quote_has_one_source",
                condition=Q(source__isnull=False, passage__isnull=True) | Q(source__isnull=True, passage__isnull=False),
            ),
        )
        ordering = ("comment", "position")

    def __str__(self) -> str:
        return f"{self.comment_id} quotes {self.source_id or self.passage_id}"


class SourceRequest(models.Model):
    """A member asks a comment where it has that from; once."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="requests")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("comment", "member"), name="source_asked_once"),)

    def __str__(self) -> str:
        return f"{self.member_id} asks {self.comment_id}"


class Source(models.Model):
    """A link that proves what a comment says, given by its author or by anybody."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="sources")
    url = models.CharField(max_length=500)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("comment", "url"), name="source_given_once"),)
        ordering = ("given_at", "id")

    def __str__(self) -> str:
        return self.url


class Worth(models.Model):
    """A member finds a comment worth reading, whether they agree with it or not."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="worths")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("comment", "member"), name="worth_once"),)

    def __str__(self) -> str:
        return f"{self.member_id} finds {self.comment_id} worth reading"


class Pick(models.Model):
    """Somebody of the newsroom points a comment out to everybody, and says why."""

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="pick")
    picked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    picked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"pick of {self.comment_id}"


class Seat(models.Model):
    """A member's own place in a thread: what they have read, whether they follow it, and the answer they have begun."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="seats")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="seats")
    seen_number = models.PositiveIntegerField(default=0, help_text="The highest number they have been shown.")
    follows = models.BooleanField(default=False)
    draft = models.TextField(blank=True)
    draft_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("thread", "member"), name="seat_once"),)
        # Whoever has read a thread has a seat in it; few follow it.
        indexes = (models.Index("thread", name="seat_follows", condition=Q(follows=True)),)

    def __str__(self) -> str:
        return f"{self.member_id} in {self.thread_id}"
