"""A site with a subject of its own, a wall that notes are put on, for tests of streams: served by a real server.

`python -m kawaraban.live.tests.wall PORT` serves it. The wall is kept in the site's folder, which several processes may
share: `notes` has a line for each note, and `shut` or `away` is there when it is so.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import django
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from kawaraban import live
from kawaraban.live import streams
from kawaraban.live.subjects import Event
from tests.ports import free_port
from tests.with_site import environment

PATIENCE = 120.0  # seconds that a busy machine may take over anything; whoever is right waits for none of it
FOLDER = Path(os.environ.get("KAWARABAN_HOME", "."))
NOTES = FOLDER / "notes"


def may_hear(wall: int) -> bool:
    with (FOLDER / "asked").open("a") as asked:
        asked.write(f"{wall}\n")
    if (FOLDER / "away").exists():
        raise OSError("the folder does not answer")
    return wall < 100 and not (FOLDER / "shut").exists()


def missed(wall: int, after: int, query: str) -> Iterator[Event]:
    lines = NOTES.read_text(encoding="utf-8").splitlines() if NOTES.exists() else []
    (FOLDER / "read").touch()
    while (FOLDER / "slow").exists():
        time.sleep(0.01)  # a database that takes its time over what it has begun to read
    for number, text in enumerate(lines, start=1):
        if number > after:
            yield note(number, text)
    if "scores" in query:
        yield Event("scores", "[[1, 2, 0]]")


def note(number: int, text: str) -> Event:
    return Event("new", json.dumps([[number, number, [], [], text]]), number)


def put_note(text: str, wall: int = 1) -> None:
    """Write a note down, and then tell of it."""
    with NOTES.open("a", encoding="utf-8") as file:
        file.write(text + "\n")
    number = len(NOTES.read_text(encoding="utf-8").splitlines())
    live.publish("wall", wall, note(number, text))


def post(request: HttpRequest) -> HttpResponse:
    """Put a note on the wall, or tell of something else."""
    text = request.GET.get("note")
    if text is not None:
        put_note(text, int(request.GET.get("wall", "1")))
    else:
        id = request.GET.get("id")
        size = int(request.GET.get("size", "0"))
        data = request.GET.get("data", "x" * size)
        live.publish("wall", int(request.GET["wall"]), Event(request.GET["name"], data, int(id) if id else None))
    return HttpResponse("told")


def not_there(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse("Not there.", status=404)


PAGE = """<!doctype html><html lang="en"><title>The wall</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/static/theme/tokens.css">
<link rel="stylesheet" href="/static/discussion/thread.css">
<link rel="stylesheet" href="/static/live/live-thread.css">
<script type="module" src="/static/theme/viewer-state.js"></script>
<script type="module" src="/static/live/live-thread.js"></script>
<main><h1 class="thread__head">The wall</h1><viewer-state src="/mine/"></viewer-state>
<live-thread src="/wall/{wall}/live/?after={count}" changes="/since/"{elsewhere}
  data-pause="Pause updates" data-resume="Resume updates" data-stale="Much has happened here meanwhile."
  data-closing="The newsroom decided anew:" data-rules="What holds for writing here has changed."
  data-opened="The discussion is open again." data-closed="The discussion has been closed."
  data-reload="Load the page again" data-failed="They could not be loaded. Try again"
  data-one="{{count}} new comment" data-many="{{count}} new comments"></live-thread>
<ol class="comments" id="thread-comments">{notes}</ol>
<form class="reply"><label for="write">Your note</label>
<textarea id="write"></textarea><button>Post</button></form></main>
</html>"""
NOTE = """<li class="comment" id="comment-{number}" data-number="{number}">
<a class="comment__number" href="#comment-{number}">{number}</a>
<article class="comment__main"><div class="comment__text"><p>{text}</p></div>
<div class="comment__foot"><form class="vote"><button type="button">Agree <span data-agree>0</span></button></form>
<span class="meta"><span data-net>0</span> of <span data-disagree>0</span></span>
<div class="comment__own"></div></div></article></li>"""


def page(request: HttpRequest, wall: int) -> HttpResponse:
    """The wall as a page that listens."""
    notes = as_html(0)
    elsewhere = ' elsewhere="/page/1/"' if "elsewhere" in request.GET else ""
    return HttpResponse(PAGE.format(wall=wall, count=notes.count("<li"), notes=notes, elsewhere=elsewhere))


def since(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse(f"<ol>{as_html(number)}</ol>")


def mine(request: HttpRequest) -> HttpResponse:
    """What is the viewer's own: a link to edit the first note."""
    return HttpResponse(
        '<template data-into="comment-1" data-part=".comment__own"><a href="#edit">Edit</a></template>'
        '<script type="application/json" id="csrf-token">"token"</script>'
    )


def as_html(after: int) -> str:
    lines = NOTES.read_text(encoding="utf-8").splitlines() if NOTES.exists() else []
    return "".join(NOTE.format(number=n, text=text) for n, text in enumerate(lines, start=1) if n > after)


urlpatterns = [
    path("post/", post),
    path("page/<int:wall>/", page),
    path("since/<int:number>/", since),
    path("mine/", mine),
]
handler404 = "kawaraban.live.tests.wall.not_there"


def make_application() -> Any:
    os.environ["DJANGO_SETTINGS_MODULE"] = "kawaraban.settings"
    django.setup()
    from django.conf import settings

    settings.ROOT_URLCONF = "kawaraban.live.tests.wall"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "wagtail" not in name]  # which would ask for tables
    for name in ("HEARTBEAT", "CHECK", "READ_AGAIN", "SLOWEST", "PACE"):
        setattr(streams, name, float(os.environ.get(f"WALL_{name}", getattr(streams, name))))
    live.register("wall", path=r"/wall/(\d+)/live/", may_hear=may_hear, missed=missed)
    from kawaraban.live.asgi import in_front_of

    return in_front_of(get_asgi_application())


def serve(port: int, application: str = "kawaraban.live.tests.wall:make_application") -> None:
    """Serve what a function makes, `module:name`, as `kawaraban serve` does."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    multiprocessing.set_start_method("spawn", force=True)
    Server(
        application,
        factory=True,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGINL,
        websockets=False,
        log_level=LogLevels.warning,
        backpressure=4_000,
    ).serve()


# --- For the tests ----------------------------------------------------------------------------------------------------


class Listener:
    """An open stream, read as far as is asked for."""

    def __init__(self, port: int, path: str, **headers: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._connection.request("GET", path, headers={name.replace("_", "-"): headers[name] for name in headers})
        self.response = self._connection.getresponse()
        assert self.response.status == 200, self.response.status

    def next(self) -> dict[str, str]:
        """The fields of the next event; what only keeps the stream alive is passed over. {} at the end."""
        fields: dict[str, str] = {}
        deadline = time.monotonic() + PATIENCE
        while line := self.response.readline().decode():
            assert time.monotonic() < deadline, "nothing happened"
            name, _, value = line.rstrip("\n").partition(": ")
            if not name:
                if "event" in fields:
                    return fields
                fields.clear()
            if name in fields:
                value = f"{fields[name]}\n{value}"
            if name not in ("", ":"):  # a line that begins with a colon says nothing
                fields[name] = value
        return {}

    def ids(self, count: int) -> list[int]:
        """The ids of so many next events."""
        return [int(self.next()["id"]) for _ in range(count)]

    def close(self) -> None:
        self.response.close()
        self._connection.close()


class Wall:
    """A served wall: its port and its folder."""

    def __init__(self, folder: Path, port: int = 0, **settings: str) -> None:
        self.folder = folder
        self.number = 1
        self._settings = settings
        self._open: list[Listener | socket.socket] = []
        (folder / "static").mkdir(exist_ok=True)
        self.port = port or free_port()
        self._log = (folder / f"log-{self.port}").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kawaraban.live.tests.wall", str(self.port)],
            env={**environment(folder), **settings}, stdout=self._log, stderr=self._log,
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "the wall did not start"
            with contextlib.suppress(OSError):
                if self.ask("/wall/1/live/", "HEAD")[0] == 405:
                    return
            time.sleep(0.05)  # another process starts
        self.stop()
        raise AssertionError("the wall did not answer")

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and body of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, path, headers={name.replace("_", "-"): headers[name] for name in headers})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    def put(self, note: str, wall: int = 0) -> None:
        """Put a note on the wall of this test, or on another."""
        assert self.ask(f"/post/?wall={wall or self.number}&note={quote(note)}")[0] == 200

    def tell(self, **words: object) -> None:
        """Publish an event that is written down nowhere."""
        assert self.ask(f"/post/?wall={self.number}&{urlencode(words)}")[0] == 200

    @property
    def path(self) -> str:
        """Where the wall of this test is listened to."""
        return f"/wall/{self.number}/live/"

    def listen(self, query: str = "", wall: int = 0, **headers: str) -> Listener:
        """An open page; it closes with the test."""
        self._open.append(page := Listener(self.port, f"/wall/{wall or self.number}/live/{query}", **headers))
        return page

    def listen_bare(self, address: str, receive_buffer: int = 0) -> socket.socket:
        """An open page as a bare socket, with the beginning of its stream read; it closes with the test.

        Args:
            address: whom our own proxy says it is.
            receive_buffer: bytes; small for one who takes little at a time.
        """
        self._open.append(one := socket.socket())
        if receive_buffer:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        one.settimeout(PATIENCE)
        one.connect(("127.0.0.1", self.port))
        one.sendall(f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: {address}\r\n\r\n".encode())
        return one

    def clean(self) -> None:
        """An empty wall that nobody looks at. It has another number: the server learns a little later who has left."""
        self.number += 1
        while self._open:
            self._open.pop().close()
        for name in ("notes", "shut", "away", "slow", "read"):
            (self.folder / name).unlink(missing_ok=True)

    def log(self) -> str:
        return Path(self._log.name).read_text(encoding="utf-8")

    def start_again(self) -> Wall:
        """The same wall, served anew."""
        self._open.clear()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)
        self._log.close()
        return Wall(self.folder, self.port, **self._settings)

    def stop(self) -> None:
        self.clean()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE)
        self._log.close()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
