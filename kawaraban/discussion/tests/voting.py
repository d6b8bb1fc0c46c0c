"""What the tests of votes do again and again."""

from __future__ import annotations

from django.core.management import call_command

from kawaraban.accounts.models import User
from kawaraban.discussion import actions
from kawaraban.discussion.models import Comment


def vote(member: User, comment: Comment, value: int = 1) -> Comment:
    """The comment after the member's vote."""
    return actions.cast_vote(member, comment.thread_id, comment.number, value)


def score(comment: Comment) -> tuple[int, int]:
    """The votes up and down that count, once the counters were proved against the votes themselves."""
    call_command("check_counters")
    return Comment.objects.values_list("up", "down").get(pk=comment.pk)
