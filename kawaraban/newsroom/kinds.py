"""The kinds of stories: what lists call them, and what each must have before readers get it."""

from __future__ import annotations

from typing import Any

from django.db import models

from kawaraban.newsroom import photos


class Kind(models.TextChoices):
    """What a story is, and whether it asks its readers something."""

    NEWS = "news", "News"
    OPINION = "opinion", "Opinion: what its author holds"
    FEATURE = "feature", "Feature"
    QUOTE = "quote", "Quote of the day: begins with the quote"
    PHOTO = "photo", "Photo of the day"
    LIVE = "live", "Live report: entries by the minute"
    QUESTION = "question", "Reader question: answered in the discussion"
    POLL = "poll", "Poll: answered with one vote"


# What stands beside a headline. News is what a reader expects.
LABELS = {
    Kind.OPINION: "Opinion",
    Kind.FEATURE: "Feature",
    Kind.QUOTE: "Quote of the day",
    Kind.PHOTO: "Photo of the day",
    Kind.LIVE: "Live report",
    Kind.QUESTION: "Question",
    Kind.POLL: "Poll",
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
            self.add_error("kind", "An opinion says whose it is: add a byline.")
        elif kind == Kind.PHOTO and not self._any("photos", "photo"):
            self.add_error("kind", "A photo of the day is a photograph from the library: choose one.")
        elif kind == Kind.QUOTE and not _begins_with_quote(data.get("body")):
            self.add_error(
                "kind",
                "A quote of the day begins with the quote: put a quote first in the text, with the words and, as its "
                "attribution, who said them and where.",
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
