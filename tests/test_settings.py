"""A site refuses to start when it would be unsafe, says which setting is wrong, and never says what it holds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kawaraban import home
from tests.with_site import environment

GOOD = "Vf0nq3tXbWJkN8sYd7LrUe2aHzPmC9gQ5iKxT1oB6wRyEuZjMvSlGhDc4FpA-_kw"
SHOWN = (
    "HTTPS", "LOCAL", "DEBUG", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_HTTPONLY", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SITE_URL",
    "SECURE_CONTENT_TYPE_NOSNIFF", "TIME_ZONE", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SECRET_KEY", "EMAIL_BACKEND",
    "ACCOUNT_DEFAULT_HTTP_PROTOCOL", "SECURE_PROXY_SSL_HEADER",
)  # fmt: skip
SHOW = f"""
import json
from kawaraban import settings
print(json.dumps({{name: getattr(settings, name, None) for name in {SHOWN!r}}}))
"""


def start(folder: Path, code: str = SHOW, **variables: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of their own; a variable set to `-` is not set at all."""
    given = {**environment(folder), "KAWARABAN_SECRET_KEY": GOOD, **variables}
    kept = {name: value for name, value in given.items() if value != "-"}
    return subprocess.run([sys.executable, "-c", code], env=kept, capture_output=True, text=True, check=False)


def settings_of(folder: Path, **variables: str) -> dict:
    """The settings of a site that starts."""
    done = start(folder, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("name", "variables", "hidden"),
    [
        ("KAWARABAN_SECRET_KEY", {"KAWARABAN_SECRET_KEY": "-"}, ""),
        ("KAWARABAN_SECRET_KEY", {"KAWARABAN_SECRET_KEY": ""}, ""),
        ("KAWARABAN_SECRET_KEY", {"KAWARABAN_SECRET_KEY": GOOD[:49]}, GOOD[:20]),
        ("KAWARABAN_SECRET_KEY", {"KAWARABAN_SECRET_KEY": "abcdefghi" * 8}, "abcdefghi"),
        ("KAWARABAN_SECRET_KEY", {"KAWARABAN_SECRET_KEY": f"django-insecure-{GOOD}"}, GOOD[:20]),
        ("KAWARABAN_URL", {"KAWARABAN_URL": "http://herald.example"}, "herald"),
        ("KAWARABAN_URL", {"KAWARABAN_URL": "herald.example"}, "herald"),
        ("KAWARABAN_URL", {"KAWARABAN_URL": "ftp://herald.example"}, "herald"),
        ("KAWARABAN_URL", {"KAWARABAN_URL": "http://192.168.1.20:8000"}, "192.168"),
        ("KAWARABAN_URL", {"KAWARABAN_URL": "http://localhost.herald.example"}, "herald"),
        ("KAWARABAN_DEBUG", {"KAWARABAN_DEBUG": "1", "KAWARABAN_URL": "https://herald.example"}, "herald"),
        ("KAWARABAN_HOSTS", {"KAWARABAN_HOSTS": "*"}, ""),
        ("KAWARABAN_HOSTS", {"KAWARABAN_HOSTS": "www.herald.example,*"}, "herald"),
        ("KAWARABAN_FETCH_PORTS", {"KAWARABAN_FETCH_PORTS": "80,https"}, ""),
        ("KAWARABAN_FETCH_PRIVATE", {"KAWARABAN_FETCH_PRIVATE": "http://herald.example"}, "herald"),
        ("KAWARABAN_LANGUAGE", {"KAWARABAN_LANGUAGE": "klingon"}, "klingon"),
        ("KAWARABAN_LOG", {"KAWARABAN_LOG": "xml"}, ""),
        ("KAWARABAN_METRICS_KEY", {"KAWARABAN_METRICS_KEY": "hunter-27"}, "hunter-27"),
        ("KAWARABAN_MEDIA_URL", {"KAWARABAN_MEDIA_URL": "https://herald.example/photos"}, "herald"),
        ("KAWARABAN_MEDIA_URL", {"KAWARABAN_MEDIA_URL": "s3://key:hunter-27@photos"}, "hunter-27"),
        ("KAWARABAN_MEDIA_URL", {"KAWARABAN_MEDIA_URL": "s3://photos?endpoit=https://herald.example"}, "herald"),
        ("DATABASE_URL", {"DATABASE_URL": "mysql://news:hunter-27@db.example/news"}, "hunter-27"),
        ("DATABASE_URL", {"DATABASE_URL": "nonsense://news:hunter-27@db.example/news"}, "hunter-27"),
        ("DATABASE_URL", {"DATABASE_URL": "news:hunter-27@db.example"}, "hunter-27"),
    ],
)
def test_an_unsafe_start_is_refused_by_the_name_of_the_setting(tmp_path, name, variables, hidden):
    done = start(tmp_path, **variables)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert name in last
    assert last.endswith(".")
    if hidden:
        assert hidden not in done.stderr


def test_the_command_says_it_in_one_sentence(tmp_path):
    variables = {**environment(tmp_path), "KAWARABAN_SECRET_KEY": "hunter-27"}
    for words in (["doctor"], ["manage", "check"], ["serve"]):
        code = f"import sys; from kawaraban.cli import main; sys.exit(main({words!r}))"
        done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (1, ""), words
        assert done.stderr.startswith("KAWARABAN_SECRET_KEY is too weak."), words
        assert "Traceback" not in done.stderr
        assert "hunter-27" not in done.stderr


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "http://localhost:9000", "http://[::1]:8000", "http://127.8.9.1"]
)
def test_this_machine_alone_may_do_without_https_and_may_debug(tmp_path, url):
    found = settings_of(tmp_path, KAWARABAN_URL=url, KAWARABAN_DEBUG="1")
    assert (found["LOCAL"], found["HTTPS"], found["DEBUG"]) == (True, False, True)
    assert (found["SESSION_COOKIE_NAME"], found["SESSION_COOKIE_SECURE"]) == ("session", False)
    assert found["SECURE_HSTS_SECONDS"] == 0


def test_a_public_site_has_every_lock_shut(tmp_path):
    found = settings_of(tmp_path, KAWARABAN_URL="https://herald.example/", KAWARABAN_HOSTS="www.herald.example")
    assert found["SITE_URL"] == "https://herald.example"
    assert found["ALLOWED_HOSTS"] == ["herald.example", "www.herald.example"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://herald.example"]
    assert (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]) == ("__Host-session", "__Host-csrf")
    locks = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "SECURE_SSL_REDIRECT")
    assert [found[name] for name in locks] == [True] * 4
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert found["SECURE_CONTENT_TYPE_NOSNIFF"] is True
    assert found["DEBUG"] is False
    assert found["ACCOUNT_DEFAULT_HTTP_PROTOCOL"] == "https"
    assert found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")


def test_a_proxys_word_is_taken_only_where_there_is_a_proxy(tmp_path):
    public = {"KAWARABAN_URL": "https://herald.example"}
    assert settings_of(tmp_path, **public)["SECURE_PROXY_SSL_HEADER"] is None
    assert settings_of(tmp_path, **public, KAWARABAN_PROXIES="1")["SECURE_PROXY_SSL_HEADER"] == [
        "HTTP_X_FORWARDED_PROTO",
        "https",
    ]


def test_djangos_own_checks_of_a_public_site_find_nothing(tmp_path):
    code = (
        "import sys; from kawaraban.cli import main;"
        "sys.exit(main(['manage', 'check', '--deploy', '--fail-level', 'WARNING']))"
    )
    done = start(tmp_path, code, KAWARABAN_URL="https://herald.example")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


def test_the_environment_goes_before_the_sites_file(tmp_path):
    home.write_env(tmp_path, {"KAWARABAN_SECRET_KEY": GOOD[::-1], "KAWARABAN_TIME_ZONE": "Asia/Tokyo"})
    found = settings_of(tmp_path, KAWARABAN_SECRET_KEY="-")
    assert (found["SECRET_KEY"], found["TIME_ZONE"]) == (GOOD[::-1], "Asia/Tokyo")
    found = settings_of(tmp_path, KAWARABAN_TIME_ZONE="Europe/Berlin")
    assert (found["SECRET_KEY"], found["TIME_ZONE"]) == (GOOD, "Europe/Berlin")


def test_a_site_that_names_no_time_zone_keeps_utc(tmp_path):
    assert settings_of(tmp_path)["TIME_ZONE"] == "UTC"


def test_every_new_secret_is_strong_enough_to_start(tmp_path):
    secrets = {home.new_secret() for _ in range(20)}
    assert len(secrets) == 20
    assert min(map(len, secrets)) >= 64
    assert settings_of(tmp_path, KAWARABAN_SECRET_KEY=secrets.pop())["LOCAL"] is True


def test_a_site_that_says_nothing_of_it_lets_votes_wait_ten_minutes(tmp_path):
    code = "from kawaraban import settings\nprint(settings.VOTE_DELAY)"
    found = [start(tmp_path, code, KAWARABAN_VOTE_DELAY=minutes).stdout.strip() for minutes in ("-", "0", "45")]
    assert found == ["10", "0", "45"]


def test_photographs_lie_in_the_folder_or_in_the_bucket_that_is_named(tmp_path):
    code = "from kawaraban import settings\nprint(settings.STORAGES['default'])"
    assert "FileSystemStorage" in start(tmp_path, code).stdout
    found = start(
        tmp_path, code, KAWARABAN_MEDIA_URL="s3://photos/courier/?endpoint=https://s3.herald.example&region=x"
    )
    for part in ("buckets.Bucket", "'photos'", "'courier'", "'https://s3.herald.example'", "'x'"):
        assert part in found.stdout


def test_what_may_be_asked_of_other_servers_is_the_operators_choice(tmp_path):
    code = """
from kawaraban import fetch, settings
print(sorted(settings.FETCH.ports), sorted(settings.FETCH.private))
for url in ("http://127.0.0.1:9/", "http://127.0.0.1:10/", "http://127.0.0.2:9/"):
    try:
        fetch.get(url)
    except fetch.FetchError as error:
        print(error.code)
"""
    assert start(tmp_path, code).stdout.split("\n")[:2] == ["[80, 443] []", "bad-port"]
    found = start(tmp_path, code, KAWARABAN_FETCH_PORTS="80, 9", KAWARABAN_FETCH_PRIVATE="127.0.0.1,Wire.lan")
    assert found.stdout.split("\n")[:4] == [
        "[9, 80] ['127.0.0.1', 'wire.lan']",
        "unreachable",
        "bad-port",
        "refused-address",
    ]
