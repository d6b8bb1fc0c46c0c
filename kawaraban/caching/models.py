"""What was purged, for the processes that remember pages; and rows that their pages mention."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils import timezone

from kawaraban.caching import marks


class Purge(models.Model):
    """Something that readers see has changed, written in the transaction that changed it.

    The row is how a process hears that was not there, or that no message reached.
    """

    tags = models.TextField(help_text="with spaces between them")
    removes = models.BooleanField(help_text="whether nobody may see any more what was there")
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.tags


class Mentioned:
    """A row that readers see: whatever page it is loaded for mentions it. To stand first among a model's bases."""

    @property
    def cache_tag(self) -> str:
        """Its name among what remembered pages are about, or mention; without a query."""
        raise NotImplementedError

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """The row out of the database, noted down."""
        row: Self = super().from_db(*args, **kwargs)  # type: ignore[misc]  # of the model beside it
        if marks.is_noting():
            marks.mention(row.cache_tag)
        return row
