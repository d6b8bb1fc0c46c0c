"""What addresses and forms send, before anybody believes it."""

from __future__ import annotations


def number(text: str | None, least: int = 1, digits: int = 9) -> int | None:
    """The number that a text is; None for anything else.

    Args:
        least: what is smaller is no number here.
        digits: as many as it may have; nine fit the keys of every database.
    """
    if not text or not text.isascii() or not text.isdigit() or len(text) > digits:
        return None
    return found if (found := int(text)) >= least else None
