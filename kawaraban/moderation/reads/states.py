"""What a form about a comment was made on, so that nobody decides what somebody else has decided meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from kawaraban.decisions.models import Decision
from kawaraban.discussion.models import Comment
from kawaraban.moderation.models import Approval


def state_of(comment: Comment) -> str:
    """What a decision on a comment is made on; another after every decision, approval and edit. Cost: 2 queries."""
    return states_of([comment])[comment.pk]


def states_of(comments: Sequence[Comment]) -> dict[int, str]:
    """The state of each of these comments, by its key. Cost: 2 queries at any number.

    Decisions on their authors count as well: nobody is warned twice because two of us read the same words.
    """
    subjects = {f"comment:{each.pk}" for each in comments} | {f"member:{each.author_id}" for each in comments}
    rows = Decision.objects.filter(subject__in=subjects).values_list("subject").annotate(last=Max("pk"))
    last = dict(rows.order_by())
    approved = dict(Approval.objects.filter(comment__in=comments).values_list("comment", "approved_at"))
    return {
        each.pk: "~".join(
            [
                each.state,
                str(each.decision_id or 0),
                str(max(last.get(f"comment:{each.pk}", 0), last.get(f"member:{each.author_id}", 0))),
                _moment(each.edited_at),
                _moment(approved.get(each.pk)),
            ]
        )
        for each in comments
    }


def _moment(at: datetime | None) -> str:
    return f"{at.timestamp():.6f}" if at else ""
