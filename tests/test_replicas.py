"""Plain readers are answered from a copy of the database: a real standby, which lags, and at last is gone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from kawaraban.replicas import MOST_LAG, Replica, Replicas
from tests.run import start_postgres
from tests.test_cli import FILL, PATIENCE, run, variables
from tests.test_faults import ASK, WORDS
from tests.test_settings import start

# The same story, read by whoever has no cookie and by a member, while the standby is paused, is back, and is gone.
QUESTIONS = """
import psycopg, re, time
from django.core.cache import cache
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from kawaraban import doctor, replicas
from kawaraban.accounts.models import User
from kawaraban.newsroom.models import StoryPage
from kawaraban.search import index
from tests.waiting import until

standby = psycopg.connect(os.environ["STANDBY"], autocommit=True)
primary = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
page = StoryPage.objects.get().url
member = browser(); member.force_login(User.objects.get(handle="Akiko Dunne"))
form = browser(); form.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32

def rename(headline):
    primary.execute("UPDATE wagtailcore_page SET title = %s WHERE url_path LIKE '%%bridge%%'", [headline])

asked = {}
def count(execute, sql, params, many, context):
    alias = context["connection"].alias
    asked[alias] = asked.get(alias, 0) + 1
    return execute(sql, params, many, context)

def read(who, **more):
    asked.clear()
    with connections["default"].execute_wrapper(count), connections["replica-1"].execute_wrapper(count):
        response = who.get(page, **more)
    headline = re.search("<h1[^>]*>(.*?)</h1>", response.content.decode(), re.S)[1].strip()
    # Where most was asked: what Django keeps of the site's own addresses stands in a table that is never copied.
    return [response.status_code, headline, max(asked, key=asked.get)]

read(browser())
until(lambda: read(browser())[2] == "replica-1", 20)
answers["plain"] = read(browser())
answers["member"] = read(member)
answers["somebody with a form"] = read(form)
in_front = replicas.read_from_replicas(lambda request: HttpResponse(replicas.Router().db_for_read(StoryPage)))
shown, kept = RequestFactory().get("/"), RequestFactory().get("/")
kept.scope = {replicas.FRESH: True}
until(lambda: in_front(shown).content == b"replica-1", 20)
answers["kept by a server in front"] = in_front(kept).content.decode()
standby.execute("SELECT pg_wal_replay_pause()")
rename("Renamed")
answers["plain, a moment later"] = read(browser())
answers["member, a moment later"] = read(member)
time.sleep(replicas.MOST_LAG + 1)
answers["plain, when it lags"] = read(browser())
standby.execute("SELECT pg_wal_replay_resume()")
until(lambda: read(browser())[2] == "replica-1", 20)
answers["plain, when it is back"] = read(browser())
with replicas.reading_from("replica-1"):
    with connections["replica-1"].execute_wrapper(count):
        asked.clear()
        index.newest([], [], 0, 1)
        answers["search"] = list(asked)
    before = replicas.Router().db_for_read(StoryPage)
    StoryPage.objects.filter(pk=0).update(title="")
    answers["after a write"] = [before, replicas.Router().db_for_read(StoryPage)]
with replicas.reading_from("replica-1"):
    with connections["replica-1"].execute_wrapper(count):
        asked.clear()
        cache.get("limit")
        cache.set("limit", 1)
        answers["limits"] = [list(asked), replicas.Router().db_for_read(StoryPage)]
    with transaction.atomic():
        answers["in a transaction"] = replicas.Router().db_for_read(StoryPage)
try:
    StoryPage.objects.using("replica-1").update(title="")
except Exception as error:
    answers["write there"] = type(error).__name__
# As if the primary had become a standby while we were connected to it.
connections["default"].cursor().execute("SET default_transaction_read_only = on")
form = {"body": sys.argv[1], "key": "written-once"}
ask("to a standby", member, "post", "/t/1/comments/", form)
ask("to the primary", member, "post", "/t/1/comments/", form)
answers["doctor"] = [finding.what for finding in doctor._replicas() if finding.is_well]
standby.close()
print(json.dumps(answers), flush=True)
sys.stdin.readline()  # the standby is ended meanwhile
answers.clear()
answers["plain, when it is gone"] = read(browser())
answers["plain, then"] = read(browser())
answers["doctor, then"] = [finding.what for finding in doctor._replicas() if not finding.is_well]
print(json.dumps(answers), flush=True)
os._exit(0)  # without waiting for the pool of the standby, which goes on trying
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What the site says, with a primary and a standby of its own."""
    folder = Path(tempfile.mkdtemp(prefix="kawaraban-replica-", dir="/tmp"))  # short: a socket's name has 107 letters
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        primary = start_postgres(folder / "primary")
        standby = _standby_of(primary, folder / "standby")
    home = tmp_path_factory.mktemp("site")
    given = {"DATABASE_URL": primary.get_uri("postgres"), "STANDBY": standby.get_uri("postgres")}
    made = run(home, "init", "--name", "The Courier", **given)
    assert made.returncode == 0, made.stderr
    given["DATABASE_REPLICA_URLS"] = given["STANDBY"]
    environment = {**variables(home, **given), "DJANGO_SETTINGS_MODULE": "kawaraban.settings"}
    subprocess.run([sys.executable, "-c", FILL], env=environment, check=True, stdout=subprocess.DEVNULL)
    asking = subprocess.Popen(
        [sys.executable, "-c", ASK + QUESTIONS, WORDS],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    found = json.loads(asking.stdout.readline())
    standby.cleanup()
    found |= json.loads(asking.communicate("\n", timeout=PATIENCE)[0])
    primary.cleanup()
    shutil.rmtree(folder, ignore_errors=True)
    return found


def _standby_of(primary, folder):
    """A server that follows another, each change as it is made."""
    folder.mkdir(mode=0o700)
    if primary.system_user:
        shutil.chown(folder, primary.system_user)
    socket = parse_qs(urlsplit(primary.get_uri("postgres")).query)["host"][0]
    words = f"-h {socket} -U postgres -D {folder} -R -X stream -c fast"
    copy = [str(primary.bin_path / "pg_basebackup"), *words.split()]
    subprocess.run(copy, check=True, user=primary.system_user, cwd="/", stderr=subprocess.DEVNULL)
    for name in (".s.PGSQL.5432.lock", ".handle_pids.json", "log"):  # the other's, copied with its data
        (folder / name).unlink(missing_ok=True)
    return start_postgres(folder)


def test_a_plain_reader_is_answered_from_the_copy_alone(answers):
    assert tuple(answers["plain"]) == (200, "The bridge is promised again", "replica-1")


def test_what_a_server_in_front_keeps_is_made_from_the_primary(answers):
    assert answers["kept by a server in front"] == "default"


@pytest.mark.parametrize("who", ["member", "somebody with a form"])
def test_whoever_may_have_written_something_reads_the_primary(answers, who):
    assert answers[who][0] == 200
    assert answers[who][2] == "default"


def test_a_member_sees_at_once_what_plain_readers_see_within_seconds(answers):
    former = answers["plain"][1]
    assert answers["member, a moment later"][1] == "Renamed"
    assert answers["plain, a moment later"][1] == former
    assert answers["plain, when it lags"][1:] == ["Renamed", "default"]
    assert answers["plain, when it is back"][2] == "replica-1"


def test_who_writes_reads_on_from_the_primary(answers):
    assert answers["after a write"] == ["replica-1", "default"]
    assert answers["in a transaction"] == "default"


def test_a_search_asks_the_copy(answers):
    assert answers["search"] == ["replica-1"]


def test_limits_are_never_looked_up_in_a_copy(answers):
    assert answers["limits"] == [[], "replica-1"]


def test_nothing_can_be_written_to_a_copy(answers):
    assert answers["write there"] == "InternalError"


def test_a_copy_that_is_gone_costs_nobody_a_page(answers):
    for when in ("plain, when it is gone", "plain, then"):
        assert answers[when][:2] == [200, "Renamed"], when
    assert answers["plain, then"][2] == "default"


def test_words_sent_to_a_primary_that_became_a_standby_are_handed_back_and_its_connection_is_ended(answers):
    status, headers, text = answers["to a standby"]
    assert (status, headers["Retry-After"]) == (503, "30")
    assert "My grandfather built it." in text
    assert answers["to the primary"][0] == 302


def test_the_doctor_looks_at_each_copy(answers):
    assert re.fullmatch(r"The replica-1 answers, [\d,]+ bytes of the log behind\.", answers["doctor"][0])
    assert answers["doctor, then"][0].startswith("The replica-1 does not answer: ")


# --- How far a copy has come ------------------------------------------------------------------------------------------


def test_the_lag_is_known_by_where_the_primary_stood_and_when(monkeypatch):
    clock = SimpleNamespace(monotonic=lambda: clock.now, now=1000.0)
    monkeypatch.setattr("kawaraban.replicas.time", clock)
    copy = Replica("replica-1")
    assert not copy.is_fresh()
    copy.compare(1000.0, 500, 400)
    assert not copy.is_fresh(), "it has never been seen to have all"
    copy.compare(1001.0, 600, 500)
    clock.now = 1004.9
    assert copy.is_fresh(), "it has all of second 1000"
    clock.now = 1000.0 + MOST_LAG + 0.1
    assert not copy.is_fresh()
    copy.compare(clock.now, 600, 600)
    assert copy.is_fresh(), "a site where nothing is written lags behind nothing"
    copy.compare(clock.now + 1, 600, None)
    clock.now += MOST_LAG + 0.5
    assert not copy.is_fresh(), "one that has become a primary follows nobody"


def test_a_copy_that_hangs_is_left_out_and_nobody_waits_for_it(monkeypatch):
    monkeypatch.setattr(Replica, "look", lambda self: threading.Event().wait())
    replicas = Replicas(["replica-1", "replica-2"])
    assert replicas.fresh() is None


# --- The setting ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("primary", "copies"),
    [
        ("", "postgres://courier:hunter-27@10.0.0.2/courier"),
        ("postgres://10.0.0.1/courier", "postgres://courier:hunter-27@10.0.0.2/courier,sqlite:///hunter-27"),
        ("postgres://10.0.0.1/courier", "hunter-27"),
    ],
)
def test_copies_are_of_postgresql(tmp_path, primary, copies):
    more = {"DATABASE_URL": primary} if primary else {}
    done = start(tmp_path, "import kawaraban.settings", DATABASE_REPLICA_URLS=copies, **more)
    assert done.returncode == 1
    assert "DATABASE_REPLICA_URLS must be" in done.stderr
    assert "hunter-27" not in done.stderr
