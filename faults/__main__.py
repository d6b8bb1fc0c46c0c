"""`python -m faults [F-01 …]`: run the scenes and print what became of what was sent; 1 when anything was lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from faults import crowds, machines, scenes
from tests.ports import free_port

COLUMNS = (
    "kills", "attempted", "acknowledged", "lost", "recovered", "duplicated", "half_written", "longest_gap",
)  # fmt: skip
MUST_BE_NONE = ("lost", "duplicated", "half_written", "unsound", "guesses_over_limit", "removed_shown", "failed")


def main(wanted: list[str]) -> int:
    """Run what was asked for, or all. Returns 1 when something acknowledged was not kept, or could not be tried."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # in order: no machine stays behind
    lacking = machines.missing()
    if lacking or not machines.user_exists():
        print(f"NOT RUN: {', '.join(lacking) or 'PostgreSQL'} not installed (see faults/machines.py).")
        return 1
    small = {name: scene for name, scene in {**scenes.SMALL, **crowds.SMALL}.items() if _is_wanted(name, wanted)}
    large = {name: scene for name, scene in {**scenes.LARGE, **crowds.LARGE}.items() if _is_wanted(name, wanted)}
    reports: dict[str, dict[str, Any]] = {}
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir="/tmp"))
    folder.chmod(0o755)  # PostgreSQL's user looks into it
    for number, (name, scene) in enumerate(small.items()):
        own = folder / f"small-{number}"
        own.mkdir()
        reports[name] = _timed(name, lambda scene=scene, own=own: scene(own, free_port))
    if large:
        own = folder / "large"
        own.mkdir()
        with scenes.large(own, free_port) as it:
            for name, scene_of_large in large.items():
                reports[name] = _timed(name, lambda scene=scene_of_large: scene(it))
    print(f"\n{'':18}" + "".join(f"{name:>13}" for name in COLUMNS))
    for name, report in reports.items():
        print(f"{name:18}" + "".join(f"{report.get(column, ''):>13}" for column in COLUMNS))
    bad = {name: [word for word in MUST_BE_NONE if report.get(word)] for name, report in reports.items()}
    bad = {name: words for name, words in bad.items() if words}
    print("\nNot as promised: " + json.dumps(bad) if bad else "\nAll as promised.")
    if not bad and "FAULTS_KEEP" not in os.environ:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"The machines' logs are in {folder}.")
    return 1 if bad else 0


def _is_wanted(name: str, wanted: list[str]) -> bool:
    return not wanted or any(word in name for word in wanted)


def _timed(name: str, scene: Any) -> dict[str, Any]:
    began = time.monotonic()
    report: dict[str, Any] = scene()
    print(f"{name}: {json.dumps({**report, 'took': round(time.monotonic() - began)})}", flush=True)
    return report


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
