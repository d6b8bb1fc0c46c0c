"""A commit that was acknowledged is on disk: no library that loses pages, and no setting that trusts a power supply."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys

import pytest

from kawaraban import sqlite
from tests.with_site import environment

# Reads the site's own settings and asks the connection that the site itself would use.
ASK = """
import json, django
django.setup()
from django.db import connection
from kawaraban import sqlite
with connection.cursor() as cursor:
    def ask(name):
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]
    found = {name: ask(name) for name in ("journal_mode", "synchronous", "foreign_keys", "cache_size", "temp_store")}
    cursor.execute("SELECT sqlite_version()")
    found["library"] = cursor.fetchone()[0]
found["named"] = ".".join(map(str, sqlite.version_in_use()))
found["file"] = str(connection.settings_dict["NAME"])
found["mode"] = connection.transaction_mode
found["timeout"] = connection.settings_dict["OPTIONS"]["timeout"]
print(json.dumps(found))
"""


@pytest.mark.parametrize(
    ("version", "loses"),
    [
        ((3, 6, 23), False),  # had no WAL
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
        ((4, 0, 0), False),
    ],
)
def test_the_libraries_that_lose_pages_are_known(version, loses):
    assert sqlite.loses_pages_in_wal(version) is loses


def test_a_sound_library_writes_ahead_and_waits_for_the_disk():
    command = sqlite.safe_options((3, 53, 4))["init_command"]
    assert "journal_mode=WAL;" in command
    assert "synchronous=FULL;" in command


def test_a_library_that_loses_pages_keeps_the_older_and_slower_journal():
    command = sqlite.safe_options((3, 40, 1))["init_command"]
    assert "journal_mode=DELETE;" in command
    assert "synchronous=EXTRA;" in command
    assert "WAL" not in command


@pytest.mark.parametrize(("version", "journal", "synchronous"), [((3, 53, 4), "wal", 2), ((3, 40, 1), "delete", 3)])
def test_a_real_file_takes_the_options_as_they_are_written(tmp_path, version, journal, synchronous):
    connection = sqlite3.connect(tmp_path / "site.sqlite3")
    connection.executescript(sqlite.safe_options(version)["init_command"])
    asked = [
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    connection.close()
    assert asked == [journal, synchronous, 1]


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 53, 4)])
def test_a_transaction_takes_the_write_lock_at_its_start_and_waits_for_it(version):
    options = sqlite.safe_options(version)
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == 20


def test_the_running_site_uses_a_sound_library_and_its_safe_options(tmp_path):
    variables = {**environment(tmp_path), "DJANGO_SETTINGS_MODULE": "kawaraban.settings"}
    done = subprocess.run([sys.executable, "-c", ASK], env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["file"] == str(tmp_path / "site.sqlite3")
    assert (found["journal_mode"], found["synchronous"], found["foreign_keys"]) == ("wal", 2, 1)
    assert (found["mode"], found["timeout"]) == ("IMMEDIATE", 20)
    assert found["library"] == found["named"], "the library that Django talks to is the one that was judged"
    assert not sqlite.loses_pages_in_wal(tuple(map(int, found["library"].split("."))))


def test_the_name_sqlite3_means_one_library_in_this_whole_process():
    assert sqlite.version_in_use() == sys.modules["sqlite3"].sqlite_version_info
    assert sqlite.use_sound_library() == sqlite.version_in_use()
