"""The command `kawaraban` as an operator types it: it sets up once, says in a sentence what is wrong, stops clean."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.with_site import environment

KAWARABAN = str(Path(sys.executable).parent / "kawaraban")
PASSWORD = "seven-wet-umbrellas"
PATIENCE = 120.0  # seconds that a start or an end may take on a busy machine; whoever is right waits for none of it

# A story, a comment and an administrator, in one process: each start of Django costs two seconds.
FILL = """
import sys
from kawaraban.cli import main
main(["manage", "createsuperuser", "--noinput", "--email", "chief@courier.example", "--handle", "Akiko Dunne"])
from kawaraban.accounts.testing import make_member
from kawaraban.discussion.testing import make_comment
from kawaraban.newsroom.testing import make_story
make_comment(make_story().thread, make_member("Old Ferryman"), "Said once.")
"""


def variables(home: Path, **more: str) -> dict[str, str]:
    """The environment of a command for a site whose secret is in its own folder."""
    given = {**environment(home), "DJANGO_SUPERUSER_PASSWORD": PASSWORD, **more}
    if "KAWARABAN_SECRET_KEY" not in more:
        del given["KAWARABAN_SECRET_KEY"]
    return given


def run(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """One command, to its end."""
    return subprocess.run(
        [KAWARABAN, *words], env=variables(home, **more), capture_output=True, text=True, check=False, timeout=PATIENCE
    )


@cache
def ready() -> Path:
    """The folder of a site after `init`, with an administrator, a story and a comment. Made once; take a copy."""
    home = Path(tempfile.mkdtemp(prefix="kawaraban-ready-")) / "site"
    atexit.register(shutil.rmtree, home.parent, ignore_errors=True)
    made = run(home, "init", "--name", "The First Courier", "--time-zone", "Asia/Tokyo")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith(f"The site is ready in {home}, for http://127.0.0.1:8000.")
    subprocess.run([sys.executable, "-c", FILL], env=variables(home), check=True, stdout=subprocess.DEVNULL)
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of a site that is ready, for a test to break."""
    copy = tmp_path / "site"
    shutil.copytree(ready(), copy, ignore=shutil.ignore_patterns("static"))
    shutil.copytree(ready() / "static", copy / "static", copy_function=os.link)
    return copy


def rows(home: Path, query: str) -> list[tuple]:
    """What is in a site's database."""
    connection = sqlite3.connect(home / "site.sqlite3", timeout=PATIENCE)
    try:
        with connection:
            return connection.execute(query).fetchall()
    finally:
        connection.close()


def everything(home: Path) -> dict[str, int]:
    """The number of rows in every table, besides what each start may write."""
    names = [name for (name,) in rows(home, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    names = [name for name in names if "_fts" not in name and name not in ("cache", "caching_purge")]
    return {name: rows(home, f'SELECT count(*) FROM "{name}"')[0][0] for name in names}  # noqa: S608 - our own names


@contextmanager
def served(home: Path, port: int = 0, **more: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server that answers, in a process group of its own, and its port; a service manager's SIGTERM ends it."""
    port = port or free_port()
    with (home / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            [KAWARABAN, "serve", "--port", str(port)],
            env=variables(home, **more), stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        until = time.monotonic() + PATIENCE
        while not answers(port):
            assert server.poll() is None, (home / "serve.log").read_text()
            assert time.monotonic() < until, "the server did not answer"
        yield server, port
        if server.poll() is None:
            end(server, signal.SIGTERM)
    finally:
        if group_is_alive(server.pid):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def end(server: subprocess.Popen[bytes], sign: signal.Signals) -> None:
    """Ask a server to end; it ends, and no process of its stays."""
    os.kill(server.pid, sign)
    assert server.wait(PATIENCE) in (0, 130, -sign)
    # Those that were forked end a moment after it.
    until = time.monotonic() + PATIENCE
    while group_is_alive(server.pid):
        assert time.monotonic() < until, "a process of its stays"
        time.sleep(0.05)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.1)
        found = probe.connect_ex(("127.0.0.1", port)) == 0
    time.sleep(0 if found else 0.05)
    return found


def group_is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def get(port: int, address: str) -> tuple[int, str]:
    """Status and text, with the address sent as it stands."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.putrequest("GET", address, skip_host=False)
    connection.endheaders()
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def test_init_once_more_changes_what_it_is_told_and_keeps_the_secret_and_everything_else(home):
    env, before = (home / "site.env").read_text(), everything(home)
    done = run(home, "init", "--name", "Another Name", "--time-zone", "Europe/Berlin")
    assert (done.returncode, done.stderr) == (0, "")
    assert set((home / "site.env").read_text().split()) == set(env.replace("Asia/Tokyo", "Europe/Berlin").split())
    assert everything(home) == before
    assert rows(home, "SELECT title FROM wagtailcore_page WHERE depth = 2") == [("The First Courier",)]


def test_the_secret_is_the_owners_alone_and_strong(home):
    assert (home / "site.env").stat().st_mode & 0o777 == 0o600
    secret = re.search(r"^KAWARABAN_SECRET_KEY=(.+)$", (home / "site.env").read_text(), re.M).group(1)
    assert len(secret) >= 64


def test_a_site_that_is_ready_has_nothing_to_mend(home):
    done = run(home, "doctor")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.endswith("Nothing to mend.\n")
    assert "MEND" not in done.stdout


def test_the_doctor_names_every_illness_with_its_cure_and_exits_1(home):
    (home / "site.env").chmod(0o644)
    rows(home, "DELETE FROM django_migrations WHERE app = 'newsroom' AND name LIKE '0001%'")
    rows(home, "UPDATE discussion_comment SET up = up + 5")
    done = run(home, "doctor")
    assert (done.returncode, done.stderr) == (1, "")
    assert f"Others can read it: run `chmod 600 {home / 'site.env'}`." in done.stdout
    assert "waiting: back up, then run `kawaraban init`." in done.stdout
    assert "1 are wrong; `kawaraban manage check_counters` names them." in done.stdout
    assert done.stdout.endswith("3 to mend.\n")


@pytest.mark.parametrize("command", ["init", "serve"])
def test_a_site_with_the_tables_of_another_version_is_left_as_it_is(home, command):
    rows(home, "ALTER TABLE discussion_thread DROP COLUMN wish")
    before = everything(home)
    done = run(home, command)
    assert done.returncode == 1
    assert "although their steps were taken: discussion_thread." in done.stderr
    assert "`kawaraban export story`" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert everything(home) == before


def test_the_doctor_of_a_missing_site_says_how_to_make_one(tmp_path):
    done = run(tmp_path / "none", "doctor", KAWARABAN_SECRET_KEY=environment(tmp_path)["KAWARABAN_SECRET_KEY"])
    assert done.returncode == 1
    assert "It is missing or not writable: run `kawaraban init`." in done.stdout
    assert done.stdout.endswith("to mend.\n")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "none").exists(), "looking changes nothing"


@pytest.mark.parametrize("words", [["--debug", "doctor"], ["doctor", "--debug"]])
def test_a_failure_is_one_sentence_and_with_debug_a_traceback(tmp_path, words):
    bad = {"KAWARABAN_SECRET_KEY": "x" * 60}
    short, long = run(tmp_path, "doctor", **bad), run(tmp_path, *words, **bad)
    assert (short.returncode, long.returncode) == (1, 1)
    assert len(short.stderr.strip().splitlines()) == 1
    assert "Traceback" not in short.stderr
    assert "Traceback" in long.stderr


@pytest.mark.parametrize(
    "words", [["publish"], [], ["import"], ["export", "story"], ["serve", "--port", "eighty"], ["init", "--loud"]]
)
def test_what_is_not_understood_exits_2_and_says_what_would_be(tmp_path, words):
    done = run(tmp_path, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: kawaraban")
    assert "Traceback" not in done.stderr


def test_help_lists_every_command(tmp_path):
    done = run(tmp_path, "--help")
    assert done.returncode == 0
    for command in ("init", "demo", "serve", "import", "export", "doctor", "manage"):
        assert re.search(rf"^\s+{command}\s", done.stdout, re.M), command


def test_two_sites_side_by_side_do_not_see_each_other(home, tmp_path):
    """The second is a copy that then goes its own way."""
    other = tmp_path / "other"
    shutil.copytree(home, other, ignore=shutil.ignore_patterns("static"))
    (other / "site.env").unlink()
    rows(other, "DELETE FROM discussion_comment")
    before = everything(home)
    made = run(other, "init", "--name", "The Second Courier")
    assert made.returncode == 0, made.stderr
    assert (other / "site.env").read_text() != (home / "site.env").read_text()
    assert everything(home) == before
    assert rows(other, "SELECT count(*) FROM discussion_comment") == [(0,)]
    assert (other / "static").is_dir()


@pytest.mark.enable_socket
def test_a_taken_port_is_named_and_nothing_is_started(home):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(home, "serve", "--port", str(port))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == (
        f"Nothing was started: 127.0.0.1:{port} cannot be used (Address already in use). "
        "Stop what listens there, or choose another with --port."
    )


def test_the_demo_with_its_known_passwords_is_not_filled_into_a_public_site(home):
    done = run(home, "demo", "--no-serve", KAWARABAN_URL="https://courier.example")
    assert done.returncode == 1
    assert "passwords that everybody knows" in done.stderr
    assert rows(home, "SELECT count(*) FROM accounts_user") == [(2,)]


@pytest.mark.enable_socket
def test_ctrl_c_ends_a_server_with_all_its_processes(home):
    with served(home) as (server, port):
        assert get(port, "/")[0] == 200
        end(server, signal.SIGINT)
    assert "Traceback" not in (home / "serve.log").read_text()


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """The port of a server that the tests below ask."""
    copy = tmp_path_factory.mktemp("served") / "site"
    shutil.copytree(ready(), copy)
    with served(copy) as (_, port):
        yield port


@pytest.mark.enable_socket
def test_a_served_site_answers_with_its_pages_and_its_style_sheets(port):
    status, text = get(port, "/")
    assert (status, "The First Courier" in text) == (200, True)
    sheets = re.findall(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', text)
    assert len(sheets) > 3
    assert {get(port, address)[0] for address in (*sheets, "/city/the-bridge-is-promised-again/", "/desk/login/")} <= {
        200,
        302,
    }
    assert get(port, "/none/")[0] == 404


@pytest.mark.enable_socket
@pytest.mark.parametrize("address", ["/%00/", "/%80/", "/%c3%28/", "/search/?q=%00", "/search/?q=%c3%28", "/media/%ff"])
def test_the_server_hands_broken_text_to_nobody(port, address):
    assert get(port, address)[0] == 400
