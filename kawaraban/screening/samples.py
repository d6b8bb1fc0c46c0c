"""What screening is given and what it answers: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Outcome = Literal["hold", "refuse"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A text before it is published, and what is known of its writer.

    Args:
        text: the writer's own words, tidied, without the quotations of others.
        quoted: characters that are quotations.
        author_days: since the account was made.
        author_shown: comments of the author that readers have seen.
        recent: the author's last comments, newest first; ten are looked at.
        recent_times: how many seconds ago each comment of the author was posted, newest first.
        place: what section and story ask: "before" holds everything, "off" holds nothing and leaves only what is
            refused, "after" or nothing leaves it to the checks.
    """

    text: str
    quoted: int = 0
    author_days: float = 0
    author_shown: int = 0
    recent: tuple[str, ...] = ()
    recent_times: tuple[float, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check has against a text.

    Args:
        check: the name of the check.
        outcome: "hold" lets it wait for a moderator, "refuse" does not take it.
        rule: the number of the house rule that it touches, if any.
        sentence: for the writer: what stands against it and what they can do.
        detail: for the desk: the words or the weights.
        may_post: whether the writer may post it as it is; it then waits for a moderator.
    """

    check: str
    outcome: Outcome
    rule: int | None
    sentence: str
    detail: str
    may_post: bool = True


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text that this site has decided about.

    Args:
        text: the writer's own words.
        language: as `languages.guess` names it, "" when unknown.
        group: what it was removed for: the number of the house rule as text, or a name for several; "" for none.
        removed: whether it was removed and stayed so.
        decided_at: the newest fifth by this moment is held back to measure with.
    """

    text: str
    language: str
    group: str
    removed: bool
    decided_at: datetime
