"""A site of its own on this machine, and members who visit it over HTTP as a browser would: cookies, tokens, forms."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

KAWARABAN = str(Path(sys.executable).parent / "kawaraban")
PATIENCE = 60.0
"""Seconds that a start or an end may take."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `location` is where it leads on to, "" for nowhere."""

    status: int
    location: str
    text: str


class Wire:
    """One connection that is kept open, for all who visit one after the other."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.requests = 0

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> tuple[Answer, list[str]]:
        """The answer, and the cookies that it sets."""
        self.requests += 1
        try:
            self._connection.request(method, path, body or None, dict(headers))
            response = self._connection.getresponse()
        except http.client.RemoteDisconnected:  # the server lets go of a connection that was quiet for long
            self._connection.close()
            self._connection.request(method, path, body or None, dict(headers))
            response = self._connection.getresponse()
        text = response.read().decode()
        answer = Answer(response.status, response.getheader("Location") or "", text)
        return answer, response.headers.get_all("Set-Cookie") or []


class Browser:
    """A member's browser.

    Args:
        session: of somebody who has signed in.
        address: whom the proxy in front of the site names as the visitor.
        start: a page from which the token for forms is taken.
    """

    def __init__(self, wire: Wire, session: str, address: str, start: str) -> None:
        self._wire = wire
        self._cookies = {"session": session}
        self._address = address
        self._start = start
        self._token = ""

    def get(self, path: str) -> Answer:
        """A page."""
        return self._ask("GET", path)

    def post(self, path: str, fields: Mapping[str, object] | list[tuple[str, object]], *, part: bool = False) -> Answer:
        """The answer to a form; `part` asks for the part of the page that changes, as the page's script does."""
        if not self._token:
            found = re.search(r'id="csrf-token"[^>]*>"(\w+)"<', self.get(self._start).text)
            if found is None:
                raise RuntimeError(f"{self._start} holds no token.")
            self._token = found[1]
        sent = list(fields.items()) if isinstance(fields, Mapping) else fields
        body = urlencode([*sent, ("csrfmiddlewaretoken", self._token)]).encode()
        return self._ask("POST", path, body, part=part)

    def _ask(self, method: str, path: str, body: bytes = b"", *, part: bool = False) -> Answer:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "X-Forwarded-For": self._address,
        }
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if part:
            headers["X-Fragment"] = "1"
        answer, cookies = self._wire.ask(method, path, headers, body)
        for each in cookies:
            name, _, value = each.partition(";")[0].partition("=")
            self._cookies[name] = value
        if answer.status >= 500:
            raise RuntimeError(f"{method} {path} was answered {answer.status}.")
        return answer


@contextmanager
def running(folder: Path, *words: str) -> Iterator[None]:
    """A command of the site that goes on until it is ended, in a process group of its own; nothing of it stays."""
    with (folder / f"{words[0]}.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own words
            [KAWARABAN, *words], stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        # What it started ends with it; whatever does not is ended here.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(port: int) -> None:
    """Come back when somebody listens on a port.

    Raises:
        TimeoutError: nobody does.
    """
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"Nothing listens on port {port}.")
