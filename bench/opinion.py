"""What opinion groups cost, and how often they are found where none are: `python -m bench.opinion`, in `make bench`.

Votes are made by chance, the same on every run: readers and comments as unequal as on a news site (a few vote on much,
most on little), two groups that differ on every comment by the same log-odds. Each size is fitted in a process of its
own, so that its memory is its own; times are of the process, on one thread.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kawaraban.ranking.opinion import opinion

LIMITS = {"cold_s": 1.0, "warm_s": 0.8, "memory_mb": 400}
SIZES = ((5_000, 1_000, 50_000), (50_000, 10_000, 1_000_000), (100_000, 10_000, 5_000_000))
MANY, MANY_VOTES, MANY_S = 100, 1_000, 1.0
ROOMS = ((42, 30), (60, 20), (150, 30), (300, 40))
SEEDS = 40
LEAN = 1.5  # how far groups are apart, in log-odds

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Votes = tuple[Integers, Integers, Integers]


def crowd(readers: int, comments: int, votes: int) -> Votes:
    """Votes of two groups (reader, comment, value), the same on every run."""
    chance = np.random.default_rng(1)
    weight = 1 / np.arange(1, readers + 1) ** 0.6
    u = chance.choice(readers, int(votes * 1.6), p=weight / weight.sum())
    weight = 1 / np.arange(1, comments + 1) ** 0.6
    c = chance.choice(comments, len(u), p=weight / weight.sum())
    _, first = np.unique(u.astype(np.int64) * comments + c, return_index=True)
    first = chance.permutation(first)[:votes]
    u, c = u[first], c[first]
    sides = LEAN * chance.choice([-1.0, 1.0], (2, comments))
    likes = 0.4 + chance.normal(0, 1, comments)[c] + chance.normal(0, 0.5, readers)[u] + sides[u % 2, c]
    return u, c, np.where(chance.random(len(u)) < 1 / (1 + np.exp(-likes)), 1, -1)


def fit(readers: int, comments: int, votes: int) -> dict[str, float]:
    """Seconds of one fit from nothing and of one from the last, and the memory of the process."""
    u, c, v = crowd(readers, comments, votes)
    times = []
    former = None
    for _ in range(2):
        began = time.process_time()
        former = opinion(u, c, v, readers, comments, former=former)
        times.append(time.process_time() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    groups = former.groups if former else 0
    return {"votes": len(u), "groups": groups, "cold_s": times[0], "warm_s": times[1], "memory_mb": peak}


def many() -> dict[str, float]:
    """Seconds to look at a hundred threads of a thousand votes, from nothing and from the last time on."""
    threads = []
    for seed in range(MANY):
        chance = np.random.default_rng(seed)
        readers, comments = 60 + seed % 40, 30
        u, c = np.nonzero(chance.random((readers, comments)) < MANY_VOTES / readers / comments)
        sides = LEAN * (seed % 2) * chance.choice([-1.0, 1.0], (2, comments))
        v = np.where(chance.random(len(u)) < 1 / (1 + np.exp(-sides[u % 2, c])), 1, -1)
        threads.append((u, c, v, readers, comments))
    began = time.process_time()
    former = [opinion(*thread) for thread in threads]
    cold = time.process_time() - began
    began = time.process_time()
    for thread, last in zip(threads, former, strict=True):
        opinion(*thread, former=last)
    return {
        "cold_s": cold,
        "warm_s": time.process_time() - began,
        "with_groups": sum(each.groups > 0 for each in former),
    }


def rooms() -> dict[str, str]:
    """In how many of so many rooms that agree about nearly everything groups are found, by its size and agreement."""
    found = {}
    for readers, comments in ROOMS:
        for agreement in (0.9, 0.95, 0.98):
            groups = 0
            for seed in range(SEEDS):
                chance = np.random.default_rng(seed)
                u, c = np.nonzero(chance.random((readers, comments)) < 0.6)
                likely = np.where(chance.random(comments) < 0.6, agreement, 1 - agreement)
                v = np.where(chance.random(len(u)) < likely[c], 1, -1)
                groups += opinion(u, c, v, readers, comments).groups > 0
            found[f"{readers} readers, {comments} comments, {agreement:.0%} alike"] = f"{groups} of {SEEDS}"
    return found


def main() -> int:
    """Print every figure. Returns 1 if a limit is passed."""
    failed = False
    print(f"Python {platform.python_version()}, one thread of {os.cpu_count()} cores\n")
    for readers, comments, votes in SIZES:
        got = _apart(f"fit({readers}, {comments}, {votes})")
        size = f"{got['votes']:>9,} votes, {readers:>7,} readers, {comments:>6,} comments"
        times = f"cold {got['cold_s']:.2f} s, warm {got['warm_s']:.2f} s"
        print(f"{size}: {times}, {got['memory_mb']:.0f} MB, {got['groups']} groups")
        if votes == 1_000_000:
            failed |= any(got[name] > limit for name, limit in LIMITS.items())
    got = _apart("many()")
    times = f"cold {got['cold_s']:.2f} s, warm {got['warm_s']:.2f} s"
    print(f"{MANY} threads of {MANY_VOTES} votes: {times}, {got['with_groups']} with groups")
    failed |= max(got["cold_s"], got["warm_s"]) > MANY_S
    print("\nRooms that agree, and in how many of them groups are found:")
    for room, count in _apart("rooms()").items():
        print(f"  {room}: {count}")
    print("\nA limit is passed." if failed else "\nWithin all limits.")
    return int(failed)


def _apart(call: str) -> dict[str, Any]:
    code = f"import json; from bench import opinion; print(json.dumps(opinion.{call}))"
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    words = [sys.executable, "-c", code]
    asked = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    result: dict[str, Any] = json.loads(asked.stdout)
    return result


if __name__ == "__main__":
    sys.exit(main())
