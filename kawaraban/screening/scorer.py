"""A scorer elsewhere, asked over HTTP in the shape of the Perspective API, with a breaker for when it is away.

The address comes from the operator's environment and never from a form. What is asked leaves the site: the words of
the comment and its language, nothing about who wrote them.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kawaraban import fetch

ATTRIBUTE = "TOXICITY"
FAILURES = 5
"""In a row, after which the scorer is left alone."""
REST = 60.0
"""Seconds for which it is; then one comment tries it again."""
LARGEST = 64 * 1024
"""Bytes of an answer that are read."""
LONGEST = 20_000
"""Bytes of a text that are sent: Perspective's own limit."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the scorer said: 0 to 1, or None and why not."""

    value: float | None
    error: str = ""


class ScorerError(Exception):
    """An answer that is none."""


class Breaker:
    """Leaves alone what has failed again and again; one for each process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        """True while nothing is asked."""
        return self._failures >= FAILURES and self._clock() < self._open_until

    def may_ask(self) -> bool:
        """Whether to ask now; when the rest is over one may, and the others wait for what it hears."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            if self._clock() < self._open_until:
                return False
            self._open_until = self._clock() + REST
            return True

    def heard(self, *, well: bool) -> None:
        """Keep whether the scorer answered."""
        with self._lock:
            self._failures = 0 if well else self._failures + 1
            if self._failures >= FAILURES:
                self._open_until = self._clock() + REST


def ask(url: str, text: str, language: str, timeout: float) -> float:
    """How toxic the scorer at this address takes the text to be, 0 to 1. The operator may have it anywhere.

    Args:
        timeout: seconds for all of it.

    Raises:
        ScorerError: it did not answer, or not in Perspective's shape.
    """
    body = json.dumps(question(text, language)).encode()
    headers = {"Content-Type": "application/json"}
    try:
        answer = fetch.post(url, body, headers=headers, limit=LARGEST, deadline=timeout, allow=fetch.only(url))
    except fetch.FetchError as error:
        reason = "the answer is too long" if error.code == "too-large" else str(error).removesuffix(".")
        raise ScorerError(reason) from None
    if not 200 <= answer.status < 300:
        raise ScorerError(f"HTTP {answer.status}")
    try:
        return summary(json.loads(answer.body))
    except (ValueError, RecursionError) as error:
        raise ScorerError("the answer is not in Perspective's shape") from error


def question(text: str, language: str) -> dict[str, Any]:
    """A request for `comments:analyze`; the scorer is asked to keep nothing."""
    asked: dict[str, Any] = {
        "comment": {"text": text.encode()[:LONGEST].decode(errors="ignore")},
        "requestedAttributes": {ATTRIBUTE: {}},
        "doNotStore": True,
    }
    return asked | ({"languages": [language]} if language else {})


def summary(answer: Any) -> float:
    """The score in an answer of `comments:analyze`, 0 to 1.

    Raises:
        ValueError: it is not there, or no number from 0 to 1.
    """
    try:
        value = answer["attributeScores"][ATTRIBUTE]["summaryScore"]["value"]
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError("There is no summary score.") from error
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("The score is no number from 0 to 1.")
    return float(value)


breaker = Breaker()
"""The one of this process."""
