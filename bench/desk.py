"""`make bench-moderation`: process time and queries of the desk while two, and while 400 cases wait in a queue.

Process time counts this process alone, so another job on the machine disturbs it little. Each figure is the median of
15 requests through Django's test client after 3 to warm up, on a SQLite file in a throw-away site.
"""

from __future__ import annotations

import statistics
import time

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from bench.phrases import Speech
from kawaraban.accounts.models import MODERATOR, User
from kawaraban.accounts.testing import make_member
from kawaraban.discussion.models import Comment, Thread
from kawaraban.discussion.testing import make_comment, make_waiting
from kawaraban.moderation.models import Claim
from kawaraban.moderation.testing import make_regular, make_report
from kawaraban.newsroom import actions as newsroom
from kawaraban.newsroom.testing import make_section, make_story

CASES = (2, 400)
STORIES = 8
EACH = 2
"""Cases of each kind of one member: with these they are below every limit."""
LIMIT_MS = 250
DESK = "/desk/moderation/"
QUIET = {
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
}


def main() -> int:
    """Print a row for each page at each number of cases; 1 if a page takes too long or asks more at 400 than at 2."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    newsroom.prepare_site("The Bench Courier", "127.0.0.1", 8000)
    print(f"{'waiting':>8} {'page':<34} {'queries':>8} {'bytes':>9} {'process time, median':>21}", flush=True)
    with override_settings(**QUIET):
        moderator = make_member("Ben Okabe", role=MODERATOR)
        stories = [make_story(make_section(), slug=f"story-{number}") for number in range(STORIES)]
        threads = list(Thread.objects.filter(pk__in=[story.thread_id for story in stories]).order_by("pk"))
        reporters = [make_regular() for _ in range(2 * CASES[-1] // 15)]
        speech, author = Speech("desk"), moderator
        queries: list[list[int]] = []
        passed = True
        made = 0
        for size in CASES:
            with transaction.atomic():
                for number in range(made, size):
                    author = make_member() if number % EACH == 0 else author
                    _two_cases(number, author, threads, reporters, speech)
            made = size
            rows = _pages(moderator, size)
            queries.append([count for count, _ in rows])
            passed = passed and all(spent <= LIMIT_MS for _, spent in rows)
    return 0 if passed and queries[0] == queries[-1] else 1


def _two_cases(number: int, author: User, threads: list[Thread], reporters: list[User], speech: Speech) -> None:
    """A comment that two members have reported, and one that waits before anybody has seen it."""
    thread = threads[number % STORIES]
    reported = make_comment(thread, author, speech.regular().body)
    for place in (2 * number, 2 * number + 1):
        make_report(reported, reporters[place % len(reporters)])
    make_waiting(thread, author, speech.regular().body)


def _pages(moderator: User, size: int) -> list[tuple[int, float]]:
    """Queries and milliseconds of each page, printed."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(moderator)
    waiting = Comment.objects.filter(reports__isnull=False).distinct().order_by("pk")
    middle = waiting[size // 2]
    rows = []
    for name, path in (
        ("queue: reported", f"{DESK}queue/reported/"),
        ("queue: held by a rule", f"{DESK}queue/rule/"),
        ("queue: reported, in English", f"{DESK}queue/reported/?language=en"),
        ("case, in its queue", f"{DESK}case/comment:{middle.pk}/?queue=reported"),
        ("counts of an open page", f"{DESK}counts/"),
    ):
        rows.append(_measure(client, name, path, size))
    return rows


def _measure(client: Client, name: str, path: str, size: int) -> tuple[int, float]:
    def ask() -> int:
        response = client.get(path)
        if response.status_code != 200:
            raise RuntimeError(f"{path} was answered {response.status_code}.")
        return len(response.content)

    # A claim is made anew by each first look at a case; of all that follow it is renewed.
    Claim.objects.all().delete()
    for _ in range(3):
        length = ask()
    times = []
    for _ in range(15):
        began = time.process_time()
        ask()
        times.append((time.process_time() - began) * 1000)
    with CaptureQueriesContext(connection) as captured:
        ask()
    spent = statistics.median(times)
    print(f"{size:>8} {name:<34} {len(captured):>8} {length:>9,} {spent:>18.0f} ms", flush=True)
    return len(captured), spent
