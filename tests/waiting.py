"""Waiting for what another process or thread does."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(is_so: Callable[[], object], seconds: float = 60) -> None:
    for_long = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < for_long, "it did not come to be"
        time.sleep(0.01)  # another process works meanwhile
