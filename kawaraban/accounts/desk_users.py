"""Accounts at the desk: Wagtail's own screens, with the handle and the title that ours have."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from kawaraban.accounts import actions
from kawaraban.accounts.models import User
from kawaraban.errors import Refused


class _Person(forms.ModelForm[User]):
    """What both forms add: a free handle, and whether the groups make somebody staff."""

    def clean_handle(self) -> str:
        """The tidied handle, or the reason why it cannot be had."""
        besides = self.instance if self.instance.pk else None
        try:
            return actions.free_handle(self.cleaned_data["handle"], besides)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal

    def save(self, commit: bool = True) -> User:
        """The person, who is staff when a group other than Reader says so; their address is taken as verified."""
        user: User = super().save(commit)
        if commit:
            actions.settle_staff(user)
        return user


class NewPersonForm(_Person, UserCreationForm):
    """An account made at the desk."""

    class Meta(UserCreationForm.Meta):
        fields = UserCreationForm.Meta.fields | {"handle", "title"}


class PersonForm(_Person, UserEditForm):
    """An account changed at the desk."""

    class Meta(UserEditForm.Meta):
        fields = UserEditForm.Meta.fields | {"handle", "title"}


class UserViewSet(WagtailUserViewSet):
    """Wagtail's screens with our forms."""

    ordering = "handle"

    def get_form_class(self, for_update: bool = False) -> Any:
        """The form for a new or a known person."""
        return PersonForm if for_update else NewPersonForm
