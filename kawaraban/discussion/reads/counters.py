"""Do the counters agree with what they count?"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from kawaraban.discussion.models import Comment, SourceRequest, Thread, Vote, Worth


def drifted_comments() -> QuerySet[Any]:
    """Comments whose counters differ from the rows that are kept: none, while all is well. Cost: 1 query.

    Each has beside `up`, `down`, `worth` and `source_requests` what was counted, as `counted_up` and so on.
    Votes that are set aside do not count.
    """
    return (
        Comment.objects.annotate(
            counted_up=_count(Vote, value=1, set_aside=""),
            counted_down=_count(Vote, value=-1, set_aside=""),
            counted_worth=_count(Worth),
            counted_source_requests=_count(SourceRequest),
        )
        .exclude(
            up=F("counted_up"),
            down=F("counted_down"),
            worth=F("counted_worth"),
            source_requests=F("counted_source_requests"),
        )
        .order_by("id")
    )


def drifted_threads() -> QuerySet[Any]:
    """Threads whose comment count differs from the visible comments. Cost: 1 query."""
    visible = Case(When(comments__state=Comment.State.VISIBLE, then=1), output_field=IntegerField())
    return Thread.objects.annotate(counted=Coalesce(Count(visible), 0)).exclude(comment_count=F("counted"))


def _count(table: type[models.Model], **which: int | str) -> Coalesce:
    """How many rows of a table belong to each comment; counted by itself, for rows of two tables would multiply."""
    rows = table._default_manager.filter(comment=OuterRef("pk"), **which).order_by().values("comment")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)
