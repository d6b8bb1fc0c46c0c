"""Why nothing was fetched."""

from __future__ import annotations


class FetchError(Exception):
    """Why nothing was fetched, as a sentence for an operator.

    The sentence may name the server and never the rest of its address, in which a key may stand.

    Args:
        code: a short stable name, listed in docs/reference/fetching.md.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
