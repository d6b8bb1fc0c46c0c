"""What one press does about a whole thread when a raid comes; each is a batch, and can be undone for a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kawaraban.accounts.models import User
from kawaraban.decisions import actions as decisions
from kawaraban.decisions.actions import Ground
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Thread
from kawaraban.errors import Refused
from kawaraban.moderation import policy
from kawaraban.moderation.actions.bulk import Undone, decide_many, undo_batch
from kawaraban.moderation.actions.cases import Deed
from kawaraban.moderation.models import Batch

# By the kind of their batch, with what they change of the thread.
MEASURES = {
    "stop_new": ("member_days",),
    "slow": ("slow_seconds",),
    "hold_all": ("screens",),
    "hold_new": ("hold_new_from",),
}


@transaction.atomic
def stop_new_accounts(moderator: User, thread_id: int, days: int) -> Batch:
    """Members for fewer days only read in this thread from now on. Cost: 7 queries.

    Raises:
        Thread.DoesNotExist: there is no such thread.
        Refused: they do not moderate, or the number is out of range.
    """
    return _set(moderator, thread_id, "stop_new", {"member_days": days})


@transaction.atomic
def slow_down(moderator: User, thread_id: int, minutes: int) -> Batch:
    """A member waits so long between two comments in this thread. Cost and errors: those of `stop_new_accounts`."""
    return _set(moderator, thread_id, "slow", {"slow_seconds": 60 * minutes})


@transaction.atomic
def hold_everything(moderator: User, thread_id: int) -> Batch:
    """Every comment of this thread waits for a moderator from now on. Cost and errors: those of `stop_new_accounts`."""
    return _set(moderator, thread_id, "hold_all", {"screens": "before"})


@transaction.atomic
def hold_accounts_made_since(moderator: User, thread_id: int, since: datetime) -> Batch:
    """In this thread, comments of accounts made since then wait. Cost and errors: those of `stop_new_accounts`."""
    return _set(moderator, thread_id, "hold_new", {"hold_new_from": since})


def remove_of_new_accounts(moderator: User, thread_id: int, states: Mapping[int, str], ground: Ground) -> Batch:
    """What new accounts wrote here since a time, removed, each with its decision. Cost and errors: `decide_many`."""
    return decide_many(moderator, states, Deed("remove", ground), thread_id=thread_id, kind="remove_new")


def undo(moderator: User, batch_id: int) -> str:
    """What was undone of a batch, in a sentence.

    Cost: 7 queries for what was set of a thread, that of `undo_batch` for comments.

    Raises:
        Batch.DoesNotExist: there is no such batch.
        Refused: as `undo_batch`.
    """
    batch = Batch.objects.get(pk=batch_id)
    if batch.kind not in MEASURES:
        return _in_words(undo_batch(moderator, batch_id))
    return _put_back(moderator, batch_id)


def _in_words(undone: Undone) -> str:
    said = ngettext(
        "{count} comment is as it was before.", "{count} comments are as they were before.", undone.count
    ).format(count=undone.count)
    if not undone.left:
        return said
    left = ngettext(
        "{count} was decided about or appealed against since, and stays so.",
        "{count} were decided about or appealed against since, and stay so.",
        undone.left,
    ).format(count=undone.left)
    return f"{said} {left}"


@transaction.atomic
def _put_back(moderator: User, batch_id: int) -> str:
    undo_batch(moderator, batch_id)
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    assert batch.thread_id is not None  # noqa: S101 - narrows the type: these batches have one
    thread = Thread.objects.select_for_update().get(pk=batch.thread_id)
    was, then = batch.before["was"], batch.before["set"]
    now = {name: _plain(getattr(thread, name)) for name in was}
    if now != then:
        return _("It was set anew by somebody since, and stays so.")
    _apply(moderator, thread, {name: _value(name, kept) for name, kept in was.items()})
    return _("The discussion is as it was before.")


def _set(moderator: User, thread_id: int, kind: str, wanted: Mapping[str, Any]) -> Batch:
    if not policy.may_settle(moderator):
        raise Refused("not-moderator", _("Only moderators do that. Nothing was changed."))
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    before = {
        "was": {name: _plain(getattr(thread, name)) for name in MEASURES[kind]},
        "set": {name: _plain(value) for name, value in wanted.items()},
    }
    if before["was"] == before["set"]:
        raise Refused("set-already", _("It is so already in this discussion. Nothing was changed."))
    _apply(moderator, thread, wanted)
    batch = Batch.objects.create(kind=kind, thread=thread, before=before, done_by=moderator, done_at=timezone.now())
    facts = {"batch": batch.pk, "kind": kind, "subject": f"thread:{thread.pk}", "by": moderator.pk, **before}
    decisions.append("raid", facts)
    return batch


def _apply(moderator: User, thread: Thread, wanted: Mapping[str, Any]) -> None:
    """Set what is wanted through the discussion's own actions, and leave the rest as it is."""
    now = {
        name: wanted.get(name, getattr(thread, name))
        for name in ("slow_seconds", "member_days", "is_questions", "screens", "hold_new_from")
    }
    if wanted.keys() & {"slow_seconds", "member_days"}:
        discussion.set_rules(
            moderator,
            thread.pk,
            slow_seconds=now["slow_seconds"],
            member_days=now["member_days"],
            is_questions=now["is_questions"],
        )
    else:
        discussion.screen_thread(moderator, thread.pk, screens=now["screens"], hold_new_from=now["hold_new_from"])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _value(name: str, kept: Any) -> Any:
    return parse_datetime(kept) if name == "hold_new_from" and kept else kept
