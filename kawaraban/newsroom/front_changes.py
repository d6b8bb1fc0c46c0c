"""What an editor has changed on a front page or a section, in words; made of the slots before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from django.utils.translation import gettext, ngettext, pgettext


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
    section = section or gettext("all sections")
    if story:
        parts = [story]
    elif kind:
        parts = [gettext("the latest ({kind}) from {section}").format(kind=kind, section=section)]
    else:
        parts = [gettext("the latest from {section}").format(section=section)]
    if hours and not story:
        parts.append(ngettext("not older than {hours} hour", "not older than {hours} hours", hours).format(hours=hours))
    if begins:
        parts.append(gettext("from {time}").format(time=begins))
    if ends:
        parts.append(gettext("until {time}").format(time=ends))
    return pgettext("between the parts of a rule", ", ").join(parts)


def told(before: Arrangement, after: Arrangement) -> list[str]:
    """The sentences that say what is different; none for two that are alike."""
    found = _slots(before.slots, after.slots)
    found += [
        gettext("Limit taken out: {limit}").format(limit=limit) for limit in before.limits if limit not in after.limits
    ]
    found += [
        gettext("Limit put in: {limit}").format(limit=limit) for limit in after.limits if limit not in before.limits
    ]
    was = dict(before.words)
    for name, text in after.words:
        if text != was.get(name, ""):
            nothing = gettext("empty")
            found.append(f"{name}: {was.get(name) or nothing} → {text or nothing}")
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
            found.append(gettext("{place} put in: {slot}").format(place=_place(now), slot=after[now]))
        else:
            gone.remove(was)
            found.append(
                gettext("{place}: {slot}, which was {former}").format(
                    place=_place(now), slot=after[now], former=_place(was).lower()
                )
            )
    return found + [gettext("{place} taken out: {slot}").format(place=_place(old), slot=before[old]) for old in gone]


def _place(at: int) -> str:
    return gettext("Lead") if at == 0 else gettext("Slot {number}").format(number=at + 1)
