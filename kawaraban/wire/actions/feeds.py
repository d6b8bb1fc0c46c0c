"""Feeds are asked and folders looked into, each by itself; a broken one says why and is asked less often."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from kawaraban import fetch
from kawaraban.formats.items import FormatError
from kawaraban.wire import folders
from kawaraban.wire.actions.receiving import keep_broken, receive, take
from kawaraban.wire.models import Delivery, Feed, UsedSignature

MOST_BYTES = 20 * 1024 * 1024
SECONDS = 20.0
FOLDER_EVERY = timedelta(seconds=5)  # less than between two ticks of the clock, so that none is missed
LONGEST_PAUSE = timedelta(hours=1)
FILES_AT_ONCE = 200
# A file that cannot be read may still be on its way; after so many seconds without a change it is not.
PATIENCE = 60.0
# What came in can be looked at, as it came, for so long.
KEPT = timedelta(days=30)
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, application/xml;q=0.9, "
    "text/xml;q=0.8, */*;q=0.1"
)


@transaction.atomic
def claim_due() -> list[int]:
    """The keys of the feeds that are due; whoever asks next does not get them again. Cost: 2 queries."""
    now = timezone.now()
    due = Feed.objects.select_for_update().filter(is_enabled=True, due_at__lte=now).exclude(way=Feed.Way.PUSH)
    claimed = list(due.order_by("due_at", "pk"))
    for feed in claimed:
        feed.due_at = now + _interval(feed)
    Feed.objects.bulk_update(claimed, ["due_at"])
    return [feed.pk for feed in claimed]


def _interval(feed: Feed) -> timedelta:
    return FOLDER_EVERY if feed.way == Feed.Way.FOLDER else timedelta(minutes=feed.minutes)


def look(feed_id: int) -> int:
    """Ask a feed, or look into its folder; how many deliveries were taken in. At most 20 seconds for an answer.

    What goes wrong is kept with the feed as a sentence, and the pause until the next look grows with every failure.
    Cost: 2 queries, and those of `receive` for each delivery.

    Raises:
        Feed.DoesNotExist: there is no such feed.
    """
    feed = Feed.objects.get(pk=feed_id)
    if not feed.is_enabled or feed.way == Feed.Way.PUSH:
        return 0
    try:
        count, error = _ask(feed) if feed.way == Feed.Way.HTTP else _empty(feed)
    except (fetch.FetchError, folders.NotThere, OSError) as failure:
        count, error = 0, str(failure)
    _note(feed, error)
    return count


def _note(feed: Feed, error: str) -> None:
    """Keep with the feed how it went."""
    now = timezone.now()
    if not error:
        feed.succeeded_at, feed.failures, feed.error = now, 0, ""
    else:
        feed.failures += 1
        pause = min(_interval(feed) * 2 ** min(feed.failures, 12), max(LONGEST_PAUSE, _interval(feed)))
        feed.due_at, feed.error = now + pause, error[:500]
    feed.save(update_fields=["succeeded_at", "failures", "error", "due_at", "etag", "last_modified", "seen"])


def _ask(feed: Feed) -> tuple[int, str]:
    answer = fetch.get(
        feed.address,
        headers={"Accept": ACCEPT},
        etag=feed.etag,
        last_modified=feed.last_modified,
        limit=MOST_BYTES,
        deadline=SECONDS,
    )
    if answer.not_modified:
        return 0, ""
    if answer.status != 200:
        return 0, f"The server answered with status {answer.status}."
    delivery = receive(feed, answer.body, answer.headers.get("content-type", ""))
    if delivery.error:
        return 0, delivery.error
    # Kept only now: what could not be read is asked for again.
    feed.etag, feed.last_modified = answer.etag[:300], answer.last_modified[:100]
    return 1, ""


# --- Folders ----------------------------------------------------------------------------------------------------------


def set_up_folder(feed: Feed) -> None:
    """Make the folder of a feed, where an agency's files are to be dropped. Cost: none."""
    if feed.way == Feed.Way.FOLDER:
        (folders.root() / feed.address).mkdir(parents=True, exist_ok=True)


def _empty(feed: Feed) -> tuple[int, str]:
    """Take in the files that nobody has written to since the last look; the others wait."""
    folder = folders.path_of(feed)
    files = folders.listed(folder, time.time())
    count, error = 0, ""
    stable = [file for file in files if feed.seen.get(file.name) == file.mark]
    for file in stable[:FILES_AT_ONCE]:
        try:
            taken, cause = _take_file(feed, folder, file)
        except FileNotFoundError:
            continue
        count += taken
        error = error or cause
    feed.seen = {file.name: file.mark for file in files[:5_000]}
    return count, error


def _take_file(feed: Feed, folder: Path, file: folders.Dropped) -> tuple[int, str]:
    if file.is_picture:
        folders.move(folder, file.name, folders.DONE)
        return 0, ""
    data = folders.read(folder, file.name, MOST_BYTES)
    name = ascii(file.name)[1:-1][:80]
    if len(data) > MOST_BYTES:
        folders.move(folder, file.name, folders.FAILED)
        return 0, f"The file {name} is larger than {MOST_BYTES // 1024 // 1024} MB; it was put into {folders.FAILED}/."
    try:
        delivery = take(feed, data)
    except FormatError as error:
        if file.age < PATIENCE:
            return 0, ""
        delivery = keep_broken(feed, data, "", error)
    folders.move(folder, file.name, folders.FAILED if delivery.error else folders.DONE)
    return int(not delivery.error), f"The file {name}: {delivery.error}" if delivery.error else ""


# --- Its end ----------------------------------------------------------------------------------------------------------


def forget() -> int:
    """Forget bytes that came in long ago, and signatures nobody could use again; how many deliveries. Cost: 4 queries.

    What the items say is kept; pictures inside a delivery go with its bytes.
    """
    now = timezone.now()
    UsedSignature.objects.filter(at__lt=now - timedelta(hours=1)).delete()
    old = Delivery.objects.filter(received_at__lt=now - KEPT)
    count, _ = old.filter(versions=None).delete()
    return count + old.exclude(payload=b"").update(payload=b"")
