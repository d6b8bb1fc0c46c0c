"""The machines of a large site, each a process here: web, workers, HAProxy, PostgreSQL under Patroni, etcd, Valkey.

All but the site's own are Debian's: haproxy, patroni, etcd-server, etcd-client, postgresql, redis-server and wrk.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from faults.site import KAWARABAN, Site

USER = "postgres"  # PostgreSQL refuses to run as root
NEEDED = ("haproxy", "patroni", "etcd", "redis-server", "wrk")
START = 120.0  # seconds

PATRONI = """
scope: courier
name: {name}
restapi: {{listen: "127.0.0.1:{rest}", connect_address: "127.0.0.1:{rest}"}}
etcd3: {{hosts: ["127.0.0.1:{etcd}"]}}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 2
    retry_timeout: 5
    maximum_lag_on_failover: 1048576
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      parameters: {{max_connections: 150, synchronous_commit: "on", wal_log_hints: "on"}}
  initdb: [{{encoding: UTF8}}, {{locale: C.UTF-8}}, data-checksums]
  pg_hba: [host all all 127.0.0.1/32 trust, host replication all 127.0.0.1/32 trust]
postgresql:
  listen: "127.0.0.1:{port}"
  connect_address: "127.0.0.1:{port}"
  data_dir: {folder}/data
  bin_dir: {bin}
  pgpass: {folder}/pgpass
  remove_data_directory_on_rewind_failure: true
  remove_data_directory_on_diverged_timelines: true
  authentication:
    superuser: {{username: postgres, password: made-for-a-trial}}
    replication: {{username: replicator, password: made-for-a-trial}}
    rewind: {{username: rewinder, password: made-for-a-trial}}
  parameters: {{unix_socket_directories: "{folder}", shared_buffers: 128MB}}
"""

HAPROXY = """
global
    maxconn 4000
    stats socket {folder}/haproxy.sock mode 600 level admin
defaults
    timeout connect 2s
    timeout client 1m
    timeout server 1m
    retries 10
    option redispatch 1
frontend site
    mode http
    bind 127.0.0.1:{site}
    option forwardfor
    default_backend web
backend web
    mode http
    balance leastconn
    # A connection that is refused is tried on the next; what was sent is never sent twice.
    retry-on conn-failure
    option http-server-close
    default-server check inter 500ms fall 2 rise 1
{web}
frontend database
    mode tcp
    bind 127.0.0.1:{database}
    timeout client 1h
    default_backend primary
backend primary
    mode tcp
    timeout server 1h
    option httpchk GET /primary
    default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
{postgres}
"""


def missing() -> list[str]:
    """What is not installed here."""
    return [name for name in NEEDED if not (shutil.which(name) or shutil.which(name, path="/usr/sbin"))]


class Machine:
    """A program in a process group of its own, which can be taken away and brought back."""

    def __init__(self, name: str, command: list[str], folder: Path, user: str = "", **environment: str) -> None:
        self.name = name
        self.command = command
        self._log = folder / f"{name}.log"
        self._environment = {**os.environ, **environment}
        self._user = user if os.geteuid() == 0 else ""
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin it, in addition to nothing: the former must be gone."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own words
                self.command, env=self._environment, stdout=log, stderr=log, start_new_session=True,
                user=self._user or None, cwd="/",
            )  # fmt: skip

    def signal(self, sign: signal.Signals) -> None:
        """Send a signal to all its processes."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, sign)

    def kill(self) -> None:
        """Take it away, as a lost machine is."""
        self.signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def stop(self, patience: float = 30.0) -> None:
        """Ask it to end, and wait until it has."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        self.kill()


def web(site: Site, folder: Path, number: int, port: int, **environment: str) -> Machine:
    """A web process."""
    words = [KAWARABAN, "serve", "--web-only", "--host", "127.0.0.1", "--port", str(port)]
    return Machine(f"web-{number}", words, folder, **{**site.environment, **environment})


def worker(site: Site, folder: Path, number: int) -> Machine:
    """A worker with one slot."""
    return Machine(f"worker-{number}", [KAWARABAN, "worker", "--slots", "1"], folder, **site.environment)


def valkey(folder: Path, port: int) -> Machine:
    """A Valkey, or the Redis that Debian has in its place, which keeps nothing."""
    words = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    return Machine("valkey", words, folder)


class Postgres:
    """A primary and a synchronous standby under Patroni, with etcd; `port` always leads to the primary."""

    def __init__(self, folder: Path, ports: Callable[[], int]) -> None:
        self._folder = folder
        self.port = ports()
        peer, client = ports(), ports()
        clients, peers = f"http://127.0.0.1:{client}", f"http://127.0.0.1:{peer}"
        etcd = ["etcd", "--name", "one", "--data-dir", str(folder / "etcd"), "--unsafe-no-fsync", "--enable-v2"]
        etcd += ["--listen-client-urls", clients, "--advertise-client-urls", clients]
        etcd += ["--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers]
        etcd += ["--initial-cluster", f"one={peers}"]
        self.etcd = Machine("etcd", etcd, folder)
        self.nodes: dict[str, Machine] = {}
        self.rest: dict[str, int] = {}
        self.ports: dict[str, int] = {}
        binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        for name in ("alpha", "beta"):
            home = folder / name
            home.mkdir()
            self.rest[name], self.ports[name] = ports(), ports()
            text = PATRONI.format(
                name=name, rest=self.rest[name], etcd=client, port=self.ports[name], folder=home, bin=binaries
            )
            (home / "patroni.yaml").write_text(text, encoding="utf-8")
            if os.geteuid() == 0:
                shutil.chown(home, USER)
            self.nodes[name] = Machine(name, ["patroni", str(home / "patroni.yaml")], folder, USER, HOME=str(home))

    def start(self) -> None:
        """Begin both, and wait until one follows the other in step."""
        self.etcd.start()
        for node in self.nodes.values():
            node.start()
        until(self.in_step, "a synchronous standby")

    def primary(self) -> str:
        """The name of the primary, or nothing while there is none."""
        return next((name for name, port in self.rest.items() if answers(port, "/primary")), "")

    def in_step(self) -> bool:
        """True where there is a primary, and a standby without which nothing is acknowledged."""
        return bool(self.primary()) and any(answers(port, "/synchronous") for port in self.rest.values())

    def lose_primary(self) -> str:
        """Take the primary's machine away, Patroni with PostgreSQL; its name."""
        name = self.primary()
        postmaster = self._postmaster(name)
        for process in (*_children(postmaster), postmaster):
            _kill(process)
        self.nodes[name].kill()
        return name

    def restart(self, at_once: bool) -> None:
        """Restart the primary's PostgreSQL, in order or by its crash."""
        name = self.primary()
        if not name:
            return
        if at_once:
            os.kill(self._postmaster(name), signal.SIGQUIT)
        else:
            settings = str(self._folder / name / "patroni.yaml")
            words = ["patronictl", "-c", settings, "restart", "courier", name, "--force"]
            subprocess.run(words, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own words

    def _postmaster(self, name: str) -> int:
        """PostgreSQL's first process on a machine, which begins all its others."""
        return int((self._folder / name / "data/postmaster.pid").read_text(encoding="utf-8").split()[0])

    def stop(self) -> None:
        """End all of it."""
        for node in self.nodes.values():
            node.stop()
        self.etcd.stop()


def haproxy(folder: Path, site: int, database: int, webs: list[int], postgres: Postgres) -> Machine:
    """What stands in front of the web processes, and of the database."""
    text = HAPROXY.format(
        folder=folder,
        site=site,
        database=database,
        web="\n".join(f"    server web{port} 127.0.0.1:{port}" for port in webs),
        postgres="\n".join(
            f"    server {name} 127.0.0.1:{port} check port {postgres.rest[name]}"
            for name, port in postgres.ports.items()
        ),
    )
    (folder / "haproxy.cfg").write_text(text, encoding="utf-8")
    return Machine("haproxy", ["/usr/sbin/haproxy", "-db", "-f", str(folder / "haproxy.cfg")], folder)


def until(is_so: Callable[[], Any], what: str, seconds: float = START) -> None:
    """Wait until it is so. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:.0f} seconds for {what}")
        time.sleep(0.1)  # another process works meanwhile


def answers(port: int, path: str) -> bool:
    """True where the page is given with 200."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=3) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def listens(port: int) -> bool:
    """True where somebody takes connections."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _children(parent: int) -> list[int]:
    tasks = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(word) for word in tasks.read_text().split()] if tasks.exists() else []


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def user_exists() -> bool:
    """True where PostgreSQL's own user is there, or is not needed."""
    try:
        pwd.getpwnam(USER)
    except KeyError:
        return os.geteuid() != 0
    return True
