"""A page is made once for all who wait, at most once a second, and stands in while no new one can be made."""

from __future__ import annotations

import asyncio
import time

import pytest

from kawaraban.caching.marks import OLDEST
from kawaraban.edge import renewing
from kawaraban.edge.renewing import Later, Pages, Unavailable
from kawaraban.edge.store import Store
from kawaraban.edge.tests.pages import key, page

HERE = key("/story/")


class Site:
    """Makes pages when it is let, and counts them."""

    def __init__(self) -> None:
        self.made = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.about: tuple[str, ...] = ("story:1",)
        self.is_page = True

    async def make(self, wanted):
        began = time.monotonic()
        self.made += 1
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return page(*self.about, body=b"Edition %d" % self.made, began=began) if self.is_page else None


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def pages(site):
    return Pages(Store(1_000_000), site.make)


def run(journey):
    return asyncio.run(asyncio.wait_for(journey, 20))


async def settled():
    """Everything that can go on has gone on."""
    for _ in range(20):
        await asyncio.sleep(0)


def older(shown, seconds):
    """As if the page had been made, and its change been heard of, so long ago."""
    shown.began -= seconds
    shown.paced -= seconds
    if shown.aged is not None:
        shown.aged -= seconds


def test_a_page_is_made_once_and_then_remembered(site, pages):
    async def journey():
        first = await pages.find(HERE)
        assert await pages.find(HERE) is first
        assert pages.ready(HERE) is first
        assert (site.made, pages.counts.waited, pages.counts.hits) == (1, 1, 1)

    run(journey())


def test_many_who_ask_at_once_wait_for_one_making(site, pages):
    async def journey():
        site.gate.clear()
        asked = [asyncio.ensure_future(pages.find(HERE)) for _ in range(500)]
        await settled()
        site.gate.set()
        found = await asyncio.gather(*asked)
        assert site.made == 1
        assert len({id(shown) for shown in found}) == 1

    run(journey())


def test_after_a_change_one_is_made_for_all_who_ask(site, pages):
    async def journey():
        former = await pages.find(HERE)
        pages.store.purge(["story:1"])
        found = await asyncio.gather(*(pages.find(HERE) for _ in range(100)))
        assert site.made == 2
        assert former not in found
        assert len(set(map(id, found))) == 1

    run(journey())


def test_while_one_is_made_a_crowd_soon_gets_the_former(site, pages):
    async def journey():
        former = await pages.find(HERE)
        pages.store.purge(["story:1"])
        site.gate.clear()
        asked = [asyncio.ensure_future(pages.find(HERE)) for _ in range(renewing.FEW + 100)]
        done, waiting = await asyncio.wait(asked, timeout=renewing.PATIENCE_OF_MANY + 0.5)
        assert [each.result() for each in done] == [former] * 100
        site.gate.set()
        assert former not in await asyncio.gather(*waiting)
        assert site.made == 2

    run(journey())


def test_a_hot_page_is_made_once_a_second(site, pages):
    async def journey():
        shown = await pages.find(HERE)
        began = shown.began
        for _ in range(300):
            pages.store.purge(["story:1"])
            shown = await pages.find(HERE)
        leeway = renewing.LEEWAY / renewing.PACE
        assert site.made <= 1 + leeway + (time.monotonic() - began) / renewing.PACE
        shown.paced -= renewing.PACE
        made = site.made
        assert await pages.find(HERE) is not shown
        assert site.made == made + 1

    run(journey())


def test_a_page_that_nobody_wanted_for_long_is_waited_for(site, pages):
    async def journey():
        former = await pages.find(HERE)
        pages.store.purge(["story:1"])
        older(former, 3_600)
        assert await pages.find(HERE) is not former

    run(journey())


def test_but_not_longer_than_a_moment(site, pages):
    async def journey():
        former = await pages.find(HERE)
        pages.store.purge(["story:1"])
        older(former, 3_600)
        site.gate.clear()
        began = time.monotonic()
        assert await pages.find(HERE) is former
        assert time.monotonic() - began >= renewing.PATIENCE - 0.1
        site.gate.set()

    run(journey())


def test_who_changed_the_page_never_gets_the_former(site, pages):
    async def journey():
        former = await pages.find(HERE)
        former.paced += 60  # so hot that others get it for a while
        pages.store.purge(["story:1"])
        changed = time.monotonic()
        assert await pages.find(HERE) is former
        assert pages.ready(HERE, changed) is None
        mine = await pages.find(HERE, changed)
        assert mine is not former
        assert await pages.find(HERE, changed) is mine

    run(journey())


def test_nor_the_one_that_was_in_the_making_when_they_changed_it(site, pages):
    async def journey():
        site.gate.clear()
        early = asyncio.ensure_future(pages.find(HERE))
        await settled()
        changed = time.monotonic()
        pages.store.purge(["story:1"])
        mine = asyncio.ensure_future(pages.find(HERE, changed))
        await settled()
        site.gate.set()
        assert (await mine).began > changed > (await early).began
        assert site.made == 2

    run(journey())


def test_what_was_taken_back_while_it_was_made_is_made_again(site, pages):
    async def journey():
        site.gate.clear()
        asked = asyncio.ensure_future(pages.find(HERE))
        await settled()
        pages.store.remove(["story:1"])
        taken_back = time.monotonic()
        site.gate.set()
        assert (await asked).began >= taken_back
        assert site.made == 2

    run(journey())


def test_while_none_can_be_made_the_former_stands_in_and_is_tried_again_later(site, pages):
    async def journey():
        former = await pages.find(HERE)
        pages.store.purge(["story:1"])
        older(former, 600)
        site.error = Unavailable()
        assert [await pages.find(HERE) for _ in range(50)] == [former] * 50
        assert former.failed is not None
        assert site.made == 2
        former.failed -= renewing.PAUSE
        site.error = None
        assert await pages.find(HERE) is former  # who finds out that there is one again does not wait for it either
        fresh = await pages.find(HERE)
        while fresh is former:
            await asyncio.sleep(0)
            fresh = await pages.find(HERE)
        assert fresh.failed is None
        assert site.made == 3

    run(journey())


def test_whatever_goes_wrong_in_the_making_is_unavailable(site, pages):
    async def journey():
        site.error = ZeroDivisionError()
        with pytest.raises(Unavailable):
            await pages.find(HERE)
        assert pages.counts.failed == 1

    run(journey())


def test_a_page_for_which_there_is_no_place_just_now_is_not_out_of_order(site, pages):
    async def journey():
        former = await pages.find(HERE)
        older(former, 600)
        site.error = Later()
        assert await pages.find(HERE) is former
        assert former.failed is None

    run(journey())


def test_what_was_taken_back_does_not_stand_in(site, pages):
    async def journey():
        await pages.find(HERE)
        pages.store.remove(["story:1"])
        site.error = Unavailable()
        with pytest.raises(Unavailable):
            await pages.find(HERE)

    run(journey())


def test_nothing_stands_in_for_ever(site, pages):
    async def journey():
        former = await pages.find(HERE)
        older(former, renewing.LAST_RESORT)
        site.error = Unavailable()
        with pytest.raises(Unavailable):
            await pages.find(HERE)

    run(journey())


def test_a_page_without_changes_is_made_anew_after_a_minute(site, pages):
    async def journey():
        former = await pages.find(HERE)
        older(former, OLDEST)
        assert pages.ready(HERE) is None
        assert await pages.find(HERE) is not former

    run(journey())


def test_what_is_no_page_any_more_is_forgotten(site, pages):
    async def journey():
        dropped = []
        pages.dropped = dropped.append
        former = await pages.find(HERE)
        pages.store.purge(["story:1"])
        older(former, 600)
        site.is_page = False
        assert await pages.find(HERE) is None
        assert pages.store.get(HERE) is None
        assert dropped == [HERE]

    run(journey())


def test_a_page_too_large_to_be_kept_is_shown_all_the_same(site):
    async def journey():
        pages = Pages(Store(100), site.make)
        assert (await pages.find(HERE)) is not None
        assert site.made == 1

    run(journey())
