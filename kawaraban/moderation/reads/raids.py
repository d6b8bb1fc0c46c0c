"""What is going on in a thread, in figures: is it a raid?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kawaraban.discussion.models import Comment, Thread

WHILES = (
    (_("in 5 minutes"), timedelta(minutes=5)),
    (_("in an hour"), timedelta(hours=1)),
    (_("in a day"), timedelta(days=1)),
)
NEW = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class While:
    """How much was written within a while, by how many, and how much of it by accounts of less than a week."""

    name: str
    comments: int
    members: int
    by_new: int
    new_members: int
    held: int
    removed: int


def figures_of(thread: Thread) -> list[While]:
    """What was written in a thread of late. Cost: 1 query."""
    now = timezone.now()
    is_new = Q(author__date_joined__gte=now - NEW)
    counts = {}
    for place, span in enumerate(span for _name, span in WHILES):
        within = Q(created_at__gte=now - span)
        counts[f"comments{place}"] = Count("pk", filter=within)
        counts[f"members{place}"] = Count("author", filter=within, distinct=True)
        counts[f"by_new{place}"] = Count("pk", filter=within & is_new)
        counts[f"new_members{place}"] = Count("author", filter=within & is_new, distinct=True)
        counts[f"held{place}"] = Count("pk", filter=within & Q(state=Comment.State.HELD))
        counts[f"removed{place}"] = Count("pk", filter=within & Q(state=Comment.State.REMOVED))
    longest = max(span for _name, span in WHILES)
    found = Comment.objects.filter(thread=thread, created_at__gte=now - longest).aggregate(**counts)
    columns = ("comments", "members", "by_new", "new_members", "held", "removed")
    return [
        While(str(name), *(found[f"{column}{place}"] for column in columns))
        for place, (name, _span) in enumerate(WHILES)
    ]
