"""A worker beside the web server: started with it, started again when it dies, gone with it."""

from __future__ import annotations

import logging
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkProcess
from typing import Any

from kawaraban.jobs.processes import close_connections

log = logging.getLogger(__name__)

# What a worker may take to end in; more than a running task gets.
TO_END = 8.0


@contextmanager
def alongside(
    target: Callable[..., None], *given: Any, first_pause: float = 1.0, longest_pause: float = 30.0
) -> Iterator[None]:
    """Keep a process with this function running beside the block, however often it dies.

    Args:
        first_pause: seconds until another is started; doubled up to `longest_pause` while they die soon after.
    """
    over = threading.Event()
    # The first is forked before there is another thread, which might hold a lock that nobody opens in the copy. A
    # connection that it shared with us would end for both when it closes it.
    close_connections()
    process = _forked(target, given)
    thread = threading.Thread(
        target=_keep_running, args=(process, over, target, given, first_pause, longest_pause), daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(TO_END + 2)


def work(slots: int) -> None:
    """A worker with the clock, as the whole of a process that was forked from one that is set up."""
    from kawaraban.jobs.worker import Worker

    Worker(slots, clock=True).run()


def _forked(target: Callable[..., None], given: tuple[Any, ...]) -> ForkProcess:
    process = multiprocessing.get_context("fork").Process(target=target, args=given, name="kawaraban worker")
    process.start()
    return process


def _keep_running(
    process: ForkProcess,
    over: threading.Event,
    target: Callable[..., None],
    given: tuple[Any, ...],
    first_pause: float,
    longest_pause: float,
) -> None:
    pause = first_pause
    while True:
        began = time.monotonic()
        while process.is_alive() and not over.wait(0.2):
            pass
        if over.is_set():
            process.terminate()
            process.join(TO_END)
            process.kill()
            process.join()
            return
        pause = first_pause if time.monotonic() - began > longest_pause else min(pause * 2, longest_pause)
        if over.wait(pause):
            return
        log.error("The worker ended with code %s; another is started.", process.exitcode)
        process = _forked(target, given)
