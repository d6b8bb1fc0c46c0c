"""The hash chain of the record, as plain Python."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def digest(text: str) -> str:
    """What stands in the record for words, which may have to be erased: their SHA-256, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def link(number: int, at: datetime, kind: str, facts: Mapping[str, Any], before: str) -> str:
    """The hash of an entry, which covers it and all entries before it.

    Args:
        at: with a time zone; counted to the microsecond.
        before: the hash of the entry with the number before; empty for the first.
    Source: a hash chain as in Haber and Stornetta, "How to time-stamp a digital document", J. Cryptology 3 (1991).
    """
    row = [number, at.astimezone(UTC).isoformat(timespec="microseconds"), kind, facts, before]
    return digest(json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True))
