"""Members for tests, made through the room's actions."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from kawaraban.accounts import actions
from kawaraban.accounts.models import READER, Kind, Notification, User

PASSWORD = "seven-wet-umbrellas"  # noqa: S105 - opens nothing but test databases
_numbers = count(1)


def make_member(
    handle: str = "", *, role: str = READER, title: str = "", verified: bool = True, days: int = 30
) -> User:
    """A member who can sign in with `PASSWORD`, and joined so many days ago: long enough for votes to count."""
    handle = handle or f"Walk-on {next(_numbers)}"
    email = handle.lower().replace(" ", "-") + "@readers.example"
    member = actions.create_member(email, handle, PASSWORD, role=role, title=title, verified=verified)
    member.date_joined = timezone.now() - timedelta(days=days)
    member.save(update_fields=["date_joined"])
    return member


def make_session(member: User) -> str:
    """The key of a session that signing in would have made."""
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.create()
    return str(session.session_key)


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
