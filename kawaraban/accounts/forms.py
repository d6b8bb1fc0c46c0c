"""The sign-up form: e-mail, password, a public handle, and the house rules."""

from __future__ import annotations

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.http import HttpRequest, HttpResponse

from kawaraban.accounts import actions
from kawaraban.accounts.adapter import shorten_staff_session
from kawaraban.accounts.models import READER, User
from kawaraban.errors import Refused


class LoginForm(AllauthLoginForm):
    """allauth's sign-in; a session of staff ends after eight hours, whoever is remembered for longer."""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in, and shorten what allauth has just set."""
        response: HttpResponse = super().login(request, redirect_url=redirect_url)
        shorten_staff_session(request)
        return response


class SignupForm(AllauthSignupForm):
    """allauth's sign-up with a handle and agreement to the rules."""

    handle = forms.CharField(
        max_length=30,
        label="Handle",
        help_text="The public name under your comments. Your e-mail address is never shown.",
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
    )
    rules = forms.BooleanField(label="I have read the house rules and agree to them")

    field_order = ("handle", "email", "password1", "rules")

    def clean_handle(self) -> str:
        """The tidied handle, or the reason why it cannot be had."""
        try:
            return actions.free_handle(self.cleaned_data["handle"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the account is saved."""
        actions.join_role(user, READER)
