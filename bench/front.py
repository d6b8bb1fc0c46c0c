"""`make bench-front`: what one small server carries, over HTTP, beside nginx with the same bytes in the same run.

A site on SQLite as `kawaraban serve` runs it, one web process and its worker, with stories of 42, 1,000 and 10,000
comments and 400 members who are signed in. Load comes from wrk on the same machine, over loopback; so two cores have
to carry both. Every rate is the median of `PAIRS` runs, each beside one of nginx. What was written is counted in the
database afterwards. Where BENCH_ISSO names a folder with Isso (see `beside`), it is measured in the same way.

Prints a table, and writes all of it as JSON to the file that BENCH_JSON names.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.error import URLError

from bench import streams, wrk
from bench.beside import Isso, nginx, server
from bench.busy_site import SIZES, BusySite, memory
from faults.machines import Machine, until
from faults.site import new_site
from tests.ports import free_port

PAIRS = 3
SECONDS = 4.0
WRITING = 8.0  # seconds
POSTS, VOTES = 50, 500  # a second, while pages are read
MOST = 20_000  # requests of one run
STREAMS = int(os.environ.get("BENCH_STREAMS", "10000"))
LOOKED_AT = 42  # the comment whose votes are watched from outside; load goes to the others
SEEN_WITHIN = 30.0  # seconds for which a change is waited for
STARTS_WITHIN = 120.0
Figures = dict[str, Any]
Request = tuple[str, str, str, str]

# What is aimed at: name, figure, at least or at most.
TARGETS = (
    ("read 42: of nginx", ("read", 42, "ratio"), ">=", 0.60),
    ("read 1,000: of nginx", ("read", 1_000, "ratio"), ">=", 0.85),
    ("read 42 while written to: of the quiet rate", ("mixed", "ratio"), ">=", 0.70),
    ("a change is seen by others, s", ("mixed", "seen_within"), "<=", 1.5),
    ("first page after the start, s", ("start", "first_page"), "<=", 2.0),
    ("all processes when idle, MB", ("start", "pss_mb"), "<=", 250),
    ("all processes after the bench, MB", ("end", "pss_mb"), "<=", 400),
    ("styles, kB", ("bytes", "css"), "<=", 12),
    ("styles and scripts, kB", ("bytes", "all"), "<=", 25),
    ("posts: of Isso", ("post", "ratio"), ">=", 1.5),
    ("votes: of Isso", ("vote", "ratio"), ">=", 2.0),
    ("votes: 99 of 100 within, ms", ("vote", "p99"), "<=", 60),
    ("posts and votes lost", ("lost",), "<=", 0),
    ("streams: kB each", ("streams", "kb_each"), "<=", 25),
    ("streams: 99 of 100 hear within, s", ("streams", "heard_within"), "<=", 1.0),
    ("streams: reads meanwhile, of the quiet rate", ("streams", "reads"), ">=", 0.60),
)


def main() -> int:
    """Measure all, and print how it stands beside what is aimed at. Returns 1 if something written was lost."""
    figures: Figures = {"machine": _machine(), "at": datetime.now(UTC).isoformat(timespec="minutes")}
    with tempfile.TemporaryDirectory(prefix="kawaraban-bench-", dir="/tmp") as folder, ExitStack() as stack:
        own = Path(folder)
        own.chmod(0o755)  # nginx's own user reads below it
        busy = BusySite(new_site(own / "site", f"http://127.0.0.1:{free_port()}", **streams.settings(STREAMS)))
        site = busy.process(own)
        stack.callback(site.stop)
        figures["start"] = _start(busy, site)
        pages = {size: busy.get(path) for size, path in busy.pages.items()}
        beside = stack.enter_context(nginx(_made(own / "nginx"), free_port(), pages))
        least = stack.enter_context(server(own / "nginx/files", own, free_port()))
        figures["read"] = {size: _read(busy, beside, least, size) for size in SIZES}
        figures["mixed"] = _mixed(busy, own)
        figures["post"] = _write(busy.url, busy, own / "posts", busy.posts(42), "comments")
        figures["vote"] = _write(busy.url, busy, own / "votes", busy.votes(1_000, range(1, 1_001)), "votes")
        figures["streams"] = streams.measure(busy, site, STREAMS, lambda: wrk.read(_page(busy, 42), SECONDS).rate)
        time.sleep(10)  # what the streams took is given back
        figures["end"] = {"pss_mb": round(memory(site))}
        figures["bytes"] = {name: round(size / 1e3, 1) for name, size in busy.assets().items()}
        if "BENCH_ISSO" in os.environ:
            site.stop()
            with Isso(_made(own / "isso"), free_port()).running() as isso:
                figures["isso"] = _beside_isso(isso, own)
            for what in ("post", "vote"):
                figures[what]["ratio"] = round(figures[what]["stored"] / figures["isso"][what]["stored"], 2)
    figures["lost"] = sum(figures[what]["lost"] for what in ("post", "vote"))
    _print(figures)
    if "BENCH_JSON" in os.environ:
        Path(os.environ["BENCH_JSON"]).write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 1 if figures["lost"] else 0


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _page(busy: BusySite, size: int) -> str:
    return busy.url + busy.pages[size]


def _start(busy: BusySite, site: Machine) -> Figures:
    """Seconds from the command to the first page of a site that has been served before, and memory when idle."""
    site.start()
    _first_page(busy)
    for path in busy.pages.values():
        busy.get(path)
    until(busy.is_idle, "the work that was put off", 300)
    site.stop()
    began = time.monotonic()
    site.start()
    _first_page(busy)
    took = time.monotonic() - began
    time.sleep(10)  # the worker begins
    until(busy.is_idle, "what is due at a start", 300)
    return {"first_page": round(took, 2), "pss_mb": round(memory(site))}


def _first_page(busy: BusySite) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            busy.get(busy.pages[42])
        except (URLError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _read(busy: BusySite, beside: str, least: str, size: int) -> Figures:
    """Warm pages, with gzip as everybody understands it, beside the same page from nginx and from bytes in memory."""
    sent = busy.get(busy.pages[size], **{"Accept-Encoding": "gzip"})
    connections = 32 if size < max(SIZES) else 8
    ours, theirs, bare = [], [], []
    for _ in range(PAIRS):
        theirs.append(wrk.read(f"{beside}/{size}.html", SECONDS / 2, connections))
        ours.append(wrk.read(_page(busy, size), SECONDS, connections))
        bare.append(wrk.read(f"{least}/{size}.html", SECONDS / 2, connections))
    middle = sorted(ours, key=lambda run: run.rate)[PAIRS // 2]
    return {
        "rate": round(middle.rate), "p50": middle.p50, "p99": middle.p99, "bytes": len(sent),
        "nginx": round(statistics.median(run.rate for run in theirs)), "ratio": _ratio(ours, theirs),
        "bytes_only": round(statistics.median(run.rate for run in bare)), "of_bytes_only": _ratio(ours, bare),
        "wrong": sum(run.refused + run.broken for run in (*ours, *theirs, *bare)),
    }  # fmt: skip


def _ratio(ours: list[wrk.Run], theirs: list[wrk.Run]) -> float:
    return round(statistics.median(one.rate / other.rate for one, other in zip(ours, theirs, strict=True)), 3)


def _mixed(busy: BusySite, folder: Path) -> Figures:
    """Reads of the story of 42 comments, quiet and while others write there; and how soon a reader sees a comment."""
    page = _page(busy, 42)
    quiet = wrk.read(page, SECONDS)
    votes = wrk.write(folder / "mixed-votes", busy.votes(42, range(1, LOOKED_AT)))
    posts = wrk.write(folder / "mixed-posts", islice(busy.posts(42), 2 * POSTS * int(WRITING)))
    writing = [
        wrk.start(busy.url, WRITING + 4, 8, posts, POSTS),
        wrk.start(busy.url, WRITING + 4, 8, votes, VOTES),
    ]
    time.sleep(1)
    reading = wrk.start(page, WRITING)
    seen = []
    end = time.monotonic() + WRITING - 1
    for vote in busy.votes(42, [LOOKED_AT]):
        if time.monotonic() > end:
            break
        seen += _seen_after(busy, vote)
    meanwhile = reading()
    posted, voted = (run() for run in writing)
    return {
        "quiet": round(quiet.rate), "rate": round(meanwhile.rate), "ratio": round(meanwhile.rate / quiet.rate, 2),
        "p99": meanwhile.p99, "posts": round(posted.rate), "votes": round(voted.rate),
        "refused": posted.refused + voted.refused,
        "seen": len(seen), "seen_within": round(max(seen, default=SEEN_WITHIN), 2),
    }  # fmt: skip


def _seen_after(busy: BusySite, vote: Request) -> list[float]:
    """Seconds from the answer to a vote until somebody else's page counts it; nothing if there was no place for it."""
    before = busy.agree(42, LOOKED_AT)
    if busy.send(*vote) != 302:
        return []
    began = time.monotonic()
    while busy.agree(42, LOOKED_AT) == before and time.monotonic() - began < SEEN_WITHIN:
        time.sleep(0.02)
    return [time.monotonic() - began]


def _write(url: str, kept: Any, file: Path, requests: Any, what: str) -> Figures:
    """Requests of eight clients, each sending the next when it has its answer; and how many are kept of them."""
    before = kept.holds()[what]
    run = wrk.send(url, wrk.write(file, islice(requests, MOST)), WRITING)
    stored = kept.holds()[what] - before
    answered = run.answered - run.refused
    return {
        "rate": round(answered / WRITING), "stored": round(stored / WRITING), "p50": run.p50, "p99": run.p99,
        "longest": run.longest, "answered": answered, "lost": max(answered - stored, 0), "refused": run.refused,
    }  # fmt: skip


def _beside_isso(isso: Isso, folder: Path) -> Figures:
    figures: Figures = {"read": round(wrk.read(isso.url + isso.page, SECONDS, 32).rate)}
    figures["post"] = _write(isso.url, isso, folder / "isso-posts", isso.posts(), "comments")
    figures["vote"] = _write(isso.url, isso, folder / "isso-votes", isso.votes(), "votes")
    return figures


def _machine() -> Figures:
    names = ("Django", "wagtail", "granian")
    return {
        "cores": os.cpu_count(), "kernel": platform.release(), "python": platform.python_version(),
        **{name.lower(): version(name) for name in names},
    }  # fmt: skip


def _print(figures: Figures) -> None:
    for name in ("machine", "start", "mixed", "post", "vote", "streams", "isso", "end", "bytes"):
        if name in figures:
            print(f"{name:8} {json.dumps(figures[name])}")
    for size, row in figures["read"].items():
        print(f"read {size:>6,} {json.dumps(row)}")
    print(f"\n{'':48}{'measured':>10}{'aimed at':>12}")
    for name, path, sign, wanted in TARGETS:
        found: Any = figures
        for word in path:
            found = found.get(word) if isinstance(found, dict) else None
        if found is None:
            print(f"{name:48}{'-':>10}{sign:>6}{wanted:>6}")
            continue
        is_met = found >= wanted if sign == ">=" else found <= wanted
        print(f"{name:48}{found:>10}{sign:>6}{wanted:>6}  {'' if is_met else 'missed'}")


if __name__ == "__main__":
    sys.exit(main())
