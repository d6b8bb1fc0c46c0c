"""A free port for a server of a test."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

# Below those that systems give to whoever calls out (Linux from 32768, others from 49152): a port found free stays free
# until its server has started, whatever goes on beside it.
PORTS = range(10_000, 32_000)


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    for port in random.SystemRandom().sample(PORTS, 100):
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("100 ports were tried, and none was free.")
