"""The open streams of this process: who listens to what, and how an event reaches them.

Everything here runs on the event loop but `Streams._hear`, which any thread may call.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from kawaraban import bus
from kawaraban.live import metrics, subjects
from kawaraban.live.reading import Questions
from kawaraban.live.subjects import Event, Subject

logger = logging.getLogger(__name__)

HEARTBEAT = 15.0  # seconds without an event after which proxies are shown that the stream is alive
CHECK = 3.0  # seconds between two questions whether a subject may still be heard: rights are gone within 5 (S-042)
# What no bus tells of: another process without a Valkey, a worker or an import; and whatever got lost on the way.
READ_AGAIN = 30.0  # seconds between two readings of what was missed, for each subject that is listened to
# What happens in between is told together, so that a busy subject costs no more than this for each page that is open.
PACE = 0.5  # seconds between two tellings of one subject
SLOWEST = 15.0  # seconds that a reader may take over what was sent
LONGEST_BUFFER = 256 * 1024  # bytes that wait for one reader
# Who missed more is told to load the page again. Well below the buffer, or the replay itself would cut its reader off.
REPLAY, REPLAY_BYTES = 500, LONGEST_BUFFER // 2
RECENT = 1_000  # ids that a subject remembers having sent
LULL = b":\n\n"
STALE = Event("stale", "[[0]]")  # a list of rows, as all events are
NO_IDS: frozenset[int] = frozenset()

Send = Callable[[bytes], Awaitable[None]]


@dataclass(eq=False, slots=True)
class Stream:
    """One reader's open connection. What it is given waits here, within bounds, until the reader takes it."""

    hub: Hub
    address: str
    # The id up to which the reader has all: by their own word, then by what was read. None while unknown. What the bus
    # brought says nothing of this, for it may have lost what came before.
    base: int | None = None
    # Plain futures: there are ten thousand of these, and an Event takes a kilobyte.
    over: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    _waiting: list[bytes] = field(default_factory=list)
    _size: int = 0
    _some: asyncio.Future[None] | None = None  # done when something waits
    _held: list[tuple[frozenset[int], bytes]] | None = None
    _known: set[int] = field(default_factory=set)
    _touched: float = field(default_factory=time.monotonic)
    _sending: bool = False

    @property
    def is_held(self) -> bool:
        """True until what was missed has been given."""
        return self._held is not None

    def hold(self) -> None:
        """Keep live events back until `catch_up`, so that what was missed comes first."""
        self._held = []

    def catch_up(self, missed: list[Event]) -> None:
        """Give what was missed, then what happened meanwhile and is not among it."""
        held, self._held = self._held or [], None
        self._size -= sum(len(chunk) for _, chunk in held)
        for event in missed:
            self.give(_ids(event), subjects.encode(event))
        self.base = max((event.id for event in missed if event.id is not None), default=self.base)
        # Told of once more, these are no news; older ones are not told of any more.
        self._known = {id for id in self._known if id > (self.base or 0)} | {event.id for event in missed if event.id}
        for ids, chunk in held:
            self.give(ids, chunk)

    def give(self, ids: frozenset[int], chunk: bytes) -> None:
        """Give what happened, unless the reader has all of it."""
        if self._held is not None:
            self._held.append((ids, chunk))
            self._size += len(chunk)
        elif not ids or not ids <= self._known:
            if self.base is not None:
                self._known |= ids
            self.put(chunk)

    def put(self, chunk: bytes) -> None:
        """Let a chunk wait for the reader. Who takes none is cut off; the browser comes back for what it missed."""
        self._waiting.append(chunk)
        self._size += len(chunk)
        if self._some is not None and not self._some.done():
            self._some.set_result(None)
        if self._size > LONGEST_BUFFER:
            self._drop()

    @property
    def is_stuck(self) -> bool:
        """True while the reader does not take what was sent."""
        return self._sending

    def tick(self, now: float) -> None:
        """Cut off a reader who takes nothing; let a quiet stream be seen to be alive."""
        if self._sending and now - self._touched > SLOWEST:
            self._drop()
        elif not self._sending and now - self._touched > HEARTBEAT:
            self.put(LULL)

    def _drop(self) -> None:
        if not self.over.done():
            metrics.DROPPED.inc()
        self.end()

    def end(self, _: object = None) -> None:
        """Let the connection be closed; also to be called back by a task that is done."""
        if not self.over.done():
            self.over.set_result(None)

    async def write(self, send: Send) -> None:
        """Send what waits, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            if not self._waiting:
                self._some = loop.create_future()
                await self._some
            while self._waiting:
                # Few large pieces: a reader who falls behind catches up in one.
                chunk = b"".join(self._waiting)
                self._waiting.clear()
                self._size = 0
                self._sending, self._touched = True, time.monotonic()
                await send(chunk)
                self._sending, self._touched = False, time.monotonic()


@dataclass(slots=True)
class Pause:
    """What happened to a subject since it was last told of, to be told together: by name and by what it is about."""

    rows: dict[str, dict[Any, tuple[int, list[Any]]]] = field(default_factory=dict)
    ids: set[int] = field(default_factory=set)

    def add(self, event: Event, rows: list[list[Any]]) -> None:
        """Put rows in the place of earlier ones about the same."""
        kept = self.rows.setdefault(event.name, {})
        id = event.id or 0
        for row in rows:
            if id >= kept.get(row[0], (0,))[0]:
                kept[row[0]] = (id, row)
        if event.id is not None:
            self.ids.add(event.id)

    def events(self, last: int) -> list[Event]:
        """One event of each name. Only the last has the id: a connection may break between two of them."""
        made = [Event(name, _json([row for _, row in kept.values()])) for name, kept in self.rows.items()]
        if self.ids:
            made[-1] = Event(made[-1].name, made[-1].data, last)
        return made


@dataclass(eq=False, slots=True)
class Hub:
    """A subject that somebody listens to, in this process."""

    subject: Subject
    number: int
    streams: set[Stream] = field(default_factory=set)
    checked: float = field(default_factory=time.monotonic)
    checking: asyncio.Task[None] | None = None
    read: float = field(default_factory=time.monotonic)
    is_behind: bool = False  # the bus may not have brought everything
    last: int = 0  # the highest id that was told
    _recent: deque[int] = field(default_factory=lambda: deque(maxlen=RECENT))
    _pause: Pause = field(default_factory=Pause)
    _next: float = 0.0  # when something may be told again

    def know(self, events: list[Event]) -> None:
        """Remember what has been read, so that it is no news when the bus brings it after all."""
        self._recent.extend(event.id for event in events if event.id is not None and event.id not in self._recent)

    def tell(self, event: Event) -> None:
        """Give an event to every stream, once: at once after a quiet time, else together with what comes meanwhile."""
        if event.id in self._recent:
            return
        rows = subjects.rows(event)
        if rows is None:
            self.flush()  # or a browser that hears this would say that it has heard what still waits
        if event.id is not None:
            self._recent.append(event.id)
            # Two commits may be told of in the wrong order. What a browser says it heard last never goes back.
            self.last = max(self.last, event.id)
        if rows is None:
            self._give(_ids(event), [event if event.id is None else Event(event.name, event.data, self.last)])
            return
        is_waiting = bool(self._pause.rows)
        self._pause.add(event, rows)
        wait = self._next - time.monotonic()
        if wait <= 0 and not is_waiting:
            self.flush()
        elif not is_waiting:
            asyncio.get_running_loop().call_later(wait, self.flush)

    def flush(self) -> None:
        """Tell what waits."""
        pause, self._pause = self._pause, Pause()
        if not pause.rows:
            return
        self._next = time.monotonic() + PACE
        events = pause.events(self.last)
        if sum(len(event.data) for event in events) > REPLAY_BYTES:
            events = [Event(STALE.name, STALE.data, self.last if pause.ids else None)]
        self._give(frozenset(pause.ids), events)

    def end(self) -> None:
        """End every stream. What still waits is told to nobody: it may not be heard any more."""
        self._pause = Pause()
        for stream in self.streams:
            stream.end()

    def _give(self, ids: frozenset[int], events: list[Event]) -> None:
        """Give events to every stream, in the same bytes."""
        chunk = b"".join(map(subjects.encode, events))
        for stream in self.streams:
            stream.give(ids, chunk)


class Streams:
    """All open streams of a process, with their caps.

    Args:
        most: streams at once.
        most_each: streams at once from one address.
    """

    def __init__(self, most: int, most_each: int) -> None:
        self.questions = Questions()
        self.is_ending = False
        self._most = most
        self._most_each = most_each
        self._hubs: dict[tuple[str, int], Hub] = {}
        self._by_address: Counter[str] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._clock: asyncio.Task[None] | None = None
        self._link: int | None = None
        self._unsubscribe: Callable[[], None] | None = None

    def is_full(self, address: str) -> bool:
        """True when one more stream from this address would be too many."""
        return self.is_ending or self._by_address.total() >= self._most or self._by_address[address] >= self._most_each

    def is_heard(self, subject: Subject, number: int) -> bool:
        """True while the subject has streams here: it was found to be public within the last seconds."""
        return (subject.kind, number) in self._hubs

    def open(self, subject: Subject, number: int, address: str) -> Stream:
        """A new stream that hears everything from here on. To be closed by `close`."""
        hub = self._hubs.setdefault((subject.kind, number), Hub(subject, number))
        self._start()
        stream = Stream(hub, address)
        hub.streams.add(stream)
        self._by_address[address] += 1
        metrics.OPENED.inc()
        metrics.OPEN.inc()
        # Spread over some seconds: thousands of browsers that were cut off at once do not come back at once.
        retry = random.randint(2_000, 6_000)  # noqa: S311
        stream.put(b"retry: %d\n\n" % retry)
        return stream

    def close(self, stream: Stream) -> None:
        """Forget a stream."""
        hub = stream.hub
        hub.streams.discard(stream)
        metrics.OPEN.dec()
        self._by_address[stream.address] -= 1
        if self._by_address[stream.address] <= 0:
            del self._by_address[stream.address]
        if not hub.streams and self._hubs.get((hub.subject.kind, hub.number)) is hub:
            del self._hubs[(hub.subject.kind, hub.number)]

    def end_all(self) -> None:
        """End every stream and begin no other: the process is about to stop."""
        self.is_ending = True
        for hub in list(self._hubs.values()):
            self._end(hub)

    async def missed(self, subject: Subject, number: int, after: int, query: str) -> list[Event]:
        """What happened after an id; when it was too much to tell, an event that says so instead."""
        return await self.questions.ask(_missed, subject, number, after, query)  # type: ignore[no-any-return]

    def _start(self) -> None:
        if self._clock is None or self._clock.done():
            self._loop = asyncio.get_running_loop()
            self._link = bus.link()
            self._clock = self._loop.create_task(self._tick())
        if self._unsubscribe is None:
            self._unsubscribe = bus.subscribe(subjects.CHANNEL, self._hear)

    def _hear(self, message: bytes) -> None:
        if self._hubs and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, message)

    def _tell(self, message: bytes) -> None:
        kind, number, event = subjects.received(message)
        hub = self._hubs.get((kind, number))
        if hub is not None:
            hub.tell(event)

    async def _tick(self) -> None:
        """Once a second: slow and quiet streams, and subjects whose turn it is to be asked about."""
        while self._hubs:
            await asyncio.sleep(1)
            now = time.monotonic()
            link, before = bus.link(), self._link
            self._link = link
            for hub in list(self._hubs.values()):
                hub.is_behind |= link is None or link != before or now - hub.read > READ_AGAIN
                for stream in hub.streams:
                    stream.tick(now)
                if (now - hub.checked > CHECK or link != before) and hub.checking is None:
                    hub.checked = now
                    hub.checking = asyncio.ensure_future(self._check(hub))

    async def _check(self, hub: Hub) -> None:
        """End the streams of what may no longer be heard. Read what other processes could not tell."""
        try:
            if not await self.questions.ask(hub.subject.may_hear, hub.number):
                self._end(hub)
            elif hub.is_behind:
                await self._read_again(hub)
        except Exception as error:  # noqa: BLE001 - whatever keeps us from asking: nobody hears what we cannot vouch for
            logger.warning("Streams of %s %d end: %r", hub.subject.kind, hub.number, error)
            self._end(hub)
        finally:
            hub.checking = None

    async def _read_again(self, hub: Hub) -> None:
        """Give each stream what the bus did not bring. Cost: a reading for each different place they have come to."""
        behind: dict[int, list[Stream]] = {}
        hub.is_behind, hub.read = False, time.monotonic()
        for stream in hub.streams:
            if stream.is_held:
                hub.is_behind = True  # it is catching up just now, perhaps from an earlier reading
            elif stream.base is not None:
                stream.hold()
                behind.setdefault(stream.base, []).append(stream)
        for base, streams in behind.items():
            missed = await self.missed(hub.subject, hub.number, base, "")
            if missed == [STALE]:
                for stream in streams:
                    stream.end()  # the browser comes back and says itself what it has
                continue
            hub.know(missed)
            for stream in streams:
                stream.catch_up(missed)

    def _end(self, hub: Hub) -> None:
        """End a subject's streams. Who comes back is a newcomer, and the subject is asked about anew."""
        self._hubs.pop((hub.subject.kind, hub.number), None)
        hub.end()


def _missed(subject: Subject, number: int, after: int, query: str) -> list[Event]:
    events = list(islice(subject.missed(number, after, query), REPLAY + 1))
    size = sum(len(subjects.encode(event)) for event in events)
    return events if len(events) <= REPLAY and size <= REPLAY_BYTES else [STALE]


def _ids(event: Event) -> frozenset[int]:
    return NO_IDS if event.id is None else frozenset((event.id,))


def _json(rows: list[list[Any]]) -> str:
    return json.dumps(rows, separators=(",", ":"))
