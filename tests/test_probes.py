"""What watches over the site is answered before everything else, and strangers learn nothing from it."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, override_settings

from kawaraban import doctor, probes
from kawaraban.metrics import database
from tests.with_site import environment

KEY = "a-key-of-the-operators"
PROBES = ["/healthz", "/readyz", "/metrics"]


@pytest.fixture(autouse=True)
def anew(monkeypatch, tmp_path, settings):
    """Nothing is remembered, and the style sheets are collected."""
    monkeypatch.setattr(database, "_last", None)
    settings.STATIC_ROOT = tmp_path
    (tmp_path / doctor.STAMP).write_text(doctor.static_version(), encoding="utf-8")
    probes.forget()
    yield
    probes.forget()


def test_a_process_that_lives_and_may_be_sent_readers_says_so(site, stranger):
    assert [stranger.get(probe).content for probe in PROBES[:2]] == [b"ok\n", b"ready\n"]


@override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["courier.example"], PROXIES=1, METRICS_KEY=KEY)
def test_probes_ask_by_address_and_over_plain_http(site, stranger):
    for probe in PROBES:
        answer = stranger.get(probe, headers={"Host": "10.0.0.5:8000", "Authorization": f"Bearer {KEY}"})
        assert answer.status_code == 200, probe
        assert answer.cookies == {}
        assert "Vary" not in answer.headers
        assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")
        assert "10.0.0.5" not in answer.content.decode()


def test_whether_the_process_lives_is_answered_without_the_database(stranger):
    """pytest-django forbids every query here."""
    assert stranger.get("/healthz").status_code == 200


@pytest.mark.parametrize("probe", PROBES)
def test_probes_take_nothing(site, stranger, probe):
    assert stranger.post(probe, {"a": "b"}).status_code == 405
    assert stranger.head(probe).status_code == 200


def test_two_questions_whether_pages_can_be_made_look_at_the_tables_once(site, stranger, django_assert_num_queries):
    stranger.get("/readyz")
    with django_assert_num_queries(0):
        assert stranger.get("/readyz").status_code == 200


@pytest.fixture
def said(caplog):
    caplog.set_level(logging.WARNING)
    return lambda: [record.getMessage() for record in caplog.records]


def test_a_database_that_is_away_is_named_and_nothing_else_of_it(site, stranger, monkeypatch, said):
    name, value = ("NAME", "/nowhere/site.sqlite3") if connection.vendor == "sqlite" else ("PORT", 1)
    with monkeypatch.context() as during:
        during.setitem(connection.settings_dict, name, value)
        for _ in range(3):
            answer = stranger.get("/readyz")
            assert (answer.status_code, answer.content) == (503, b"not ready: database\n")
        assert stranger.get("/healthz").status_code == 200
    assert stranger.get("/readyz").status_code == 200
    assert said() == ["Not ready: database.", "Ready again."], "each change once, however often one asks"


def test_steps_that_were_not_taken_and_files_that_are_missing_are_named(site, stranger, settings, monkeypatch):
    (settings.STATIC_ROOT / doctor.STAMP).write_text("another version", encoding="utf-8")
    monkeypatch.setattr(doctor, "_waiting", lambda: ["a step"])
    assert stranger.get("/readyz").content == b"not ready: migrations, static\n"
    monkeypatch.undo()
    (settings.STATIC_ROOT / doctor.STAMP).write_text(doctor.static_version(), encoding="utf-8")
    assert stranger.get("/readyz").status_code == 200, "what was missing is looked at again at once"


ASK = """
import json, time
import django
django.setup()
from django.test import Client
found = []
for probe in ("/healthz", "/readyz"):
    began = time.monotonic()
    answer = Client().get(probe, headers={"Host": "10.0.0.5"})
    found.append([answer.status_code, answer.content.decode(), time.monotonic() - began])
print(json.dumps(found))
"""


def ask(folder: Path, **variables: str) -> list:
    """What a process of its own answers: status, text and seconds, of `/healthz` and `/readyz`."""
    given = {**environment(folder), "DJANGO_SETTINGS_MODULE": "kawaraban.settings", **variables}
    done = subprocess.run([sys.executable, "-c", ASK], env=given, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_a_postgresql_that_is_silent_costs_whoever_asks_a_second(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgres://courier@127.0.0.1:{silent.getsockname()[1]}/courier"
        alive, ready = ask(tmp_path, DATABASE_URL=url)
    assert alive[:2] == [200, "ok\n"]
    assert ready[:2] == [503, "not ready: database\n"]
    assert 0.9 < ready[2] < 5


def test_a_site_without_its_tables_is_not_ready(tmp_path):
    alive, ready = ask(tmp_path)
    assert alive[:2] == [200, "ok\n"]
    assert ready[:2] == [503, "not ready: migrations, static\n"]


# --- Figures ---------------------------------------------------------------------------------------------------------


def see(settings_: dict, headers: dict[str, str], remote: str = "127.0.0.1") -> bool:
    """Whether the figures are shown."""
    with override_settings(**{"METRICS_KEY": "", "PROXIES": 0, **settings_}):
        answer = Client(REMOTE_ADDR=remote).get("/metrics", headers=headers, follow=True)
    if answer.status_code == 200:
        assert b"kawaraban_http_requests_total" in answer.content
        return True
    assert answer.status_code in (400, 404)
    assert b"kawaraban_" not in answer.content
    return False


@pytest.mark.parametrize(
    ("settings_", "headers", "remote"),
    [
        ({}, {}, "127.0.0.1"),
        ({}, {}, "::1"),
        ({"METRICS_KEY": KEY}, {}, "127.0.0.1"),
        ({"METRICS_KEY": KEY}, {"Authorization": f"Bearer {KEY}"}, "203.0.113.7"),
        ({"METRICS_KEY": KEY, "PROXIES": 2}, {"Authorization": f"bearer {KEY}", "Host": "10.0.0.5"}, "10.0.0.1"),
    ],
)
def test_this_machine_and_who_has_the_key_see_the_figures(site, settings_, headers, remote):
    assert see(settings_, headers, remote)


@pytest.mark.parametrize(
    ("settings_", "headers", "remote"),
    [
        ({}, {}, "203.0.113.7"),
        ({}, {}, ""),
        ({}, {"Authorization": "Bearer "}, "203.0.113.7"),
        ({"METRICS_KEY": KEY}, {}, "203.0.113.7"),
        ({"METRICS_KEY": KEY}, {"Authorization": f"Bearer {KEY}x"}, "127.0.0.1"),
        ({"METRICS_KEY": KEY}, {"Authorization": f"Basic {KEY}"}, "203.0.113.7"),
        ({"METRICS_KEY": KEY}, {"Authorization": "Bearer ü"}, "203.0.113.7"),
        ({"PROXIES": 1}, {}, "127.0.0.1"),
        ({"PROXIES": 1}, {"X-Forwarded-For": "127.0.0.1"}, "10.0.0.1"),
        ({}, {"X-Forwarded-For": "203.0.113.7"}, "127.0.0.1"),
        ({}, {"Forwarded": "for=203.0.113.7"}, "127.0.0.1"),
        ({}, {"X-Real-IP": "203.0.113.7"}, "127.0.0.1"),
        ({}, {"Host": "rebound.evil.example"}, "127.0.0.1"),
    ],
)
def test_to_all_others_the_figures_are_not_there(site, settings_, headers, remote):
    assert not see(settings_, headers, remote)


def test_figures_name_no_page_no_member_and_no_address(site, author, signed_in):
    browser = signed_in(author)
    browser.get("/city/zqnowhere/", REMOTE_ADDR="203.0.113.77")
    browser.get(f"/member/{author.slug}/")
    told = Client().get("/metrics").content.decode()
    assert [word for word in ("zqnowhere", author.slug, "203.0.113", "/member") if word in told] == []
    series = [line for line in told.splitlines() if line.startswith("kawaraban_")]
    assert 100 < len(series) < 400
