"""How allauth makes and welcomes our users."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kawaraban.accounts.models import User

STAFF_SESSION_SECONDS = 8 * 60 * 60


def shorten_staff_session(request: HttpRequest) -> None:
    """End the session after eight hours if staff have just signed in with it. Cost: none."""
    if isinstance(request.user, User) and request.user.is_staff:
        request.session.set_expiry(STAFF_SESSION_SECONDS)


class AccountAdapter(DefaultAccountAdapter):
    """allauth's choices, with a handle at sign-up and shorter sessions for staff."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """A new member with the handle from the form."""
        user.handle = form.cleaned_data["handle"]
        user.rules_agreed_at = timezone.now()
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Nothing: a member has a handle, which the form has set."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Where allauth goes after sign-in; a staff session ends after eight hours."""
        shorten_staff_session(request)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response
