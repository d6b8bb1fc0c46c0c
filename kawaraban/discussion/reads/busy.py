"""Where it is lively."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from kawaraban.discussion.models import Comment, Thread

MOST_THREADS = 500


def busiest(since: datetime) -> list[int]:
    """The keys of the threads in which most members have spoken since then, the liveliest first, 500 at most.

    By different members first, so that two who quarrel do not lead; of equals by comments. Only comments that
    everybody can read count, folded ones and those that an import signed do not. Cost: 1 query.
    """
    said = Comment.objects.filter(
        created_at__gte=since, state=Comment.State.VISIBLE, is_folded=False, author__isnull=False
    ).exclude(thread__state=Thread.State.OFF)
    ranked = (
        said.values("thread")
        .annotate(members=Count("author", distinct=True), comments=Count("pk"))
        .order_by("-members", "-comments", "-thread")
    )
    return [row["thread"] for row in ranked[:MOST_THREADS]]
