"""`make guards`: takes each guard of the front away, one at a time, and sees that a test is red without it.

A guard that no test misses is either not needed or not watched. The guards are named by the very words of the code; if
these are not there any more, that is an error here, and the guard is to be named anew.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.with_site import environment

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 300  # seconds for the tests of one guard
EDGE = "kawaraban/edge/tests"


@dataclass(frozen=True, slots=True)
class Guard:
    """What a file says, what it would say without the guard, and the tests that ought to notice."""

    what: str
    file: str
    words: str
    without: str
    tests: str


GUARDS = (
    Guard(
        "only what is read is remembered",
        "edge/asking.py", 'if scope["method"] not in ("GET", "HEAD"):', "if False:", f"{EDGE}/test_asking.py",
    ),
    Guard(
        "another host is another site", "edge/asking.py", "host not in hosts or ", "", f"{EDGE}/test_asking.py",
    ),
    Guard(
        "who shows a key is answered by the site",
        "edge/asking.py", "or any(name in headers for name in _PERSONAL)", "", f"{EDGE}/test_asking.py",
    ),
    Guard(
        "to https first", "edge/asking.py", "or not _is_secure(scope, headers) ", "", f"{EDGE}/test_asking.py",
    ),
    Guard(
        "two hosts are none",
        "edge/asking.py", "if len(headers) != len(pairs) and", "if False and", f"{EDGE}/test_asking.py",
    ),
    Guard(
        "unknown parameters make no page of their own",
        "edge/asking.py", "if name in parameters and len", "if len", f"{EDGE}/test_asking.py",
    ),
    Guard(
        "the allow-list: a view must say that it may be remembered",
        "edge/asking.py", '"cacheable", None)', '"cacheable", ())', f"{EDGE}/test_asking.py",
    ),
    Guard(
        "the writer's own view is new",
        "edge/renewing.py", "former.began > after", "True", f"{EDGE}/test_renewing.py",
    ),
    Guard(
        "nor one that was in the making",
        "edge/renewing.py", "if making is None or making.began <= after:", "if making is None:",
        f"{EDGE}/test_renewing.py",
    ),
    Guard(
        "one making for all who wait",
        "edge/renewing.py", "if making is None or making.began <= after:", "if True:", f"{EDGE}/test_renewing.py",
    ),
    Guard(
        "a hot page once a second",
        "edge/renewing.py", "return now >= former.paced - LEEWAY and", "return", f"{EDGE}/test_renewing.py",
    ),
    Guard(
        "nothing stands in for ever",
        "edge/renewing.py", "and time.monotonic() - page.began < LAST_RESORT", "", f"{EDGE}/test_renewing.py",
    ),
    Guard(
        "what was taken back while it was made is not kept",
        "edge/store.py", "                return False\n", "                pass\n", f"{EDGE}/test_store.py",
    ),
    Guard(
        "what is taken back leaves every page that mentions it",
        "edge/store.py", "self._keys(self._about, change.tags) | self._keys(self._mentions, change.tags)",
        "self._keys(self._about, change.tags)", f"{EDGE}/test_store.py",
    ),
    Guard(
        "memory has a bound", "edge/store.py", "while self.size > self.room and", "while False and",
        f"{EDGE}/test_store.py",
    ),
    Guard(
        "what was taken back does not come from the disk",
        "edge/spill.py", "or any(at + margin >= began and tags & of for at, of in gone)", "", f"{EDGE}/test_spill.py",
    ),
    Guard(
        "a file that was half written is no page",
        "edge/spill.py", 'or said["digest"] != sha256(compact).hexdigest()', "", f"{EDGE}/test_spill.py",
    ),
    Guard(
        "a page that stands in is marked",
        "edge/pages.py", "whole = whole.replace(MARK, SHOWN, 1)", "whole = whole", f"{EDGE}/test_pages.py",
    ),
    Guard(
        "each coding has an ETag of its own",
        "edge/pages.py", "sha256(whole).hexdigest()[:24].encode(), coding.encode())", 'b"one", b"all")',
        f"{EDGE}/test_pages.py",
    ),
    Guard(
        "who matters less is let in while fewer places are taken",
        "edge/budgets.py", "round(SHARE[kind] * self.places)", "self.places", f"{EDGE}/test_budgets.py",
    ),
    Guard(
        "an emergency closes what it closes",
        "edge/budgets.py", "return self.is_emergency and", "return False and", f"{EDGE}/test_budgets.py",
    ),
    Guard(
        "a queue has an end", "edge/budgets.py", "if len(queue) >= LONGEST_QUEUE:", "if False:",
        f"{EDGE}/test_budgets.py",
    ),
    Guard(
        "writers of a file stand in one queue",
        "queued_sqlite/turns.py", "self._waiting.popleft()", "self._waiting.pop()", "tests/test_queued_sqlite.py",
    ),
    Guard(
        "a writer waits for other processes",
        "queued_sqlite/turns.py", "            self._hold(NOW, until)\n", "            pass\n",
        "tests/test_queued_sqlite.py",
    ),
    Guard(
        "a kept connection looks for its file",
        "queued_sqlite/base.py", "self.is_in_memory_db() or self._file == self._file_now()", "True",
        "tests/test_queued_sqlite.py",
    ),
    Guard(
        "nobody has an answer before it is on the disk",
        "together.py", "                found = self._answer(", "                found = answers = self._answer(",
        "tests/test_together.py",
    ),
    Guard(
        "of one voter one vote at a time",
        "together.py", "self._one_each(each.question)", "id(each)", "tests/test_together.py",
    ),
    Guard(
        "who waits is answered also when the one who answers ends",
        "together.py", "or not isinstance(error, Exception)", "", "tests/test_together.py",
    ),
    Guard(
        "whose page it is hears of its vote, whoever wrote it down",
        "discussion/actions/ballots.py", "    if outcome.has_changed:\n        note_own_change()\n", "",
        "kawaraban/discussion/tests/test_parallel.py",
    ),
    Guard(
        "a slow reader of a stream is cut off",
        "live/streams.py", "if self._size > LONGEST_BUFFER:", "if False:", "kawaraban/live/tests",
    ),
    Guard(
        "streams have caps",
        "live/streams.py", "return self.is_ending or self._by_address.total() >= self._most or", "return False and",
        "kawaraban/live/tests",
    ),
)  # fmt: skip


def main(wanted: list[str]) -> int:
    """Take away all guards, or those in whose name a wanted word stands. Returns 1 if one was not missed."""
    unmissed = []
    with tempfile.TemporaryDirectory(prefix="kawaraban-guards-", dir="/tmp") as name:
        copy = Path(name)
        for part in ("kawaraban", "tests", "conftest.py", "pyproject.toml"):
            source = ROOT / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / part)
        for guard in GUARDS:
            if not wanted or any(word in guard.what for word in wanted):
                is_missed = _is_missed(guard, copy)
                sys.stdout.write(f"{'red' if is_missed else 'NOT MISSED':12}{guard.what}\n")
                sys.stdout.flush()
                unmissed += [] if is_missed else [guard.what]
    return 1 if unmissed else 0


def _is_missed(guard: Guard, copy: Path) -> bool:
    """Whether a test fails without the guard. Raises ValueError when the guard is not where it is said to be."""
    file = copy / "kawaraban" / guard.file
    whole = file.read_text(encoding="utf-8")
    if whole.count(guard.words) != 1:
        raise ValueError(f"{guard.file} does not say once: {guard.words}")
    file.write_text(whole.replace(guard.words, guard.without), encoding="utf-8")
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", guard.tests]
    try:
        with tempfile.TemporaryDirectory(prefix="kawaraban-") as home:
            own = environment(Path(home))
            done = subprocess.run(
                words, cwd=copy, env=own, capture_output=True, text=True, timeout=LONGEST, check=False
            )
    except subprocess.TimeoutExpired:
        return True  # it waits for what does not come
    finally:
        file.write_text(whole, encoding="utf-8")
    if done.returncode not in (0, 1):
        raise ValueError(f"{guard.what}: {done.stdout[-2000:]}{done.stderr[-500:]}")
    return done.returncode == 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
