"""The process in which tasks run. It may crash, hang or be killed: the worker starts another."""

from __future__ import annotations

import contextlib
import json
import resource
import signal
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from django.db import close_old_connections

from kawaraban.jobs import processes, runner

# A task that hangs in C code hears no signal handler and no thread: after this many seconds over its limit the
# kernel ends it, also when the worker that should have done so is gone.
OVERTIME = 10.0
MOST_MEMORY = 2 * 1024**3


def main(connection: Connection, others: Sequence[Connection]) -> None:
    """Run what comes through the connection, one after another, until it is closed.

    Args:
        others: ends of pipes that this process has only because its parent has them.
    """
    for other in others:
        other.close()
    # Ctrl-C reaches every process of a terminal; the worker decides what becomes of a running task.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _be_the_first_to_go()
    processes.end_with_parent()
    processes.keep_one_connection()
    while True:
        try:
            assignment = runner.Assignment(**json.loads(connection.recv_bytes()))
        except EOFError:
            return
        limit = runner.time_limit(assignment)
        signal.setitimer(signal.ITIMER_REAL, limit + OVERTIME)
        _say(connection, limit=limit)
        close_old_connections()
        outcome = runner.run(assignment)
        close_old_connections()
        signal.setitimer(signal.ITIMER_REAL, 0)
        # What is left of a process that had no memory is not to be relied on.
        is_last = isinstance(outcome.exception, MemoryError)
        _say(connection, value=outcome.value, error=outcome.error, is_last=is_last)
        if is_last:
            return


def _say(connection: Connection, **message: object) -> None:
    connection.send_bytes(json.dumps(message).encode())


def _be_the_first_to_go() -> None:
    """When memory runs out, let it be this process that the kernel ends, not the web server or the database."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
