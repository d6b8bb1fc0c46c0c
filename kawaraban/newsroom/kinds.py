"""The kinds of stories: what lists call them, and what each must have before readers get it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kawaraban.newsroom import photos


class Kind(models.TextChoices):
    """What a story is, and whether it asks its readers something."""

    NEWS = "news", _("News")
    OPINION = "opinion", _("Opinion: what its author holds")
    FEATURE = "feature", _("Feature")
    QUOTE = "quote", _("Quote of the day: begins with the quote")
    PHOTO = "photo", _("Photo of the day")
    LIVE = "live", _("Live report: entries by the minute")
    QUESTION = "question", _("Reader question: answered in the discussion")
    POLL = "poll", _("Poll: answered with one vote")


# What stands beside a headline. News is what a reader expects.
LABELS = {
    Kind.OPINION: _("Opinion"),
    Kind.FEATURE: _("Feature"),
    Kind.QUOTE: _("Quote of the day"),
    Kind.PHOTO: _("Photo of the day"),
    Kind.LIVE: _("Live report"),
    Kind.QUESTION: _("Question"),
    Kind.POLL: _("Poll"),
}


class StoryForm(photos.StoryForm):
    """The story's form: a story of a kind that lives by something has it when it is published."""

    def clean(self) -> dict[str, Any]:
        """Say what is missing; a draft may lack it. Cost: none beyond the form's own."""
        data: dict[str, Any] = super().clean()
        if self.is_deferred_validation:
            return data
        kind = data.get("kind")
        if kind == Kind.OPINION and not self._any("bylines", "name"):
            self.add_error("kind", gettext("An opinion says whose it is: add a byline."))
        elif kind == Kind.PHOTO and not self._any("photos", "photo"):
            self.add_error("kind", gettext("A photo of the day is a photograph from the library: choose one."))
        elif kind == Kind.QUOTE and not _begins_with_quote(data.get("body")):
            self.add_error(
                "kind",
                gettext(
                    "A quote of the day begins with the quote: put a quote first in the text, with the words and, "
                    "as its attribution, who said them and where."
                ),
            )
        return data

    def _any(self, name: str, field: str) -> bool:
        """Whether a row that stays has something in this field. A form without the rows leaves them as they are."""
        if name not in self.formsets:
            return True
        rows = [form.cleaned_data for form in self.formsets[name].forms if form.is_valid()]
        return any(row.get(field) and not row.get("DELETE") for row in rows)


def _begins_with_quote(body: Any) -> bool:
    if not body:
        return False
    first = body[0]
    return first.block_type == "quote" and all(first.value[part].strip() for part in ("text", "attribution"))
