"""`make bench`: how long it takes to find the same words, or nearly the same, among 100,000 decided comments.

A tenth of them is one advertisement with another telephone number each time; the others are the made-up decisions of
`kawaraban.screening.testing`. Signed and looked up are texts as they are, with two words changed, and that nobody said.
Process time counts this process alone, SQLite in it, so another job on the machine disturbs it little.
"""

from __future__ import annotations

import platform
import time

import django
from django.core.management import call_command
from django.db import connection

from kawaraban.discussion.models import Comment, Thread
from kawaraban.moderation.reads.alike import alike_to
from kawaraban.screening import likeness
from kawaraban.screening.models import Band
from kawaraban.screening.testing import decided

COMMENTS = 100_000
ASKED = 300
LIMIT_MS = 100
SPAM = "Earn five hundred coins a day from your home, call 0800 {number:06d} and ask for the ferryman."


def main() -> int:
    """Print the figures; 1 if a look-up takes too long."""
    call_command("migrate", verbosity=0)
    texts = [each.text for each in decided(COMMENTS - COMMENTS // 10)]
    adverts = [SPAM.format(number=number * 7) for number in range(COMMENTS // 10)]
    versions = f"Python {platform.python_version()}, Django {django.get_version()}"
    print(f"{versions}, {connection.vendor}, {platform.machine()}, {COMMENTS:,} decided comments")
    _decide([*texts, *adverts])
    chosen = texts[:: len(texts) // ASKED][:ASKED]
    worst = 0.0
    for name, asked in (
        ("said before", chosen),
        ("with two words changed", [_changed(text) for text in chosen]),
        ("said by nobody", [each.text for each in decided(ASKED, "elsewhere")]),
        ("said ten thousand times", adverts[:ASKED]),
    ):
        worst = max(worst, _look_up(name, asked))
    return 0 if worst < LIMIT_MS else 1


def _decide(texts: list[str]) -> None:
    thread = Thread.objects.create(title="Everything", url="/everything/")
    Comment.objects.bulk_create(
        [Comment(thread=thread, number=number, signed="Somebody", source=text) for number, text in enumerate(texts, 1)],
        batch_size=1_000,
    )
    keys = list(Comment.objects.order_by("number").values_list("pk", flat=True))
    start = time.process_time()
    signed = [likeness.signature(text) for text in texts]
    spent = (time.process_time() - start) * 1000 / len(texts)
    rows = [Band(key=key, band=band) for key, bands in zip(keys, signed, strict=True) for band in set(bands)]
    Band.objects.bulk_create(rows, batch_size=5_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{'sign one: mean':<44} {spent:>8.2f} ms    {sum(map(len, texts)) // len(texts)} characters each")
    print(f"{'bands kept':<44} {len(rows):>8,}")


def _changed(text: str) -> str:
    words = text.split(" ")
    if len(words) < 6:  # a script without spaces
        third = len(text) // 3
        return text[:third] + "別の言葉" + text[third + 4 : 2 * third] + "別の言葉" + text[2 * third + 4 :]
    for place in (len(words) // 3, 2 * len(words) // 3):
        words[place] = "otherwise"
    return " ".join(words)


def _look_up(name: str, texts: list[str]) -> float:
    """Milliseconds for the 99th of 100 look-ups, database included."""
    times, found = [], 0
    for text in texts:
        start = time.process_time()
        found += bool(alike_to(Comment(pk=0, source=text)))
        times.append((time.process_time() - start) * 1000)
    times.sort()
    slow = times[len(times) * 99 // 100]
    middle = times[len(times) // 2]
    print(f"{name:<44} {middle:>8.2f} ms median, {slow:.2f} ms for 99 of 100; found {100 * found / len(texts):.0f} %")
    return slow
