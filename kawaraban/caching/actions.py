"""Pages become old, or are taken back."""

from __future__ import annotations

import json
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kawaraban import bus
from kawaraban.caching import tombstones
from kawaraban.caching.models import Purge

CHANNEL = "purges"
# Longer than any page is kept by which a process could start (`edge.renewing.LAST_RESORT`).
KEPT = timedelta(hours=48)

# Whether this request has changed a page; set by the middleware that tells the member's browser.
changed: ContextVar[list[bool] | None] = ContextVar("changed", default=None)


def purge(*tags: str) -> None:
    """Let pages about these be made anew, when this transaction commits. Cost: 1 query."""
    _record(tags, removes=False)


def remove(*tags: str) -> None:
    """Let no page be shown any more that is about these or mentions them, as it is. Cost: 1 query.

    Such a page is made anew before anybody gets it, and not shown at all while it cannot be.
    """
    tombstones.write(tags)
    _record(tags, removes=True)


def forget_old() -> int:
    """Delete what every process has heard of; how many rows. Cost: 1 query."""
    return Purge.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]


@dataclass(frozen=True)
class Message:
    """What is told of a purge once it has committed. Of the same tags once in a transaction."""

    tags: str
    removes: bool
    number: int = field(compare=False)

    def __post_init__(self) -> None:
        """Have a name, by which Django logs what fails after a commit."""
        object.__setattr__(self, "__qualname__", "purge")

    def __call__(self) -> None:
        """Tell every process."""
        bus.publish(CHANNEL, json.dumps([self.number, self.tags, self.removes]))


def _record(tags: tuple[str, ...], *, removes: bool) -> None:
    words = " ".join(tags)
    waiting = transaction.get_connection().run_on_commit
    if any(isinstance(told, Message) and (told.tags, told.removes) == (words, removes) for _, told, _ in waiting):
        return
    row = Purge.objects.create(tags=words, removes=removes)
    transaction.on_commit(Message(words, removes, row.pk), robust=True)
    note_own_change()


def note_own_change() -> None:
    """Remember that this request has changed a page. `purge` does so; for who has it done by another it does not."""
    here = changed.get()
    if here is not None:
        here.append(True)
