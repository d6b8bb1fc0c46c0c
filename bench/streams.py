"""Ten thousand pages that hear of one discussion: what each open stream costs, and how soon all of them hear."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

from bench.busy_site import BusySite, memory
from faults.machines import Machine

ADDRESSES = 50  # of ours, 127.0.1.1 and so on: one alone has too few ports for some systems
AT_ONCE = 100  # connections that are being opened
SETTLES = 3.0  # seconds
HEARS = 15.0  # seconds for which a word of an event is waited for
EVENTS = 5


def settings(count: int) -> dict[str, str]:
    """What a site must be set to so that so many streams of one address may be open."""
    return {"KAWARABAN_LIVE_STREAMS": str(count + 100), "KAWARABAN_LIVE_STREAMS_PER_ADDRESS": str(count + 100)}


def measure(busy: BusySite, site: Machine, count: int, read: Callable[[], float]) -> dict[str, Any]:
    """Open so many streams of the story with 42 comments, let comments be written, and read pages meanwhile.

    Args:
        read: reads a page as often as it is answered for some seconds; how often that was in a second.
    """
    quiet, before = read(), memory(site)
    listening = Listening(busy, count)
    try:
        opened = listening.open()
        time.sleep(SETTLES)
        each = (memory(site) - before) * 1024 / max(opened, 1)
        heard, within = listening.hear_of_comments()
        meanwhile = read()
    finally:
        listening.end()
    return {
        "open": opened, "kb_each": round(each, 1), "heard": heard, "heard_within": round(within, 2),
        "reads": round(meanwhile / quiet, 2), "cut_off": listening.cut_off,
    }  # fmt: skip


class Listening:
    """So many open streams, on an event loop in a thread of its own."""

    def __init__(self, busy: BusySite, count: int) -> None:
        self._busy = busy
        self._count = count
        self._host, _, port = busy.url.partition("//")[2].partition(":")
        self._port = int(port)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: list[asyncio.Task[None]] = []
        self._mark = b""
        self._heard: list[float] = []
        self.cut_off = 0

    def open(self) -> int:
        """How many were let in."""
        self._thread.start()
        return asyncio.run_coroutine_threadsafe(self._open_all(), self._loop).result()

    def hear_of_comments(self) -> tuple[float, float]:
        """The share that heard of each comment, and seconds from its answer until 99 of 100 had; the worst of both."""
        shares, times = [], []
        for _ in range(EVENTS):
            self._heard = []
            request = next(self._busy.posts(42))
            self._mark = b"event: new"
            self._busy.send(*request)
            answered = time.monotonic()
            while len(self._heard) < len(self._tasks) and time.monotonic() - answered < HEARS:
                time.sleep(0.05)
            heard = sorted(self._heard)
            shares.append(len(heard) / len(self._tasks))
            times.append(heard[int(len(heard) * 0.99) - 1] - answered if heard else HEARS)
        return min(shares), max(times)

    def end(self) -> None:
        """Close them all."""
        asyncio.run_coroutine_threadsafe(self._close_all(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _open_all(self) -> int:
        places = asyncio.Semaphore(AT_ONCE)
        found = await asyncio.gather(*(self._open(number, places) for number in range(self._count)))
        return sum(found)

    async def _open(self, number: int, places: asyncio.Semaphore) -> bool:
        async with places:
            local = (f"127.0.1.{1 + number % ADDRESSES}", 0)
            reader, writer = await asyncio.open_connection(self._host, self._port, local_addr=local, limit=1 << 14)
            path = f"/t/{self._busy.threads[42]}/live/"
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.partition(b"\r\n")[0]:
                writer.close()
                return False
        self._tasks.append(self._loop.create_task(self._listen(reader, writer)))
        return True

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(1 << 14):
                if self._mark and self._mark in piece:
                    self._heard.append(time.monotonic())
            self.cut_off += 1
        finally:
            writer.close()

    async def _close_all(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
