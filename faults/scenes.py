"""What is taken away, from which site, and for how long. Each scene is named by its number in the list of faults."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.load import CSRF, Browser, Ledger, Load, judged
from faults.machines import Machine, Postgres, answers, haproxy, listens, until, valkey, web, worker
from faults.site import Site, new_site

LONG = os.environ.get("FAULTS_LONG") == "1"
TURN = random.Random(17)  # noqa: S311 - whose turn it is
Report = dict[str, Any]
PAGE = "/rules/"
GUESSES, MOST_GUESSES = 15, 5  # for one account within five minutes


def much(short: int, long: int) -> int:
    """How often, or for how many seconds: bounded, unless the long form was asked for."""
    return long if LONG else short


# --- One server: a web process and a file -----------------------------------------------------------------------------


def small_killed(folder: Path, ports: Callable[[], int]) -> Report:
    """F-01 on SQLite: the web process is killed and started again, a worker beside it."""
    port = ports()
    site = new_site(folder / "site", f"http://127.0.0.1:{port}")
    filled = site.fill()
    machines = [web(site, folder, 1, port), worker(site, folder, 1)]
    with running(machines):
        until(lambda: answers(port, PAGE), "the site")
        with Load(port, filled).running() as ledger:
            kills = 0
            for _ in range(much(10, 200)):
                time.sleep(TURN.uniform(0.5, 3))  # load runs meanwhile, here and below
                hit = machines[0] if kills % 3 < 2 else machines[1]
                hit.kill()
                hit.start()
                kills += 1
                until(lambda: answers(port, PAGE), "the site")
        return {"kills": kills, **_afterwards(site, ledger)}


def small_power_loss(folder: Path, ports: Callable[[], int]) -> Report:
    """F-16: power is lost, and with it whatever SQLite did not make the disk keep; the machine starts from the rest."""
    shim = folder / "powerloss.so"
    source = str(Path(__file__).with_name("powerloss.c"))
    words = ["cc", "-O1", "-w", "-shared", "-fPIC", "-o", str(shim), source, "-ldl", "-lpthread"]
    subprocess.run(words, check=True)  # noqa: S603 - our own words
    port = ports()
    site = new_site(folder / "site", f"http://127.0.0.1:{port}")
    filled = site.fill()
    disk = folder / "disk"
    reports: list[Report] = []
    cuts, unsound = much(6, 100), 0
    for number in range(cuts):
        shutil.rmtree(disk, ignore_errors=True)
        disk.mkdir()
        for file in site.folder.glob("site.sqlite3*"):
            shutil.copy(file, disk)
        cut = {"LD_PRELOAD": str(shim), "CUT_NAME": "site.sqlite3", "CUT_FOLDER": str(disk)}
        machine = web(site, folder, number, port, **cut)
        with running([machine]):
            until(lambda: answers(port, PAGE), "the site")
            load = Load(port, filled, patience=1.0)
            with load.running() as ledger:
                time.sleep(TURN.uniform(2, 4))
                machine.kill()
            for file in site.folder.glob("site.sqlite3*"):
                file.unlink()
            for file in disk.iterdir():
                shutil.copy(file, site.folder)
        unsound += _integrity(site) != "ok"
        reports.append(judged(ledger, site.holds()))
    return {"kills": cuts, "unsound": unsound, **_summed(reports)}


# --- Three web processes, two workers, PostgreSQL under Patroni, Valkey, HAProxy --------------------------------------


@dataclass
class Large:
    """A large site that runs."""

    site: Site
    filled: dict[str, Any]
    port: int
    webs: dict[int, Machine]
    workers: list[Machine]
    valkey: Machine
    postgres: Postgres


@contextmanager
def large(folder: Path, ports: Callable[[], int]) -> Iterator[Large]:
    """A large site beside the block."""
    port, database, bus = ports(), ports(), ports()
    webs = [ports() for _ in range(3)]
    postgres = Postgres(folder, ports)
    front = haproxy(folder, port, database, webs, postgres)
    carrier = valkey(folder, bus)
    site = new_site(
        folder / "site",
        f"http://127.0.0.1:{port}",
        DATABASE_URL=f"postgres://postgres:made-for-a-trial@127.0.0.1:{database}/postgres",
        VALKEY_URL=f"redis://127.0.0.1:{bus}",
        KAWARABAN_PROXIES="1",
    )
    try:
        postgres.start()
        with running([front, carrier]):
            until(lambda: listens(database) and postgres.in_step(), "the database")
            filled = site.fill()
            served = {each: web(site, folder, number, each) for number, each in enumerate(webs)}
            workers = [worker(site, folder, number) for number in range(2)]
            with running([*served.values(), *workers]):
                until(lambda: all(answers(each, PAGE) for each in webs), "the web processes")
                until(lambda: answers(port, PAGE), "HAProxy")
                yield Large(site, filled, port, served, workers, carrier, postgres)
    finally:
        postgres.stop()


def large_killed(it: Large) -> Report:
    """F-01 and F-02 on PostgreSQL: web processes and workers are killed, any of them, at any moment."""
    with Load(it.port, it.filled).running() as ledger:
        kills = 0
        for _ in range(much(15, 200)):
            time.sleep(TURN.uniform(0.5, 4))
            hit = TURN.choice([*it.webs.values(), *it.workers])
            hit.kill()
            hit.start()
            kills += 1
    until(lambda: all(answers(port, PAGE) for port in it.webs), "the web processes")
    return {"kills": kills, **_afterwards(it.site, ledger)}


def large_restarted_database(it: Large) -> Report:
    """F-04: PostgreSQL restarts, by turns in order and by a crash."""
    with Load(it.port, it.filled).running() as ledger:
        times = much(4, 30)
        for number in range(times):
            time.sleep(12)  # longer than a restart takes, so that each finds a database that works
            it.postgres.restart(at_once=number % 2 == 1)
        time.sleep(10)  # what is written after the last restart is judged as well
    until(it.postgres.in_step, "a synchronous standby")
    return {"kills": times, **_afterwards(it.site, ledger)}


def large_lost_primary(it: Large) -> Report:
    """F-17: the primary is gone with its machine, its standby takes over, and it comes back as a standby itself."""
    with Load(it.port, it.filled).running() as ledger:
        times = much(3, 50)
        for _ in range(times):
            until(it.postgres.in_step, "a synchronous standby")
            time.sleep(TURN.uniform(3, 6))
            lost = it.postgres.lose_primary()
            until(lambda lost=lost: it.postgres.primary() not in ("", lost), "a new primary")  # type: ignore[misc]
            time.sleep(3)  # the lost machine is away for a while longer than it takes to be noticed
            it.postgres.nodes[lost].start()
        until(it.postgres.in_step, "a synchronous standby")
        time.sleep(3)  # what is written after the last failover is judged as well
    return {"kills": times, **_afterwards(it.site, ledger)}


def large_sick_valkey(it: Large) -> Report:
    """F-06: Valkey hangs, is killed, and is flushed; sign-in stays limited meanwhile."""
    seconds = much(8, 600)
    quiet = Load(it.port, it.filled)
    with quiet.running() as before:
        time.sleep(seconds)
    over = []
    with Load(it.port, it.filled).running() as ledger:
        it.valkey.signal(signal.SIGSTOP)
        over.append(_guesses_let_through(it.port, "hangs"))
        time.sleep(seconds)
        it.valkey.signal(signal.SIGCONT)
        it.valkey.kill()
        over.append(_guesses_let_through(it.port, "gone"))
        time.sleep(seconds)
        it.valkey.start()
        time.sleep(seconds / 2)
        port = it.valkey.command[it.valkey.command.index("--port") + 1]
        words = ["redis-cli", "-p", port, "FLUSHALL"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
        over.append(_guesses_let_through(it.port, "flushed"))
        time.sleep(seconds / 2)
    report = _afterwards(it.site, ledger)
    calm = judged(before, it.site.holds())
    return {"kills": 3, "guesses_over_limit": sum(over), "read_p99_before": calm["read_p99"], **report}


def large_rolled(it: Large) -> Report:
    """F-20: each web process in turn is asked to end, and started again; nobody is to notice."""
    with Load(it.port, it.filled).running() as ledger:
        times = much(2, 20)
        for _ in range(times):
            for port, machine in it.webs.items():
                machine.stop()
                machine.start()
                until(lambda port=port: answers(port, PAGE), "the web process")  # type: ignore[misc]
                time.sleep(1)  # the next only when readers have come back to this one
    fine = ("200", "302")
    failed = {status: count for status, count in (ledger.answers + ledger.reads).items() if status not in fine}
    return {"kills": times * len(it.webs), "failed": failed, **_afterwards(it.site, ledger)}


SMALL = {"F-01 SQLite": small_killed, "F-16 SQLite": small_power_loss}
LARGE = {
    "F-17 PostgreSQL": large_lost_primary,
    "F-01 PostgreSQL": large_killed,
    "F-04 PostgreSQL": large_restarted_database,
    "F-06 PostgreSQL": large_sick_valkey,
    "F-20 PostgreSQL": large_rolled,
}


# --- What they share --------------------------------------------------------------------------------------------------


@contextmanager
def running(machines: list[Machine]) -> Iterator[None]:
    """Machines that are there as long as the block goes on."""
    try:
        for machine in machines:
            machine.start()
        yield
    finally:
        for machine in machines:
            machine.stop()


def _afterwards(site: Site, ledger: Ledger) -> Report:
    """What stands there once the work that was put off is done."""

    def is_done() -> bool:
        return not {"waiting", "running"} & site.holds()["jobs"].keys()

    with suppress(TimeoutError):  # what was not done stands in the report
        until(is_done, "the jobs", 150)
    return judged(ledger, site.holds())


def _integrity(site: Site) -> str:
    import pysqlite3

    connection = pysqlite3.connect(site.folder / "site.sqlite3")
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


def _summed(reports: list[Report]) -> Report:
    names = ("attempted", "acknowledged", "lost", "recovered", "duplicated", "half_written", "sent")
    return {name: sum(report[name] for report in reports) for name in names}


def _guesses_let_through(port: int, who: str) -> int:
    """Of so many wrong passwords for one account, how many more were looked at than the limit allows."""
    browser, looked_at = Browser(port), 0
    for number in range(GUESSES):
        status, _ = browser.post(
            "/account/login/", "", {"login": f"{who}@readers.example", "password": f"wrong-{number}-{CSRF}"}
        )
        looked_at += status == "200" and "Too many failed" not in browser.text
    return max(0, looked_at - MOST_GUESSES)
