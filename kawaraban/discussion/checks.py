"""What a draft must pass before it is kept, in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.discussion.models import Comment, Thread
from kawaraban.errors import Refused

LINKS_ALLOWED = 10
FLOOD_COMMENTS = 10
FLOOD_SPAN = timedelta(minutes=5)

_LINK = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """Words on their way into a thread. `text` is tidied; `edits` is the comment that they would replace."""

    thread: Thread
    author: User
    text: str
    edits: Comment | None = None


def thread_is_open(draft: Draft) -> None:
    """A closed thread takes no more words, not even better ones."""
    if not draft.thread.is_open:
        raise Refused(
            "thread-closed",
            "This discussion is closed, so nothing was posted. Your text is kept below; you can still copy it.",
        )


def author_may_speak(draft: Draft) -> None:
    """An account that has been switched off reads, and no more."""
    if not draft.author.is_active:
        raise Refused("account-inactive", "This account may not post. Your text is kept below.")


def says_something(draft: Draft) -> None:
    """An empty comment is a slip of the finger."""
    if not draft.text.strip():
        raise Refused("empty", "There is nothing to post yet: the text is empty.")


def is_not_too_long(draft: Draft) -> None:
    """Nothing is cut off in silence; the writer decides what goes."""
    over = len(draft.text) - markup.MAX_LENGTH
    if over > 0:
        raise Refused(
            "too-long",
            f"A comment holds up to {markup.MAX_LENGTH:,} characters; this one has {over:,} more. "
            "Nothing was posted. Your text is kept below: shorten it, or post it in two parts.",
        )


def has_few_links(draft: Draft) -> None:
    """A list of links is an advertisement more often than an argument."""
    if len(_LINK.findall(draft.text)) > LINKS_ALLOWED:
        raise Refused(
            "too-many-links",
            f"A comment holds up to {LINKS_ALLOWED} links. Nothing was posted. Your text is kept below; take some out.",
        )


def not_the_same_again(draft: Draft) -> None:
    """The same words by the same member, twice in one thread, are a mistake or a nuisance. Cost: 1 query."""
    same = Comment.objects.filter(
        thread=draft.thread, author=draft.author, state=Comment.State.VISIBLE, source=draft.text
    )
    if draft.edits:
        same = same.exclude(pk=draft.edits.pk)
    twin = same.only("number").first()
    if twin is not None:
        raise Refused(
            "said-already", f"You have said exactly this here already, in #{twin.number}. Nothing was posted."
        )


def not_a_flood(draft: Draft) -> None:
    """Ten comments in five minutes leave no room for anybody else. Cost: 1 query."""
    if draft.edits:
        return
    since = timezone.now() - FLOOD_SPAN
    if Comment.objects.filter(author=draft.author, created_at__gt=since).count() >= FLOOD_COMMENTS:
        raise Refused(
            "too-fast",
            f"You have posted {FLOOD_COMMENTS} comments within {FLOOD_SPAN.seconds // 60} minutes. "
            "Nothing was posted. Your text is kept below; post it in a few minutes.",
        )


CHECKS: tuple[Callable[[Draft], None], ...] = (
    # May it be said here, by this member?
    thread_is_open,
    author_may_speak,
    # Is it a comment?
    says_something,
    is_not_too_long,
    has_few_links,
    # Has it been said?
    not_the_same_again,
    not_a_flood,
)


def review(draft: Draft) -> None:
    """Let a draft pass, or refuse it with the first reason found. Cost: at most 2 queries.

    Raises:
        Refused: with the code and sentence of the check that failed.
    """
    for check in CHECKS:
        check(draft)
