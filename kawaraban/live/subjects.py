"""What can be listened to, and what is said about it. The rooms above register their subjects; none is known here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kawaraban import bus

# One channel for all: subscribing to each subject by itself would leave a gap until Valkey confirms it.
CHANNEL = "live"

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")  # what fits a database's integer
_NAME = re.compile(r"[a-z][a-z-]*")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a subject, in the same words for everyone.

    Rows can be held back and told together when much happens at once; of two about the same thing only the later one
    is told. So what such a row says must be how it stands, not what was done to it.

    Args:
        name: what kind of thing, in small letters.
        data: JSON or HTML; what not everybody may read must not be in it. Rows are a JSON list of lists, each of which
            begins with what it is about.
        id: its place in the subject's history, from 1 on. Only what has one is replayed to those who missed it.
    """

    name: str
    data: str
    id: int | None = None


MayHear = Callable[[int], bool]
Missed = Callable[[int, int, str], Iterable[Event]]


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of thing that can be listened to; see `register`."""

    kind: str
    path: re.Pattern[str]
    may_hear: MayHear
    missed: Missed


_subjects: dict[str, Subject] = {}


def register(kind: str, *, path: str, may_hear: MayHear, missed: Missed) -> None:
    """Let pages listen to a kind of subject. To be called once, when the application starts.

    Both functions are called in a thread of their own and may ask the database.

    Args:
        kind: a short name, such as "thread".
        path: a regular expression for the whole path of its streams; its one group is the subject's number.
        may_hear: whether everybody may hear of this subject. Asked before the first stream of a process begins and
            then every few seconds; when it no longer is so, or cannot be asked, the streams end.
        missed: what happened after an id, oldest first, given (subject, id, query string). May hold events without an
            id, which are sent as they are: what stands in place of what cannot be replayed. Asked when a page comes
            back, and every half minute for all who listen together, with an empty query string.
    """
    _subjects[kind] = Subject(kind, re.compile(path), may_hear, missed)


def forget(kind: str) -> None:
    """Undo `register`, for tests."""
    _subjects.pop(kind, None)


def find(path: str) -> tuple[Subject, int] | None:
    """The subject whose stream this path is, and its number."""
    for subject in _subjects.values():
        match = subject.path.fullmatch(path)
        if match and _NUMBER.fullmatch(match[1]):
            return subject, int(match[1])
    return None


def publish(kind: str, subject: int, event: Event) -> None:
    """Tell every open page, in all processes. To be called after the commit; never waits and never fails."""
    if not _NAME.fullmatch(event.name):
        raise ValueError(f"{event.name!r} is no name of an event.")
    bus.publish(CHANNEL, json.dumps([kind, subject, event.name, event.data, event.id]))


def received(message: bytes) -> tuple[str, int, Event]:
    """The kind, the number and the event in a message from the bus."""
    kind, subject, name, data, id = json.loads(message)
    return kind, subject, Event(name, data, id)


def rows(event: Event) -> list[list[Any]] | None:
    """The rows of an event that can be told together with others; None where it must be told by itself."""
    if not event.data.startswith("[["):
        return None
    found: list[list[Any]] = json.loads(event.data)
    return found


def encode(event: Event) -> bytes:
    """The event as a browser's EventSource reads it."""
    lines = [f"data: {line}" for line in _LINE_END.split(event.data)]
    id = [] if event.id is None else [f"id: {event.id}"]
    return "\n".join([*id, f"event: {event.name}", *lines, "", ""]).encode()
