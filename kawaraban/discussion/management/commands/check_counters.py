"""`kawaraban manage check_counters`: proves that scores are the sums of votes and counts those of rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kawaraban.discussion import reads


class Command(BaseCommand):
    """Compares every kept counter with what it counts; exit 1 names those that differ."""

    help = "Compares every kept counter with what it counts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each counter that is wrong, or one saying that all are right."""
        wrong = [line for comment in reads.drifted_comments() for line in _differences(comment)]
        wrong += [f"thread {t.pk}: kept {t.comment_count} comments, {t.counted} shown" for t in reads.drifted_threads()]
        if wrong:
            raise CommandError("\n".join([*wrong, f"{len(wrong)} counters are wrong. Nothing was changed."]))
        self.stdout.write("Every score is the sum of its votes, and every count that of its comments and marks.")


def _differences(comment: Any) -> Iterator[str]:
    """A line for each counter of a comment that is wrong; its votes are one."""
    if (comment.up, comment.down) != (comment.counted_up, comment.counted_down):
        yield f"{comment}: kept +{comment.up}/-{comment.down}, cast +{comment.counted_up}/-{comment.counted_down}"
    if comment.worth != comment.counted_worth:
        yield f"{comment}: kept {comment.worth} who find it worth reading, found {comment.counted_worth}"
    if comment.source_requests != comment.counted_source_requests:
        yield f"{comment}: kept {comment.source_requests} source requests, found {comment.counted_source_requests}"
