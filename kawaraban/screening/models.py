"""Tables of screening: what is looked at and how strictly, the words and patterns, and what has been learned."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kawaraban.screening.patterns import LONGEST

_SHARE = (MinValueValidator(0.0), MaxValueValidator(1.0))


class ScoreModel(models.Model):
    """What was learned from the site's own decisions at one time: see `weights` for how it is read.

    `metrics` are measured on decisions that were held back: `sizes`, `curve`, `rules`, `languages`.
    """

    made_at = models.DateTimeField(default=timezone.now)
    approved = models.PositiveIntegerField(help_text=_("Decisions it was trained and measured with."))
    removed = models.PositiveIntegerField(help_text=_("Decisions it was trained and measured with."))
    groups = models.JSONField(default=list, help_text=_("What comments were removed for; each has a row of weights."))
    metrics = models.JSONField(default=dict)
    weights = models.BinaryField(help_text=_("Made by `weights.pack`."))

    class Meta:
        default_permissions = ()
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"Score {self.pk}"


class ScreeningSettings(models.Model):
    """What is looked at before publication, and from where on it is held: one row, or the defaults below.

    The defaults are for a small paper that has just opened. They hold what is nearly always an advertisement, and
    nothing that a new member with something to say would run into: no word is listed, since which words are too much
    differs from town to town; the first comments of a member pass, since a small paper wants them answered and not
    waiting. `stamp` changes with every change here, to a pattern or to the score, so that each process reads anew.
    """

    class Failure(models.TextChoices):
        """What becomes of a comment that the scorer elsewhere was not there to judge."""

        IGNORE = "ignore", _("Ignore: the other checks decide")
        HOLD = "hold", _("Hold: it waits for a moderator")

    stamp = models.CharField(max_length=32, default="", editable=False)

    patterns_on = models.BooleanField(_("words and patterns"), default=True)
    links_on = models.BooleanField(_("links"), default=True)
    links_most = models.PositiveSmallIntegerField(default=3, help_text=_("More than so many links are held."))
    links_days = models.PositiveSmallIntegerField(
        default=7, help_text=_("Of accounts younger than so many days; 0 for all accounts.")
    )
    repetition_on = models.BooleanField(_("repetition"), default=True)
    repetition_share = models.FloatField(
        default=0.8,
        validators=_SHARE,
        help_text=_("Of the pieces shared with a comment of the same member; 1 is the same."),
    )
    shouting_on = models.BooleanField(_("shouting"), default=False)
    shouting_share = models.FloatField(default=0.8, validators=_SHARE, help_text=_("Of the letters that are capitals."))
    speed_on = models.BooleanField(_("speed"), default=True)
    speed_most = models.PositiveSmallIntegerField(default=5, help_text=_("More comments within five minutes are held."))
    speed_days = models.PositiveSmallIntegerField(
        default=7, help_text=_("Of accounts younger than so many days; 0 for all accounts.")
    )
    new_accounts_on = models.BooleanField(_("new accounts"), default=False)
    new_accounts_days = models.PositiveSmallIntegerField(default=1, help_text=_("Accounts younger than so many days."))
    first_on = models.BooleanField(_("first comments"), default=False)
    first_comments = models.PositiveSmallIntegerField(
        default=2, help_text=_("Until so many have been seen by readers.")
    )
    quoted_only_on = models.BooleanField(_("nothing but quotations"), default=False)
    language_on = models.BooleanField(_("language"), default=False)
    languages = models.CharField(max_length=100, blank=True, help_text=_("The site's, such as: en ja"))
    spam_rule = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("The house rule about advertising: links, repetition and speed touch it.")
    )

    score = models.ForeignKey(ScoreModel, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    score_threshold = models.FloatField(default=1.0, validators=_SHARE, help_text=_("Scores from here on are held."))

    scorer_on = models.BooleanField(_("scorer elsewhere"), default=False)
    scorer_threshold = models.FloatField(default=0.9, validators=_SHARE, help_text=_("Scores from here on are held."))
    scorer_failure = models.CharField(max_length=6, choices=Failure.choices, default=Failure.IGNORE)
    scorer_failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    scorer_error = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(name="screening_settings_are_one", condition=Q(id=1)),)

    def __str__(self) -> str:
        return str(_("What is looked at before publication"))


class Pattern(models.Model):
    """Words, or a pattern, that hold or refuse a comment."""

    class Kind(models.TextChoices):
        """How it is looked for."""

        WORD = "word", _("Word: found whole, however it is typed")
        PATTERN = "pattern", _("Pattern: a regular expression")

    class Outcome(models.TextChoices):
        """What becomes of a comment that has it."""

        HOLD = "hold", _("Hold: it waits for a moderator")
        REFUSE = "refuse", _("Refuse: it cannot be posted")

    text = models.CharField(max_length=LONGEST)
    kind = models.CharField(max_length=7, choices=Kind.choices, default=Kind.WORD)
    language = models.CharField(max_length=2, blank=True, help_text=_("Only in texts of this language; empty for all."))
    rule = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("The number of the house rule it touches.")
    )
    outcome = models.CharField(max_length=6, choices=Outcome.choices, default=Outcome.HOLD)
    note = models.CharField(max_length=200, blank=True, help_text=_("Why it is listed; for the desk."))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("kind", "language", "text"), name="pattern_once"),
            models.CheckConstraint(name="pattern_kind_known", condition=Q(kind__in=("word", "pattern"))),
            models.CheckConstraint(name="pattern_outcome_known", condition=Q(outcome__in=("hold", "refuse"))),
        )

    def __str__(self) -> str:
        return self.text


class Band(models.Model):
    """A part of the signature of a text that was decided about, by which texts like it are found (`likeness`).

    No word of the text can be read from it; it goes when the words go.
    """

    key = models.BigIntegerField(help_text=_("The caller's number for the text."))
    band = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("key", "band"), name="band_once"),)
        indexes = (models.Index("band", models.F("key").desc(), name="band_found"),)

    def __str__(self) -> str:
        return f"{self.key}: {self.band}"
