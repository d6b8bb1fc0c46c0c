"""Load on a served site, by wrk (Debian's): one page again and again, or a list of requests in turn."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("load.lua")
MOST_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a run: answers a second, milliseconds until half and 99 of 100 were there, and what went wrong."""

    rate: float
    p50: float
    p99: float
    longest: float
    answered: int
    refused: int
    broken: int


def read(url: str, seconds: float, connections: int = 32, coding: str = "gzip") -> Run:
    """Ask for one page as often as it is answered."""
    return start(url, seconds, connections, coding=coding)()


def send(url: str, requests: Path, seconds: float, connections: int = 8) -> Run:
    """Send the requests of a file in turn, each connection the next when it has its answer."""
    return start(url, seconds, connections, requests)()


def start(
    url: str, seconds: float, connections: int = 32, requests: Path | None = None, pace: float = 0, coding: str = "gzip"
) -> Callable[[], Run]:
    """Begin a run; called, what is returned waits for its end and says what came of it.

    Args:
        pace: requests a second, all connections together; 0 for as many as are answered.
    """
    words = ["wrk", "-t1", f"-c{connections}", f"-d{min(seconds, MOST_SECONDS):.0f}s", "--timeout", "30s"]
    words += ["-H", f"Accept-Encoding: {coding}", "-s", str(SCRIPT), url, "--", str(requests or "-"), str(pace)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603 - our own words

    def outcome() -> Run:
        said = process.communicate(timeout=MOST_SECONDS + 60)[0]
        found = re.search(r"@@({.*})", said)
        if found is None:
            raise RuntimeError(f"wrk did not say what came of it: {said[-1000:]}")
        told = json.loads(found[1])
        seconds = told["microseconds"] / 1e6
        return Run(
            told["requests"] / seconds, told["p50"], told["p99"], told["longest"],
            told["requests"], told["refused"], told["broken"],
        )  # fmt: skip

    return outcome


def write(path: Path, requests: Iterable[tuple[str, str, str, str]]) -> Path:
    """A file of requests: method, path, cookies and body of each. None may hold a tab or a line break."""
    path.write_text("".join("\t".join(request) + "\n" for request in requests), encoding="utf-8")
    return path
