"""`python -m tests.faulty_wire STEP`: workers are killed while they take files in and make stories, on their own site.

A process of its own, as `tests.faulty_site`. Killed is at every STEPth statement, and between the database's commit and
the file's moving aside; the report is one line of JSON on standard output.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import django

from tests.faulty_site import _wait_until_done, _workers

WHO = ("child", "worker")
ITEMS = 8  # in a file
SPARED = 5  # statements at most that a process spares at its second item, which it knows from the first


def main(step: int) -> None:
    """Make a site, take files in through kills, print the report."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    sys.stdout.write(json.dumps({"database": connection.vendor, **through_kills(step)}) + "\n")


def through_kills(step: int) -> dict[str, Any]:
    """One file for each place at which a look is killed, one of its items for each at which a story is being made."""
    from kawaraban.jobs.models import Job
    from kawaraban.newsroom.models import StoryPage
    from kawaraban.newsroom.testing import make_section
    from kawaraban.wire import actions
    from kawaraban.wire.models import Delivery, Feed, Release, WireItem, WireVersion
    from tests import faulty_tasks

    section = make_section()
    feed = Feed.objects.create(
        name="Harbour", way=Feed.Way.FOLDER, address="harbour", agency="Harbour", section=section,
        release=Release.PUBLISH,
    )  # fmt: skip
    looking, making = _statements(feed)
    Job.objects.all().delete()
    who = cycle(WHO)
    looks = [faulty_tasks.AT_RENAME, *range(1 + step // 4, looking + 1 - SPARED, step)]
    stories = range(1 + step // 4, making + 1 - SPARED, step)
    with _workers(1):
        for number, at in enumerate(looks):
            _drop(feed, f"look-{number}")
            actions.look(feed.pk)
            faulty_tasks.look_and_die.enqueue(feed.pk, next(who), at)
            _wait_until_done()
        settled = list(WireItem.objects.exclude(settle_at=None).order_by("pk").values_list("pk", flat=True))
        for item, at in zip(settled, stories, strict=False):
            faulty_tasks.settle_and_die.enqueue(item, next(who), at)
            _wait_until_done()
    made = WireItem.objects.exclude(story=None).filter(pk__in=settled)
    folder = _folder(feed)
    return {
        "statements": [looking, making],
        "kills": len(_kills()),
        "jobs": Counter(Job.objects.filter(task__startswith="tests.").values_list("state", flat=True)),
        "files": len(looks) + 1,
        "left": sorted(path.name for path in folder.iterdir() if path.is_file()),
        "done": len(list((folder / "done").iterdir())),
        "deliveries": Delivery.objects.filter(error="").count(),
        "items": WireItem.objects.exclude(newest=None).count(),
        "half": WireItem.objects.filter(newest=None).count(),
        "versions": WireVersion.objects.count(),
        "settled": min(len(settled), len(stories)),
        "made": made.filter(story__live=True, story__thread__isnull=False).count(),
        "stories": StoryPage.objects.exclude(pk=StoryPage.objects.order_by("pk").first().pk).count(),
    }


def _statements(feed: Any) -> tuple[int, int]:
    """How many statements it takes to take a file in, and to make and publish a story, without a kill."""
    from kawaraban.wire import actions
    from kawaraban.wire.models import WireItem

    _drop(feed, "first")
    actions.look(feed.pk)
    looking = _counted(lambda: actions.look(feed.pk))
    item = WireItem.objects.order_by("pk").first()
    assert item is not None
    making = _counted(lambda: actions.settle(item.pk))
    WireItem.objects.update(settle_at=None)
    return looking, making


def _counted(deed: Callable[[], Any]) -> int:
    """How many statements somebody who is killed before one of them can be killed before."""
    from django.db import connection

    statements = []

    def before(execute: Any, *call: Any) -> Any:
        statements.append(call[0])
        return execute(*call)

    with connection.execute_wrapper(before):
        deed()
    return len(statements)


def _drop(feed: Any, name: str) -> None:
    from kawaraban.formats import ninjs
    from kawaraban.wire.testing import an_item

    items = [an_item(guid=f"{name}-{number}", headline=f"{name} {number}", provider="") for number in range(ITEMS)]
    (_folder(feed) / f"{name}.json").write_bytes(ninjs.write_many(items))


def _folder(feed: Any) -> Path:
    from kawaraban.wire import folders

    return folders.path_of(feed)


def _kills() -> list[str]:
    from django.conf import settings

    return Path(settings.HOME, "kills").read_text(encoding="ascii").splitlines()


if __name__ == "__main__":
    main(int(sys.argv[1]))
