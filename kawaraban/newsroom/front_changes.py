"""What an editor has changed on a front page or a section, in words; made of the slots before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What a version of a page says: its slots and limits as phrases, in their order, and its other words by name."""

    slots: Sequence[str] = ()
    limits: Sequence[str] = ()
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FrontChange:
    """A version of a page: who saved it and when, what it changed, and what became of it."""

    at: datetime
    who: str
    told: list[str]
    state: str


def slot_phrase(story: str, section: str, kind: str, hours: int | None, begins: str, ends: str) -> str:
    """A slot in words: the headline that it holds, or its rule; and when.

    Args:
        story: its headline in quotation marks, "" for a rule.
        section: its name, "" for all.
        kind: its name, "" for any.
        begins, ends: times as they are printed, "" for none.
    """
    rule = f"the latest{f' ({kind})' if kind else ''} from {section or 'all sections'}"
    aged = f", not older than {hours} hour{'' if hours == 1 else 's'}" if hours else ""
    when = (f", from {begins}" if begins else "") + (f", until {ends}" if ends else "")
    return (story or rule + aged) + when


def told(before: Arrangement, after: Arrangement) -> list[str]:
    """The sentences that say what is different; none for two that are alike."""
    found = _slots(before.slots, after.slots)
    found += [f"Limit taken out: {limit}" for limit in before.limits if limit not in after.limits]
    found += [f"Limit put in: {limit}" for limit in after.limits if limit not in before.limits]
    was = dict(before.words)
    for name, text in after.words:
        if text != was.get(name, ""):
            found.append(f"{name}: {was.get(name) or 'empty'} → {text or 'empty'}")
    return found


def _slots(before: Sequence[str], after: Sequence[str]) -> list[str]:
    found: list[str] = []
    gone: list[int] = []
    new: list[int] = []
    # Slots that only move up, because one before them went, have not changed.
    for what, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        pairs = min(end - start, last - first)
        for old, now in zip(range(start, start + pairs), range(first, first + pairs), strict=True):
            if before[old] in after or after[now] in before:
                gone.append(old)
                new.append(now)
            else:
                found.append(f"{_place(now)}: {before[old]} → {after[now]}")
        gone += range(start + pairs, end)
        new += range(first + pairs, last)
    for now in new:
        was = next((each for each in gone if before[each] == after[now]), None)
        if was is None:
            found.append(f"{_place(now)} put in: {after[now]}")
        else:
            gone.remove(was)
            found.append(f"{_place(now)}: {after[now]}, which was {_place(was).lower()}")
    return found + [f"{_place(old)} taken out: {before[old]}" for old in gone]


def _place(at: int) -> str:
    return "Lead" if at == 0 else f"Slot {at + 1}"
