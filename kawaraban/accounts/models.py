"""People with an account: members and staff."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from kawaraban.accounts import handles

# The roles are groups. Every member reads; the others are staff.
READER, MODERATOR, EDITOR, ADMINISTRATOR = "Reader", "Moderator", "Editor", "Administrator"
EMAIL_LENGTH = 254  # characters, of RFC 5321
ROLES = (READER, MODERATOR, EDITOR, ADMINISTRATOR)


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


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account.

    `handle` is public and the e-mail address never is. `skeleton` is equal for handles that a reader could confuse,
    so its uniqueness keeps look-alikes out.
    """

    email = models.EmailField("e-mail address", unique=True, max_length=EMAIL_LENGTH)
    handle = models.CharField(max_length=30, validators=[validate_handle], help_text="The public name under comments.")
    skeleton = models.CharField(max_length=120, unique=True, editable=False)
    slug = models.SlugField(max_length=60, unique=True, editable=False)
    title = models.CharField(
        max_length=30, blank=True, help_text="Shown beside the handle of staff, such as Reporter or Moderator."
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

    def _free_slug(self) -> str:
        base = handles.slug(self.handle)
        taken = set(User.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
