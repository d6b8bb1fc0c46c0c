"""Do the counters agree with what they count?"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When
from django.db.models.functions import Coalesce

from kawaraban.discussion.models import Comment, Thread


def drifted_comments() -> QuerySet[Any]:
    """Comments whose counters differ from the votes that are kept: none, while all is well. Cost: 1 query."""
    return (
        Comment.objects.annotate(
            counted_up=Count("votes", filter=Q(votes__value=1)),
            counted_down=Count("votes", filter=Q(votes__value=-1)),
        )
        .exclude(up=F("counted_up"), down=F("counted_down"))
        .order_by("id")
    )


def drifted_threads() -> QuerySet[Any]:
    """Threads whose comment count differs from the visible comments. Cost: 1 query."""
    visible = Case(When(comments__state=Comment.State.VISIBLE, then=1), output_field=IntegerField())
    return Thread.objects.annotate(counted=Coalesce(Count(visible), 0)).exclude(comment_count=F("counted"))
