"""What editors fill in about what is looked at before publication."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from kawaraban.decisions.models import Rule
from kawaraban.screening import languages
from kawaraban.screening.models import Pattern, ScreeningSettings

NUMBERS = {
    "links_most": _("Links allowed"),
    "links_days": _("Days since the account was made"),
    "repetition_share": _("Part that is the same, 0 to 1"),
    "shouting_share": _("Part in capitals, 0 to 1"),
    "speed_most": _("Comments allowed"),
    "speed_days": _("Days since the account was made"),
    "new_accounts_days": _("Days since the account was made"),
    "first_comments": _("Comments of a member"),
    "languages": _("Languages"),
    "scorer_threshold": _("Score, 0 to 1"),
    "scorer_failure": _("When it does not answer"),
}
# What can be switched on, in the order of the checks, with the numbers that belong to it.
CHECKS = {
    "patterns_on": (),
    "links_on": ("links_most", "links_days"),
    "repetition_on": ("repetition_share",),
    "shouting_on": ("shouting_share",),
    "quoted_only_on": (),
    "language_on": ("languages",),
    "speed_on": ("speed_most", "speed_days"),
    "new_accounts_on": ("new_accounts_days",),
    "first_on": ("first_comments",),
    "scorer_on": ("scorer_threshold", "scorer_failure"),
}


class PatternForm(forms.Form):
    """A word or pattern. Whether it can be looked for is the action's to say."""

    text = forms.CharField(label=_("Word, words or pattern"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Pattern.Kind.choices, initial=Pattern.Kind.WORD)
    outcome = forms.ChoiceField(label=_("What becomes of the comment"), choices=Pattern.Outcome.choices)
    language = forms.ChoiceField(
        label=_("Only in texts in"),
        choices=[("", _("any language")), *((code, code) for code in languages.KNOWN)],
        required=False,
    )
    rule = forms.TypedChoiceField(label=_("The rule that it touches"), coerce=int, empty_value=None, required=False)
    note = forms.CharField(label=_("Why it is listed, for the desk"), max_length=200, required=False)

    def __init__(self, rules: list[Rule], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["rule"], rules)


class ScreeningForm(forms.ModelForm[ScreeningSettings]):
    """Each check on or off, with its numbers. Changed is what differs from what the form showed.

    So two editors who change different things at once both have their way.
    """

    spam_rule = forms.TypedChoiceField(
        label=_("The rule about advertising"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Links, repetition and speed touch it."),
    )

    class Meta:
        model = ScreeningSettings
        fields = ("spam_rule", *CHECKS, *NUMBERS)
        labels = NUMBERS

    def __init__(self, rules: list[Rule], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["spam_rule"], rules)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def checks(self) -> list[tuple[BoundField, list[BoundField]]]:
        """Each check's switch with the fields of its numbers, in order."""
        return [(self[switch], [self[name] for name in numbers]) for switch, numbers in CHECKS.items()]

    def changes(self) -> dict[str, Any]:
        """What was changed in the form, by the names of the fields."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


def _offer(field: forms.Field, rules: list[Rule]) -> None:
    assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - narrows the type, decides nothing
    field.choices = [("", pgettext("rule", "none")), *((rule.number, f"{rule.number}. {rule.name}") for rule in rules)]
