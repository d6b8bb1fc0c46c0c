"""How long, how often and how patiently: every interval of the queue, in one place."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

# A finished job is kept for whoever asks what became of it; a dead one for whoever has to mend what killed it.
DONE_KEPT = timedelta(days=3)
DEAD_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Limits:
    """The intervals of one worker, in seconds; the defaults are what a site runs with.

    Args:
        lease: a running job whose worker has not been heard of for so long is taken back. At most 60.
        heartbeat: how often a worker renews its leases; a fraction of the lease, so that one may be late.
        time_limit: how long a task may run that does not say `@task(time_limit=...)` itself.
        tries: how often a job is begun before it is dead.
        first_pause: the pause after the first failure; each further one is `growth` times as long.
        idle: the longest pause between two looks at an empty queue.
        slow: a task that has run for so long no longer counts against the worker's slots, so that a few that hang
            do not hold up those that are quick.
        grace: what a running task gets to end in when its worker is told to stop.
    """

    lease: float = 40.0
    heartbeat: float = 10.0
    time_limit: float = 60.0
    tries: int = 5
    first_pause: float = 10.0
    growth: float = 6.0
    idle: float = 1.0
    slow: float = 0.5
    grace: float = 5.0

    def pause_after(self, attempts: int) -> timedelta:
        """How long a job waits after its so-many-th failure: 10 s, 1, 6 and 36 minutes, each give or take a fifth.

        The jitter keeps a thousand mails that failed together from coming back together.
        """
        seconds = self.first_pause * self.growth ** (attempts - 1)
        return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - spreads load, guards nothing
