"""Takes jobs from the queue and has each of them run in a child process, which it survives."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from typing import Any
from uuid import uuid4

from django.db import DatabaseError, DataError, InterfaceError, close_old_connections

from kawaraban.jobs import actions, child
from kawaraban.jobs.limits import Limits
from kawaraban.jobs.models import Job
from kawaraban.jobs.processes import Stop, close_connections, keep_one_connection, until_stopped
from kawaraban.jobs.runner import UNKEPT, Outcome, assign

log = logging.getLogger(__name__)

# Tasks that are slow have these many children more; beyond that they do hold up the others.
SPARE = 8
# From its start until a child takes up its first task it imports the site; on a busy machine that takes a while.
TO_START = 60.0

# Children are forked: spawning each anew costs two seconds of a processor, and 100 MB that it would share otherwise.
_context = multiprocessing.get_context("fork")


class Slot:
    """A child process, and the job that it has in hand.

    Args:
        others: what the child has no business with and would inherit: the pipes of its siblings.
    """

    def __init__(self, others: Sequence[Connection] = ()) -> None:
        ours, theirs = _context.Pipe()
        self.pipe: Connection = ours
        self.process: ForkProcess = _context.Process(target=child.main, args=(theirs, (ours, *others)), daemon=True)
        # A connection that two processes hold obeys neither.
        close_connections()
        self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.since = self.deadline = 0.0
        self.limit = 0.0

    def give(self, job: Job, limits: Limits) -> None:
        """Hand a job to the child."""
        self.job, self.since, self.limit = job, time.monotonic(), 0.0
        self.deadline = self.since + TO_START
        try:
            self.pipe.send_bytes(json.dumps(asdict(assign(job, limits))).encode())
        except OSError:
            # It died while idle, and look() says so.
            return

    def look(self) -> Outcome | None:
        """What came of the job, if anything has: the child's word, or that it died or ran too long."""
        try:
            while self.pipe.poll():
                said: dict[str, Any] = json.loads(self.pipe.recv_bytes())
                if "limit" in said:
                    self.limit = said["limit"]
                    self.since = time.monotonic()
                    self.deadline = self.since + self.limit
                    continue
                if said["is_last"]:
                    self._end()
                return Outcome(said["value"], said["error"])
        except (EOFError, OSError):
            return Outcome(error=self._end())
        if time.monotonic() < self.deadline:
            return None
        self.end()
        return Outcome(error=f"It ran longer than its limit of {self.limit or TO_START:g} seconds and was stopped.")

    def end(self) -> None:
        """End the child, whatever it is doing."""
        self.process.kill()
        self._end()

    def _end(self) -> str:
        self.process.join(5)
        self.process.kill()
        self.process.join()
        self.pipe.close()
        code = self.process.exitcode or 0
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
        return f"The process that ran it was ended {how}."


class Worker:
    """Runs jobs until it is told to stop.

    Args:
        size: how many tasks run side by side. Those that are slow get children beyond it (`limits.slow`).
        clock: whether to enqueue periodic tasks as well.
    """

    def __init__(self, size: int = 2, *, clock: bool = False, limits: Limits | None = None) -> None:
        self.size = size
        self.limits = limits or Limits()
        self.owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid4().hex[:8]}"
        self.slots: list[Slot] = []
        # Outcomes that are not written down yet: the database may be away for a while.
        self.unwritten: list[tuple[Job, Outcome]] = []
        self._next_tick = time.monotonic() if clock else float("inf")
        self._next_beat = 0.0
        self._pause = 0.0
        self._database_is_away = False

    def run(self) -> None:
        """Work until Ctrl-C, SIGTERM or the end of the process that started this one."""
        keep_one_connection()
        with until_stopped() as stop:
            try:
                while not stop.asked:
                    self._turn()
                    stop.wait(self._how_long(), self._watched())
                    self._collect()
                self._wind_down(stop)
            finally:
                for slot in self.slots:
                    slot.end()

    # --- A turn ------------------------------------------------------------------------------------------------------

    def _turn(self) -> None:
        """Everything that needs the database; when that is away, what is running goes on running."""
        try:
            close_old_connections()
            self._write_down()
            self._beat()
            if time.monotonic() >= self._next_tick:
                self._next_tick = time.monotonic() + min(actions.enqueue_due(), 5.0)
            took = self._take_up()
            self._database_is_away = False
            self._pause = 0.0 if took else min(self._pause * 2 or 0.02, self.limits.idle)
        except (DatabaseError, InterfaceError) as error:
            if not self._database_is_away:
                log.warning("The database does not answer; work goes on when it does. %s", error)
            self._database_is_away = True
            self._pause = self.limits.idle

    def _take_up(self) -> bool:
        took = False
        while self._has_room() and (job := actions.begin_next(self.owner, self.limits)):
            idle = next((slot for slot in self.slots if slot.job is None), None)
            if idle is None:
                idle = Slot([slot.pipe for slot in self.slots])
                self.slots.append(idle)
            idle.give(job, self.limits)
            took = True
        return took

    def _has_room(self) -> bool:
        busy = [slot for slot in self.slots if slot.job]
        quick = sum(time.monotonic() - slot.since < self.limits.slow for slot in busy)
        return quick < self.size and len(busy) < self.size + SPARE

    def _collect(self) -> None:
        """Take what has come of the running jobs; a child that is gone makes room for another."""
        for slot in list(self.slots):
            if slot.job is not None:
                outcome = slot.look()
                if outcome is None:
                    continue
                self.unwritten.append((slot.job, outcome))
                slot.job = None
            if slot.pipe.closed or not slot.process.is_alive():
                slot.end()
                self.slots.remove(slot)

    def _write_down(self) -> None:
        while self.unwritten:
            job, outcome = self.unwritten[0]
            try:
                actions.finish(self.owner, job.pk, job.attempts, outcome, self.limits)
            except (DataError, ValueError):
                # Not the database's fault, and no reason to hold up all the others.
                log.exception("Job %d: what came of it could not be written down.", job.pk)
                actions.finish(self.owner, job.pk, job.attempts, Outcome(error=UNKEPT), self.limits)
            del self.unwritten[0]

    def _beat(self) -> None:
        """Renew the leases, stop what is no longer ours, and take back what others have lost."""
        if time.monotonic() < self._next_beat:
            return
        held = self._held()
        if held:
            kept = actions.keep_leases(self.owner, held, self.limits)
            for slot in [slot for slot in self.slots if slot.job and slot.job.pk not in kept]:
                # This machine slept, and the job runs elsewhere by now.
                slot.end()
                self.slots.remove(slot)
        actions.take_back_lost(self.limits, besides=held)
        self._next_beat = time.monotonic() + self.limits.heartbeat / 2

    def _held(self) -> set[int]:
        return {slot.job.pk for slot in self.slots if slot.job} | {job.pk for job, _ in self.unwritten}

    # --- Waiting -----------------------------------------------------------------------------------------------------

    def _watched(self) -> list[Any]:
        return [slot.pipe for slot in self.slots]

    def _how_long(self) -> float:
        """Seconds until there may be something to do."""
        now = time.monotonic()
        moments = [self._next_beat, self._next_tick]
        for slot in self.slots:
            if slot.job:
                moments.append(slot.deadline)
                moments.append(max(slot.since + self.limits.slow, now + 0.05))
        if self._has_room() or self.unwritten:
            moments.append(now + self._pause)
        return max(0.0, min(moments) - now)

    def _wind_down(self, stop: Stop) -> None:
        """Let running tasks end for a moment, then give back those that have not."""
        until = time.monotonic() + self.limits.grace
        while any(slot.job for slot in self.slots) and time.monotonic() < until:
            stop.wait(0.1, [slot.pipe for slot in self.slots if slot.job])
            self._collect()
        for slot in self.slots:
            slot.end()
        try:
            self._write_down()
            for slot in self.slots:
                if slot.job:
                    actions.release(self.owner, slot.job.pk, slot.job.attempts)
        except (DatabaseError, InterfaceError):
            log.warning("The database does not answer; what was running is taken back when its lease ends.")
        self.slots.clear()


def run_clock() -> None:
    """Enqueue periodic tasks as they come due, until Ctrl-C, SIGTERM or the end of the starting process."""
    keep_one_connection()
    with until_stopped() as stop:
        while not stop.asked:
            pause = 5.0
            try:
                close_old_connections()
                # Short looks rather than one long sleep: the machine's time may be set meanwhile.
                pause = min(actions.enqueue_due(), pause)
            except (DatabaseError, InterfaceError) as error:
                log.warning("The database does not answer; the clock goes on when it does. %s", error)
            stop.wait(pause)
