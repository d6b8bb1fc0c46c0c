"""Tells whoever listens, in this process and, when a Valkey is named, in all the others of the site.

A message is a hint, never the only copy of a fact: it may come twice, and while Valkey is away it reaches this process
alone. Who must not miss anything watches `link` and reads again from the database when it changes.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import queue
import random
import secrets
import threading
import time
from collections.abc import Callable

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

Hear = Callable[[bytes], None]

# Sent in its own time by a thread, so these never hold up a page; they bound how stale the others become.
SEND_TIMEOUT = 0.1  # seconds
OUTGOING = 1_000  # messages that wait to be sent
LONGEST_PAUSE = 5.0  # seconds between two tries to reach a Valkey that is away
ASK_AFTER, DEAD_AFTER = 1.0, 4.0  # seconds of silence
# A channel of no name: what was sent before may not have arrived.
MISSED = b""

_listeners: dict[str, tuple[Hear, ...]] = {}
_changing = threading.Lock()


def use(url: str, site: str = "") -> None:
    """Carry messages through the Valkey or Redis at this address from now on; "" keeps them in this process.

    Nothing is connected before the first message or listener.

    Args:
        site: keeps the sites apart that share one Valkey, whose channels know no databases.
    """
    global _carrier
    if _carrier is not None:
        _carrier.stop()
    _carrier = _Carrier(url, site) if url else None
    if _carrier is not None and _listeners:
        _carrier.listen()


def publish(channel: str, message: bytes | str) -> None:
    """Tell whoever listens to a channel: here before this returns, in other processes soon after. Never waits."""
    data = message.encode() if isinstance(message, str) else message
    _tell(channel, data)
    if _carrier is not None:
        _carrier.send(channel, data)


def subscribe(channel: str, hear: Hear) -> Callable[[], None]:
    """A function that ends it; until then `hear` is called with every message on the channel.

    It is called in the thread that publishes or in the one that listens to Valkey: it must be quick and thread-safe.
    """
    with _changing:
        _listeners[channel] = (*_listeners.get(channel, ()), hear)
    if _carrier is not None:
        _carrier.listen()

    def end() -> None:
        with _changing:
            left = tuple(one for one in _listeners.get(channel, ()) if one is not hear)
            if left:
                _listeners[channel] = left
            else:
                _listeners.pop(channel, None)

    return end


def link() -> int | None:
    """Which connection to the other processes is being heard: 0 without a Valkey, None while there is no connection.

    Another number than before says that messages may have been missed in between.
    """
    return 0 if _carrier is None else _carrier.link


def _begin_anew() -> None:
    """In a forked process: its messages are its own, and none of its parent's threads is there to send them."""
    global _carrier, _changing
    _changing = threading.Lock()
    if _carrier is not None:
        _carrier = _Carrier(_carrier.url, _carrier.site)


os.register_at_fork(after_in_child=_begin_anew)


def _tell(channel: str, data: bytes) -> None:
    for hear in _listeners.get(channel, ()):
        try:
            hear(data)
        except Exception:  # whatever is wrong with one listener, the others are to hear
            logger.exception("A listener to %s failed.", channel)


class _Carrier:
    """Carries the messages of this process to Valkey, and those of the others from it."""

    def __init__(self, url: str, site: str) -> None:
        self.link: int | None = None
        self._links = 0
        self.url, self.site = url, site
        self._topic = f"kawaraban:{site}"
        self._origin = secrets.token_bytes(8)
        self._outgoing: queue.Queue[bytes] = queue.Queue(OUTGOING)
        self._lost = False
        self._stopped = threading.Event()
        self._threads: dict[str, threading.Thread] = {}

    def send(self, channel: str, data: bytes) -> None:
        self._start("bus-out", self._send_all)
        try:
            self._outgoing.put_nowait(self._sealed(channel.encode(), data))
        except queue.Full:
            self._lost = True

    def listen(self) -> None:
        self._start("bus-in", self._listen)

    def stop(self) -> None:
        """Send what waits, for a short while, and end both threads."""
        atexit.unregister(self.stop)
        self._stopped.set()
        with contextlib.suppress(queue.Full):
            self._outgoing.put_nowait(b"")
        for thread in self._threads.values():
            thread.join(1)

    def _start(self, name: str, work: Callable[[], None]) -> None:
        with _changing:
            if name in self._threads or self._stopped.is_set():
                return
            if not self._threads:
                atexit.register(self.stop)
            self._threads[name] = threading.Thread(target=work, name=name, daemon=True)
            self._threads[name].start()

    def _client(self, timeout: float) -> Redis:
        return Redis.from_url(
            self.url, socket_connect_timeout=timeout, socket_timeout=timeout, retry=Retry(NoBackoff(), 0)
        )

    def _sealed(self, channel: bytes, data: bytes = b"") -> bytes:
        return self._origin + channel + b"\n" + data

    def _send_all(self) -> None:
        """Send one after the other. After a failure, what comes in a pause is dropped, and the others are told so."""
        client = self._client(SEND_TIMEOUT)
        pause = next_try = 0.0
        is_away = False
        while not (self._stopped.is_set() and self._outgoing.empty()):
            try:
                wait = max(next_try - time.monotonic(), 0.001) if is_away else None
                parcel = self._outgoing.get(timeout=wait)
            except queue.Empty:
                parcel = b""
            if is_away and time.monotonic() < next_try:
                continue
            try:
                if self._lost:
                    client.publish(self._topic, self._sealed(MISSED))
                    self._lost = False
                if parcel:
                    client.publish(self._topic, parcel)
            except (RedisError, OSError) as error:
                if not is_away:
                    logger.warning("Valkey did not take a message, other processes read again later: %s", error)
                is_away = self._lost = True
                pause = _longer(pause)
                next_try = time.monotonic() + pause
            else:
                is_away, pause = False, 0.0
        client.close()

    def _listen(self) -> None:
        pause = 0.0
        while not self._stopped.is_set():
            client = self._client(1.0)
            try:
                self._hear(client)
            except (RedisError, OSError) as error:
                if self.link is not None:
                    pause = 0.0
                if not pause:
                    logger.warning("Valkey is not heard: %s", error)
                pause = _longer(pause)
            finally:
                self.link = None
                client.close()
            self._stopped.wait(pause * random.uniform(0.5, 1))  # noqa: S311 - so that processes come back one by one

    def _hear(self, client: Redis) -> None:
        with client.pubsub() as pubsub:  # type: ignore[no-untyped-call]  # redis leaves it untyped
            pubsub.subscribe(self._topic)
            heard = asked = time.monotonic()
            while not self._stopped.is_set():
                message = pubsub.get_message(timeout=1.0)
                now = time.monotonic()
                if message is not None:
                    heard = now
                    self._take(message["type"], message["data"])
                elif now - heard > DEAD_AFTER:
                    raise TimeoutError(f"no answer for {DEAD_AFTER:.0f} seconds")
                elif now - asked > ASK_AFTER:
                    asked = now
                    pubsub.ping()

    def _take(self, kind: str, parcel: bytes) -> None:
        if kind == "subscribe":
            self._links += 1
            self.link = self._links
        elif kind == "message" and not parcel.startswith(self._origin):
            channel, _, data = parcel[len(self._origin) :].partition(b"\n")
            if channel == MISSED:
                self._links += 1
                self.link = self._links
            else:
                _tell(channel.decode(errors="replace"), data)


_carrier: _Carrier | None = None


def _longer(pause: float) -> float:
    return min(max(pause * 2, 0.25), LONGEST_PAUSE)
