"""While the database is away, every page says so with 503, words that were sent are handed back, and nothing is lost.

Each test runs the whole site in a process of its own, on a real file that is really taken away.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.test_cli import KAWARABAN, PATIENCE, ready, rows, variables

WORDS = 'My grandfather built it. <b>"Nobody" & all</b>'

ASK = """
import json, os, sys, django
django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
settings.ALLOWED_HOSTS.append("testserver")
answers = {}

def ask(name, browser, method, address, fields=None, **more):
    response = getattr(browser, method)(address, fields, **more)
    answers[name] = [response.status_code, dict(response.headers), response.content.decode()]

def browser(**more):
    return Client(raise_request_exception=False, **more)
"""

TAKE_AWAY = """
from kawaraban.accounts.models import User
file = settings.HOME / "site.sqlite3"
member = browser(); member.force_login(User.objects.get(handle="Akiko Dunne"))
careful = browser(enforce_csrf_checks=True); careful.cookies = member.cookies
form = {"body": sys.argv[1], "key": "written-once"}
ask("before", browser(), "get", "/")
connection.close(); file.rename(file.with_name("away")); file.mkdir()
ask("front page", browser(), "get", "/")
ask("story", browser(), "get", "/city/the-bridge-is-promised-again/")
ask("search", browser(), "get", "/search/", {"q": "bridge"})
ask("discussion", member, "get", "/t/1/")
ask("none", browser(), "get", "/none/")
ask("picture", browser(), "get", "/media/none.jpg")
ask("rules", browser(), "get", "/rules/")
ask("desk", member, "get", "/desk/")
ask("comment", member, "post", "/t/1/comments/", form)
ask("edit", member, "post", "/t/1/1/edit/", form)
ask("comment without a token", careful, "post", "/t/1/comments/", form, headers={"origin": "http://testserver"})
ask("vote", member, "post", "/t/1/1/vote/", {"value": "1"})
ask("sign-in", browser(), "post", "/account/login/", {"login": "a@b.example", "password": "hunter-27-hunter"})
connection.close(); file.rmdir(); file.with_name("away").rename(file)
ask("after", browser(), "get", "/")
ask("comment again", member, "post", "/t/1/comments/", form)
print(json.dumps(answers))
"""

NOBODY_THERE = """
from concurrent.futures import ThreadPoolExecutor
member = browser(); member.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
with ThreadPoolExecutor() as pool:
    for done in [pool.submit(ask, "front page", browser(), "get", "/"),
                 pool.submit(ask, "comment", member, "post", "/t/1/comments/", {"body": sys.argv[1], "key": "k"})]:
        done.result()
print(json.dumps(answers))
sys.stdout.flush(); os._exit(0)  # without waiting for the pool, which goes on trying
"""

# Writes as fast as it can; says which comment is written only when that is so.
WRITE = """
import django
django.setup()
from django.db import transaction
from kawaraban.accounts.models import User
from kawaraban.discussion import actions
from kawaraban.discussion.models import Thread
author, voter = User.objects.order_by("pk")
while True:
    with transaction.atomic():
        thread = Thread.objects.select_for_update().get()
        comment = actions.record_comment(thread, actions.Record("Said under fire.", author=author))
    actions.cast_vote(voter, thread.pk, comment.number, 1)
    print(comment.number, flush=True)
"""


def copy_of_site(folder: Path) -> Path:
    """A site of a test's own, without the style sheets that nobody asks for here."""
    home = folder / "site"
    shutil.copytree(ready(), home, ignore=shutil.ignore_patterns("*.css.gz", "*.js.gz", "*.br"))
    return home


def ask(home: Path, questions: str, **more: str) -> dict[str, tuple[int, dict[str, str], str]]:
    """The answers of the site in this folder: status, headers and text for each name."""
    given = {**variables(home, **more), "DJANGO_SETTINGS_MODULE": "kawaraban.settings"}
    command = [sys.executable, "-c", ASK + questions, WORDS]
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What a site says before its database goes away, meanwhile, and after."""
    return ask(copy_of_site(tmp_path_factory.mktemp("faults")), TAKE_AWAY)


@pytest.mark.parametrize(
    "name",
    ["front page", "story", "search", "discussion", "none", "rules", "desk", "comment", "edit", "vote", "sign-in",
     "comment without a token"],
)  # fmt: skip
def test_a_page_that_needs_the_database_says_that_it_is_away_and_when_to_come_back(answers, name):
    status, headers, text = answers[name]
    assert status == 503
    assert headers["Retry-After"] == "30"
    assert "no-store" in headers["Cache-Control"]
    soup = BeautifulSoup(text, "html.parser")
    assert soup.h1.get_text() == "We cannot reach our archive at the moment"
    assert soup.select_one("link[href*='theme/tokens']") is not None
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("name", ["comment", "edit", "comment without a token"])
def test_words_that_were_sent_are_handed_back(answers, name):
    soup = BeautifulSoup(answers[name][2], "html.parser")
    assert soup.select_one("textarea").get_text() == WORDS
    assert soup.select("b") == []


def test_nothing_else_that_was_sent_is_shown(answers):
    for name in ("vote", "sign-in", "front page"):
        assert "textarea" not in answers[name][2]
    assert "hunter-27" not in answers["sign-in"][2]


def test_what_needs_no_database_does_without(answers):
    """A picture that is not there is not there, whether the archive can be reached or not."""
    assert answers["picture"][0] in (404, 503)


def test_no_answer_tells_of_the_works(answers):
    for name, (_, _, text) in answers.items():
        assert "sqlite" not in text.lower(), name
        assert "Traceback" not in text, name


def test_the_site_is_back_with_its_database_without_a_new_start(answers):
    assert (answers["before"][0], answers["after"][0]) == (200, 200)
    status, headers, _ = answers["comment again"]
    assert (status, headers["Location"]) == (302, "/t/1/#comment-2")


def test_a_postgres_that_nobody_can_reach_is_no_other(tmp_path):
    found = ask(copy_of_site(tmp_path), NOBODY_THERE, DATABASE_URL="postgres://nobody@127.0.0.1:9/none")
    assert {name: status for name, (status, _, _) in found.items()} == {"front page": 503, "comment": 503}
    assert BeautifulSoup(found["comment"][2], "html.parser").select_one("textarea").get_text() == WORDS


def test_what_was_acknowledged_before_a_kill_is_on_disk_whole(tmp_path):
    home = copy_of_site(tmp_path)
    given = {**variables(home), "DJANGO_SETTINGS_MODULE": "kawaraban.settings"}
    writer = subprocess.Popen([sys.executable, "-c", WRITE], env=given, stdout=subprocess.PIPE, text=True)
    acknowledged = [int(writer.stdout.readline()) for _ in range(40)]
    writer.send_signal(signal.SIGKILL)
    acknowledged += map(int, writer.communicate()[0].split())
    kept = {number for (number,) in rows(home, "SELECT number FROM discussion_comment")}
    assert len(acknowledged) >= 40
    assert set(acknowledged) <= kept
    assert len(kept) <= len(acknowledged) + 2, "the one before the first, and at most one that nobody heard of"
    assert rows(home, "PRAGMA integrity_check") == [("ok",)]
    examined = subprocess.run(
        [KAWARABAN, "manage", "check_counters"], env=variables(home), capture_output=True, text=True, check=False
    )
    assert (examined.returncode, examined.stderr) == (0, "")
