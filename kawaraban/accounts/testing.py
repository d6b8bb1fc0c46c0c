"""Members for tests, made through the room's actions."""

from __future__ import annotations

from itertools import count

from kawaraban.accounts import actions
from kawaraban.accounts.models import READER, Kind, Notification, User

PASSWORD = "seven-wet-umbrellas"  # noqa: S105 - opens nothing but test databases
_numbers = count(1)


def make_member(handle: str = "", *, role: str = READER, title: str = "", verified: bool = True) -> User:
    """A member who can sign in with `PASSWORD`."""
    handle = handle or f"Walk-on {next(_numbers)}"
    email = handle.lower().replace(" ", "-") + "@readers.example"
    return actions.create_member(email, handle, PASSWORD, role=role, title=title, verified=verified)


def make_notification(
    recipient: User, *, kind: Kind = Kind.ANSWERED, title: str = "", actor: User | None = None
) -> Notification:
    """A notification about a subject of its own."""
    number = next(_numbers)
    subject = f"comment:{number}"
    title = title or f"Your comment was answered in “Story {number}”"
    actions.notify([recipient], kind=kind, subject=subject, address=f"/t/1/{number}/", title=title, actor=actor)
    return Notification.objects.get(recipient=recipient, subject=subject)
    return subject
