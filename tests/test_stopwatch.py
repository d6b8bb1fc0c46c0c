"""Limits of time are measured so that they hold on a busy machine and fail for slow code alone."""

from __future__ import annotations

import gc
import threading
import time


def work(seconds: float) -> None:
    """Keep the processor busy for so long."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_work_is_measured_and_what_others_do_meanwhile_is_not(stopwatch):
    with stopwatch:
        work(0.05)
    assert 0.05 <= stopwatch.seconds < 0.1
    other = threading.Thread(target=work, args=(0.2,))
    with stopwatch:
        other.start()
        other.join()
    assert stopwatch.seconds < 0.1


def test_nothing_is_collected_while_it_runs_and_everything_after(stopwatch):
    with stopwatch:
        assert not gc.isenabled()
    assert gc.isenabled()
