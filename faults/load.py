"""Readers and writers beside a fault, and what became of everything they sent.

The words are those of Jepsen's set checker: attempted, acknowledged (the answer said so), lost (acknowledged and not
there), recovered (there and never acknowledged), duplicated.
"""

from __future__ import annotations

import random
import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

CSRF = "c" * 32
PATIENCE = 90.0  # seconds for which a writer sends the same form again
TIMEOUT = 20.0  # seconds for one answer
BETWEEN, AGAIN = 0.05, 0.3  # seconds from a page to the next, and from no answer to the next try
DRAW = random.Random(2026)  # noqa: S311 - which words and whose turn
# Words that mean nothing together, so that no two comments are taken for the same.
WORDS = re.findall(
    r"\w+",
    "bridge ferry harbour lantern umbrella copper winter paper ink anchor market river council budget ticket engine "
    "window garden pepper thunder candle orchard ribbon saddle timber velvet walnut yellow zephyr amber basket",
)


@dataclass
class Ledger:
    """What was sent and what was answered, by all threads together."""

    attempted: dict[str, str] = field(default_factory=dict)
    comments: dict[str, tuple[int, int]] = field(default_factory=dict)
    votes_attempted: set[tuple[int, int, int]] = field(default_factory=set)
    votes: set[tuple[int, int, int]] = field(default_factory=set)
    moments: list[float] = field(default_factory=list)
    sent: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    reads: Counter[str] = field(default_factory=Counter)
    read_seconds: list[float] = field(default_factory=list)


class Load:
    """So many writers and readers at one address."""

    def __init__(
        self, port: int, filled: dict[str, Any], writers: int = 12, readers: int = 2, patience: float = PATIENCE
    ) -> None:
        self.port = port
        self._patience = patience
        self.ledger = Ledger()
        self._members = [(int(key), session) for key, session in filled["members"].items()]
        self._threads: list[int] = filled["threads"]
        self._pages: list[str] = filled["pages"]
        self._turn = DRAW.randrange(len(self._members))  # so that no member writes too often
        self._lock = threading.Lock()
        self._own: set[tuple[int, int, int]] = set()  # who wrote what: nobody votes on their own
        self._ended = threading.Event()
        works = [self._write] * writers + [self._read] * readers
        self._workers = [threading.Thread(target=work, daemon=True) for work in works]

    @contextmanager
    def running(self) -> Iterator[Ledger]:
        """Load beside the block; what is under way at its end is sent until it is answered."""
        for worker in self._workers:
            worker.start()
        try:
            yield self.ledger
        finally:
            self._ended.set()
            for worker in self._workers:
                worker.join(PATIENCE + TIMEOUT)

    def _write(self) -> None:
        browser = Browser(self.port)
        while not self._ended.is_set():
            with self._lock:
                self._turn += 1
                turn = self._turn
                member, session = self._members[turn % len(self._members)]
                known = list(self.ledger.comments.values())[-200:] if turn % 3 == 0 else []
                place = DRAW.choice(known) if known else None
                words = f"{' '.join(DRAW.choices(WORDS, k=12))} {uuid.uuid4().hex}"
            if place is None or (member, *place) in self._own or (member, *place) in self.ledger.votes_attempted:
                self._post(browser, session, member, words)
            else:
                self._vote(browser, session, member, *place)

    def _post(self, browser: Browser, session: str, member: int, words: str) -> None:
        thread, key = DRAW.choice(self._threads), uuid.uuid4().hex
        with self._lock:
            self.ledger.attempted[words] = key
        answer = self._until_answered(browser, session, f"/t/{thread}/comments/", {"body": words, "key": key})
        if answer is not None:
            number = int(answer.rpartition("-")[2])
            with self._lock:
                self.ledger.comments[words] = (thread, number)
                self._own.add((member, thread, number))
                self.ledger.moments.append(time.monotonic())

    def _vote(self, browser: Browser, session: str, member: int, thread: int, number: int) -> None:
        with self._lock:
            self.ledger.votes_attempted.add((member, thread, number))
        if self._until_answered(browser, session, f"/t/{thread}/{number}/vote/", {"value": "1"}) is not None:
            with self._lock:
                self.ledger.votes.add((member, thread, number))
                self.ledger.moments.append(time.monotonic())

    def _until_answered(self, browser: Browser, session: str, address: str, fields: dict[str, str]) -> str | None:
        """The address to which the answer leads; None of what was not acknowledged in all that time."""
        until = time.monotonic() + self._patience
        while time.monotonic() < until:
            status, location = browser.post(address, session, fields)
            with self._lock:
                self.ledger.sent += 1
                self.ledger.answers[status] += 1
            if status == "302" and "#comment-" in location:
                return location
            if status in ("409", "429", "400", "403"):
                return None
            time.sleep(AGAIN)
        return None

    def _read(self) -> None:
        browser = Browser(self.port)
        while not self._ended.is_set():
            began = time.monotonic()
            status = browser.get(DRAW.choice(self._pages))
            with self._lock:
                self.ledger.reads[status] += 1
                self.ledger.read_seconds.append(time.monotonic() - began)
            time.sleep(BETWEEN if status == "200" else AGAIN)


class Browser:
    """One connection, opened again after whatever goes wrong.

    Args:
        host: under which the site is asked for, if not by the port itself.
    """

    def __init__(self, port: int, host: str = "") -> None:
        self._port = port
        self._host = {"Host": host} if host else {}
        self._connection: HTTPConnection | None = None
        self._text = ""

    def get(self, address: str) -> str:
        """The status of a page, or the name of what went wrong."""
        return self._ask("GET", address, "", {})[0]

    @property
    def text(self) -> str:
        """What the last answer said."""
        return self._text

    def post(self, address: str, session: str, fields: dict[str, str]) -> tuple[str, str]:
        """The status and where it leads, or the name of what went wrong."""
        cookies = {"Cookie": f"csrf={CSRF}" + (f"; session={session}" if session else "")}
        form = {"Content-Type": "application/x-www-form-urlencoded", **cookies}
        return self._ask("POST", address, urlencode({**fields, "csrfmiddlewaretoken": CSRF}), form)

    def send(self, method: str, address: str, cookies: str, body: str) -> str:
        """The status of the answer to a form that is written already, or the name of what went wrong."""
        form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
        return self._ask(method, address, body, form)[0]

    def _ask(self, method: str, address: str, body: str, headers: dict[str, str]) -> tuple[str, str]:
        try:
            if self._connection is None:
                self._connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
            self._connection.request(method, address, body or None, {**self._host, **headers})
            response = self._connection.getresponse()
            self._text = response.read().decode(errors="replace")
        except (HTTPException, OSError) as error:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            return type(error).__name__, ""
        return str(response.status), response.headers.get("Location", "")


def judged(ledger: Ledger, holds: dict[str, Any]) -> dict[str, Any]:
    """What became of what was sent, beside what stands in the database."""
    there = Counter(holds["words"])
    votes = {tuple(vote) for vote in holds["votes"]}
    known = ledger.attempted.keys() & there.keys()
    gaps = [later - former for former, later in zip(ledger.moments, ledger.moments[1:], strict=False)]
    seconds = sorted(ledger.read_seconds) or [0.0]
    return {
        "attempted": len(ledger.attempted) + len(ledger.votes_attempted),
        "acknowledged": len(ledger.comments) + len(ledger.votes),
        "lost": len(ledger.comments.keys() - there.keys()) + len(ledger.votes - votes),
        "recovered": len(known - ledger.comments.keys()) + len(ledger.votes_attempted & votes - ledger.votes),
        "duplicated": sum(count - 1 for words, count in there.items() if words in ledger.attempted),
        "half_written": holds["drifted"] + holds["bare"],
        "longest_gap": round(max(gaps, default=0.0), 1),
        "sent": ledger.sent,
        "answers": dict(ledger.answers),
        "reads": dict(ledger.reads),
        "read_p99": round(seconds[int(len(seconds) * 0.99)], 2),
        "jobs": holds["jobs"],
    }
