"""A PostgreSQL for which nobody waits without end: not for its answer, and not for a way that is cut."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ENGINE = "django.db.backends.postgresql"

LIMITS = ("statement_timeout=15s", "lock_timeout=5s", "idle_in_transaction_session_timeout=30s")


def safe_options(given: Mapping[str, Any], *parameters: str) -> dict[str, Any]:
    """The options of a connection.

    Args:
        given: what the address says besides; it may say nothing else of what is set here.
        parameters: further ones of the session, such as `default_transaction_read_only=on`.
    """
    return {
        **given,
        "pool": {"min_size": 2, "max_size": 16, "timeout": 5},
        "connect_timeout": 5,
        # Seconds, but the last: a server that vanished says nothing, and TCP alone waits for a quarter of an hour.
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        "tcp_user_timeout": 20_000,
        "options": " ".join(f"-c {limit}" for limit in (*LIMITS, *parameters)),
    }
