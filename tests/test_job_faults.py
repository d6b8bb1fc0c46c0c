"""Whatever kills a worker or a task, no job is lost and none is stranded (F-02, F-03); `make faults`: in full."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.faulty_site import LIMITS, MANY, PHASES, TURNS
from tests.with_site import environment

IN_FULL = os.environ.get("FAULTS") == "1"
# From a lease's end to the next look for lost jobs; and what a worker may take to start on a busy machine.
LATE = LIMITS.heartbeat / 2 + 30


@pytest.fixture
def db() -> Iterator[dict[str, str]]:
    """The variables that lead to an empty database of the kind that this run is about, instead of the tests' own."""
    server = os.environ.get("DATABASE_URL")
    if server is None:
        yield {}  # SQLite makes its file
        return
    name = f"faults_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield {"DATABASE_URL": server.replace("/postgres?", f"/{name}?")}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def site(tmp_path: Path, db: dict[str, str]) -> dict[str, str]:
    """The environment of a site that nobody else uses."""
    (tmp_path / "static").mkdir()
    return {**environment(tmp_path), **db, "DJANGO_SETTINGS_MODULE": "kawaraban.settings"}


def report_of(site: dict[str, str], plan: str, size: int) -> dict:
    """What a run of the faulty site has to say; shown as well, for the figures in docs/reference/jobs.md."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faulty_site", plan, str(size)],
        env=site, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    print(done.stdout)  # noqa: T201
    report: dict = json.loads(done.stdout)
    assert report["database"] == ("postgresql" if "DATABASE_URL" in site else "sqlite")
    return report


def test_a_job_whose_worker_or_process_is_killed_is_done_all_the_same(site):
    phases = len(PHASES) if IN_FULL else 2
    report = report_of(site, "kills", phases)
    assert report["kills"] == 1 + phases
    assert report["states"] == {"done": 1 + phases * 6}, "none is lost, dead or stranded"
    assert report["undone"] == []
    assert report["more_often_than_tried"] == []
    assert report["done_twice"] <= phases, "at most one for each kill"
    assert report["retaken_after"][-1] < LIMITS.lease + LATE


def test_poison_ends_among_the_dead_and_the_others_are_done_at_their_pace(site):
    size = MANY if IN_FULL else 100
    report = report_of(site, "poison", size)
    dead_in_each = (0, size // 100) * (len(TURNS) // 2) if IN_FULL else (size // 100,)
    for run, dead in zip(report["runs"], dead_in_each, strict=True):
        assert run["states"].get("dead", 0) == dead
        assert run["states"]["done"] == size - dead
        assert run["undone"] == []
        assert run["done_twice"] == 0
        assert run["tries_of_the_dead"] in ([], [LIMITS.tries])
    if IN_FULL:
        assert report["ratio"] >= 0.9
