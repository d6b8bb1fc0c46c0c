"""Everything that changes an account."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from kawaraban.accounts import handles
from kawaraban.accounts.models import READER, ROLES, User
from kawaraban.errors import Refused

HANDLE_TAKEN = "Another member's handle is this one or looks like it. Nothing was created; choose another."


def free_handle(text: str, besides: User | None = None) -> str:
    """The tidied handle, if it is well formed and no other member's handle looks like it. Cost: 1 query.

    Raises:
        Refused: `bad-handle` or `handle-taken`.
    """
    try:
        handle = handles.check(text)
    except handles.HandleError as error:
        raise Refused("bad-handle", str(error)) from error
    others = User.objects.filter(skeleton=handles.skeleton(handle))
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.exists():
        raise Refused("handle-taken", HANDLE_TAKEN)
    return handle


def create_member(
    email: str, handle: str, password: str, *, role: str = READER, title: str = "", verified: bool = False
) -> User:
    """A new member in the group of their role. Cost: about 8 queries.

    Raises:
        Refused: `bad-handle`, `handle-taken` or `account-exists`.
    """
    handle = free_handle(handle)
    try:
        with transaction.atomic():
            return User.objects.create_user(email, handle, password, role=role, title=title, verified=verified)
    except IntegrityError as error:
        raise Refused(
            "account-exists", "An account with this e-mail address or handle exists already. Nothing was created."
        ) from error


@transaction.atomic
def settle_staff(user: User) -> None:
    """Make the rest of an account agree with what was set at the desk: role, staff or not, address. Cost: 6 queries."""
    if not user.groups.exists():
        join_role(user, READER)
    user.is_staff = user.is_superuser or user.groups.exclude(name=READER).exists()
    user.save(update_fields=["is_staff"])
    address, _ = EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True})
    address.set_as_primary()


def join_role(user: User, role: str) -> None:
    """Put the member into the group of a role. Cost: 3 queries."""
    if role not in ROLES:
        raise ValueError(f"{role!r} is not a role; the roles are {', '.join(ROLES)}.")
    group, _ = Group.objects.get_or_create(name=role)
    user.groups.add(group)
