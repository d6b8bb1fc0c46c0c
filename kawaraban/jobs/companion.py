"""A worker beside the web server: started with it, started again when it dies, gone with it."""

from __future__ import annotations

import logging
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django

log = logging.getLogger(__name__)

# A worker that dies as it starts is tried again at these pauses, in seconds: doubled from the first up to the second.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
# What a worker may take to end in; more than a running task gets.
TO_END = 8.0


@contextmanager
def alongside(target: Callable[..., None], *given: Any) -> Iterator[None]:
    """Keep a process with this function running beside the block, however often it dies."""
    over = threading.Event()
    thread = threading.Thread(target=_keep_running, args=(over, target, given), name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(TO_END + 2)


def work(slots: int) -> None:
    """A worker with the clock, as the whole of a fresh process."""
    django.setup()
    from kawaraban.jobs.worker import Worker

    Worker(slots, clock=True).run()


def _keep_running(over: threading.Event, target: Callable[..., None], given: tuple[Any, ...]) -> None:
    context = multiprocessing.get_context("spawn")
    pause = FIRST_PAUSE
    while not over.is_set():
        began = time.monotonic()
        process = context.Process(target=target, args=given, name="kawaraban worker")
        process.start()
        while process.is_alive() and not over.wait(0.2):
            pass
        if over.is_set():
            process.terminate()
            process.join(TO_END)
            process.kill()
            process.join()
            return
        pause = FIRST_PAUSE if time.monotonic() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
        over.wait(pause)
        if not over.is_set():
            log.error("The worker ended with code %s; another is started.", process.exitcode)
