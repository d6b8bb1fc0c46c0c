"""The bytes of an item's pictures, wherever they are: in its delivery, at an address, or in the folder it came by."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from kawaraban import fetch
from kawaraban.formats import parcels
from kawaraban.formats.items import FormatError, Item, Picture, Rendition
from kawaraban.wire import folders
from kawaraban.wire.models import Delivery, Feed

MOST_PICTURES = 8
MOST_BYTES = 10 * 1024 * 1024
SECONDS_EACH = 10.0
SECONDS_ALL = 30.0

Brought = list[tuple[Picture, bytes]]


def bring(item: Item, delivery: Delivery, feeds: Sequence[Feed]) -> tuple[Brought, list[str]]:
    """The pictures of an item that could be had, with their bytes, and a sentence for each that could not.

    Cost: no query; as long as the servers take, together at most 30 seconds.
    """
    brought: Brought = []
    warnings: list[str] = []
    ends = time.monotonic() + SECONDS_ALL
    inline, packed = _inline(item, delivery), _packed(item, delivery)
    for number, picture in enumerate(item.pictures):
        name = (
            picture.headline or picture.caption[:60] or picture.guid or _("number {number}").format(number=number + 1)
        )
        if number >= MOST_PICTURES:
            warnings.append(
                _("The picture “{name}” was left out: at most {most} come with a story.").format(
                    name=name, most=MOST_PICTURES
                )
            )
            continue
        data, cause = _first(_renditions(picture, inline, number), packed, feeds, ends)
        if data:
            brought.append((picture, data))
        else:
            warnings.append(
                _("The picture “{name}” was left out: {cause}").format(
                    name=name, cause=cause or _("the item does not say where it is.")
                )
            )
    return brought, warnings


def _inline(item: Item, delivery: Delivery) -> Sequence[Picture]:
    """The pictures with the bytes that stand in the delivery itself."""
    kept = [each for picture in item.pictures for each in picture.renditions]
    if all(each.href for each in kept):
        return ()
    try:
        items = parcels.read(bytes(delivery.payload), delivery.content_type)
    except FormatError:  # its bytes are no longer kept
        return ()
    same = (each for each in items if (each.guid, each.version) == (item.guid, item.version))
    return next((each.pictures for each in same), ())


def _packed(item: Item, delivery: Delivery) -> Mapping[str, bytes]:
    """The files that came in one archive with the item, where it names any that has no address."""
    if all("://" in each.href for picture in item.pictures for each in picture.renditions if each.href):
        return {}
    try:
        return parcels.files(bytes(delivery.payload))
    except FormatError:
        return {}


def _renditions(picture: Picture, inline: Sequence[Picture], number: int) -> Iterable[Rendition]:
    return inline[number].renditions if number < len(inline) else picture.renditions


def _first(
    renditions: Iterable[Rendition], packed: Mapping[str, bytes], feeds: Sequence[Feed], ends: float
) -> tuple[bytes, str]:
    """The bytes of the first rendition that can be had, or why the last could not."""
    cause = ""
    for rendition in renditions:
        if rendition.mimetype and not rendition.mimetype.startswith("image/"):
            continue
        if rendition.data:
            return rendition.data, ""
        try:
            if rendition.href.startswith(("https://", "http://")):
                return _fetch(rendition.href, ends), ""
            if found := packed.get(rendition.href):
                return found, ""
            if rendition.href:
                return folders.picture(rendition.href, feeds), ""
        except (fetch.FetchError, folders.NotThere) as error:
            cause = str(error)
    return b"", cause


def _fetch(url: str, ends: float) -> bytes:
    seconds = min(SECONDS_EACH, ends - time.monotonic())
    if seconds <= 0:
        raise folders.NotThere("the agency’s server took too long.")
    response = fetch.get(url, limit=MOST_BYTES, deadline=seconds)
    if response.status != 200:
        raise folders.NotThere(f"the agency’s server answered with status {response.status}.")
    return response.body
