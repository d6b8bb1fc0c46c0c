"""`make bench`: process time of a story page with 2 to 10,000 comments, rendered without any cache of pages.

Cold: no comment was rendered before in this process. Warm: each was, and is kept as HTML (`discussion.fragments`), as
it is in a discussion that people read and write in.

Process time counts this process alone, so another job on the machine disturbs it little: by a third, where both share
a core. Each figure is the median of 21 requests through Django's test client after 3 to warm up, on a SQLite file in a
throw-away site; the story has a lead photograph without a file, 14 paragraphs and a related column, and comments of
about 60 words. A page holds up to 100 comments; 400 and 1,000 are also measured all on one page. What a member and a
moderator get besides is measured for the longest thread.
"""

from __future__ import annotations

import platform
import statistics
import time

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kawaraban.accounts.models import MODERATOR, READER, User
from kawaraban.accounts.testing import make_member
from kawaraban.discussion import actions as discussion
from kawaraban.discussion import fragments
from kawaraban.discussion.models import Thread
from kawaraban.newsroom import actions as newsroom
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_section, make_story

# Comments, and what is asked for of them.
PAGES = ((2, ""), (42, ""), (400, "?page=all"), (1_000, "?page=all"), (10_000, ""), (10_000, "?order=best"))
# Warm, with room for a machine that does other work as well.
LIMITS_MS = {
    (42, ""): 30,
    (400, "?page=all"): 70,
    (1_000, "?page=all"): 130,
    (10_000, ""): 45,
    (10_000, "?order=best"): 90,
}
WORDS = "the river does not wait for budgets and the ferry was never late in thirty one years "


def main() -> int:
    """Print a row for each size; 1 if a limit is passed."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    newsroom.prepare_site("The Bench Courier", "127.0.0.1", 8000)
    section = make_section()
    versions = f"Python {platform.python_version()}, Django {django.get_version()}"
    print(f"{versions}, {connection.vendor}, {platform.machine()}")
    print(f"{'comments':>9} {'asked for':>20} {'queries':>8} {'bytes':>9} {'cold':>10} {'warm':>10}")
    passed = True
    stories: dict[int, StoryPage] = {}
    for size, query in PAGES:
        if size not in stories:
            stories[size] = make_story(section, slug=f"story-{size}", body=[newsroom.paragraph(WORDS * 4)] * 14)
            _say(stories[size], size)
        figures = _measure(stories[size].url + query)
        passed = passed and figures[-1] <= LIMITS_MS.get((size, query), figures[-1])
        _print(size, query, figures)
    longest = Thread.objects.get(pk=stories[max(stories)].thread_id)
    for who, role in (("member", READER), ("moderator", MODERATOR)):
        viewer = make_member(role=role)
        _print(max(stories), f"mine/ of a {who}", _measure(f"{longest.get_absolute_url()}mine/", viewer))
    return 0 if passed else 1


def _print(size: int, asked: str, figures: tuple[int, int, float, float]) -> None:
    queries, length, cold, warm = figures
    print(f"{size:>9} {asked:>20} {queries:>8} {length:>9,} {cold:>7.1f} ms {warm:>7.1f} ms", flush=True)


@transaction.atomic
def _say(story: StoryPage, size: int) -> None:
    members = [make_member(f"Member {size} of {n}") for n in range(10)]
    thread = Thread.objects.get(pk=story.thread_id)
    for number in range(size):
        text = f"{WORDS * 2}\n\n> {WORDS}\n\nNumber {number}, {WORDS}"
        discussion.record_comment(
            thread, discussion.Record(text, author=members[number % 10], created_at=thread.created_at, imported=(9, 4))
        )


def _measure(url: str, viewer: User | None = None) -> tuple[int, int, float, float]:
    browser = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    if viewer:
        browser.force_login(viewer)
    browser.get(url)  # reads what Wagtail keeps in memory, such as the site's root paths
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(url)
        count = len(queries)
    assert answer.status_code == 200, answer.status_code  # noqa: S101 - a bench of an error page measures nothing
    for _ in range(3):
        browser.get(url)
    cold: list[float] = []
    warm: list[float] = []
    for _ in range(21):
        fragments.forget()
        for times in (cold, warm):
            start = time.process_time()
            browser.get(url)
            times.append((time.process_time() - start) * 1000)
    return count, len(answer.content), statistics.median(cold), statistics.median(warm)
