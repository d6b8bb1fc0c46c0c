"""`python -m bench.live`: what a busy thread costs while 2,000 pages have it open, held back and not.

A server process has `live.asgi.in_front_of` in front of nothing, under granian as `kawaraban serve` runs it, and tells
of 1,000 votes a second on 100 comments for ten seconds. Another process holds the pages open over sockets and counts
the bytes. Streams that fall behind too far are cut off; how many is said. Processor time is that of the server, of the
process that serves and of the one that started it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests.with_site import environment

STREAMS, VOTES, SECONDS, COMMENTS = 2_000, 1_000, 10, 100
PACES = (1.0, 0.5, 0.25, 0.0)
PATH = "/bench/1/live/"
BUSY = 0.2  # processor seconds in each second, at half a second's pace or slower; above it the bench fails
FOLDER = Path(os.environ.get("KAWARABAN_HOME", "."))  # of the server: it reads its pace there, and when to begin
TICK = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Print a row for each pace; 1 if a thread that is held back takes more than `BUSY`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paces", nargs="*", type=float, default=PACES)
    passed = True
    print(f"{STREAMS:,} streams, {VOTES:,} votes a second for {SECONDS} s")
    print(f"{'pace':>6} {'processor':>10} {'took':>7} {'bytes a stream':>15} {'cut off':>8}", flush=True)
    for pace in parser.parse_args().paces:
        with tempfile.TemporaryDirectory(prefix="kawaraban-bench-", dir="/tmp") as folder:
            processor, took, received, cut = _measure(Path(folder), pace)
        print(f"{pace:>4} s {processor:>8.1f} s {took:>5.1f} s {received / STREAMS:>15,.0f} {cut:>8,}", flush=True)
        passed = passed and (pace < 0.5 or processor <= BUSY * SECONDS)
    return 0 if passed else 1


def _measure(folder: Path, pace: float) -> tuple[float, float, int, int]:
    """Processor seconds, seconds until all was told, bytes that arrived, streams that were cut off."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        **environment(folder),
        "DJANGO_SETTINGS_MODULE": "kawaraban.settings",
        "KAWARABAN_LIVE_STREAMS": "3000",
        "KAWARABAN_LIVE_STREAMS_PER_ADDRESS": "3000",
    }
    (folder / "pace").write_text(str(pace))
    with subprocess.Popen(  # noqa: S603 - our own words
        [
            sys.executable,
            "-c",
            f"from kawaraban.live.tests.wall import serve; serve({port}, 'bench.live:make_application')",
        ],
        env=settings,
    ) as server:
        try:
            return asyncio.run(_listen(port, folder, server.pid))
        finally:
            server.terminate()


async def _listen(port: int, folder: Path, pid: int) -> tuple[float, float, int, int]:
    while True:
        with contextlib.suppress(OSError):
            (await asyncio.open_connection("127.0.0.1", port))[1].close()
            break
        await asyncio.sleep(0.1)
    received = [0] * STREAMS
    ended = [False] * STREAMS
    told = asyncio.Event()

    async def read(number: int, reader: asyncio.StreamReader) -> None:
        tail = b""
        while piece := await reader.read(1 << 16):
            received[number] += len(piece)
            if b"event: done" in tail + piece:
                told.set()
            tail = piece[-20:]
        ended[number] = True

    readers, writers = [], []  # a writer that nobody holds closes its connection
    for number in range(STREAMS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head, head  # noqa: S101 - a bench of refusals measures nothing
        writers.append(writer)
        readers.append(asyncio.create_task(read(number, reader)))
    await asyncio.sleep(2)
    received[:] = [0] * STREAMS
    before, began = _processor(pid), time.monotonic()
    (folder / "go").touch()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(told.wait(), 6 * SECONDS)
    took = time.monotonic() - began
    figures = _processor(pid) - before, took, sum(received), sum(ended)
    for each in readers:
        each.cancel()
    return figures


def _processor(pid: int) -> float:
    """Processor seconds of a process and of those it has started."""
    found = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            words = stat.read_text().rpartition(")")[2].split()
            if int(stat.parent.name) == pid or int(words[1]) == pid:
                found += (int(words[11]) + int(words[12])) / TICK
    return found


# --- The server -------------------------------------------------------------------------------------------------------


def make_application() -> Any:
    """The application that is measured."""
    import django

    django.setup()
    from kawaraban import live
    from kawaraban.live import streams
    from kawaraban.live.asgi import in_front_of

    streams.PACE = float((FOLDER / "pace").read_text())
    live.register("bench", path=r"/bench/(\d+)/live/", may_hear=lambda number: True, missed=lambda *asked: [])
    threading.Thread(target=_vote, args=(live,), daemon=True).start()

    async def nothing(scope: Any, receive: Any, send: Any) -> None:
        """No other page."""

    return in_front_of(nothing)


def _vote(live: Any) -> None:
    """Tell of votes when all are listening, in the pace of a clock, and at last that this was all."""
    while not (FOLDER / "go").exists():
        time.sleep(0.05)
    began = time.monotonic()
    for number in range(VOTES * SECONDS):
        ahead = began + number / VOTES - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        row = [random.randrange(1, COMMENTS + 1), number, number // 3]  # noqa: S311
        live.publish("bench", 1, live.Event("scores", json.dumps([row])))
    live.publish("bench", 1, live.Event("done", "{}"))


if __name__ == "__main__":
    sys.exit(main())
