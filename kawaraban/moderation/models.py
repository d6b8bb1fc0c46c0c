"""What comes to the moderators, who has taken it up, and what became of it. Decisions themselves are one room below."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from kawaraban.decisions.models import Decision, Rule
from kawaraban.discussion.models import Comment, Thread
from kawaraban.languages import in_site_language


@in_site_language
def emergency_words() -> str:
    """What a site says of a life in danger until it says it in other words; readers read it, so in their language."""
    return gettext("Call the emergency number of your country first; in the European Union it is 112.")


class Report(models.Model):
    """A member says that a comment breaks a rule; once for each comment. Never shown to its author.

    `weight` is what the reporter's record gave it when it was made (0 to 2).
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Waiting")
        UPHELD = "upheld", _("The comment was restricted")
        DISMISSED = "dismissed", _("The comment stays")

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reports")
    rule = models.ForeignKey(Rule, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=500, blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    made_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, blank=True, related_name="reports")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("comment", "reporter"), name="report_once"),)
        indexes = (models.Index("outcome", "made_at", name="report_open"),)

    def __str__(self) -> str:
        return f"{self.reporter_id} reports {self.comment_id}"


class Claim(models.Model):
    """A moderator has a case open; others see that it is taken. It runs out by itself."""

    subject = models.CharField(max_length=60, unique=True)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.moderator_id} has {self.subject}"


class Approval(models.Model):
    """A moderator has read a comment and lets it stand; the last time counts, and any restriction ends it.

    `lifted` is the decision that it ended, such as the hold under which the comment waited.
    """

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="approval")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    role = models.CharField(max_length=60)
    approved_at = models.DateTimeField(default=timezone.now)
    lifted = models.ForeignKey(Decision, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes = (models.Index("approved_by", "approved_at", name="approval_by"),)

    def __str__(self) -> str:
        return f"{self.comment_id} may stand"


class Appeal(models.Model):
    """Somebody asks for a decision to be looked at again, by another person than who made it (DSA Article 20).

    Against a decision by the member whom it concerns; against the dismissal of a report by the member who made it, of a
    notice by whoever gave it, who need not be a member. `first_by` is who decided first.
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Waiting")
        UPHELD = "upheld", _("The decision stands")
        REVERSED = "reversed", _("The decision was taken back")

    decision = models.ForeignKey(Decision, models.CASCADE, null=True, blank=True, related_name="appeals")
    report = models.ForeignKey(Report, models.CASCADE, null=True, blank=True, related_name="appeals")
    notice = models.ForeignKey("Notice", models.CASCADE, null=True, blank=True, related_name="appeals")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="appeals")
    first_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=2000)
    made_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.OPEN)
    answer = models.CharField(max_length=1000, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=60, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    is_same_person = models.BooleanField(default=False, help_text="The site has one moderator, and says so openly.")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="appeal_against_one_thing",
                condition=Q(decision__isnull=False, report__isnull=True, notice__isnull=True, member__isnull=False)
                | Q(decision__isnull=True, report__isnull=False, notice__isnull=True, member__isnull=False)
                | Q(decision__isnull=True, report__isnull=True, notice__isnull=False, member__isnull=True),
            ),
            models.CheckConstraint(
                name="appeal_by_another_person",
                condition=Q(first_by__isnull=True)
                | Q(settled_by__isnull=True)
                | ~Q(settled_by=F("first_by"))
                | Q(is_same_person=True),
            ),
            models.UniqueConstraint(fields=("decision", "member"), name="appeal_once"),
            models.UniqueConstraint(fields=("report",), name="appeal_of_report_once"),
            models.UniqueConstraint(fields=("notice",), name="appeal_of_notice_once"),
        )
        indexes = (models.Index("outcome", "made_at", name="appeal_open"),)

    def __str__(self) -> str:
        return f"{self.member_id or 'somebody'} appeals"


class Notice(models.Model):
    """Somebody, with an account or without, says that something here is illegal or breaks the rules (DSA Article 16).

    `key` is the address of its receipt, which only the notifier knows.
    """

    class Category(models.TextChoices):
        """What it is said to be; the first two need no name (DSA Article 16 and 18)."""

        LIFE = "life", _("A threat to somebody’s life or safety")
        CHILD = "child", _("Sexual abuse of a child")
        SPEECH = "speech", _("Insult, defamation, or incitement to hatred")
        PRIVACY = "privacy", _("Personal data or private matters")
        PROPERTY = "property", _("Copyright or another right of mine")
        FRAUD = "fraud", _("Fraud, or somebody who pretends to be another")
        OTHER = "other", _("Something else that is illegal, or breaks the house rules")

    class Outcome(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Waiting")
        UPHELD = "upheld", _("It was restricted")
        DISMISSED = "dismissed", _("It stays")

    category = models.CharField(max_length=8, choices=Category, default=Category.OTHER)
    key = models.CharField(max_length=40, unique=True)
    url = models.CharField(max_length=500)
    comment = models.ForeignKey(Comment, models.SET_NULL, null=True, blank=True, related_name="notices")
    ground = models.CharField(max_length=200, help_text="The law or the rule that it breaks.")
    words = models.TextField(help_text="Why, in the notifier’s words.")
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    in_good_faith = models.BooleanField(default=False)
    is_threat_to_life = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.OPEN)
    answer = models.CharField(max_length=1000, blank=True)
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, blank=True, related_name="notices")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=8, blank=True, help_text="What its notifier is still to be told by mail.")
    told = models.CharField(max_length=8, blank=True, help_text="What its notifier was told by mail last.")
    passed_on_at = models.DateTimeField(null=True, blank=True, help_text="When a threat was told to the authorities.")

    class Meta:
        indexes = (models.Index("outcome", "made_at", name="notice_open"),)

    def __str__(self) -> str:
        return f"notice of {self.url}"

    def get_absolute_url(self) -> str:
        """Its receipt, where the notifier reads what became of it."""
        return reverse("moderation:receipt", args=[self.key])


class Batch(models.Model):
    """What was done to many at once, so that it can be undone at once within a day."""

    kind = models.CharField(max_length=20)
    thread = models.ForeignKey(Thread, models.CASCADE, null=True, blank=True, related_name="+")
    decisions = models.ManyToManyField(Decision, related_name="+")
    before: models.JSONField[Any, Any] = models.JSONField(default=dict, help_text="What was set, to be put back.")
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    done_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.done_at}"


class Ring(models.Model):
    """Votes that look arranged, set aside until somebody has decided, with the evidence."""

    class Outcome(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("Waiting")
        UPHELD = "upheld", _("The votes do not count")
        DISMISSED = "dismissed", _("The votes count")

    key = models.CharField(max_length=64, unique=True, help_text="Of the votes in it: found twice, it is one case.")
    votes: models.JSONField[Any, Any] = models.JSONField(help_text="Keys of the votes.")
    evidence: models.JSONField[Any, Any] = models.JSONField(help_text="Counts and spans, without names.")
    comments = models.ManyToManyField(Comment, related_name="+")
    found_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=9, choices=Outcome, default=Outcome.OPEN)
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"ring {self.key[:8]}"


@register_setting(icon="warning")
class ModerationSettings(BaseGenericSetting):
    """How one site moderates, set at the desk. What nobody has set is as careful as the law asks of the smallest."""

    reports_hold_at = models.PositiveSmallIntegerField(
        _("hold a comment at so many reports"),
        default=3,
        validators=[MaxValueValidator(100)],
        help_text=_("Of different members whose reports count. It then waits for a moderator. 0: never."),
    )
    single_moderator_allowed = models.BooleanField(
        _("one person may decide appeals against their own decisions"),
        default=False,
        help_text=_("Only while there is nobody else who could; each such answer says so, and it is published."),
    )
    notices_on = models.BooleanField(
        _("take notices of illegal content without an account"),
        default=True,
        help_text=_("Required of every site that offers its service in the European Union."),
    )
    contact = models.TextField(
        blank=True,
        help_text=_("Where a person can be reached, for readers and for authorities, and in which languages."),
    )
    emergency = models.TextField(
        _("when somebody’s life is in danger"),
        default=emergency_words,
        blank=True,
        help_text=_("Shown to whoever tells us of a threat to life."),
    )
    user_numbers = models.TextField(
        _("average monthly active recipients"),
        blank=True,
        help_text=_("Published on the page about moderation, every six months where the law asks for it (DSA 24)."),
    )

    panels: ClassVar = [
        MultiFieldPanel([FieldPanel("contact"), FieldPanel("emergency")], heading=_("Who can be reached")),
        MultiFieldPanel(
            [FieldPanel("reports_hold_at"), FieldPanel("notices_on"), FieldPanel("single_moderator_allowed")],
            heading=_("Reports, notices and appeals"),
        ),
        FieldPanel("user_numbers"),
    ]

    class Meta:
        verbose_name = _("Moderation")
