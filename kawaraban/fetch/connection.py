"""A connection to what was checked, of which no step takes longer than what is left of the time."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from functools import cache

import httpcore

from kawaraban.fetch.addresses import Allow, network, refused
from kawaraban.fetch.errors import FetchError

# Names that are looked up at once: when DNS hangs, threads pile up behind it.
_looking_up = threading.BoundedSemaphore(16)


class Clock:
    """What is left of the time; `doing` is told when it is over."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self.doing = ""

    def left(self) -> float:
        """Seconds, more than 0.

        Raises:
            FetchError: there are none left.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.over()
        return left

    def over(self) -> FetchError:
        """The error to raise when time is over."""
        return FetchError("timed-out", f"Given up after {self._seconds:g} seconds, while {self.doing}.")


class Way(httpcore.NetworkBackend):
    """Connects to the addresses of a name, once all of them are checked; looks up each name a single time."""

    def __init__(self, clock: Clock, allow: Allow) -> None:
        self._clock = clock
        self._allow = allow

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to one of the addresses. The deadline is the clock's, not `timeout`.

        Raises:
            FetchError: there is none, or there may be none.
        """
        addresses = [host] if network(host) else _looked_up(host, self._allow.look_up, self._clock)
        if not self._allow.lets(host, addresses):
            raise refused()
        self._clock.doing = f"connecting to {host}"
        reason = "nothing answers"
        for tried, address in enumerate(addresses):
            # Each gets its share of what is left: one that is silent does not take it all.
            share = self._clock.left() / (len(addresses) - tried)
            try:
                return _Stream(_connect(address, port, share), host, self._clock)
            except OSError as error:
                reason = error.strerror or reason
        self._clock.left()
        raise FetchError("unreachable", f"There is no connection to {host} at port {port}: {reason}.")


def _looked_up(host: str, ask: Callable[[str], list[str]], clock: Clock) -> list[str]:
    """The addresses of a name, asked for in a thread: a resolver that hangs cannot be given a deadline otherwise."""
    clock.doing = f"looking up the name {host}"
    answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()

    def answer() -> None:
        try:
            answers.put(ask(host))
        except (OSError, UnicodeError):
            answers.put([])
        finally:
            _looking_up.release()

    if not _looking_up.acquire(timeout=clock.left()):
        raise clock.over()
    threading.Thread(target=answer, name="look-up", daemon=True).start()
    try:
        addresses = answers.get(timeout=clock.left())
    except queue.Empty:
        raise clock.over() from None
    if not addresses:
        raise FetchError("no-such-name", f"The name {host} has no address: it is misspelled, or DNS does not answer.")
    return addresses


def _connect(address: str, port: int, timeout: float) -> socket.socket:
    connection = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        connection.settimeout(timeout)
        connection.connect((address, port))
    except BaseException:
        connection.close()
        raise
    return connection


class _Stream(httpcore.NetworkStream):
    """One connection; timeouts that httpcore would give are not heeded, the clock is."""

    def __init__(self, connection: socket.socket, host: str, clock: Clock) -> None:
        self._connection = connection
        self._host = host
        self._clock = clock
        clock.doing = f"waiting for the answer of {host}"

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come, b"" at the end."""
        with self._in_time():
            return self._connection.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        rest = memoryview(buffer)
        while rest:
            with self._in_time():
                try:
                    rest = rest[self._connection.send(rest) :]
                except (BrokenPipeError, ConnectionResetError):
                    # httpcore then reads what there is: who refuses a request early may have said why.
                    raise httpcore.WriteError from None

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection with encryption; the certificate must be that of the name that was asked for."""
        self._clock.doing = f"agreeing on encryption with {self._host}"
        with self._in_time():
            return _Stream(
                ssl_context.wrap_socket(self._connection, server_hostname=server_hostname), self._host, self._clock
            )

    def close(self) -> None:
        """End it."""
        self._connection.close()

    @contextmanager
    def _in_time(self) -> Generator[None]:
        self._connection.settimeout(self._clock.left())
        try:
            yield
        except TimeoutError:
            raise self._clock.over() from None
        except ssl.SSLCertVerificationError as error:
            raise FetchError(
                "bad-certificate", f"The certificate of {self._host} does not hold: {error.verify_message}."
            ) from None
        except ssl.SSLError as error:
            reason = (error.reason or "no reason given").lower().replace("_", " ")
            raise FetchError("no-encryption", f"{self._host} does not agree on encryption: {reason}.") from None
        except OSError as error:
            raise FetchError("broken-off", f"{self._host} broke off the connection: {error.strerror}.") from None


@cache
def trust() -> ssl.SSLContext:
    """Who may vouch for a server: those whom this machine trusts (SSL_CERT_FILE names others), and certifi's."""
    return httpcore.default_ssl_context()
