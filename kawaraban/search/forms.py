"""What a reader may ask of the search."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kawaraban.newsroom.models import FrontPage, SectionPage
from kawaraban.search.reads import Search


class SearchForm(forms.Form):
    """The words, and what narrows them. What cannot be understood is told and narrows nothing."""

    q = forms.CharField(
        label=_("Words in stories and comments"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        help_text=_("All of them must be there. Words between “quotation marks” stand together."),
    )
    kind = forms.ChoiceField(
        label=_("Look in"),
        required=False,
        choices=[("", _("Stories and comments")), ("story", _("Stories")), ("comment", _("Comments"))],
    )
    section = forms.ModelChoiceField(
        SectionPage.objects.none(), required=False, to_field_name="slug", empty_label=_("All sections")
    )
    author = forms.CharField(
        label=_("Written by"), required=False, max_length=120, help_text=_("A whole name, as it is printed.")
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("best", _("Best match first")), ("newest", _("Newest first"))],
    )

    def __init__(self, root: FrontPage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["section"]
        field.queryset = SectionPage.objects.child_of(root).live().order_by("path")

    @property
    def wanted(self) -> Search:
        """What is asked for, as far as it could be understood."""
        self.is_valid()
        known = {name: value for name, value in self.cleaned_data.items() if value}
        return Search(typed=known.pop("q", ""), **known)

    @property
    def narrowed(self) -> list[str]:
        """What narrows the search, each as a reader would say it."""
        wanted = self.wanted
        found = [
            dict(self.fields["kind"].choices)[wanted.kind].lower() if wanted.kind else "",  # type: ignore[attr-defined]
            wanted.section.title if wanted.section else "",
            gettext("by {author}").format(author=wanted.author) if wanted.author else "",
            gettext("from {day}").format(day=date_format(wanted.since)) if wanted.since else "",
            gettext("to {day}").format(day=date_format(wanted.until)) if wanted.until else "",
        ]
        return [each for each in found if each]
