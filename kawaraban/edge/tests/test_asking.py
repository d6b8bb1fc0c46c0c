"""Which page is asked for: nothing that makes no difference makes another page of it, and nobody's own is a page."""

from __future__ import annotations

import time

import pytest

from kawaraban.edge import asking
from kawaraban.edge.store import NEVER

HOSTS = frozenset([b"courier.example"])
STORY = "/city/the-bridge-is-promised-again/"


def scope(path=STORY, query=b"", method="GET", scheme="http", **headers):
    pairs = [(b"host", b"courier.example")]
    pairs += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"method": method, "path": path, "query_string": query, "scheme": scheme, "headers": pairs}


def read(*words, **more):
    return asking.read(scope(*words, **more), HOSTS)


@pytest.mark.parametrize(
    "path", ["/", STORY, "/t/5/since/3/", "/member/mikan/", "/feeds/rss/", "/rules/", "/robots.txt"]
)
def test_what_everybody_gets_alike_may_be_remembered(path):
    assert read(path).key == (b"courier.example", path, "")


@pytest.mark.parametrize(
    "path",
    ["/account/login/", "/account/", "/account/x.css", "/account/%2f", "/desk/", "/t/5/", "/t/5/mine/", "/t/5/12/",
     "/search/", "/poll/5/", "/media/x.png", "/x.css", "/moderation/", "/t/5/live/", "/none.php",
     "/" + "a" * 500 + "/"],
)  # fmt: skip
def test_what_is_not_named_is_not_remembered(path):
    assert read(path) is None


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "TRACE", "PURGE"])
def test_only_what_is_read_is_remembered(method):
    assert read(method=method) is None


def test_what_makes_no_difference_is_left_out_of_the_query():
    plain = read().key
    for query in (b"utm_source=x", b"x=1&y=2", b"order", b";page=2", b"fbclid=%00", b"PAGE=2", b"page=" + b"9" * 200):
        key = read(query=query).key
        assert key == plain or key.query == "order=", query
    assert read(query=b"page=2&x=1").key == read(query=b"page=2").key
    assert read(query=b"page=2&order=best").key == read(query=b"order=best&page=2").key
    assert read(query=b"page=1&page=2").key == read(query=b"page=2").key
    assert read(query=b"page=2").key != plain


def test_a_query_beyond_measure_is_the_sites_own_matter():
    assert read(query=b"page=2&" + b"x" * 2_000) is None


def test_who_asks_by_another_name_is_answered_by_the_site():
    asked = scope()
    for host in (b"evil.example", b"courier.example:81", b"COURIER.example.evil.example", b""):
        asked["headers"] = [(b"host", host)]
        assert asking.read(asked, HOSTS) is None
    asked["headers"] = []
    assert asking.read(asked, HOSTS) is None


def test_two_names_are_none():
    asked = scope(x_first="1")
    asked["headers"].insert(0, (b"host", b"evil.example"))
    assert asking.read(asked, HOSTS) is None


def test_other_headers_twice_are_nothing_special():
    asked = scope()
    asked["headers"] += [(b"cookie", b"a=1"), (b"cookie", b"b=2")]
    assert asking.read(asked, HOSTS) is not None


@pytest.mark.parametrize("name", ["authorization", "proxy_authorization"])
def test_who_shows_a_key_is_answered_by_the_site(name):
    assert read(**{name: "Bearer x"}) is None


@pytest.mark.parametrize(
    ("https", "proxies", "scheme", "forwarded", "is_page"),
    [
        (False, 0, "http", "", True),
        (True, 0, "http", "", False),
        (True, 0, "https", "", True),
        (True, 0, "http", "https", False),
        (True, 1, "http", "https", True),
        (True, 1, "https", "http", False),
    ],
)
def test_who_is_to_be_sent_to_https_is_sent_there_by_the_site(settings, https, proxies, scheme, forwarded, is_page):
    settings.HTTPS, settings.PROXIES = https, proxies
    more = {"x_forwarded_proto": forwarded} if forwarded else {}
    assert (read(scheme=scheme, **more) is not None) is is_page


def cookie(milliseconds):
    return f"a=b; changed={milliseconds}; c=d"


def test_who_has_just_changed_something_says_when():
    asked = read(cookie=cookie(int(time.time() * 1000) - 2_000))
    assert asked.after == pytest.approx(time.monotonic() - 2, abs=0.5)


@pytest.mark.parametrize("value", ["", "x", "-1", "1e9", "9" * 15, "9" * 40, "0", "17000000000"])
def test_no_other_moment_makes_pages_be_made(value):
    assert read(cookie=cookie(value)).after == NEVER
