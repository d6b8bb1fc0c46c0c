"""What a person is told when something they asked for is not done."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a failure of the program
    """An answer of "no" with its reason.

    Args:
        code: a short stable name, listed in docs/reference/errors.md.
        message: full sentences for the person: what happened, what was kept, what to do next.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
