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
from kawaraban.wire.actions.receiving import digest_of, keep_broken, receive, take
from kawaraban.wire.models import Delivery, Feed, RefusedVersion, UsedSignature

MOST_BYTES = 20 * 1024 * 1024
SECONDS = 20.0
# Whoever was claimed and not looked at to the end, because a process died, is due again after so long.
CLAIMED_FOR = timedelta(minutes=2)
MISSING_FOLDER = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
FILES_AT_ONCE = 200
OF_A_FILE = "The file "
# A file that cannot be read may still be on its way; after so many seconds without a change it is not.
PATIENCE = 60.0
# What came in can be looked at, as it came, for so long.
KEPT = timedelta(days=30)
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, application/xml;q=0.9, "
    "text/xml;q=0.8, */*;q=0.1"
)


def claim_due() -> list[int]:
    """The keys of the feeds that are due; whoever asks next does not get them again. Cost: 1 query, 3 when any is due.

    A folder in which nothing lies is passed over: listing it costs less than a job that finds it empty.
    """
    now = timezone.now()
    due = Feed.objects.filter(is_enabled=True, due_at__lte=now).exclude(way=Feed.Way.PUSH)
    found = [feed.pk for feed in due if feed.way != Feed.Way.FOLDER or folders.needs_a_look(feed)]
    # A look first: where nothing is due, nobody waits for a lock.
    if not found:
        return []
    with transaction.atomic():
        claimed = list(due.select_for_update().filter(pk__in=found).order_by("due_at", "pk"))
        for feed in claimed:
            feed.due_at = now + CLAIMED_FOR
        Feed.objects.bulk_update(claimed, ["due_at"])
    return [feed.pk for feed in claimed]


def look(feed_id: int) -> int:
    """Ask a feed, or look into its folder; how many deliveries were taken in. At most 20 seconds for an answer.

    What goes wrong is kept with the feed as a sentence, and the pause until an address is asked again grows with every
    failure. Cost: 2 queries, and those of `receive` for each delivery.

    Raises:
        Feed.DoesNotExist: there is no such feed.
    """
    began = timezone.now()
    feed = Feed.objects.get(pk=feed_id)
    if not feed.is_enabled or feed.way == Feed.Way.PUSH:
        return 0
    is_folder, pause = feed.way == Feed.Way.FOLDER, timedelta()
    try:
        count, error = _empty(feed) if is_folder else _ask(feed)
    except (fetch.FetchError, folders.NotThere, OSError) as failure:
        count, error = 0, str(failure)
        pause = MISSING_FOLDER if is_folder else pause
    if error:
        feed.failures, feed.error = feed.failures + 1, error[:500]
    # What is said of a file that was put aside stands until another could be read: an empty folder mends nothing.
    elif count or not feed.error.startswith(OF_A_FILE):
        feed.failures, feed.error, feed.succeeded_at = 0, "", timezone.now()
    feed.due_at = began + (pause if is_folder else _pause(feed))
    feed.save(update_fields=["succeeded_at", "failures", "error", "due_at", "etag", "last_modified", "seen"])
    return count


def _pause(feed: Feed) -> timedelta:
    """Until an address is asked again; longer after each failure, so that a server in trouble is left in peace."""
    usual = timedelta(seconds=feed.seconds)
    return min(usual * (1 << min(feed.failures, 12)), max(LONGEST_PAUSE, usual))


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
    # A server that knows no conditional requests sends again and again what was taken in long ago.
    if not Delivery.objects.filter(feed=feed, digest=digest_of(answer.body), error="").exists():
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
        return (
            0,
            f"{OF_A_FILE}{name} is larger than {MOST_BYTES // 1024 // 1024} MB; it was put into {folders.FAILED}/.",
        )
    try:
        delivery = take(feed, data)
    except FormatError as error:
        if file.age < PATIENCE:
            return 0, ""
        delivery = keep_broken(feed, data, "", error)
    folders.move(folder, file.name, folders.FAILED if delivery.error else folders.DONE)
    return int(not delivery.error), f"{OF_A_FILE}{name}: {delivery.error}" if delivery.error else ""


# --- Its end ----------------------------------------------------------------------------------------------------------


def forget() -> int:
    """Forget bytes that came in long ago, and signatures nobody could use again; how many deliveries. Cost: 5 queries.

    What the items say is kept; pictures inside a delivery go with its bytes.
    """
    now = timezone.now()
    UsedSignature.objects.filter(at__lt=now - timedelta(hours=1)).delete()
    old = Delivery.objects.filter(received_at__lt=now - KEPT)
    RefusedVersion.objects.filter(delivery__in=old).delete()
    count, _ = old.filter(versions=None).delete()
    return count + old.exclude(payload=b"").update(payload=b"")
