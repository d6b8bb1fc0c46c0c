"""What processes say of themselves, and the switch for an emergency, are files: no database is asked."""

from __future__ import annotations

import json
import os
import time

from kawaraban.edge import status

FACTS = {
    "hits": 90, "waited": 10, "former": 3, "passed": 2, "made": 12, "failed": 1, "purges": 5, "removals": 1,
    "pages": 4, "bytes": 2_000_000, "room": 64_000_000, "evicted": 0, "oldest": 7.0, "stale": 1,
    "places": 16, "taken": 2, "highest": 9, "shed": {"search": 4}, "emergency": False,
}  # fmt: skip


def test_a_process_is_read_as_it_wrote(tmp_path):
    status.write(tmp_path, FACTS)
    (said,) = status.read(tmp_path)
    assert said["pid"] == os.getpid()
    words = "\n".join(status.in_words(said))
    assert "from memory: 90.0%" in words
    assert "2 of 16 taken, at most 9" in words
    assert "search 4" in words
    status.forget(tmp_path)
    assert status.read(tmp_path) == []


def test_what_a_killed_process_left_behind_is_no_process(tmp_path):
    left = tmp_path / "status-1.json"
    left.write_text(json.dumps({**FACTS, "at": time.time() - status.FRESH - 1, "pid": 1}))
    (tmp_path / "status-2.json").write_text("{")
    assert status.read(tmp_path) == []
    assert not left.exists()


def test_the_switch_is_turned_on_and_off(tmp_path):
    assert not status.is_emergency(tmp_path)
    status.switch(tmp_path, on=True)
    assert status.is_emergency(tmp_path)
    status.switch(tmp_path, on=False)
    status.switch(tmp_path, on=False)
    assert not status.is_emergency(tmp_path)
