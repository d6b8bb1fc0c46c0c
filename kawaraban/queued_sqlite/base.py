"""Django's backend for SQLite with two things more: writers queue, and a connection that is kept looks for its file."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from kawaraban.queued_sqlite.turns import TooLong, Turns

PATIENCE = 20.0  # seconds, where the settings say nothing


@cache
def turns_of(path: str) -> Turns:
    """The queue of a file, the same for all connections of this process."""
    return Turns(Path(f"{path}-queue"))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to a SQLite file."""

    _turn: Turns | None = None
    _file: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection, of which it is known to which file it leads."""
        connection = super().get_new_connection(conn_params)
        self._file = self._file_now()
        return connection

    def is_usable(self) -> bool:
        """False when the file has been moved, deleted or replaced since the connection was made."""
        return self.is_in_memory_db() or self._file == self._file_now()

    def _file_now(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self.settings_dict["NAME"])
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _start_transaction_under_autocommit(self) -> None:
        """Begin a transaction when it is this connection's turn to write.

        Raises:
            OperationalError: it did not come in time; what SQLite says itself when it has waited too long.
        """
        if self.is_in_memory_db():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        turns = turns_of(str(self.settings_dict["NAME"]))
        try:
            turns.take(self.settings_dict["OPTIONS"].get("timeout", PATIENCE))
        except TooLong:
            raise OperationalError("database is locked") from None
        except OSError as error:
            raise OperationalError("unable to open database file") from error
        self._turn = turns
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_turn()
            raise

    def _commit(self) -> Any:
        super()._commit()  # type: ignore[misc]
        self._give_turn()

    def _rollback(self) -> Any:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _close(self) -> Any:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _give_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.give()
