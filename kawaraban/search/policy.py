"""What readers may find, and how it is told apart in the index."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from kawaraban.discussion.models import Comment, Thread
from kawaraban.newsroom.models import StoryPage

STORY, COMMENT = "kstory", "kcomment"
SAME_TIME = 1_000_000
"""Keys of one second: what bears the same second, as imports do, stands one behind the other."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def readable_stories() -> Any:
    """Stories that everybody can read now. Cost: 1 query."""
    return StoryPage.objects.live().public()


def readable_comments() -> QuerySet[Comment]:
    """Comments whose words everybody can read now. Cost: 1 query."""
    return Comment.objects.filter(state=Comment.State.VISIBLE).exclude(thread__state=Thread.State.OFF)


def section_facet(page: int) -> str:
    """What is kept with all that belongs to a section, by its page's primary key."""
    return f"s{page}"


def author_facet(name: str) -> str:
    """What is kept with all that somebody wrote, by the name as it is printed; case and width do not count."""
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return "a" + hashlib.blake2b(folded.encode(), digest_size=8).hexdigest()


def key_of(at: datetime | None) -> int:
    """The least key of what was published in this second; what has no time stands before everything.

    A time before 1970 counts as none.
    """
    return max(0, (at - _EPOCH) // timedelta(seconds=1)) * SAME_TIME if at else 0
