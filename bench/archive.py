"""`make bench-archive`: what the front page, a section, the search and the feeds cost beside 100,000 stories.

The stories are generated (a fifth of them in Japanese), in five sections, with a comment under each. Rows are written
beside Wagtail's publishing, which would take a day for an archive of this size, and then found by the search's own
`catch_up`. Each figure is the median and the worst of 11 requests through Django's test client after 2 to warm up:
process time on SQLite, wall time on PostgreSQL, whose work is done in another process. `python -m bench archive 5000`
takes fewer.
"""

from __future__ import annotations

import platform
import random
import statistics
import sys
import time
from datetime import timedelta
from urllib.parse import quote

import django
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from kawaraban.discussion.models import Comment, Thread
from kawaraban.jobs.actions import learn_tables
from kawaraban.newsroom import actions as newsroom
from kawaraban.newsroom.models import SectionPage, StoryPage
from kawaraban.search.actions import catch_up

SECTIONS = ("National", "World", "City", "Sport", "Culture")
WORDS_EACH = 300
BATCH = 1_000
LIMIT_MS = 100
"""For a search at 100,000 stories."""
SYLLABLES = ["ba", "ke", "li", "mo", "nu", "sha", "te", "ro", "vi", "za", "pon", "dar", "ket", "lim", "sor"]
COMMON = ["the", "of", "a", "to", "in", "and", "for", "that", "on", "with", "was", "by", "at", "from", "it", "as", "be"]


class Writer:
    """Generated texts: common words often, of 30,000 others each half as often as the one of half its rank."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - figures, no secrets
        made = {"".join(self._chance.choices(SYLLABLES, k=self._chance.randint(2, 4))) for _ in range(40_000)}
        self._words = sorted(made)[:30_000]
        self._weights = [1 / rank for rank in range(1, len(self._words) + 1)]
        self._signs = [chr(code) for code in range(0x4E00, 0x4E00 + 1_500)]

    def english(self, count: int) -> str:
        """So many words."""
        rare = self._chance.choices(self._words, self._weights, k=count)
        return " ".join(self._chance.choice(COMMON) if self._chance.random() < 0.45 else word for word in rare)

    def japanese(self, count: int) -> str:
        """So many signs, the particles among them."""
        signs = self._chance.choices(self._signs, k=count)
        return "".join("のはをにが"[place % 5] if place % 4 == 3 else sign for place, sign in enumerate(signs))


def main() -> int:
    """Print what was measured; 1 if a search takes longer than it may."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    front = newsroom.prepare_site("The Bench Courier", "127.0.0.1", 8000)
    sections = [newsroom.add_section(front, name) for name in SECTIONS]
    print(
        f"Python {platform.python_version()}, Django {django.get_version()}, {connection.vendor}, {platform.machine()}"
    )
    writer = Writer("archive")
    begun = time.perf_counter()
    for place, section in enumerate(sections):
        _fill(section, count // len(sections), writer, is_japanese=place == len(sections) - 1)
    print(f"{count:,} stories, {count:,} comments: rows written in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    while catch_up(20_000):
        pass
    taken = time.perf_counter() - begun
    print(f"found by the search after {taken:.0f} s more: {taken / count / 2 * 1000:.2f} ms for each")
    # As every six hours on a site; PostgreSQL has a process of its own for it, which may not have come round.
    learn_tables()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return 0 if _report() else 1


def _fill(section: SectionPage, count: int, writer: Writer, *, is_japanese: bool) -> None:
    """Stories below a section, the newest an hour old, with a comment each."""
    kind = ContentType.objects.get_for_model(StoryPage)
    text = writer.japanese if is_japanese else writer.english
    now = timezone.now()
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        times = [now - timedelta(hours=1 + number) for number in numbers]
        titles = [text(8) for _ in numbers]
        with transaction.atomic():
            threads = Thread.objects.bulk_create(
                Thread(title=title, url=f"{section.url_path}s-{number}/", comment_count=1, last_number=1, activity=1)
                for number, title in zip(numbers, titles, strict=True)
            )
            Comment.objects.bulk_create(
                Comment(thread=thread, number=1, signed="Somebody", source=text(40), created_at=at, changed=1, born=1)
                for thread, at in zip(threads, times, strict=True)
            )
            pages = Page.objects.bulk_create(
                Page(
                    path=section.path + Page._int2str(number + 1).rjust(Page.steplen, "0"),
                    depth=section.depth + 1,
                    title=title,
                    draft_title=title,
                    slug=f"s-{number}",
                    url_path=f"{section.url_path}s-{number}/",
                    content_type=kind,
                    locale_id=section.locale_id,
                    first_published_at=at,
                    last_published_at=at,
                )
                for number, title, at in zip(numbers, titles, times, strict=True)
            )
            for page, thread, at in zip(pages, threads, times, strict=True):
                body = [newsroom.paragraph(text(WORDS_EACH // 3)) for _ in range(3)]
                story = StoryPage(page_ptr_id=page.pk, thread=thread, published_at=at, standfirst=text(20), body=body)
                story.save_base(raw=True, force_insert=True)
    Page.objects.filter(pk=section.pk).update(numchild=count)


def _report() -> bool:
    """Whether every search was fast enough; prints a row for each address."""
    newest = StoryPage.objects.order_by("-published_at").first()
    japanese = StoryPage.objects.filter(url_path__contains="/culture/").first()
    assert newest is not None  # noqa: S101 - the archive was just written
    assert japanese is not None  # noqa: S101
    searches = {
        "a word of nearly every story": "/search/?q=the",
        "the same, newest first": "/search/?q=the&order=newest",
        "two words": f"/search/?q={quote(' '.join(newest.title.split()[:2]))}",
        "a rare word": f"/search/?q={max(newest.title.split(), key=len)}",
        "a common word in a section": "/search/?q=of&section=sport",
        "a common word, of one month": "/search/?q=of&since=2026-01-01&until=2026-01-31",
        "a common word, comments alone": "/search/?q=the&kind=comment",
        "Japanese, three signs": f"/search/?q={quote(japanese.title[:3])}",
        "Japanese, one sign": f"/search/?q={quote(japanese.title[:1])}",
        "nothing found": "/search/?q=qwxyz",
    }
    others = {
        "front page": "/",
        "section, first page": "/world/",
        "section, page 500": "/world/?page=500",
        "a story": newest.get_url() or "",
        "feed of the site, RSS": "/feeds/rss/",
        "feed of a section, Atom": "/feeds/atom/section/world/",
        "feed of the site, ninjs": "/feeds/ninjs/",
        "sitemap of the last two days": "/sitemaps/news.xml",
        "sitemap of a month": f"/sitemaps/{newest.published_at:%Y-%m}-1.xml",
        "list of all sitemaps": "/sitemap.xml",
    }
    print(f"{'':<32} {'queries':>8} {'median':>9} {'worst':>9}")
    passed = True
    for name, address in {**others, **searches}.items():
        queries, median, worst = _measure(address)
        passed = passed and (name in others or median <= LIMIT_MS)
        print(f"{name:<32} {queries:>8} {median:>6.1f} ms {worst:>6.1f} ms", flush=True)
    return passed


def _measure(address: str) -> tuple[int, float, float]:
    client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    for _ in range(2):
        assert client.get(address).status_code == 200, address  # noqa: S101 - a page that fails costs nothing
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
        count = len(queries)
    times = []
    for _ in range(11):
        begun = clock()
        client.get(address)
        times.append((clock() - begun) * 1000)
    return count, statistics.median(times), max(times)
