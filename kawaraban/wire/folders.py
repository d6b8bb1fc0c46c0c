"""A folder into which an agency's files are dropped: what lies there, and moving it aside. Nothing outside is touched.

Names are the sender's: a name is never joined to a path before it was found by listing the folder, and a link is never
followed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from kawaraban.wire.models import Feed

DONE, FAILED = "done", "failed"
PICTURES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp")
# Names that a server of files gives to what it is still writing.
UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp")


class NotThere(Exception):  # noqa: N818 - an answer, not a failure of the program
    """Something is not where it should be; the message says what, for an editor."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file in the folder; `mark` changes whenever it is written to."""

    name: str
    mark: list[int]
    age: float

    @property
    def is_picture(self) -> bool:
        """True for what an item may name as its picture."""
        return self.name.lower().endswith(PICTURES)


def root() -> Path:
    """Where the folders of all feeds are."""
    return Path(settings.HOME) / "wire"


def path_of(feed: Feed) -> Path:
    """The folder of a feed.

    Raises:
        NotThere: it is missing, or a link to somewhere else.
    """
    path = root() / feed.address
    if path.parent != root() or path.is_symlink() or not path.is_dir():
        raise NotThere(f"There is no folder wire/{feed.address} in the site’s folder.")
    return path


def listed(folder: Path, now: float) -> list[Dropped]:
    """The files that lie in a folder, oldest first; nothing hidden, unfinished, linked or of another kind."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED):
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if stat.S_ISREG(status.st_mode):
                found.append(Dropped(entry.name, [status.st_size, status.st_mtime_ns], now - status.st_mtime))
    return sorted(found, key=lambda each: (each.mark[1], each.name))


def needs_a_look(feed: Feed) -> bool:
    """True when something lies in the folder of a feed, or was there before, or the folder cannot be listed."""
    try:
        return bool(feed.seen or feed.error or listed(path_of(feed), 0.0))
    except (NotThere, OSError):
        return True


def read(folder: Path, name: str, limit: int) -> bytes:
    """The bytes of a file that was listed; one more than `limit` when there are more.

    Raises:
        OSError: it is gone, a link by now, or cannot be read.
    """
    handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"not a file: {name!a}")
        return file.read(limit + 1)


def move(folder: Path, name: str, where: str) -> None:
    """Move a file into a folder below its own, under its name or one with a number.

    Raises:
        OSError: it is gone, or cannot be moved.
    """
    target = folder / where
    if target.is_symlink():
        raise OSError(f"{where} is a link")
    target.mkdir(exist_ok=True)
    stem, suffix = os.path.splitext(name)
    free = (name if n == 1 else f"{stem[:200]}-{n}{suffix[:20]}" for n in range(1, 10_000))
    os.replace(folder / name, target / next(each for each in free if not (target / each).exists()))


def picture(name: str, feeds: Iterable[Feed] | Sequence[Feed]) -> bytes:
    """The bytes of a picture that was dropped beside its item.

    Raises:
        NotThere: no folder of these feeds holds it, or the name is no plain name.
    """
    for feed in feeds:
        if feed.way != Feed.Way.FOLDER:
            continue
        folder = path_of(feed)
        for place in (folder, folder / DONE):
            if place.is_symlink() or not place.is_dir():
                continue
            if name in (each.name for each in listed(place, 0.0)):
                return read(place, name, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
    raise NotThere("it was not delivered with the item.")
