"""`kawaraban manage check_counters`: proves that scores are the sums of votes and counts those of rows.

It stands here, as the lowest room that knows both the discussions and the polls.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kawaraban.discussion import reads as discussion
from kawaraban.newsroom import reads


class Command(BaseCommand):
    """Compares every kept counter with what it counts; exit 1 names those that differ."""

    help = "Compares every kept counter with what it counts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each counter that is wrong, or one saying that all are right."""
        wrong = list(_wrong())
        if wrong:
            raise CommandError("\n".join([*wrong, f"{len(wrong)} counters are wrong. Nothing was changed."]))
        self.stdout.write("Every score is the sum of its votes, every count that of its comments, marks and answers.")


def _wrong() -> Iterator[str]:
    """A line for each counter that is wrong; the votes of a comment are one. Cost: 3 queries."""
    for comment in discussion.drifted_comments():
        yield from _differences(comment)
    for thread in discussion.drifted_threads():
        yield f"thread {thread.pk}: kept {thread.comment_count} comments, {thread.counted} shown"
    for option in reads.drifted_options():
        kept = f"kept {option.votes} votes, {option.counted} cast"
        yield f"poll {option.poll_id}, answer {option.position}: {kept}"


def _differences(comment: Any) -> Iterator[str]:
    """A line for each counter of a comment that is wrong."""
    if (comment.up, comment.down) != (comment.counted_up, comment.counted_down):
        yield f"{comment}: kept +{comment.up}/-{comment.down}, cast +{comment.counted_up}/-{comment.counted_down}"
    if comment.worth != comment.counted_worth:
        yield f"{comment}: kept {comment.worth} who find it worth reading, found {comment.counted_worth}"
    if comment.source_requests != comment.counted_source_requests:
        yield f"{comment}: kept {comment.source_requests} source requests, found {comment.counted_source_requests}"
