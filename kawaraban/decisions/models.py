"""House rules by version, decisions with their reasons, and the record that nobody changes unnoticed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

# How long a decision can be appealed against (DSA Article 20: at least six months).
APPEAL_TERM = timedelta(days=183)
# A law that the program itself names. It is kept in English, as the record has it, and told in the reader’s language.
MISUSE_LAW = gettext_noop("Digital Services Act, Article 23(2): notices that are manifestly unfounded")


# --- House rules ------------------------------------------------------------------------------------------------------


class Rulebook(models.Model):
    """One published version of the house rules. The newest is in force; the others stay readable for ever."""

    version = models.PositiveIntegerField(unique=True)
    introduction = models.TextField(blank=True)
    practice = models.TextField(blank=True, help_text="What happens otherwise: who decides, with what help, and how.")
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-version",)

    def __str__(self) -> str:
        return gettext("House rules, version {version}").format(version=self.version)

    def get_absolute_url(self) -> str:
        """Where this version can be read."""
        return reverse("decisions:rules_version", args=[self.version])


class Rule(models.Model):
    """One rule of a version: a number and a short name for lists of reasons, and the rule in words."""

    book = models.ForeignKey(Rulebook, models.CASCADE, related_name="rules")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    text = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("book", "number"), name="rule_number"),)
        ordering = ("book", "number")

    def __str__(self) -> str:
        return gettext("rule {number}, {name}").format(number=self.number, name=self.name)


# --- Decisions --------------------------------------------------------------------------------------------------------


class Kind(models.TextChoices):
    """What can be decided. Each restricts words, a member, votes or a discussion."""

    HOLD = "hold", _("Held")
    REMOVE = "remove", _("Removed")
    EDIT_OUT = "edit_out", _("Personal data taken out")
    FOLD = "fold", _("Folded")
    WARN = "warn", _("Warned")
    MUTE = "mute", _("May not write for a time")
    SUSPEND = "suspend", _("May not take part for a time")
    BAN = "ban", _("May not take part any more")
    CLOSE = "close", _("Discussion closed")
    SET_ASIDE = "set_aside", _("Votes set aside")


# What keeps a member from writing, the weakest first.
OF_MEMBERS = (Kind.MUTE, Kind.SUSPEND, Kind.BAN)
# Of these, what keeps them from taking part at all.
KEEPS_OUT = (Kind.SUSPEND, Kind.BAN)
# And what ends by itself, on a day that has to be said.
HAS_AN_END = (Kind.MUTE, Kind.SUSPEND)
# What needs a rule of the house or of the law. Holding words, closing and counting follow rules of their own.
NEEDS_A_RULE = (Kind.REMOVE, Kind.EDIT_OUT, Kind.FOLD, Kind.WARN, *OF_MEMBERS)


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Which decisions hold, and whom they concern."""

    def in_force(self, now: datetime | None = None) -> DecisionQuerySet:
        """Those that hold: not lifted, and their time not over."""
        return self.filter(Q(until=None) | Q(until__gt=now or timezone.now()), lifted_at=None)

    def on(self, subject: str) -> DecisionQuerySet:
        """All that was ever decided about a subject, the newest first."""
        return self.filter(subject=subject).order_by("-id")


class Decision(models.Model):
    """A restriction and the statement of its reasons (DSA Article 17); in force until it is lifted or runs out.

    `subject` names what it is about: `comment:12`, `member:7`, `thread:3`. `member` is whom it concerns. Who decided is
    kept and never shown: readers and the member see the `role`. A decision by a rule or the clock has nobody.
    """

    class Origin(models.TextChoices):
        """What made us look."""

        OWN = "own", _("Our own reading")
        REPORT = "report", _("A reader’s report")
        NOTICE = "notice", _("A notice from outside")
        RULE = "rule", _("A rule that runs by itself")
        SCORE = "score", _("The score that is learned from our decisions")
        APPEAL = "appeal", _("An appeal")

    kind = models.CharField(max_length=10, choices=Kind)
    subject = models.CharField(max_length=60)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="decisions"
    )
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, blank=True, related_name="decisions")
    law = models.CharField(max_length=200, blank=True, help_text="The law, where it is that and not a house rule.")
    facts = models.CharField(max_length=1000, help_text="The reason in words, for the member.")
    scope = models.CharField(max_length=120, blank=True, help_text="What it covers; empty: the subject itself.")
    territory = models.CharField(max_length=60, blank=True, help_text="Where it holds; empty: everywhere.")
    until = models.DateTimeField(null=True, blank=True, help_text="Empty: for good.")
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.OWN)
    is_automated = models.BooleanField(default=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(default=timezone.now)
    address = models.CharField(max_length=300, blank=True, help_text="Where on the site it can be seen.")
    about = models.CharField(max_length=255, blank=True, help_text="The headline it happened under.")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    lifted_why = models.CharField(max_length=1000, blank=True)
    is_reversed = models.BooleanField(default=False, help_text="Lifted because it was wrong, and not only over.")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="decision_names_a_rule",
                condition=~Q(kind__in=NEEDS_A_RULE) | Q(rule__isnull=False) | ~Q(law=""),
            ),
            models.CheckConstraint(name="decision_says_why", condition=~Q(facts="")),
            models.CheckConstraint(name="decision_by_somebody", condition=Q(is_automated=True) | ~Q(role="")),
        )
        indexes = (
            models.Index("subject", name="decision_subject"),
            models.Index("member", "kind", name="decision_member"),
            models.Index("decided_at", name="decision_time"),
        )
        permissions: ClassVar = []

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"

    def get_absolute_url(self) -> str:
        """The statement of reasons, for the member whom it concerns."""
        return reverse("decisions:decision", args=[self.pk])

    @property
    def is_in_force(self) -> bool:
        """True while it holds."""
        return self.lifted_at is None and (self.until is None or self.until > timezone.now())

    @property
    def ground(self) -> str:
        """What it rests on, in words: "rule 4, Stay with the subject", or a law. Cost: 1 query unless loaded."""
        return str(self.rule) if self.rule else self.named_law

    @property
    def named_law(self) -> str:
        """The law that it names, in the reader's language where the program named it."""
        return translation.gettext(self.law) if self.law == MISUSE_LAW else self.law

    @property
    def covers(self) -> str:
        """What it covers, in words; "" for the subject itself. Only the program writes a scope, in English."""
        return translation.gettext(self.scope) if self.scope else ""

    @property
    def appeal_until(self) -> datetime:
        """Until when it can be appealed against."""
        return self.decided_at + APPEAL_TERM


# --- The record -------------------------------------------------------------------------------------------------------


class Chain(models.Model):
    """The end of the record, in one row: who writes the next entry holds it."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"


class Entry(models.Model):
    """Something that moderation did, in its place in the record; never changed and never deleted.

    `facts` holds keys, numbers and digests, and no words of anybody: words may have to be erased, the record not.
    `hash` covers the entry and the hash before it, so that a change anywhere shows from there on.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    facts: models.JSONField[Any, Any] = models.JSONField()
    before = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("number",)
        indexes = (models.Index("kind", "at", name="entry_kind"),)

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"
