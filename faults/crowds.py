"""What readers see while the database is away, and while many more come than usual: F-05, F-10 and F-11.

The load is wrk's (Debian), the site one web process with its memory, as `kawaraban serve` runs it.
"""

from __future__ import annotations

import itertools
import json
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench import wrk
from faults.load import BETWEEN, CSRF, DRAW, WORDS, Browser
from faults.machines import answers, until, web
from faults.scenes import PAGE, Large, much, running
from faults.site import Site, new_site

Report = dict[str, Any]
READERS = 4
CONNECTIONS = 64
WRITE_EVERY = 5  # seconds between two changes of the hot page
CROWD = 4_000  # pages a second that are asked for: twenty times what is usual in F-11
MANY_WRITERS, SEARCHERS = 40, 8
MOST = 8_000  # requests of each kind
BACK_WITHIN = 60.0  # seconds from the end of a spike until all is as before
QUICK = 1.0  # seconds

REMOVE = """
import django
django.setup()
from kawaraban.accounts.models import User
from kawaraban.discussion.testing import remove_comment
remove_comment(User.objects.get(pk={member}), {thread}, {number})
"""


def large_without_database(it: Large) -> Report:
    """F-05: PostgreSQL is away while readers read; a comment was removed in the last moment before."""
    each = [Browser(port, f"127.0.0.1:{it.port}") for port in it.webs]
    hidden, stood_on = _remove_a_comment(it, each)
    pages = [*it.filled["pages"], stood_on, "/", PAGE]
    for page in pages:
        until(lambda page=page: not any(_shows(web, page, hidden) for web in each), "the removal", 30)  # type: ignore[misc]
    for node in it.postgres.nodes.values():
        node.stop()
    cold, reads, times, shown = Counter[str](), Counter[str](), list[float](), [0]
    ended = threading.Event()

    def read() -> None:
        reader = Browser(it.port)
        while not ended.wait(BETWEEN):
            began = time.monotonic()
            status = reader.get(DRAW.choice(pages))
            times.append(time.monotonic() - began)
            reads[status] += 1
            shown[0] += hidden in reader.text

    def search() -> None:
        reader = Browser(it.port)
        while not ended.wait(BETWEEN):
            cold[reader.get(f"/search/?q={uuid.uuid4().hex[:6]}")] += 1

    readers = [threading.Thread(target=work) for work in (*[read] * READERS, search)]
    for reader in readers:
        reader.start()
    time.sleep(much(60, 1_800))  # the database is away meanwhile
    ended.set()
    for reader in readers:
        reader.join()
    for node in it.postgres.nodes.values():
        node.start()
    began = time.monotonic()
    until(lambda: answers(it.port, "/search/?q=bridge"), "the site with its database", 180)
    back = time.monotonic() - began
    until(it.postgres.in_step, "a synchronous standby")
    share = reads["200"] / max(sum(reads.values()), 1)
    return {
        "reads": dict(reads), "share_of_warm": round(share, 4), "read_p99": _p99(times), "others": dict(cold),
        "failed": {} if share >= 0.99 else dict(reads), "removed_shown": shown[0], "back_after": round(back, 1),
    }  # fmt: skip


def small_herd(folder: Path, ports: Callable[[], int]) -> Report:
    """F-10: a page that everybody wants changes every five seconds; it is made once for each change."""
    port = ports()
    with _served(folder, port) as (site, filled, url):
        made, purges = _told(site)
        posts, seconds, written = _posts(filled, filled["threads"][0]), 25, 0
        reading = wrk.start(url + filled["pages"][0], seconds, CONNECTIONS)
        for _ in range(seconds // WRITE_EVERY):
            time.sleep(WRITE_EVERY)  # readers read what was made for the last change
            written += Browser(port).send(*next(posts)) == "302"
        run = reading()
        again, after = _told(site)
    failed = {"refused": run.refused, "made too often": max(0, again - made - (after - purges))}
    return {
        "rate": round(run.rate), "read_p99_ms": run.p99, "longest_ms": run.longest, "changes": written,
        "purges": after - purges, "made": again - made,
        "failed": {what: count for what, count in failed.items() if count},
    }  # fmt: skip


def small_spike(folder: Path, ports: Callable[[], int]) -> Report:
    """F-11: twenty times the readers and five times the writers at one story, and others who search."""
    port = ports()
    with _served(folder, port) as (_, filled, url):
        page, seconds = url + filled["pages"][0], 25
        usual = wrk.start(page, 5, CONNECTIONS, pace=CROWD / 20)()
        posts = wrk.write(folder / "posts", islice(_posts(filled, filled["threads"][0]), MOST))
        searches = wrk.write(folder / "searches", (("GET", f"/search/?q={n}", "", "") for n in range(MOST)))
        others = [wrk.start(url, seconds, MANY_WRITERS, posts), wrk.start(url, seconds, SEARCHERS, searches)]
        crowd = wrk.start(page, seconds - 2, CONNECTIONS, pace=CROWD)()
        wrote, searched = (other() for other in others)
        began = time.monotonic()
        until(lambda: _is_quick(port, "/search/?q=bridge"), "searches to be answered as before", BACK_WITHIN)
    return {
        "usual_p99_ms": usual.p99, "rate": round(crowd.rate), "read_p99_ms": crowd.p99, "longest_ms": crowd.longest,
        "written": wrote.answered - wrote.refused, "writes_refused": wrote.refused,
        "searched": searched.answered - searched.refused, "searches_refused": searched.refused,
        "back_after": round(time.monotonic() - began, 1),
        "failed": {"pages": crowd.refused} if crowd.refused else {},
    }  # fmt: skip


# --- What these share -------------------------------------------------------------------------------------------------


@contextmanager
def _served(folder: Path, port: int) -> Iterator[tuple[Site, dict[str, Any], str]]:
    """A small site that is served and at rest, what it is filled with, and its address."""
    url = f"http://127.0.0.1:{port}"
    site = new_site(folder / "site", url)
    filled = site.fill()
    with running([web(site, folder, 1, port)]):
        until(lambda: answers(port, filled["pages"][0]), "the site")
        yield site, filled, url


def _posts(filled: dict[str, Any], thread: int) -> Iterator[tuple[str, str, str, str]]:
    """Comments of members in turn, as wrk and browsers send them. Without end."""
    sessions = list(filled["members"].values())
    for number in itertools.count():
        form = {"body": f"{' '.join(DRAW.choices(WORDS, k=40))} {uuid.uuid4().hex}", "key": uuid.uuid4().hex}
        cookies = f"csrf={CSRF}; session={sessions[number % len(sessions)]}"
        yield "POST", f"/t/{thread}/comments/", cookies, urlencode({**form, "csrfmiddlewaretoken": CSRF})


def _told(site: Site) -> tuple[int, int]:
    """How many pages the process has made, and how many purges it has heard of, when it next says so."""
    (path,) = (site.folder / "pages").glob("status-*.json")
    before = path.stat().st_mtime_ns
    until(lambda: path.stat().st_mtime_ns != before, "what the process says of itself", 30)
    said = json.loads(path.read_text(encoding="utf-8"))
    return said["made"], said["purges"]


def _is_quick(port: int, page: str) -> bool:
    began = time.monotonic()
    return Browser(port).get(page) == "200" and time.monotonic() - began < QUICK


def _remove_a_comment(it: Large, each: list[Browser]) -> tuple[str, str]:
    """Words of a comment that readers had on their page, and that a moderator has removed; and which page that was."""
    mark, thread = uuid.uuid4().hex, it.filled["threads"][0]
    member, session = next(iter(it.filled["members"].items()))
    form = {"body": f"The ferry of {mark} was late.", "key": mark}
    status, address = Browser(it.port).post(f"/t/{thread}/comments/", session, form)
    if status != "302":
        raise RuntimeError(f"The comment that was to be removed was not taken: {status}.")
    # The writers may have left many before it: then it stands on a later page of the story.
    page = urlsplit(address)._replace(scheme="", netloc="", path=it.filled["pages"][0], fragment="").geturl()
    until(lambda: all(_shows(web, page, mark) for web in each), "the comment", 30)
    number = int(address.rpartition("-")[2])
    it.site.run(sys.executable, "-c", REMOVE.format(member=member, thread=thread, number=number))
    return mark, page


def _shows(browser: Browser, page: str, words: str) -> bool:
    browser.get(page)
    return words in browser.text


def _p99(times: list[float]) -> float:
    return round(sorted(times)[int(len(times) * 0.99)], 2) if times else 0.0


SMALL = {"F-10 SQLite": small_herd, "F-11 SQLite": small_spike}
LARGE = {"F-05 PostgreSQL": large_without_database}
