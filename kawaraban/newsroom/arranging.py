"""Which story stands where on a front page: plain Python, without a database, so that it can be tried by the thousand.

A page has a top, filled by its slots in their order and then by what is newest, and below it the sections.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

LINES = 2  # beside the lead, from its own section


class Item(Protocol):
    """A story as the arrangement sees it. `place` is the key of its section, `at` when it was published."""

    @property
    def key(self) -> int: ...
    @property
    def place(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime | None: ...
    @property
    def has_picture(self) -> bool: ...


Story = TypeVar("Story", bound=Item)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a slot asks for: one story by its key, or the latest that fits.

    Args:
        place: only from this section; None from all.
        kind: only of this kind; "" of any.
        since: only what was published at this time or later; None at any time.
    """

    story: int | None = None
    place: int | None = None
    kind: str = ""
    since: datetime | None = None

    def fits(self, item: Item) -> bool:
        """True for a story that the rule may take."""
        return (
            self.place in (None, item.place)
            and self.kind in ("", item.kind)
            and (self.since is None or (item.at is not None and item.at >= self.since))
        )


@dataclass(frozen=True, slots=True)
class Front(Generic[Story]):
    """The front page: the lead with its related lines, the rows beside it, then section by section."""

    lead: Story | None
    lines: list[Story]
    rows: list[Story]
    sections: list[tuple[int, list[Story]]]


def fill(newest: Sequence[Story], wishes: Iterable[Wish], limits: Mapping[int, int] | None = None) -> list[Story]:
    """What the slots get, in their order; a slot that finds nothing is left out, and the next moves up. Cost: none.

    What is chosen by hand stands, whatever the limits say, and no rule takes it before its slot; it counts.

    Args:
        newest: all stories that may be taken, newest first.
        limits: how many a section may have at most, by the section's key; no word about a section is no limit.
    """
    wishes, limits = list(wishes), limits or {}
    by_key = {item.key: item for item in newest}
    by_hand = {wish.story: by_key[wish.story] for wish in wishes if wish.story in by_key}
    taken = Counter(item.place for item in by_hand.values())
    used, chosen = set(by_hand), []
    for wish in wishes:
        if wish.story is not None:
            found = by_hand.pop(wish.story, None)
        else:
            found = next((item for item in newest if _is_free(item, used, taken, limits) and wish.fits(item)), None)
            if found is not None:
                used.add(found.key)
                taken[found.place] += 1
        if found is not None:
            chosen.append(found)
    return chosen


def arrange(
    newest: Sequence[Story],
    wishes: Iterable[Wish],
    limits: Mapping[int, int],
    places: Sequence[int],
    rows: int,
    per_section: int,
) -> Front[Story]:
    """The front page made of stories, newest first; nothing stands on it twice. Cost: none.

    Args:
        limits: how many stories of a section may stand at the top, lead, lines and rows; by the section's key.
        places: the keys of the sections in the order in which they stand on the page.
    """
    chosen = fill(newest, wishes, limits)
    used = {item.key for item in chosen}
    top, beyond = chosen[: 1 + rows], chosen[1 + rows :]
    taken = Counter(item.place for item in chosen)
    for item in newest:
        if len(top) > rows:
            break
        if _is_free(item, used, taken, limits):
            top.append(item)
            used.add(item.key)
            taken[item.place] += 1
    # The newest with a picture leads, unless an editor has said what does; what has no time is not news.
    led_by = top[:1] if chosen else top
    lead = next((item for item in led_by if item.has_picture and item.at), top[0] if top else None)
    left = [*beyond, *(item for item in newest if item.key not in used)]
    room = LINES if lead is None or lead.place not in limits else min(LINES, limits[lead.place] - taken[lead.place])
    lines = [item for item in left if lead is not None and item.place == lead.place][: max(0, room)]
    used = {item.key for item in lines}
    left = [item for item in left if item.key not in used]
    filled = ((place, [item for item in left if item.place == place][:per_section]) for place in places)
    beside = [item for item in top if item is not lead]
    return Front(lead, lines, beside, [(place, found) for place, found in filled if found])


def _is_free(item: Item, used: set[int], taken: Mapping[int, int], limits: Mapping[int, int]) -> bool:
    return item.key not in used and (item.place not in limits or taken[item.place] < limits[item.place])
