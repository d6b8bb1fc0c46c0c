"""What is written down: one entry a line, without addresses or secrets, whoever sent what (S-109)."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.urls import path

from kawaraban import logs, urls
from kawaraban.logs import Json, Text, escape, redact
from tests.with_site import environment

TOKEN = "WzEwLCJkZWNpc2lvbnMiXQ:Qwuxy1PAil3e9DwU1QtcP5NyWs56DQe1JAySNK1mv-4"
BODY = "zq a private letter by mikan@readers.example from 203.0.113.77"


def fail(request):
    """A fault that quotes what was sent."""
    raise RuntimeError(f"{request.headers.get('X-Said', '')} {BODY}")


urlpatterns = [path("fails/", fail), *urls.urlpatterns]
handler404, handler500 = urls.handler404, urls.handler500


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Mail to mikan@readers.example failed", "Mail to [mail] failed"),
        ("<o'hara+news@mail.readers.example>", "<o'[mail]>"),
        ("from 203.0.113.77:4431, again", "from [address]:4431, again"),
        ("via 2001:db8::42 and ::ffff:203.0.113.77.", "via [address] and [address]:[address]."),
        ("[2001:db8:0:1:2:3:4:5]:443", "[[address]]:443"),
        ("fe80::1%eth0 is near", "[address] is near"),
        ("at 12:30:45, version 1.2.3, 2026-11-23", "at 12:30:45, version 1.2.3, 2026-11-23"),
        ('connection to "127.0.0.1" and ::1 refused', 'connection to "127.0.0.1" and ::1 refused'),
        ("Not Found: /search/?q=my+illness", "Not Found: /search/?[query]"),
        (f"Not Found: /unsubscribe/{TOKEN}/", "Not Found: /unsubscribe/[secret]:[secret]/"),
        (f"Bad Request: /account/reset/key/1-{'c9f1a07d' * 4}/", "Bad Request: /account/reset/key/[secret]/"),
        ("Authorization: Bearer abc.def", "Authorization: [secret]"),
        ("{'password': 'paper-and-ink', 'x': 1}", "{'password': '[secret]', 'x': 1}"),
        ("KeyError: 'sessionid=abc'", "KeyError: 'sessionid=[secret]'"),
        ("postgres://courier:hunter2@db.example/x", "postgres://[secret]@db.example/x"),
        ("session 8hq0mtd1x5c2k7w9v3b6n4z0a1s2d3f4", "session [secret]"),
        ("/city/the-harbour-bridge-is-promised-again-in-2026/", "/city/the-harbour-bridge-is-promised-again-in-2026/"),
        ("kawaraban.newsroom.actions.write_reads_regularly", "kawaraban.newsroom.actions.write_reads_regularly"),
        ("Streams of thread 1234567890123456789 end", "Streams of thread 1234567890123456789 end"),
        ("記事を読む人が増えました。", "記事を読む人が増えました。"),
    ],
)
def test_addresses_and_secrets_are_not_written_down(said, written):
    assert redact(said) == written


@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b[31m", "\x00", "\x85", "\u2028", "\u202e", "\t"])
def test_no_sign_begins_a_line_or_speaks_to_a_terminal(sign):
    written = escape(f"before{sign}after")
    assert sign[0] not in written
    assert written.startswith("before\\")
    assert len(written.splitlines()) == 1


@pytest.mark.parametrize("text", ["a" * 19_000, "?" * 19_000, "1." * 9_500, ":" * 19_000, "/" * 19_000, "key=" * 4_700])
def test_cleaning_takes_no_longer_for_what_was_made_to_be_long(text, stopwatch):
    with stopwatch:
        redact(text)
    assert stopwatch.seconds < 0.25


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    """An entry as a logger makes it."""
    caught = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("kawaraban.test", logging.ERROR, __file__, 1, message, args, caught)


def raised(words: str) -> RuntimeError:
    """An error with a traceback."""
    try:
        raise RuntimeError(words)
    except RuntimeError as error:
        return error


FORGED = "seen\n2026-11-23 14:03:07,512 CRITICAL root: forged"


def test_a_line_of_text_is_one_entry():
    assert Text().format(record("He said %s", FORGED)).splitlines()[1:] == []
    lines = Text().format(record("It failed.", error=raised(FORGED))).splitlines()
    assert len(lines) > 3
    assert [line for line in lines[1:] if not line.startswith("    ")] == []


def test_an_entry_as_json_is_one_object_on_one_line():
    token = logs.request_id.set("4be0aa12cd34")
    try:
        line = Json().format(record("%s of mikan@readers.example", FORGED, error=raised(f"{FORGED} \x1b 203.0.113.77")))
    finally:
        logs.request_id.reset(token)
    assert line.isascii()
    assert line.isprintable()
    entry = json.loads(line)
    assert {*entry} == {"time", "level", "logger", "message", "request_id", "traceback"}
    assert (entry["level"], entry["logger"], entry["request_id"]) == ("ERROR", "kawaraban.test", "4be0aa12cd34")
    assert entry["message"] == f"{FORGED} of [mail]"
    assert "RuntimeError: seen" in entry["traceback"]
    assert "203.0.113.77" not in entry["traceback"]
    assert entry["time"].endswith("+00:00")


class Kept(logging.Handler):
    """Keeps what a formatter makes of each entry."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def kept():
    handler = Kept(Json())
    logging.getLogger("django.request").addHandler(handler)
    yield handler.lines
    logging.getLogger("django.request").removeHandler(handler)


@override_settings(ROOT_URLCONF=__name__)
def test_a_fault_is_found_in_the_log_by_the_number_on_its_page(site, kept):
    answer = Client(raise_request_exception=False).get("/fails/", headers={"X-Said": f"token={TOKEN}"})
    number = answer["X-Request-Id"]
    assert f"<code>{number}</code>" in answer.content.decode()
    entry = json.loads(kept[-1])
    assert entry["request_id"] == number
    assert "a private letter" in entry["traceback"], "what happened is still told"
    assert not [secret for secret in (TOKEN, "readers.example", "203.0.113") if secret in kept[-1]]


@override_settings(ROOT_URLCONF=__name__)
def test_each_fault_has_a_number_of_its_own_that_no_asker_chooses(site):
    browser = Client(raise_request_exception=False)
    numbers = {browser.get("/fails/", headers={"X-Request-Id": "chosen"})["X-Request-Id"] for _ in range(5)}
    assert len(numbers) == 5
    assert "chosen" not in numbers
    assert logs.request_id.get() == ""


def test_what_is_written_down_after_the_answer_was_made_has_its_number(site, stranger, kept):
    stranger.get("/nowhere/")
    entry = json.loads(kept[-1])
    assert entry["message"] == "Not Found: /nowhere/"
    assert re.fullmatch("[0-9a-f]{12}", entry["request_id"])


def test_what_went_well_has_no_number(site, stranger):
    assert "X-Request-Id" not in stranger.get("/").headers
    assert "X-Request-Id" not in stranger.get("/nowhere/").headers


def write_down(folder: Path, **variables: str) -> tuple[str, str]:
    """What a site in a process of its own writes down of an unknown page: on the console, and into its file."""
    code = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "kawaraban.settings"
import django
django.setup()
import logging
logging.getLogger("kawaraban.test").warning("Not found:\\n%s", "/a/?token=secret-word")
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**environment(folder), **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr, (folder / "log" / "kawaraban.log").read_text(encoding="utf-8")


def test_a_site_writes_text_and_by_a_setting_json(tmp_path):
    for folder in ("text", "json"):
        (tmp_path / folder).mkdir()
    console, file = write_down(tmp_path / "text")
    assert console == file
    assert console.endswith("WARNING kawaraban.test: Not found:\\n/a/?[query]\n")
    console, file = write_down(tmp_path / "json", KAWARABAN_LOG="json")
    assert console == file
    assert json.loads(console)["message"] == "Not found:\n/a/?[query]"
