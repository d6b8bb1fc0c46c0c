"""When it is crowded, who matters most is let in, the others wait a moment, and are told to come back."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from kawaraban.edge import budgets
from kawaraban.edge.budgets import Budget, Class, Crowded, class_of


def scope(path, method="GET", query=b"", agent=b"Mozilla/5.0"):
    return {"path": path, "method": method, "query_string": query, "headers": [(b"user-agent", agent)]}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (scope("/"), Class.ARTICLE),
        (scope("/city/the-bridge/"), Class.ARTICLE),
        (scope("/media/images/bridge.avif"), Class.ARTICLE),
        (scope("/desk/pages/3/edit/", "POST"), Class.DESK),
        (scope("/desk/pages/3/edit/preview/", "POST"), Class.DESK),
        (scope("/t/5/mine/"), Class.PERSONAL),
        (scope("/account/mine/"), Class.PERSONAL),
        (scope("/story/5/read/", "POST"), Class.PERSONAL),
        (scope("/account/login/", "POST"), Class.SIGN_IN),
        (scope("/t/5/comments/", "POST"), Class.WRITE),
        (scope("/t/5/12/report/", "POST"), Class.WRITE),
        (scope("/t/5/12/vote/", "POST"), Class.VOTE),
        (scope("/poll/5/vote/", "POST"), Class.VOTE),
        (scope("/city/the-bridge/", query=b"page=7"), Class.DEEP),
        (scope("/t/5/"), Class.DEEP),
        (scope("/member/mikan/"), Class.DEEP),
        (scope("/t/5/live/"), Class.STREAM),
        (scope("/search/", query=b"q=bridge"), Class.SEARCH),
        (scope("/t/5/preview/", "POST"), Class.SEARCH),
        (scope("/feeds/rss/"), Class.SEARCH),
        (scope("/city/the-bridge/", agent=b"ExampleBot/2.1 (+https://bot.example)"), Class.CRAWLER),
    ],
)
def test_what_a_request_is_for(asked, found):
    assert class_of(asked) is found


def run(journey):
    return asyncio.run(asyncio.wait_for(journey, 20))


async def filled(stack, budget, kind):
    """How many of a class get a place, one after the other."""
    count = 0
    while True:
        try:
            await stack.enter_async_context(budget.place(kind))
        except Crowded:
            return count
        count += 1


def test_who_matters_less_is_let_in_while_fewer_places_are_taken(monkeypatch):
    monkeypatch.setattr(budgets, "PATIENCE", 0.001)

    async def journey():
        async with AsyncExitStack() as stack:
            budget = Budget(20)
            ranks = [kind for kind in sorted(Class, reverse=True) if kind is not Class.STREAM]
            found = {kind: await filled(stack, budget, kind) for kind in ranks}
            assert found == {
                Class.CRAWLER: 5, Class.SEARCH: 3, Class.DEEP: 4, Class.VOTE: 2, Class.WRITE: 2, Class.SIGN_IN: 1,
                Class.PERSONAL: 1, Class.DESK: 2, Class.ARTICLE: 0,
            }  # fmt: skip
            assert budget.taken == budget.highest == 20
            assert budget.shed == dict.fromkeys(ranks, 1)
        assert budget.taken == 0

    run(journey())


def test_who_waits_is_called_by_rank_and_then_in_turn():
    async def journey():
        budget, called = Budget(1), []

        async def come(name, kind):
            async with budget.place(kind):
                called.append(name)

        async with budget.place(Class.ARTICLE):
            names = [
                ("search", Class.SEARCH),
                ("first", Class.WRITE),
                ("second", Class.WRITE),
                ("story", Class.ARTICLE),
            ]
            waiting = [asyncio.ensure_future(come(*each)) for each in names]
            await asyncio.sleep(0)
            assert called == []
        await asyncio.gather(*waiting)
        assert called == ["story", "first", "second", "search"]
        assert budget.taken == 0

    run(journey())


def test_who_leaves_while_they_wait_leaves_no_place_behind():
    async def journey():
        budget = Budget(1)
        async with budget.place(Class.ARTICLE):
            waiting = [asyncio.ensure_future(budget.place(Class.ARTICLE).__aenter__()) for _ in range(2)]
            await asyncio.sleep(0)
            waiting[0].cancel()
            await asyncio.sleep(0)
        waiting[1].cancel()  # called already, and gone before hearing of it
        await asyncio.wait(waiting)
        assert budget.taken == 0
        async with budget.place(Class.ARTICLE):
            assert budget.taken == 1

    run(journey())


def test_a_queue_has_an_end():
    async def journey():
        budget = Budget(1)
        async with budget.place(Class.ARTICLE):
            waiting = [
                asyncio.ensure_future(budget.place(Class.VOTE).__aenter__()) for _ in range(budgets.LONGEST_QUEUE)
            ]
            await asyncio.sleep(0)
            with pytest.raises(Crowded):
                await asyncio.wait_for(budget.place(Class.VOTE).__aenter__(), budgets.PATIENCE / 2)  # at once
            for each in waiting:
                each.cancel()
            await asyncio.wait(waiting)
        assert budget.taken == 0

    run(journey())


def test_in_an_emergency_stories_are_read_and_the_desk_works():
    async def journey():
        budget = Budget(20, is_emergency=True)
        for kind in (Class.ARTICLE, Class.DESK, Class.PERSONAL, Class.SIGN_IN):
            async with budget.place(kind):
                pass
        for kind in (Class.WRITE, Class.VOTE, Class.DEEP, Class.SEARCH, Class.CRAWLER):
            with pytest.raises(Crowded):
                await budget.place(kind).__aenter__()
        assert budget.is_closed(Class.STREAM)

    run(journey())
