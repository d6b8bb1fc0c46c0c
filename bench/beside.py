"""What `make bench-front` measures beside the site, in the same run: nginx with a file, and Isso if it is installed."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from bench.busy_site import said
from faults.machines import Machine, listens, until

NGINX = """
daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; open_file_cache max=100; gzip_static on; keepalive_requests 1000000;
  default_type "text/html; charset=utf-8"; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""
ISSO = """
[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1/
notify =
[guard]
enabled = false
[server]
trusted-proxies = 127.0.0.1
[hash]
salt = bench
algorithm = pbkdf2
"""


@contextmanager
def nginx(folder: Path, port: int, pages: dict[int, bytes]) -> Iterator[str]:
    """nginx with each page as a file and beside it compressed; yields its address. Raises OSError if not installed."""
    files = folder / "files"
    files.mkdir()
    for size, page in pages.items():
        (files / f"{size}.html").write_bytes(page)
        (files / f"{size}.html.gz").write_bytes(gzip.compress(page, 6))
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    folder.chmod(0o755)
    command = shutil.which("nginx") or "/usr/sbin/nginx"
    with _running(Machine("nginx", [command, "-c", str(folder / "nginx.conf")], folder), port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def server(pages: Path, folder: Path, port: int) -> Iterator[str]:
    """The server that the site runs in, set as for the site, with the pages of a folder in memory; its address."""
    words = [str(Path(sys.executable).parent / "granian"), "--interface", "asginl", "--port", str(port), "--http", "1"]
    words += ["--loop", "uvloop", "--no-ws", "--log-level", "warning", "bench.bytes_only:application"]
    root = str(Path(__file__).parent.parent)
    with _running(Machine("server", words, folder, BENCH_PAGES=str(pages), PYTHONPATH=root), port):
        yield f"http://127.0.0.1:{port}"


class Isso:
    """Isso 0.14 as its documentation runs it: four processes of gunicorn on SQLite, its limit of posts switched off.

    Its commands are looked for in the folder that BENCH_ISSO names, which `python -m venv` and `pip install isso
    gunicorn` make. It knows voters by their address, 142 to a comment.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.page = "/?uri=%2Fstory%2F"
        self._port = port
        self._database = folder / "comments.db"
        (folder / "isso.cfg").write_text(ISSO.format(folder=folder))
        words = [f"{os.environ['BENCH_ISSO']}/bin/gunicorn", "-b", f"127.0.0.1:{port}", "-w", "4", "--preload"]
        self._machine = Machine("isso", [*words, "isso.run"], folder, ISSO_SETTINGS=str(folder / "isso.cfg"))

    @contextmanager
    def running(self) -> Iterator[Isso]:
        """Isso with 42 comments."""
        with _running(self._machine, self._port):
            for (_, path, _, body), _number in zip(self.posts(), range(42), strict=False):
                headers = {"Content-Type": "application/json", "X-Forwarded-For": f"10.9.8.{_number}"}
                request = Request(self.url + path, body.encode(), headers)  # noqa: S310 - our own address
                urlopen(request, timeout=30).close()  # noqa: S310
            yield self

    def posts(self) -> Iterator[tuple[str, str, str, str]]:
        """Comments, no two alike. Without end."""
        number = 0
        while True:
            number += 1
            comment = {"text": said(), "author": f"Reader {number % 997}", "email": None,
                    "website": None, "title": "Story", "parent": None, "notification": 0}  # fmt: skip
            yield "POST", "/new?uri=%2Fstory%2F", "", json.dumps(comment)

    def votes(self) -> Iterator[tuple[str, str, str, str]]:
        """Votes, 130 on each comment."""
        with closing(sqlite3.connect(self._database)) as database:
            keys = [key for (key,) in database.execute("SELECT id FROM comments ORDER BY id")]
        for key in keys:
            for _ in range(130):
                yield "POST", f"/id/{key}/like", "", "{}"

    def holds(self) -> dict[str, int]:
        """How many comments and votes it has kept."""
        with closing(sqlite3.connect(self._database, timeout=30)) as database:
            comments, votes = database.execute("SELECT count(*), sum(likes + dislikes) FROM comments").fetchone()
        return {"comments": comments, "votes": votes}


@contextmanager
def _running(machine: Machine, port: int) -> Iterator[None]:
    machine.start()
    try:
        until(lambda: listens(port), machine.name)
        yield
    finally:
        machine.stop()
