"""What the processes of a site on this machine say of themselves, and the switch for an emergency: files in its folder.

So both work while the database is away.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = "pages"
EMERGENCY = "emergency"
FRESH = 15.0  # seconds; a process says something every five


def write(folder: Path, facts: Mapping[str, Any]) -> None:
    """Put down what a process knows of itself, in place of what it said before."""
    path = folder / f"status-{os.getpid()}.json"
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps({"at": time.time(), "pid": os.getpid(), **facts}), encoding="utf-8")
    draft.replace(path)


def forget(folder: Path) -> None:
    """The process ends."""
    (folder / f"status-{os.getpid()}.json").unlink(missing_ok=True)


def read(folder: Path) -> list[dict[str, Any]]:
    """What the running processes say; what others have left behind is deleted."""
    found = []
    for path in sorted(folder.glob("status-*.json")):
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if time.time() - said["at"] > FRESH:
            path.unlink(missing_ok=True)
        else:
            found.append(said)
    return found


def in_words(said: Mapping[str, Any]) -> list[str]:
    """What a process said, in lines for an operator."""
    answered = said["hits"] + said["waited"]
    share = f"{said['hits'] / answered:.1%}" if answered else "none asked for"
    lines = [
        f"Process {said['pid']}, {time.time() - said['at']:.0f} seconds ago:",
        f"  pages      {said['pages']:,} in {said['bytes'] / 1e6:.1f} of {said['room'] / 1e6:.0f} MB; "
        f"the oldest made {said['oldest']:.0f} seconds ago; {said['stale']} stand in for what cannot be made; "
        f"{said['evicted']:,} left for want of room",
        f"  readers    {answered:,} answered, from memory: {share}; {said['former']:,} with the former page",
        f"  made       {said['made']:,}, {said['failed']:,} failed; {said['purges']:,} purges, "
        f"{said['removals']:,} taken back; {said['passed']:,} not to be remembered",
        f"  places     {said['taken']} of {said['places']} taken, at most {said['highest']}",
    ]
    if said["shed"]:
        lines.append("  turned away  " + ", ".join(f"{name} {count:,}" for name, count in said["shed"].items()))
    return lines


def is_emergency(home: Path) -> bool:
    """Whether the switch is on."""
    return (home / EMERGENCY).exists()


def switch(home: Path, *, on: bool) -> None:
    """Turn the switch; every process on this machine sees it within a second."""
    if on:
        (home / EMERGENCY).touch(mode=0o600)
    else:
        (home / EMERGENCY).unlink(missing_ok=True)
