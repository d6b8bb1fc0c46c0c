"""A served site with its memory in front: alike for everybody, fresh after each change, and there without a database.

Every test asks a real `kawaraban serve` over HTTP, on a database file that another process changes and takes away.
"""

from __future__ import annotations

import gzip
import http.client
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from bs4 import BeautifulSoup

from tests.ports import free_port
from tests.test_cli import PASSWORD, PATIENCE, ready, run, served, variables
from tests.waiting import until

STORY = "/city/the-bridge-is-promised-again/"
# What readers see of the site, one address of each kind of page that may be remembered.
PAGES = (
    "/", "/city/", STORY, "/t/1/since/0/", "/t/1/1/conversation/", "/member/old-ferryman/", "/feeds/", "/feeds/rss/",
    "/feeds/atom/", "/feeds/json/", "/feeds/ninjs/", "/feeds/rss/section/city/", "/feeds/atom/thread/1/", "/rules/",
    "/robots.txt", "/sitemap.xml", "/sitemaps/news.xml", "/site.css",
)  # fmt: skip
SHOWS_COMMENT = (STORY, "/t/1/since/0/", "/t/1/1/conversation/", "/member/old-ferryman/", "/feeds/atom/thread/1/")
SHOWS_STORY = ("/", "/city/", STORY, "/feeds/rss/", "/feeds/json/", "/feeds/ninjs/", "/sitemaps/news.xml")
SOON = 20.0  # seconds
HEADLINE, WORDS = "The bridge is promised again", "Said once."

# What another process of the site does, as its worker or an operator would.
DO = """
import sys, django
django.setup()
from kawaraban.accounts.models import User
from kawaraban.discussion.models import Thread
from kawaraban.discussion.testing import make_comment
from kawaraban.newsroom.models import StoryPage
{}
"""


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Site:
    """A served site, and how to ask it."""

    home: Path
    port: int
    server: Any = None
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """One request, as a browser with these cookies sends it; no header twice."""
        sent = {"Host": f"127.0.0.1:{self.port}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookies and "Cookie" not in sent:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            for cookie in response.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, response.read())
        finally:
            connection.close()

    def post(self, path: str, **fields: str) -> Answer:
        """A form, with the token that the browser was given."""
        sent = urlencode({"csrfmiddlewaretoken": self.cookies.get("csrf", ""), **fields}).encode()
        more = {"Content_Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"}
        return self.get(path, "POST", sent, **more)

    def nobody(self) -> Site:
        """The same site in a browser that was never here."""
        return Site(self.home, self.port, self.server)

    def member(self) -> Site:
        """A browser in which somebody is signed in."""
        browser = self.nobody()
        browser.get("/account/login/")
        answer = browser.post("/account/login/", login="chief@courier.example", password=PASSWORD)
        assert answer.status == 302, answer.text
        return browser

    def elsewhere(self, *lines: str) -> None:
        """Let another process of the site do something."""
        words = DO.format("\n".join(lines))
        given = {**variables(self.home), "DJANGO_SETTINGS_MODULE": "kawaraban.settings"}
        done = subprocess.run([sys.executable, "-c", words], env=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """As if the disk with the database were away."""
        file = self.home / "site.sqlite3"
        file.rename(file.with_name("away"))
        file.mkdir()
        try:
            yield
        finally:
            file.rmdir()
            file.with_name("away").rename(file)


@contextmanager
def site_of(home: Path, port: int = 0) -> Iterator[Site]:
    """The site in a folder, served; at the same port it is the same site to browsers, and to its memory."""
    port = port or free_port()
    with served(home, port=port, KAWARABAN_URL=f"http://127.0.0.1:{port}") as (server, _):
        yield Site(home, port, server)


def copied(folder: Path) -> Path:
    home = folder / "site"
    shutil.copytree(ready(), home)
    return home


@pytest.fixture(scope="module")
def quiet(tmp_path_factory) -> Iterator[Site]:
    """A served site to which no test does anything that lasts."""
    with site_of(copied(tmp_path_factory.mktemp("edge"))) as site:
        yield site


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    """A served site of a test's own."""
    with site_of(copied(tmp_path)) as site:
        yield site


def is_remembered(answer: Answer) -> bool:
    return "surrogate-key" in answer.headers


# --- Alike for everybody ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_every_page_for_everybody_is_remembered(quiet, path):
    first, second = quiet.get(path), quiet.get(path)
    assert (first.status, second.status) == (200, 200)
    assert is_remembered(first)
    assert is_remembered(second)
    assert second.headers["etag"] == first.headers["etag"]
    assert second.body == first.body


@pytest.mark.parametrize("path", ["/account/login/", "/t/1/", "/t/1/mine/", "/search/?q=bridge", "/none/", "/desk/"])
def test_what_is_somebodys_own_is_not(quiet, path):
    answer = quiet.get(path)
    assert not is_remembered(answer)
    assert "public" not in answer.headers.get("cache-control", "")


@pytest.mark.parametrize("path", PAGES)
def test_who_comes_second_finds_no_trace_of_who_came_first(site_of_two, path):
    """S-055: a member asks first, with everything that a browser may send along."""
    theirs, ours = site_of_two[path]
    assert ours.body == theirs.body
    assert "set-cookie" not in ours.headers | theirs.headers
    for canary in ("Akiko", "chief@", "canary", "csrfmiddlewaretoken"):
        assert canary not in ours.text


@pytest.fixture(scope="module")
def site_of_two(tmp_path_factory):
    """Each page as a member got it who asked first, and as a stranger then did."""
    with site_of(copied(tmp_path_factory.mktemp("two"))) as site:
        member, found = site.member(), {}
        for path in PAGES:
            query = "?canary=canary&utm_source=canary"
            theirs = member.get(path + query, Accept_Language="ja", X_Forwarded_Host="canary.example",
                                X_Original_URL="/canary/", Referer="https://canary.example/")  # fmt: skip
            found[path] = theirs, site.nobody().get(path)
        return found


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1:1"},
        {"X_Forwarded_Host": "evil.example"},
        {"X_Forwarded_Prefix": "/evil"},
        {"X_Original_URL": "/evil/"},
        {"X_Rewrite_URL": "/evil/"},
        {"X_Forwarded_Proto": "https"},
        {"X_Requested_With": "XMLHttpRequest"},
        {"Accept": "application/json"},
        {"Accept_Language": "ja"},
        {"Cookie": "session=evil; csrf=evil; signed_in=1; changed=99999999999999"},
        {"Range": "bytes=0-3"},
        {"If_Range": "evil"},
        {"X_HTTP_Method_Override": "POST"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_no_header_makes_another_page_for_the_next(quiet, headers):
    """S-056, S-057: asked first with a header that is not ours, the page is the same for who comes after."""
    path = f"{STORY}?page={'-'.join(headers)}{'-'.join(headers.values())[:20]}"  # that nobody has asked for yet
    asked = quiet.get(quote(path, safe="/?="), **headers)
    assert asked.status in (200, 400)
    clean = quiet.get(quote(path, safe="/?="))
    assert clean.status == 200
    assert "evil" not in clean.text
    assert len(clean.body) > 5_000
    assert asked.status == 400 or "evil" not in asked.text


@pytest.mark.parametrize("query", ["?x=1", "?page=1;order=newest", "?ORDER=newest", "?page=%00", "?order=newest&x"])
def test_an_unknown_part_of_a_query_makes_no_page(quiet, query):
    assert quiet.get(STORY + query).status in (200, 400)
    before = facts(quiet)["pages"]
    for number in range(30):
        quiet.get(f"{STORY}?random={number}")
    assert facts(quiet)["pages"] == before


@pytest.mark.parametrize("path", ["/account/x.css", "/account/%2f", "/account/;.js", "/account/..", "/t/1/mine/x.css"])
def test_nobodys_own_page_is_had_by_another_name(quiet, path):
    """S-058."""
    answer = quiet.member().get(path)
    assert not is_remembered(answer)
    assert "public" not in answer.headers.get("cache-control", "")


@pytest.mark.parametrize(
    "path", ["/none/", "/city/none/", "/member/nobody/", "/feeds/rss/section/none/", "/t/9/since/0/"]
)
def test_what_is_not_there_is_not_remembered(quiet, path):
    """S-059."""
    for _ in range(2):
        answer = quiet.get(path)
        assert answer.status == 404
        assert not is_remembered(answer)


def test_who_shows_a_key_is_not_answered_from_memory(quiet):
    """S-060."""
    quiet.get(STORY)
    assert not is_remembered(quiet.get(STORY, Authorization="Bearer x"))


# --- As HTTP has it ---------------------------------------------------------------------------------------------------


def test_who_has_the_page_is_told_so(quiet):
    first = quiet.get(STORY)
    again = quiet.get(STORY, If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert quiet.get(STORY, If_None_Match='"other"').status == 200


def test_a_program_that_goes_by_dates_is_told_so_as_well(quiet):
    feed = quiet.get("/feeds/rss/")
    assert quiet.get("/feeds/rss/", If_Modified_Since=feed.headers["last-modified"]).status == 304


def test_head_is_get_without_the_page(quiet):
    head, got = quiet.get(STORY, "HEAD"), quiet.get(STORY)
    assert head.body == b""
    assert {k: v for k, v in head.headers.items() if k != "date"} == {
        k: v for k, v in got.headers.items() if k != "date"
    }


def test_every_coding_holds_the_same_page(quiet):
    plain = quiet.get(STORY)
    packed = quiet.get(STORY, Accept_Encoding="gzip")
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert len({quiet.get(STORY, Accept_Encoding=coding).headers["etag"] for coding in ("gzip", "br", "zstd", "")}) == 4


def test_a_part_of_a_page_is_refused(quiet):
    answer = quiet.get(STORY, Range="bytes=0-9")
    assert answer.status == 200
    assert answer.headers["accept-ranges"] == "none"


def test_remembered_pages_carry_the_sites_headers(quiet):
    answer = quiet.get(STORY)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    for word in ("s-maxage", "stale-while-revalidate", "stale-if-error"):
        assert word in answer.headers["cache-control"]
    assert re.fullmatch(r"site story:\d+ thread:1", answer.headers["surrogate-key"])


# --- Fresh after each change ------------------------------------------------------------------------------------------


def test_who_writes_sees_it_on_the_page_at_once(site):
    for path in (STORY, "/t/1/"):
        site.get(path)
    member = site.member()
    member.get("/t/1/")
    for number in range(5):
        words = f"I saw it, {number} times."
        posted = member.post("/t/1/comments/", body=words, key=f"key-{number}")
        assert posted.status == 302, posted.text
        assert words in member.get(STORY).text


def test_what_another_process_does_is_seen_within_moments(site):
    assert "From the worker" not in site.get(STORY).text
    site.elsewhere('make_comment(Thread.objects.get(), User.objects.first(), "From the worker.")')
    until(lambda: "From the worker." in site.get(STORY).text, 5)


def test_a_new_story_is_on_the_front_page_within_moments(site):
    for path in SHOWS_STORY:
        site.get(path)
    site.elsewhere(
        "from kawaraban.newsroom.testing import make_story",
        "from kawaraban.newsroom.models import SectionPage",
        'make_story(SectionPage.objects.get(slug="city"), headline="A ferry sinks")',
    )
    for path in SHOWS_STORY:
        if path != STORY:
            until(lambda path=path: "A ferry sinks" in site.get(path).text, 5)


def test_a_removed_comment_is_gone_from_every_page(site):
    """S-062."""
    for path in SHOWS_COMMENT:
        assert WORDS in site.get(path).text, path
    site.elsewhere(
        "from kawaraban.accounts.models import MODERATOR",
        "from kawaraban.accounts.testing import make_member",
        "from kawaraban.discussion.testing import remove_comment",
        'remove_comment(make_member("Ben Okabe", role=MODERATOR), 1, 1)',
    )
    for path in SHOWS_COMMENT:
        until(lambda path=path: WORDS not in site.get(path).text, 10)
    with site.without_database():
        for path in SHOWS_COMMENT:
            assert WORDS not in site.get(path).text


def test_an_unpublished_story_is_gone_from_every_page(site):
    """S-062."""
    for path in (*SHOWS_STORY, *SHOWS_COMMENT):
        site.get(path)
    site.elsewhere("StoryPage.objects.get().unpublish()")
    for path in (*SHOWS_STORY, *SHOWS_COMMENT):
        until(lambda path=path: HEADLINE not in site.get(path).text, 10)
    with site.without_database():
        for path in (*SHOWS_STORY, *SHOWS_COMMENT):
            assert HEADLINE not in site.get(path).text, path


# --- Without a database -----------------------------------------------------------------------------------------------


def test_warm_pages_are_read_while_the_database_is_away(site):
    """F-05: what is older than it should be says so; what must be asked of the database says why not."""
    for path in PAGES:
        site.get(path)
    member = site.member()
    member.get("/t/1/")
    with site.without_database():
        assert [site.get(path).status for path in PAGES] == [200] * len(PAGES)
        assert site.get("/account/login/").status == 503
        refused = member.post("/t/1/comments/", body="Not lost.", key="key")
        assert refused.status == 503
        assert BeautifulSoup(refused.text, "html.parser").textarea.get_text() == "Not lost."
    assert site.get("/account/login/").status == 200


def test_a_page_that_stands_in_says_so_and_since_when(site):
    site.get(STORY)
    with site.without_database():
        # Whoever has just changed something wants a new page, and there is none.
        late = f"changed={int(time.time() * 1000)}"
        shown = BeautifulSoup(site.get(STORY, Cookie=late).text, "html.parser")
        notice = shown.select_one(".out-of-order")
        assert not notice.has_attr("hidden")
        assert re.search(r"as it was at \d\d:\d\d", notice.get_text())
        assert site.get(STORY).headers["cache-control"] == "no-store"
    until(lambda: BeautifulSoup(site.get(STORY).text, "html.parser").select_one(".out-of-order[hidden]"), 10)


def test_a_process_that_starts_has_the_pages_of_the_one_before(tmp_path):
    home = copied(tmp_path)
    with site_of(home) as site:
        port = site.port
        for path in PAGES:
            site.get(path)
    with site_of(home, port) as again, again.without_database():
        assert [again.get(path).status for path in PAGES] == [200] * len(PAGES)


def test_but_not_what_was_taken_back_meanwhile(tmp_path):
    """F-05, S-062: the database is away when the process starts; a file knows what may not be shown."""
    home = copied(tmp_path)
    with site_of(home) as site:
        port = site.port
        for path in PAGES:
            site.get(path)
    site.elsewhere("StoryPage.objects.get().unpublish()")
    with site_of(home, port) as again, again.without_database():
        for path in (*SHOWS_STORY, *SHOWS_COMMENT):
            answer = again.get(path)
            assert answer.status == 503, path
            assert HEADLINE not in answer.text
        assert again.get("/rules/").status == 200


# --- The switch, and what is said of it -------------------------------------------------------------------------------


def facts(site: Site) -> dict[str, Any]:
    """What the process says of itself, when it next says something."""
    (path,) = (site.home / "pages").glob("status-*.json")
    before = path.stat().st_mtime_ns
    until(lambda: path.stat().st_mtime_ns != before, SOON)
    return json.loads(path.read_text())


def test_an_operator_sees_how_the_memory_does(quiet):
    quiet.get(STORY)
    until(lambda: "from memory" in run(quiet.home, "edge", "status").stdout, SOON)


def test_in_an_emergency_stories_are_read_and_nothing_else_is_done(site):
    member = site.member()
    member.get("/t/1/")
    site.get(STORY)
    with site.without_database():
        assert run(site.home, "edge", "emergency", "on").returncode == 0
    until(lambda: site.get("/search/?q=bridge").status == 503, SOON)
    assert site.get(STORY).status == 200
    assert site.get("/city/").status == 200
    refused = member.post("/t/1/comments/", body="Not lost.", key="key")
    assert refused.status == 503
    assert int(refused.headers["retry-after"]) >= 60
    assert BeautifulSoup(refused.text, "html.parser").textarea.get_text() == "Not lost."
    assert site.get("/t/1/live/").status == 503
    assert "EMERGENCY" in run(site.home, "edge", "status").stdout
    assert run(site.home, "edge", "emergency", "off").returncode == 0
    until(lambda: member.post("/t/1/comments/", body="Not lost.", key="key").status == 302, SOON)


def test_without_a_process_there_is_nothing_to_say(tmp_path):
    asked = run(tmp_path, "edge", "status")
    assert asked.returncode == 1
    assert "No process of this site runs" in asked.stderr
