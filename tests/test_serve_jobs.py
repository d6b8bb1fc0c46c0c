"""`kawaraban serve` does the background work too, and each part runs alone; all of them end when told to."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.test_cli import (
    KAWARABAN,
    PATIENCE,
    answers,
    end,
    get,
    group_is_alive,
    ready,
    rows,
    served,
    variables,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a job that waits, from the pages that were saved when it was made."""
    copy = tmp_path_factory.mktemp("worked") / "site"
    shutil.copytree(ready(), copy)
    return copy


def enqueue(home: Path, task: str, *arguments: str) -> None:
    """A job, as the site would write it."""
    call = json.dumps({"args": arguments, "kwargs": {}})
    columns = "task, arguments, alone, priority, state, run_after, attempts, lease_owner, last_error, enqueued_at"
    values = f"'{task}', '{call}', '', 0, 'waiting', datetime('now'), 0, '', '', datetime('now')"
    rows(home, f"INSERT INTO jobs_job ({columns}) VALUES ({values})")  # noqa: S608 - our own words


def workers_of(server: int) -> list[int]:
    """The child of a server that has children of its own, in which tasks run."""
    return [pid for pid in children(server) if children(pid)]


def until(home: Path, query: str, *wanted: object) -> None:
    """Wait for a row that says so."""
    moment = time.monotonic() + PATIENCE
    while rows(home, query) != [wanted]:
        assert time.monotonic() < moment, (query, rows(home, query), (home / "work.log").read_text())
        time.sleep(0.1)


@contextmanager
def running(home: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command that goes on until it is ended, in a process group of its own."""
    with (home / "work.log").open("ab") as log:
        process = subprocess.Popen(
            [KAWARABAN, *words],
            env={**variables(home), "PYTHONPATH": str(Path(__file__).parent.parent)},
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        if group_is_alive(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def stop(process: subprocess.Popen[bytes], sign: signal.Signals) -> None:
    """Ask a command to end; it ends well, and no process of its stays."""
    os.kill(process.pid, sign)
    assert process.wait(PATIENCE) == 0
    moment = time.monotonic() + PATIENCE
    while group_is_alive(process.pid):
        assert time.monotonic() < moment, "a process of its stays"
        time.sleep(0.1)


def children(pid: int) -> dict[int, str]:
    """The processes below one, with their command lines."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            words = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if parent == pid:
            found[int(folder.name)] = words
    return found


def test_a_worker_and_a_clock_alone_do_the_work_and_end_with_sigterm(home):
    rows(home, "DELETE FROM jobs_job")
    with running(home, "clock") as clock:
        until(home, "SELECT count(*) > 0 FROM jobs_job WHERE state = 'waiting'", 1)
        with running(home, "worker", "--slots", "1") as worker:
            until(home, "SELECT count(*) FROM jobs_job WHERE state <> 'done'", 0)
            assert rows(home, "SELECT count(*) FROM jobs_job WHERE task = 'kawaraban.jobs.tasks.sweep'") == [(1,)]
            stop(worker, signal.SIGTERM)
        stop(clock, signal.SIGTERM)
    assert "Traceback" not in (home / "work.log").read_text()


def test_a_worker_that_is_stopped_gives_back_what_it_cannot_end(home):
    rows(home, "DELETE FROM jobs_job")
    enqueue(home, "tests.faulty_tasks.poison", "hangs")
    with running(home, "worker") as worker:
        until(home, "SELECT state, attempts FROM jobs_job", "running", 1)
        stop(worker, signal.SIGINT)
    assert rows(home, "SELECT state, attempts, lease_ends FROM jobs_job") == [("waiting", 0, None)]


@pytest.mark.enable_socket
def test_serve_starts_a_worker_again_that_was_killed_and_takes_it_along_when_it_ends(home):
    rows(home, "DELETE FROM jobs_job")
    with served(home) as (server, _):
        enqueue(home, "kawaraban.jobs.tasks.sweep")
        until(home, "SELECT count(*) > 0 FROM jobs_job WHERE state = 'done'", 1)
        (worker,) = workers_of(server.pid)
        os.kill(worker, signal.SIGKILL)
        rows(home, "DELETE FROM jobs_job")
        enqueue(home, "kawaraban.jobs.tasks.sweep")
        until(home, "SELECT count(*) > 0 FROM jobs_job WHERE state = 'done'", 1)
        end(server, signal.SIGTERM)
    assert "The worker ended with code -9; another is started." in (home / "serve.log").read_text()


@pytest.mark.enable_socket
def test_serve_that_is_killed_leaves_nothing_behind(home):
    with served(home) as (server, _):
        enqueue(home, "kawaraban.jobs.tasks.sweep")
        until(home, "SELECT count(*) FROM jobs_job WHERE state <> 'done'", 0)
        assert len(children(server.pid)) == 2
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        moment = time.monotonic() + PATIENCE
        while group_is_alive(server.pid):
            assert time.monotonic() < moment, "a process goes on without its site"
            time.sleep(0.1)


@pytest.mark.enable_socket
def test_serve_web_only_leaves_the_work_to_others(home):
    rows(home, "DELETE FROM jobs_job")
    enqueue(home, "kawaraban.jobs.tasks.sweep")
    port = free_port()
    with running(home, "serve", "--web-only", "--port", str(port)) as server:
        moment = time.monotonic() + PATIENCE
        while not answers(port):
            assert time.monotonic() < moment, (home / "work.log").read_text()
        assert get(port, "/")[0] == 200
        assert len(children(server.pid)) == 1
        end(server, signal.SIGTERM)
    assert rows(home, "SELECT state FROM jobs_job") == [("waiting",)]
