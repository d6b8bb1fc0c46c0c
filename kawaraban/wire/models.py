"""What agencies send: feeds, deliveries as they came, items with their versions, and what their subjects mean here."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable

from kawaraban.formats.items import Kind, PubStatus, Signal
from kawaraban.newsroom.models import SectionPage, StoryPage

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GUID_LENGTH = 300
HEADLINE_LENGTH = 255
MOST_VERSION = 2**62


class Release(models.TextChoices):
    """What becomes of an item without an editor's hand. In the order of `STRENGTH`."""

    INBOX = "inbox", _("It waits in the inbox")
    DRAFT = "draft", _("A draft story is made")
    PUBLISH = "publish", _("A story is made and published at once")

    @property
    def strength(self) -> int:
        """Of two releases the one with the greater strength holds."""
        return [Release.INBOX, Release.DRAFT, Release.PUBLISH].index(self)


class Feed(ClusterableModel):
    """A way by which an agency's items come in."""

    class Way(models.TextChoices):
        """How they come."""

        HTTP = "http", _("We ask an address for RSS, Atom, JSON Feed, ninjs or NewsML-G2")
        FOLDER = "folder", _("Files are dropped into a folder of the site")
        PUSH = "push", _("The agency posts them here, signed with a key")

    name = models.CharField(max_length=80, unique=True)
    way = models.CharField(_("how items come"), max_length=6, choices=Way, default=Way.HTTP)
    address = models.CharField(
        _("address or folder"),
        max_length=500,
        blank=True,
        help_text=_("An http(s) address; or the name of a folder inside wire/ in the site's folder. Empty for a push."),
    )
    agency = models.CharField(
        max_length=120, help_text=_("Stands for the provider where an item does not name its own.")
    )
    section = models.ForeignKey(
        SectionPage,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("For items whose subjects lead to none."),
    )
    seconds = models.PositiveIntegerField(
        _("seconds between two looks"),
        default=300,
        validators=[MinValueValidator(5), MaxValueValidator(86_400)],
        help_text=_(
            "For an address: 300 is five minutes. The server sends only what has changed. With 5 a kill acts "
            "within 10 seconds. Folders are looked into every 3 seconds."
        ),
    )
    is_enabled = models.BooleanField(_("enabled"), default=True)
    release = models.CharField(_("an item that no rule names"), max_length=7, choices=Release, default=Release.INBOX)
    merges_updates = models.BooleanField(
        _("merge updates automatically"),
        default=False,
        help_text=_("A new version goes into the story at once where no editor has changed the same part."),
    )

    # How it goes.
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    seen = models.JSONField(default=dict, blank=True, editable=False)
    due_at = models.DateTimeField(_("looked at next"), default=timezone.now, editable=False)
    succeeded_at = models.DateTimeField(_("last success"), null=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    error = models.CharField(_("last error"), max_length=500, blank=True, editable=False)

    panels: ClassVar = [
        FieldPanel("name"),
        MultiFieldPanel(
            [FieldPanel("way"), FieldPanel("address"), FieldPanel("seconds"), FieldPanel("is_enabled")],
            heading=_("Where items come from"),
        ),
        MultiFieldPanel([FieldPanel("agency"), FieldPanel("section")], heading=_("What they are")),
        MultiFieldPanel(
            [
                FieldPanel("release"),
                InlinePanel("rules", label="Rule"),
                HelpPanel(
                    content=_(
                        "An item of this feed that meets all conditions of a rule is released as the rule says. "
                        "Of several the strongest holds."
                    )
                ),
                FieldPanel("merges_updates"),
            ],
            heading=_("What becomes of them"),
        ),
    ]

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """An address must be one, and a folder a plain name."""
        super().clean()
        self.agency = " ".join(self.agency.split())
        if self.way == self.Way.HTTP and not re.match(r"https?://[^\s/]", self.address):
            raise ValidationError({"address": gettext("An address begins with https:// or http://.")})
        if self.way == self.Way.FOLDER and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", self.address):
            raise ValidationError(
                {
                    "address": gettext(
                        "The name of a folder holds letters, digits, - and _ only; it is made inside wire/."
                    )
                }
            )
        was = Feed.objects.filter(pk=self.pk).first() if self.pk else None
        if was is not None and (was.address, was.way) != (self.address, self.way):
            # What the former address said of its last answer means nothing at another.
            self.etag = self.last_modified = self.error = ""
            self.seen, self.failures, self.due_at = {}, 0, timezone.now()

    @property
    def health(self) -> str:
        """How it goes, in words."""
        if not self.is_enabled:
            return gettext("switched off")
        if self.error:
            return f"broken: {self.error}"
        return gettext("in order") if self.succeeded_at else gettext("nothing has come yet")

    @property
    def push_keys(self) -> str:
        """A link to the keys of an agency that posts, as the list of feeds shows it."""
        if self.way != self.Way.PUSH:
            return ""
        return format_html('<a href="{}">Keys and address</a>', reverse("wire_keys", args=[self.pk]))


class Voice(models.Model):
    """A provider for whom a feed speaks, or would like to. For its own agency a feed speaks without one."""

    class State(models.TextChoices):
        """Whether what it brings is taken in."""

        FIRST = "first", _("Yes: it was the first to bring something")
        ALLOWED = "allowed", _("Yes: allowed at the desk")
        ASKS = "asks", _("No: another feed speaks for this provider; waits for the desk")
        REFUSED = "refused", _("No: refused at the desk")

    TAKEN_IN: ClassVar = (State.FIRST, State.ALLOWED)

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="voices")
    provider = models.CharField(max_length=120)
    state = models.CharField(max_length=7, choices=State)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("feed", "provider"), name="voice_once"),
            models.UniqueConstraint(fields=("provider",), condition=models.Q(state="first"), name="voice_first_once"),
        )
        ordering = ("feed__name", "provider")

    def __str__(self) -> str:
        return f"{self.feed} for {self.provider}"


class ReleaseRule(Orderable):
    """What is released without an editor's hand: all conditions that are given must hold."""

    feed = ParentalKey(Feed, on_delete=models.CASCADE, related_name="rules")
    section = models.ForeignKey(SectionPage, models.CASCADE, null=True, blank=True, related_name="+")
    keyword = models.CharField(
        max_length=80, blank=True, help_text=_("Stands in the headline, the slugline, a keyword or a subject.")
    )
    urgency = models.PositiveSmallIntegerField(
        _("urgency at least"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text=_("1 is a flash. 3 means 1, 2 and 3."),
    )
    release = models.CharField(max_length=7, choices=Release, default=Release.DRAFT)
    panels: ClassVar = [FieldPanel(name) for name in ("section", "keyword", "urgency", "release")]

    def clean(self) -> None:
        """A rule without a condition would be the feed's own setting."""
        super().clean()
        if not self.section and not self.keyword.strip() and not self.urgency:
            raise ValidationError(gettext("A rule needs a section, a keyword or an urgency."))


class PushKey(models.Model):
    """A key with which an agency signs what it posts. The key itself is made of `salt` and the site's secret."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="keys")
    salt = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("made_at", "pk")

    def __str__(self) -> str:
        return f"…{self.ending}"


class UsedSignature(models.Model):
    """A signature that was taken; the same one does not count again."""

    signature = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.signature


class Delivery(models.Model):
    """Bytes as they came in, kept as they were."""

    feed = models.ForeignKey(Feed, models.PROTECT, related_name="deliveries")
    digest = models.CharField(max_length=64)
    content_type = models.CharField(max_length=100, blank=True)
    payload = models.BinaryField()
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField(default=timezone.now, db_index=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = (models.UniqueConstraint(fields=("feed", "digest"), name="delivery_once"),)

    def __str__(self) -> str:
        return f"{self.feed}, {self.received_at:%Y-%m-%d %H:%M:%S}"


class WireItem(models.Model):
    """An item as its provider names it, with all its versions. What a list shows is that of the newest version.

    `newest` is the greatest by `versions.order`; `usable` the newest that may become a story. `base` is the version
    that the story holds.
    """

    class State(models.TextChoices):
        """Where it is at the desk."""

        NEW = "new", _("Unread")
        READ = "read", _("Read")
        USED = "used", _("Used")
        KILLED = "killed", _("Killed")

    provider = models.CharField(max_length=120)
    guid = models.CharField(max_length=GUID_LENGTH)
    state = models.CharField(max_length=6, choices=State, default=State.NEW)
    feeds = models.ManyToManyField(Feed, related_name="items")
    newest = models.ForeignKey("WireVersion", models.SET_NULL, null=True, related_name="+")
    usable = models.ForeignKey("WireVersion", models.SET_NULL, null=True, related_name="+")
    base = models.ForeignKey("WireVersion", models.SET_NULL, null=True, related_name="+")
    story = models.OneToOneField(StoryPage, models.SET_NULL, null=True, related_name="wire_item")
    is_automatic = models.BooleanField(_("the story was made by a rule"), default=False)
    settle_at = models.DateTimeField(_("rules are applied at"), null=True, db_index=True)
    alarm = models.CharField(max_length=300, blank=True)
    alarmed_at = models.DateTimeField(null=True)
    is_mailed = models.BooleanField(_("editors were told of the alarm by mail"), default=True)
    received_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    # Of the newest version.
    kind = models.CharField(max_length=9, choices=[(each.value, each.value) for each in Kind], default=Kind.TEXT)
    pubstatus = models.CharField(
        max_length=8, choices=[(each.value, each.value) for each in PubStatus], default=PubStatus.USABLE
    )
    signal = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Signal], blank=True)
    headline = models.CharField(max_length=HEADLINE_LENGTH, blank=True)
    slugline = models.CharField(max_length=HEADLINE_LENGTH, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=35, blank=True)
    urgency = models.PositiveSmallIntegerField(default=0)
    embargoed = models.DateTimeField(null=True)
    versioncreated = models.DateTimeField(null=True)
    has_picture = models.BooleanField(default=False)
    section = models.ForeignKey(SectionPage, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("provider", "guid"), name="wire_item_once"),)
        indexes = (
            models.Index(fields=("-changed_at", "-id"), name="wire_item_newest"),
            models.Index(fields=("state",), name="wire_item_state"),
            models.Index(fields=("guid",), name="wire_item_guid"),
        )

    def __str__(self) -> str:
        return self.headline or self.slugline or self.guid

    def get_absolute_url(self) -> str:
        """The item at the desk."""
        return reverse("wire_item", args=[self.pk])

    @property
    def is_embargoed(self) -> bool:
        """True until its time."""
        return self.embargoed is not None and self.embargoed > timezone.now()

    @property
    def has_update(self) -> bool:
        """True when the agency has sent a version that is newer than what the story holds."""
        return self.story_id is not None and self.usable_id is not None and self.usable_id != self.base_id


class WireVersion(models.Model):
    """One version of an item. `content` is the item as `stored` writes it.

    Of the same number and time, which two feeds may tell in different words, the greater digest is the newer: which of
    them is shown must not depend on which came first.
    """

    ORDER: ClassVar = ("version", "versioncreated", "digest")

    item = models.ForeignKey(WireItem, models.CASCADE, related_name="versions")
    digest = models.CharField(max_length=64)
    version = models.PositiveBigIntegerField()
    versioncreated = models.DateTimeField()
    kind = models.CharField(max_length=9)
    pubstatus = models.CharField(max_length=8)
    signal = models.CharField(max_length=10, blank=True)
    embargoed = models.DateTimeField(null=True)
    content = models.JSONField()
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="versions")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "digest"), name="wire_version_once"),)

    def __str__(self) -> str:
        return gettext("version {number}").format(number=self.version)

    @property
    def order(self) -> tuple[Any, ...]:
        """What the newest has the greatest of."""
        return tuple(getattr(self, name) for name in self.ORDER)

    @property
    def created(self) -> datetime | None:
        """When the agency made it; None where it did not say."""
        return self.versioncreated if self.versioncreated > EPOCH else None

    @property
    def may_be_story(self) -> bool:
        """True for texts that are meant for readers, now or after their embargo."""
        return self.kind == Kind.TEXT and self.pubstatus == PubStatus.USABLE and self.signal != Signal.ADVISORY


class RefusedVersion(models.Model):
    """A version that was not taken in, since its feed does not speak for the provider. Its delivery holds all of it."""

    voice = models.ForeignKey(Voice, models.CASCADE, related_name="refused")
    digest = models.CharField(max_length=64)
    guid = models.CharField(max_length=GUID_LENGTH)
    version = models.PositiveBigIntegerField()
    pubstatus = models.CharField(max_length=8)
    headline = models.CharField(max_length=HEADLINE_LENGTH, blank=True)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="refused")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("voice", "digest"), name="refused_version_once"),)

    def __str__(self) -> str:
        return f"{self.guid}, version {self.version}"


class TopicMap(models.Model):
    """Where items about a subject go: an IPTC media topic by its code, or any other subject by its name."""

    code = models.CharField(
        _("code or name"),
        max_length=120,
        unique=True,
        help_text=_("Such as medtop:15000000; or, for feeds that name subjects in words, the word."),
    )
    name = models.CharField(max_length=120, blank=True, help_text=_("For colleagues."))
    section = models.ForeignKey(SectionPage, models.SET_NULL, null=True, blank=True, related_name="+")
    tag = models.CharField(max_length=100, blank=True, help_text=_("Put on stories about it. Empty: none."))
    panels: ClassVar = [FieldPanel(name) for name in ("code", "name", "section", "tag")]

    class Meta:
        verbose_name = _("media topic")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name or self.code

    def clean(self) -> None:
        """Codes and words are compared in small letters."""
        super().clean()
        self.code = " ".join(self.code.split()).lower()
