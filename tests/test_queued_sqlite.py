"""Who writes a SQLite file next: first come, first served, among threads and among processes; nobody starves."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

from kawaraban import sqlite
from kawaraban.queued_sqlite.base import DatabaseWrapper, turns_of
from kawaraban.queued_sqlite.turns import TooLong, Turns
from tests.waiting import until

ROOT = Path(__file__).parent.parent

# Another process: takes turn after turn until it is ended, and says when it has had the first.
HOT = """
import sys
from pathlib import Path
from kawaraban.queued_sqlite.turns import Turns
turns, taken = Turns(Path(sys.argv[1])), 0
while True:
    turns.take(20)
    with open(sys.argv[2], "a") as log:
        log.write("o")
    turns.give()
"""
# Another process: takes a turn, and keeps it until it is ended.
HOLDER = """
import sys, time
from pathlib import Path
from kawaraban.queued_sqlite.turns import Turns
Turns(Path(sys.argv[1])).take(20)
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def turns(tmp_path: Path) -> Turns:
    """A queue that nobody stands in."""
    return Turns(tmp_path / "queue")


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, which has the turn."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "queue")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_threads_are_called_in_the_order_in_which_they_came(turns):
    called: list[int] = []

    def write(number: int) -> None:
        turns.take(20)
        called.append(number)
        turns.give()

    turns.take(20)
    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for number, thread in enumerate(threads):
        thread.start()
        until(lambda number=number: len(turns._waiting) == number + 1, 20)
    turns.give()
    for thread in threads:
        thread.join()
    assert called == list(range(8))


def test_who_loses_patience_leaves_the_queue_in_order(turns):
    turns.take(20)
    with pytest.raises(TooLong):
        turns.take(0.01)
    turns.give()
    turns.take(0)


def test_who_has_a_turn_keeps_other_processes_waiting(turns, other):
    with pytest.raises(TooLong):
        turns.take(0.05)
    other.kill()
    turns.take(20)  # the turn of a process that is gone is over


def test_a_process_that_writes_without_a_pause_starves_nobody(tmp_path, turns):
    log = tmp_path / "log"
    words = [sys.executable, "-c", HOT, str(tmp_path / "queue"), str(log)]
    with subprocess.Popen(words, cwd=ROOT) as process:
        until(lambda: log.exists() and log.stat().st_size > 100, 20)
        between: list[int] = []
        for _ in range(50):
            before = log.stat().st_size
            turns.take(20)
            between.append(log.stat().st_size - before)
            turns.give()
        process.kill()
    # Turns that the other had while this process stood in the queue: a few in a thousandth of a second, not thousands.
    assert sorted(between)[25] < 100, between


def test_a_forked_process_stands_in_the_queue_for_itself(turns):
    turns.take(20)
    child = os.fork()
    if not child:
        try:
            turns.take(0.05)
        except TooLong:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    turns.give()


# --- Connections ------------------------------------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path: Path) -> Iterator[DatabaseWrapper]:
    """A connection to a file with a table of notes."""
    options = sqlite.safe_options(sqlite.version_in_use()) | {"timeout": 0.05}
    given = {**connections[DEFAULT_DB_ALIAS].settings_dict, "NAME": str(tmp_path / "notes.sqlite3"), "OPTIONS": options}
    wrapper = DatabaseWrapper(given, "notes")
    wrapper.inc_thread_sharing()
    with wrapper.cursor() as cursor:
        cursor.execute("CREATE TABLE note (words TEXT)")
    yield wrapper
    wrapper.close()


@pytest.fixture(autouse=True)
def _database_is_allowed(django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def begin(database: DatabaseWrapper) -> None:
    """Begin a transaction, as `transaction.atomic` does."""
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_a_turn_lasts_as_long_as_a_transaction(database, end):
    queue = turns_of(database.settings_dict["NAME"])
    begin(database)
    with pytest.raises(TooLong):
        queue.take(0)
    getattr(database, end)()
    queue.take(0)
    queue.give()


def test_who_waits_too_long_is_told_what_sqlite_says(database):
    queue = turns_of(database.settings_dict["NAME"])
    queue.take(0)
    with pytest.raises(OperationalError, match="database is locked"):
        begin(database)
    queue.give()


def test_a_kept_connection_is_not_used_for_a_file_that_is_gone(database, tmp_path):
    database.close_if_unusable_or_obsolete()
    assert database.is_usable()
    (tmp_path / "notes.sqlite3").rename(tmp_path / "moved.sqlite3")
    assert not database.is_usable()
