"""Bytes become versions of items. In whatever order and however often they come: the same versions stand the same."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban.formats import parcels
from kawaraban.formats.items import FormatError, Item, PubStatus, Signal
from kawaraban.languages import in_site_language
from kawaraban.newsroom import drafting
from kawaraban.wire import announce, planning, stored
from kawaraban.wire.actions import voices
from kawaraban.wire.models import (
    EPOCH,
    GUID_LENGTH,
    HEADLINE_LENGTH,
    MOST_VERSION,
    Delivery,
    Feed,
    RefusedVersion,
    TopicMap,
    Voice,
    WireItem,
    WireVersion,
)

# What is kept of bytes that could not be read: enough to see what they were.
BROKEN_KEPT = 1024 * 1024
_DERIVED = (
    "newest",
    "usable",
    "state",
    "settle_at",
    "alarm",
    "alarmed_at",
    "is_mailed",
    "changed_at",
    "kind",
    "pubstatus",
    "signal",
    "headline",
    "slugline",
    "text",
    "language",
    "urgency",
    "embargoed",
    "versioncreated",
    "has_picture",
    "section",
)


def receive(feed: Feed, data: bytes, content_type: str = "") -> Delivery:
    """The delivery these bytes are, kept as they came, with all its items taken in; or with `error`, and none of them.

    One transaction: a process that ends in the middle leaves nothing behind. A kill withdraws its story within it. What
    the rules of the feed say is done later (`settle`), since pictures have to be fetched for it. What a feed says for a
    provider for whom it does not speak is left out, with a line to be shown at the desk.

    Cost: about 15 queries at any number of items, about 30 for each story that is withdrawn.
    """
    try:
        return take(feed, data, content_type)
    except FormatError as error:
        return keep_broken(feed, data, content_type, error)


def take(feed: Feed, data: bytes, content_type: str = "") -> Delivery:
    """The delivery, taken in as `receive` does, and nothing of it where it cannot be read.

    Raises:
        FormatError: it cannot be read, or not yet.
    """
    return _take(feed, data, content_type, parcels.read(data, content_type))


def digest_of(data: bytes) -> str:
    """By which the same bytes of a feed are known again."""
    return hashlib.sha256(data).hexdigest()


def _delivery(feed: Feed, data: bytes, content_type: str, error: str = "") -> Delivery:
    delivery, is_new = Delivery.objects.get_or_create(
        feed=feed,
        digest=digest_of(data),
        defaults={
            "content_type": content_type[:100],
            "payload": data[:BROKEN_KEPT] if error else data,
            "size": len(data),
            "error": error[:500],
        },
    )
    if not is_new and delivery.error != error[:500]:
        delivery.error = error[:500]
        delivery.payload = data[:BROKEN_KEPT] if error else data
        delivery.save(update_fields=["error", "payload"])
    return delivery


@transaction.atomic
def keep_broken(feed: Feed, data: bytes, content_type: str, error: FormatError) -> Delivery:
    """The delivery whose bytes could not be read, kept to look at. Cost: 3 queries."""
    return _delivery(feed, data, content_type, f"It could not be read: {error}")


@transaction.atomic
def _take(feed: Feed, data: bytes, content_type: str, items: Sequence[Item]) -> Delivery:
    now = timezone.now()
    delivery = _delivery(feed, data, content_type)
    told: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        told[_key(item, feed)].append(item)
    refused = voices.spoken_for(feed, {provider for provider, _ in told})
    if refused:
        voices.keep_refused(told, refused, delivery)
        told = {key: said for key, said in told.items() if key[0] not in refused}
    if not told:
        return delivery
    WireItem.objects.bulk_create(
        [WireItem(provider=provider, guid=guid, received_at=now, changed_at=now) for provider, guid in sorted(told)],
        ignore_conflicts=True,
    )
    # Locked in one order by everybody, so that two deliveries of the same items wait for each other and no longer.
    rows = [
        row
        for row in WireItem.objects.select_for_update().filter(guid__in={guid for _, guid in told}).order_by("pk")
        if (row.provider, row.guid) in told
    ]
    known = set(feed.items.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    WireItem.feeds.through.objects.bulk_create(
        [WireItem.feeds.through(wireitem_id=row.pk, feed_id=feed.pk) for row in rows if row.pk not in known],
        ignore_conflicts=True,
    )
    WireVersion.objects.bulk_create(
        [_version(row, item, feed, delivery, now) for row in rows for item in told[row.provider, row.guid]],
        ignore_conflicts=True,
    )
    _renew(rows, delivery, known, now)
    return delivery


def _key(item: Item, feed: Feed) -> tuple[str, str]:
    provider = (" ".join(item.provider.split()) or feed.agency)[:120]
    guid = item.guid
    if len(guid) > GUID_LENGTH:
        guid = f"sha256:{hashlib.sha256(guid.encode()).hexdigest()}"
    return provider, guid


def _version(row: WireItem, item: Item, feed: Feed, delivery: Delivery, now: datetime) -> WireVersion:
    content = stored.to_json(item)
    # A page that is asked again and again tells by the order of its answers what it does not say in words.
    undated = delivery.received_at if feed.way == Feed.Way.HTTP else EPOCH
    return WireVersion(
        item=row,
        digest=stored.digest(content),
        version=min(max(item.version, 0), MOST_VERSION),
        versioncreated=item.versioncreated or undated,
        kind=item.kind,
        pubstatus=item.pubstatus,
        signal=item.signal,
        embargoed=item.embargoed,
        content=content,
        delivery=delivery,
        received_at=now,
    )


# --- What a set of versions means -------------------------------------------------------------------------------------


def _renew(rows: Sequence[WireItem], delivery: Delivery, known: Container[int], now: datetime) -> None:
    """Let each item say what its versions say, all together. Cost: 6 queries, and those of withdrawals.

    Args:
        known: the keys of the items that this feed has brought before.
    """
    versions: dict[int, list[WireVersion]] = defaultdict(list)
    for version in WireVersion.objects.filter(item__in=rows).defer("content"):
        versions[version.item_id].append(version)
    for found in versions.values():
        found.sort(key=lambda version: version.order)
    newest = WireVersion.objects.in_bulk([found[-1].pk for found in versions.values()])
    topics = {topic.code: topic for topic in TopicMap.objects.all()}
    feeds: dict[int, list[Feed]] = defaultdict(list)
    for link in WireItem.feeds.through.objects.filter(wireitem__in=rows).select_related("feed"):
        feeds[link.wireitem_id].append(link.feed)
    for row in rows:
        found = versions[row.pk]
        if row.newest_id != found[-1].pk:
            _tell(row, newest[found[-1].pk], topics, feeds[row.pk], now)
        _judge(row, found, now)
        # Rules of another feed, or those that an older version meets, may release what stood still so far.
        is_new = row.pk not in known or any(version.delivery_id == delivery.pk for version in found)
        if is_new and row.state != WireItem.State.KILLED:
            row.settle_at = now
    WireItem.objects.bulk_update(rows, _DERIVED, batch_size=50)


def _tell(row: WireItem, version: WireVersion, topics: planning.Topics, feeds: Iterable[Feed], now: datetime) -> None:
    """Show the newest version in lists."""
    item = planning.item_of(version)
    row.newest = version
    row.changed_at = now
    row.kind, row.pubstatus, row.signal = item.kind, item.pubstatus, item.signal
    row.headline = planning.headline_of(item, row.guid)
    row.slugline = " ".join(item.slugline.split())[:HEADLINE_LENGTH]
    row.text = stored.text_of(item)
    row.language, row.urgency = item.language[:35], item.urgency if 0 < item.urgency < 10 else 0
    row.embargoed, row.versioncreated = item.embargoed, version.created
    row.has_picture = bool(item.pictures)
    row.section_id = planning.section_of(item, topics, feeds)
    if row.state == WireItem.State.READ:
        row.state = WireItem.State.NEW


def _judge(row: WireItem, versions: Sequence[WireVersion], now: datetime) -> None:
    """What may become of an item: `usable`, whether it is killed, and whether its story has to go."""
    if any(version.pubstatus == PubStatus.CANCELED for version in versions):
        # Whatever number the kill has: an agency that kills an item means all of it.
        if row.state != WireItem.State.KILLED:
            row.state, row.usable, row.settle_at = WireItem.State.KILLED, None, None
            _withdraw(row, now, is_killed=True)
        return
    # Advisories speak to editors about an item; the item itself stays what it was.
    last = next((each for each in reversed(versions) if each.signal != Signal.ADVISORY), None)
    usable = last if last is not None and last.may_be_story else None
    if usable is None and last is not None and last.pubstatus == PubStatus.WITHHELD and row.usable_id is not None:
        _withdraw(row, now, is_killed=False)
    if row.usable_id != (usable.pk if usable else None):
        row.usable = usable


@in_site_language
def _withdraw(row: WireItem, now: datetime, *, is_killed: bool) -> None:
    if row.story is None:
        return
    if is_killed:
        sentence = _("{provider} has withdrawn it, so it can no longer be read here.")
    else:
        sentence = _("{provider} has asked for it not to be published until further notice.")
    drafting.withdraw_story(row.story, sentence.format(provider=row.provider), locks=is_killed)
    if is_killed and row.story.live:
        alarm = _("{provider} has killed “{title}”; the story was withdrawn from the site.")
    elif is_killed:
        alarm = _("{provider} has killed “{title}”; the story was not published.")
    elif row.story.live:
        alarm = _("{provider} has withheld “{title}”; the story was withdrawn from the site.")
    else:
        alarm = _("{provider} has withheld “{title}”; the story was not published.")
    row.alarm = alarm.format(provider=row.provider, title=row.story.title)[:300]
    row.alarmed_at, row.is_mailed = now, False


def take_refused(voice_id: int) -> int:
    """Take in what a feed has brought for a provider before it was allowed; of how many deliveries.

    Doing it twice changes nothing. What came longer ago than deliveries are kept is gone. Cost: that of `take` for each
    delivery, and 2 queries.
    """
    voice = Voice.objects.select_related("feed").filter(pk=voice_id, state__in=Voice.TAKEN_IN).first()
    if voice is None:
        return 0
    keys = list(RefusedVersion.objects.filter(voice=voice).order_by().values_list("delivery", flat=True).distinct())
    for key in sorted(keys):
        delivery = Delivery.objects.get(pk=key)
        with transaction.atomic():
            if delivery.payload:
                take(voice.feed, bytes(delivery.payload), delivery.content_type)
            RefusedVersion.objects.filter(voice=voice, delivery=key).delete()
    return len(keys)


# --- At the desk ------------------------------------------------------------------------------------------------------


def mark_read(item_id: int) -> None:
    """An item somebody has opened is no longer unread. Cost: 1 query."""
    WireItem.objects.filter(pk=item_id, state=WireItem.State.NEW).update(state=WireItem.State.READ)


def mark_unread(item_id: int) -> None:
    """Put an item back among the unread. Cost: 1 query."""
    WireItem.objects.filter(pk=item_id, state=WireItem.State.READ).update(state=WireItem.State.NEW)


def acknowledge(item_id: int) -> None:
    """An alarm that somebody has seen to no longer stands at the desk. Cost: 1 query."""
    WireItem.objects.filter(pk=item_id).update(alarm="", alarmed_at=None)


def mail_alarms() -> int:
    """How many alarms were mailed to editors. Cost: 3 queries, and as long as the mail server takes.

    Raises:
        OSError, smtplib.SMTPException: the mail server did not take it; the alarm is mailed at the next try.
    """
    count = 0
    for item in WireItem.objects.filter(is_mailed=False).exclude(alarm="").order_by("alarmed_at"):
        announce.mail_alarm(item)
        WireItem.objects.filter(pk=item.pk).update(is_mailed=True)
        count += 1
    return count
