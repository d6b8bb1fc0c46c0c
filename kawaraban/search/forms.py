"""What a reader may ask of the search."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format

from kawaraban.newsroom.models import FrontPage, SectionPage
from kawaraban.search.reads import Search


class SearchForm(forms.Form):
    """The words, and what narrows them. What cannot be understood is told and narrows nothing."""

    q = forms.CharField(
        label="Words in stories and comments",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        help_text="All of them must be there. Words between “quotation marks” stand together.",
    )
    kind = forms.ChoiceField(
        label="Look in",
        required=False,
        choices=[("", "Stories and comments"), ("story", "Stories"), ("comment", "Comments")],
    )
    section = forms.ModelChoiceField(
        SectionPage.objects.none(), required=False, to_field_name="slug", empty_label="All sections"
    )
    author = forms.CharField(
        label="Written by", required=False, max_length=120, help_text="A whole name, as it is printed."
    )
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    order = forms.ChoiceField(
        label="Order",
        required=False,
        choices=[("best", "Best match first"), ("newest", "Newest first")],
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
            f"by {wanted.author}" if wanted.author else "",
            f"from {date_format(wanted.since)}" if wanted.since else "",
            f"to {date_format(wanted.until)}" if wanted.until else "",
        ]
        return [each for each in found if each]
