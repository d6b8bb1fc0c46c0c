"""Many at once: threads with connections of their own, on a database where they really meet."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections


@contextmanager
def database_of_its_own(folder: Path) -> Iterator[None]:
    """A copy of the empty test database for one test, where commits are real; nothing is left to clean up after.

    In memory, SQLite's connections share one cache and lock whole tables; that proves nothing about a site, which has
    a file. The file is opened with the site's own options. PostgreSQL copies a database as it is.
    """
    original = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        in_memory = connection.connection
        copy = str(folder / "copy.sqlite3")
        target = type(in_memory)(copy)
        in_memory.backup(target)
        target.close()
        # Kept open and put back: the database in memory would be gone with its last connection.
        connection.connection = None
        connection.settings_dict["NAME"] = copy
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = original
            connection.connection = in_memory
    else:
        connection.creation.clone_test_db("copy", verbosity=0, autoclobber=True)
        connection.settings_dict["NAME"] = f"{original}_copy"
        try:
            yield
        finally:
            connection.close()
            connection.close_pool()
            connection.settings_dict["NAME"] = original
            connection.creation.destroy_test_db(suffix="copy", verbosity=0)


def all_at_once(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each deed returned or raised, in order; each begins in a thread of its own when all are ready."""
    ready = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            ready.wait(timeout=20)
            return deed()
        except Exception as error:  # noqa: BLE001 - whatever happens is what the test asks about
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))
