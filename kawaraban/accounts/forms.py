"""Sign-up with a public handle and the house rules; sign-in; how a member hears of things."""

from __future__ import annotations

from collections.abc import Mapping

from allauth.account.forms import AddEmailForm as AllauthAddEmailForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kawaraban.accounts import actions
from kawaraban.accounts.adapter import shorten_staff_session
from kawaraban.accounts.models import EMAIL_LENGTH, READER, Topic, User, Way
from kawaraban.errors import Refused


class LoginForm(AllauthLoginForm):
    """allauth's sign-in; a session of staff ends after eight hours, whoever is remembered for longer."""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in, and shorten what allauth has just set."""
        response: HttpResponse = super().login(request, redirect_url=redirect_url)
        shorten_staff_session(request)
        return response


class _FittingEmail:
    """Refuses an address that is longer than the column, which SQLite would take and PostgreSQL fail on."""

    def clean_email(self) -> str:
        """The address, after allauth's own checks."""
        address: str = super().clean_email()  # type: ignore[misc]  # of the form that this is mixed into
        if len(address) > EMAIL_LENGTH:
            raise forms.ValidationError(_("An e-mail address has at most {most} characters.").format(most=EMAIL_LENGTH))
        return address


class AddEmailForm(_FittingEmail, AllauthAddEmailForm):
    """allauth's change of address."""


class SignupForm(_FittingEmail, AllauthSignupForm):
    """allauth's sign-up with a handle and agreement to the rules."""

    handle = forms.CharField(
        max_length=30,
        label=_("Handle"),
        help_text=_("The public name under your comments. Your e-mail address is never shown."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
    )
    rules = forms.BooleanField(label=_("I have read the house rules and agree to them"))

    field_order = ("handle", "email", "password1", "rules")

    def clean_handle(self) -> str:
        """The tidied handle, or the reason why it cannot be had."""
        try:
            return actions.free_handle(self.cleaned_data["handle"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """The new member, or what is answered instead.

        Two people may want one handle or address at the same moment: both pass the checks, and the database lets one
        in. The other is answered as if they had come a moment later.
        """
        try:
            with transaction.atomic():
                saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
                return saved
        except IntegrityError:
            self.account_already_exists = User.objects.filter(email=self.cleaned_data["email"]).exists()
            if self.account_already_exists:
                return super().try_save(request)  # type: ignore[no-any-return]  # allauth ships no types
            self.add_error("handle", actions.HANDLE_TAKEN)
            context = {"form": self, "login_url": reverse("account_login")}
            return None, render(request, "account/signup.html", context)

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the account is saved."""
        actions.join_role(user, READER)


class PreferencesForm(forms.Form):
    """How a member hears of each topic."""

    def __init__(self, data: Mapping[str, str] | None = None, *, ways: Mapping[Topic, Way]) -> None:
        super().__init__(data)
        for topic in Topic:
            choices = [(way.value, way.label) for way in topic.ways]
            self.fields[topic] = forms.ChoiceField(choices=choices, label=topic.label, initial=ways[topic])

    @property
    def ways(self) -> dict[Topic, Way]:
        """What was chosen, once the form is valid."""
        return {topic: Way(self.cleaned_data[topic]) for topic in Topic}
