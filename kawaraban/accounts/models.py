"""People with an account: members and staff."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kawaraban.accounts import handles
from kawaraban.caching.models import Mentioned

# The roles are groups. Every member reads; the others are staff.
READER, MODERATOR, EDITOR, ADMINISTRATOR = "Reader", "Moderator", "Editor", "Administrator"
REPORTER, PUBLISHER = "Reporter", "Publisher"
EMAIL_LENGTH = 254  # characters, of RFC 5321
ROLES = (READER, MODERATOR, REPORTER, EDITOR, PUBLISHER, ADMINISTRATOR)


def validate_handle(handle: str) -> None:
    """Let a well-formed handle pass, also when Django's own commands ask for one."""
    try:
        handles.check(handle)
    except handles.HandleError as error:
        raise ValidationError(str(error), code="bad-handle") from error


class UserManager(BaseUserManager["User"]):
    """Makes users whole: account, role and address together. Call it through `accounts.actions`."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user with this e-mail address, whatever its case."""
        return self.get(email__iexact=username or "")

    @transaction.atomic
    def create_user(
        self,
        email: str,
        handle: str,
        password: str | None,
        *,
        role: str = READER,
        verified: bool = False,
        **fields: Any,
    ) -> User:
        """A user in the group of their role, with their address, which is trusted if `verified`. Cost: 6 queries."""
        user = self.model(email=email.strip().lower(), handle=handle, is_staff=role != READER, **fields)
        user.rules_agreed_at = timezone.now()
        user.set_password(password)
        user.save()
        user.groups.add(Group.objects.get_or_create(name=role)[0])
        EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
        return user

    def create_superuser(self, email: str, handle: str, password: str, **fields: Any) -> User:
        """A verified administrator with every permission, for `kawaraban manage createsuperuser`."""
        return self.create_user(email, handle, password, role=ADMINISTRATOR, verified=True, is_superuser=True, **fields)


class User(Mentioned, AbstractBaseUser, PermissionsMixin):
    """A person with an account.

    `handle` is public and the e-mail address never is. `skeleton` is equal for handles that a reader could confuse,
    so its uniqueness keeps look-alikes out.
    """

    email = models.EmailField(_("e-mail address"), unique=True, max_length=EMAIL_LENGTH)
    handle = models.CharField(
        max_length=30, validators=[validate_handle], help_text=_("The public name under comments.")
    )
    skeleton = models.CharField(max_length=120, unique=True, editable=False)
    slug = models.SlugField(max_length=60, unique=True, editable=False)
    title = models.CharField(
        max_length=30, blank=True, help_text=_("Shown beside the handle of staff, such as Reporter or Moderator.")
    )
    # Wagtail's own screens ask staff for these two.
    first_name = models.CharField(max_length=150, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    rules_agreed_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["handle"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.handle

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the skeleton in step with the handle, also when Wagtail's user form changes it."""
        self.skeleton = handles.skeleton(self.handle)
        if not self.slug:
            self.slug = self._free_slug()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The member's public page."""
        return reverse("discussion:member", args=[self.slug])

    @property
    def cache_tag(self) -> str:
        """Their name among what remembered pages are about, or mention."""
        return f"member:{self.pk}"

    def get_full_name(self) -> str:
        """The name of staff as colleagues know it, else the handle."""
        return f"{self.first_name} {self.last_name}".strip() or self.handle

    def get_short_name(self) -> str:
        """The handle."""
        return self.handle

    @cached_property
    def roles(self) -> frozenset[str]:
        """The names of the member's groups. Cost: 1 query, once per object."""
        return frozenset(self.groups.values_list("name", flat=True))

    @cached_property
    def unread(self) -> int:
        """How many notifications the member has not read. Cost: 1 query, once per object."""
        return Notification.objects.shown_to(self).filter(read_at=None).count()

    def _free_slug(self) -> str:
        base = handles.slug(self.handle)
        taken = set(User.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


# --- Between members --------------------------------------------------------------------------------------------------


class Relation(models.Model):
    """What one member has decided about another: to follow them or to mute them, never both. Nobody else is told."""

    class Kind(models.TextChoices):
        FOLLOWS = "follows"
        MUTES = "mutes"

    member = models.ForeignKey(User, models.CASCADE, related_name="relations")
    other = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["member", "other"], name="relation_once"),
            models.CheckConstraint(condition=~Q(member=F("other")), name="relation_with_somebody_else"),
        )
        indexes = (models.Index(fields=["other", "kind"], name="relation_other"),)

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind} {self.other_id}"


# --- Networks ---------------------------------------------------------------------------------------------------------

# How long it is kept who came from where, and how long one key makes pseudonyms of it.
TRACES_KEPT_DAYS = 30


class NetworkKey(models.Model):
    """The key that makes pseudonyms of network blocks for 30 days, and is then deleted with all that it could tell.

    Without it a pseudonym leads to no block; with it, trying all 16 million blocks of IPv4 would take a minute.
    """

    period = models.PositiveIntegerField(primary_key=True, help_text="Thirty days each, from the epoch.")
    key = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"period {self.period}"


class Trace(models.Model):
    """A member has written or voted from a network block: a /24 of IPv4 or a /56 of IPv6, under a pseudonym.

    No address is kept, and no device. Two members with an equal `network` came from the same block.
    """

    member = models.ForeignKey(User, models.CASCADE, related_name="traces")
    network = models.CharField(max_length=32)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "network"], name="trace_once"),)
        indexes = (
            models.Index(fields=["network"], name="trace_network"),
            models.Index(fields=["seen_at"], name="trace_time"),
        )

    def __str__(self) -> str:
        return f"{self.member_id} from {self.network}"


# --- Notifications ----------------------------------------------------------------------------------------------------


class Kind(models.TextChoices):
    """What can have happened."""

    ANSWERED = "answered"
    QUOTED = "quoted"
    SOURCE_REQUESTED = "source_requested"
    SOURCE_GIVEN = "source_given"
    PICKED = "picked"
    FOLLOWED_STORY = "followed_story"
    FOLLOWED_MEMBER = "followed_member"
    DECIDED = "decided"
    LIFTED = "lifted"
    RULES = "rules"
    REPORT_SETTLED = "report_settled"
    APPEAL_SETTLED = "appeal_settled"
    CORRECTED = "corrected"


class Topic(models.TextChoices):
    """What a member decides about, each with all its kinds."""

    DECISIONS = "decisions", _("Decisions about you and what you wrote, and the house rules")
    ANSWERS = "answers", _("Answers to you, quotes of you, and what becomes of your comments")
    STORIES = "stories", _("Stories you follow")
    MEMBERS = "members", _("Members you follow")

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of notification that belong to this topic."""
        alone = {
            Topic.DECISIONS: frozenset(
                {Kind.DECIDED, Kind.LIFTED, Kind.RULES, Kind.REPORT_SETTLED, Kind.APPEAL_SETTLED}
            ),
            Topic.STORIES: frozenset({Kind.FOLLOWED_STORY}),
            Topic.MEMBERS: frozenset({Kind.FOLLOWED_MEMBER}),
        }
        return alone.get(self) or frozenset(Kind).difference(*alone.values())

    @property
    def default(self) -> Way:
        """How a member hears who has not chosen: of decisions at once, of answers once a day, of the rest only here."""
        return {Topic.DECISIONS: Way.NOW, Topic.ANSWERS: Way.DAILY}.get(self, Way.HERE)

    @property
    def ways(self) -> list[Way]:
        """How a member can choose to hear of it; what was decided about them they are told in any case."""
        return [way for way in Way if way != Way.NEVER or self is not Topic.DECISIONS]


class Way(models.TextChoices):
    """How a member hears of a topic."""

    NOW = "now", _("At once by e-mail")
    DAILY = "daily", _("In a daily digest by e-mail")
    HERE = "here", _("Only here")
    NEVER = "never", _("Never")


BY_MAIL = (Way.NOW, Way.DAILY)


class Preference(models.Model):
    """A member's decision about one topic; without a row it is the topic's default."""

    member = models.ForeignKey(User, models.CASCADE, related_name="preferences")
    topic = models.CharField(max_length=10, choices=Topic)
    way = models.CharField(max_length=10, choices=Way)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "topic"], name="preference_once"),)

    def __str__(self) -> str:
        return f"{self.topic}: {self.way}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Which notifications may be seen, and which are still to be mailed."""

    def shown_to(self, member: User) -> NotificationQuerySet:
        """The member's own, without those whose subject is not to be seen at present."""
        return self.filter(recipient=member, withdrawn_at=None)

    def awaiting(self, way: Way) -> NotificationQuerySet:
        """Those still to be mailed in this way: not yet sent, not read meanwhile, not withdrawn."""
        return self.filter(mail=way, mailed_at=None, read_at=None, withdrawn_at=None)


class Notification(models.Model):
    """Something that happened and concerns one member.

    It holds words of ours and a headline, and never a reader's words: what is removed later cannot be found here, nor
    in a mail made of it. The actor's handle is looked up when it is shown, so that it too can change or go.

    `subject` names what it is about, such as `comment:123`; the same event told twice is one row. `mail` is how it was
    to be mailed when it happened: `now`, `daily`, or nothing.
    """

    recipient = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=20, choices=Kind)
    subject = models.CharField(max_length=60)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=300)
    address = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    mail = models.CharField(max_length=10, choices=Way, default="")
    queued_at = models.DateTimeField(null=True)  # since when a task is to mail it
    claimed_at = models.DateTimeField(null=True)  # since when a worker is mailing it
    mailed_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["recipient", "kind", "subject"], name="notification_once"),)
        indexes = (
            models.Index(fields=["recipient", "-id"], name="notification_newest"),
            models.Index(
                fields=["recipient"], name="notification_unread", condition=Q(read_at=None, withdrawn_at=None)
            ),
            models.Index(fields=["subject"], name="notification_subject"),
            models.Index(
                fields=["mail", "id"],
                name="notification_outbox",
                condition=~Q(mail="") & Q(mailed_at=None, read_at=None, withdrawn_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
