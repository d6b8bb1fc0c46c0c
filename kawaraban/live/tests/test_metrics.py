"""Streams are counted: how many are open, were refused, were dropped."""

from __future__ import annotations

import asyncio
import re
import time

import pytest
from prometheus_client import REGISTRY

from kawaraban.live.asgi import in_front_of
from kawaraban.live.streams import LONGEST_BUFFER, SLOWEST, Streams
from kawaraban.live.subjects import Subject, forget, register

NOTES = Subject("notes", re.compile("/notes/([0-9]+)/"), lambda number: True, lambda number, after, query: [])


def told(name: str) -> float:
    """A figure of the streams, without asking for those that stand in the database."""
    asked = f"kawaraban_streams_{name}"
    found = REGISTRY.restricted_registry([asked]).collect()
    return next(sample.value for metric in found for sample in metric.samples if sample.name == asked)


def test_open_streams_are_counted_until_they_are_closed():
    async def two_pages() -> list[float]:
        streams, counts = Streams(10, 10), []
        opened = [streams.open(NOTES, 1, "192.0.2.1") for _ in range(2)]
        for stream in opened:
            counts.append(told("open"))
            streams.close(stream)
        return [*counts, told("open")]

    before, opened = told("open"), told("opened_total")
    assert [count - before for count in asyncio.run(two_pages())] == [2, 1, 0]
    assert told("opened_total") == opened + 2


@pytest.mark.parametrize("how", ["takes nothing", "is too slow"])
def test_a_reader_who_is_dropped_is_counted_once(how):
    async def drop() -> None:
        streams = Streams(10, 10)
        stream = streams.open(NOTES, 1, "192.0.2.1")
        stream._sending = True
        for _ in range(2):
            if how == "takes nothing":
                stream.put(b"x" * (LONGEST_BUFFER + 1))
            else:
                stream.tick(time.monotonic() + SLOWEST + 1)
        streams.close(stream)

    before = told("dropped_total")
    asyncio.run(drop())
    assert told("dropped_total") == before + 1


def test_who_is_refused_is_counted(settings):
    settings.LIVE_STREAMS = 0
    register("notes", path="/notes/([0-9]+)/", may_hear=NOTES.may_hear, missed=NOTES.missed)
    sent = []

    async def ask() -> None:
        async def receive() -> dict:
            return {"type": "http.request"}

        async def send(message: dict) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/notes/1/", "query_string": b"", "server": ("localhost", 80)}
        await in_front_of(None)(
            {**scope, "headers": [(b"host", b"localhost")], "client": ("192.0.2.1", 1)}, receive, send
        )

    before = told("refused_total")
    try:
        asyncio.run(ask())
    finally:
        forget("notes")
    assert sent[0]["status"] == 503
    assert told("refused_total") == before + 1
