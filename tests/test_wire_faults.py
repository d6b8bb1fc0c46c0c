"""Wherever a worker is killed while it takes an item in, nothing is half and everything is taken once (F-12, F-13).

`make faults`: at every third statement.
"""

from __future__ import annotations

import json
import subprocess
import sys

from tests.faulty_wire import ITEMS
from tests.test_job_faults import IN_FULL, db, site  # noqa: F401 - fixtures

# Of some 25 statements of a look and 150 of a story's making and publishing.
STEP = 3 if IN_FULL else 40


def test_whatever_is_killed_while_an_item_is_taken_in_it_is_taken_once(site):  # noqa: F811 - the fixture
    done = subprocess.run(
        [sys.executable, "-m", "tests.faulty_wire", str(STEP)],
        env=site, capture_output=True, text=True, check=False, timeout=3600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    print(done.stdout)  # noqa: T201
    report = json.loads(done.stdout)
    assert report["database"] == ("postgresql" if "DATABASE_URL" in site else "sqlite")
    assert report["kills"] == report["files"] - 1 + report["settled"]
    assert report["jobs"] == {"done": report["kills"]}, "none is lost, dead or stranded"
    assert report["left"] == []
    assert report["done"] == report["deliveries"] == report["files"]
    assert report["items"] == report["versions"] == report["files"] * ITEMS
    assert report["half"] == 0
    assert report["made"] == report["stories"] == report["settled"]
