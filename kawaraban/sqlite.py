"""Which SQLite this process uses, and how it must be set so that a commit is on disk."""

from __future__ import annotations

import sqlite3
import sys
from typing import Any

Version = tuple[int, int, int]


def loses_pages_in_wal(version: Version) -> bool:
    """True for a SQLite library whose WAL reset can drop committed pages.

    Two connections that checkpoint while a third resets the log can lose pages that were committed.
    Source: SQLite release notes; affected 3.7.0 to 3.51.2, mended in 3.51.3, 3.50.7 and 3.44.6.
    """
    if version < (3, 7, 0) or version >= (3, 51, 3):
        return False
    backported = (version[:2] == (3, 50) and version[2] >= 7) or (version[:2] == (3, 44) and version[2] >= 6)
    return not backported


def use_sound_library() -> Version:
    """The version of SQLite in use, after replacing an affected one by the newer one that `pysqlite3` carries.

    Must run before Django opens a database: Django imports `sqlite3` by name when it does.
    """
    if loses_pages_in_wal(sqlite3.sqlite_version_info):
        try:
            import pysqlite3
            import pysqlite3.dbapi2
        except ImportError:
            # Kept: safe_options() then leaves WAL, and `kawaraban doctor` says so.
            return sqlite3.sqlite_version_info
        sys.modules["sqlite3"] = pysqlite3
        sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
    return version_in_use()


def version_in_use() -> Version:
    """The version of the SQLite library behind the name `sqlite3` in this process."""
    info: Version = sys.modules["sqlite3"].sqlite_version_info
    return info


def safe_options(version: Version) -> dict[str, Any]:
    """Django's OPTIONS for a SQLite file on which an acknowledged write survives a power cut.

    WAL with synchronous=FULL; with an affected library the rollback journal with EXTRA instead, slower and as safe.
    IMMEDIATE transactions take the write lock at their start, where `timeout` (20 s) can wait for it; a deferred
    one that reads first fails at once when another has written meanwhile.
    """
    journal = (
        "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"
        if loses_pages_in_wal(version)
        else "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    )
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": journal + " PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;",
    }
