"""`make bench`: what learning and asking the score costs, how well it does, and after how many decisions.

Process time counts this process alone, so another job on the machine disturbs it little. The decisions are made by
chance, the same on every run: `kawaraban.screening.testing` says how, and what makes them hard.
"""

from __future__ import annotations

import argparse
import platform
import resource
import sys
import time

from kawaraban.screening.patterns import LARGEST, LONGEST, Text, matcher
from kawaraban.screening.testing import decided
from kawaraban.screening.training import learn
from kawaraban.screening.weights import Weights

COMMENTS = 100_000
LIMIT_LEARN_S = 60
LIMIT_SCORE_MS = 2
HOSTILE = (r"(a|aa)+$b", r"(x+x+)+y", r"(?:\w+ ?){1,40}!", r"(?:[a-z]?x?){80}q", r".{0,50}a.{0,40}b!")
SIZES = (500, 1_000, 2_500, 5_000, 10_000, 20_000, 50_000)


def main() -> int:
    """Print the figures; 1 if a limit is passed. With `--enough` also how they grow with the decisions."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--enough", action="store_true", help="learn from fewer decisions as well; takes minutes")
    print(f"Python {platform.python_version()}, {platform.machine()}, {COMMENTS:,} comments")
    if parser.parse_args().enough:
        _enough()
    comments = decided(COMMENTS)
    before = _memory()
    start = time.process_time()
    learned = learn(comments)
    spent = time.process_time() - start
    characters = sum(len(each.text) for each in comments) / COMMENTS
    print(f"{'learn, one core':<44} {spent:>8.2f} s    {characters:.0f} characters each, {_memory() - before} MB more")
    print(f"{'area under the curve':<44} {learned.metrics.area:>8.3f}")
    for point in learned.metrics.curve:
        print(f"    {point.sentence}")
    for name, figures in {**learned.metrics.rules, **learned.metrics.languages}.items():
        print(f"    {name}: {figures}")
    longest = _scores(learned.weights, [each.text for each in comments[-2_000:]])
    _patterns()
    return 0 if spent < LIMIT_LEARN_S and longest < LIMIT_SCORE_MS else 1


def _scores(weights: Weights, texts: list[str]) -> float:
    """Milliseconds for the 99th of 100 texts."""
    weights.score(texts[0])
    times = []
    for text in texts:
        start = time.process_time()
        weights.score(text)
        times.append((time.process_time() - start) * 1000)
    times.sort()
    print(f"{'score one: median':<44} {times[len(times) // 2]:>8.2f} ms")
    slow = times[len(times) * 99 // 100]
    print(f"{'the same: 99 of 100 below':<44} {slow:>8.2f} ms")
    start = time.process_time()
    for text in texts[:500]:
        weights.score(text, explained=5)
    print(f"{'with the pieces that weighed most: mean':<44} {(time.process_time() - start) * 2:>8.2f} ms")
    whole = "".join(texts)[:5_000]
    start = time.process_time()
    for _ in range(20):
        weights.score(whole)
    print(f"{'5,000 characters: mean':<44} {(time.process_time() - start) * 50:>8.2f} ms")
    return slow


def _patterns() -> None:
    print(f"patterns of up to {LONGEST} characters and {LARGEST:,} steps on 5,000 characters: the worst of three texts")
    texts = [Text.of(text) for text in ("ax " * 1_666, "axyb" * 1_250, "\u898b\u308b" * 2_500)]
    for pattern in HOSTILE:
        find = matcher(pattern, "pattern")
        worst = 0.0
        for text in texts:
            start = time.process_time()
            find(text)
            worst = max(worst, (time.process_time() - start) * 1000)
        print(f"    {pattern:<40} {worst:>8.2f} ms")


def _enough() -> None:
    """How well a score does that has learned from fewer decisions; three sites of each size, which differ by chance."""
    for size in SIZES:
        found = [learn(decided(size, seed)) for seed in ("north", "east", "south")]
        points = [each.metrics.point_at(0.02) for each in found]
        print(
            f"    {size:>6,} decisions, {sum(each.removed for each in found) // 3:>5,} removals: "
            f"area {_range([each.metrics.area for each in found])}, "
            f"top 2 % catches {_range([each.caught for each in points])}, "
            f"right {_range([each.right for each in points])}"
        )


def _range(values: list[float]) -> str:
    return f"{min(values):.2f}-{max(values):.2f}"


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    sys.exit(main())
