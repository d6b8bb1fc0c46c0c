"""Photographs: into the library, in every size, and out of sight again."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.images.shortcuts import get_renditions_or_not_found

from kawaraban.caching.actions import remove
from kawaraban.newsroom import metadata, picture_files
from kawaraban.newsroom.metadata import Metadata
from kawaraban.newsroom.models import Photo, PhotoRendition
from kawaraban.newsroom.querysets import PICTURE_SIZES

# In one run on the clock, which has a minute: a photograph takes about a second.
MADE_AT_ONCE = 20


def library_photo(
    data: bytes, *, filename: str = "", fallback: Metadata | None = None, is_file_photo: bool = False
) -> Photo:
    """A new photograph in the library, with what the picture says of itself, and `fallback` where it says nothing.

    Cost: about 5 queries. The sizes are made on the clock (`make_sizes`), or by the first reader.

    Args:
        filename: names the photograph where nothing else does; it is no part of any address.

    Raises:
        Refused: these bytes are no picture that may come in (`picture_files.inspect`).
    """
    picture = picture_files.inspect(data)
    name = PurePath(metadata.line(filename).replace("\\", "/")).stem[:80] or "picture"
    photo = Photo(title="", is_file_photo=is_file_photo, file=ContentFile(data, name=name + picture.suffix))
    photo.fallback = fallback or Metadata()
    photo.save()
    return photo


def take_in(photo: Photo) -> None:
    """Read a photograph's new file: fill what is empty, and keep the file without the place where it was taken.

    Called before a photograph is saved, by whatever way it comes. What somebody has written stays.

    Raises:
        Refused: the file holds no picture that may come in.
    """
    if not photo.file or (photo.file._committed and not photo._state.adding):
        return
    with photo.open_file() as file:
        data = file.read()
    picture = picture_files.inspect(data)
    stem = metadata.line(PurePath(photo.file.name).stem)
    told = metadata.read(data).or_else(photo.fallback)
    # The desk's form makes a title of the file's name; that is nobody's wording.
    if _letters(photo.title) in ("", _letters(stem), _letters(photo.file.name)):
        photo.title = _shortened(told.title or stem, 255)
    _fill(photo, told)
    if photo.file._committed:
        photo.file.storage.delete(photo.file.name)
    photo.file = ContentFile(picture_files.strip(data, told), name=stem[:80] + picture.suffix)
    photo._set_image_file_metadata()


def _fill(photo: Photo, told: Metadata) -> None:
    taken = told.taken_at
    values: dict[str, Any] = {
        "description": told.alt_text,
        "caption": told.caption,
        "photographer": told.photographer,
        "agency": told.agency,
        "copyright_notice": told.copyright,
        "usage_terms": told.usage_terms,
        "taken_at": timezone.make_aware(taken) if taken is not None and taken.tzinfo is None else taken,
        "expires": told.expires,
    }
    for name, value in values.items():
        if value and not getattr(photo, name):
            room = getattr(Photo._meta.get_field(name), "max_length", None)
            setattr(photo, name, _shortened(value, room) if isinstance(value, str) and room else value)
    photo.found_keywords = told.keywords


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _shortened(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1].rsplit(" ", 1)[0] + "…"


def tag_photo(photo: Photo) -> None:
    """Tag a photograph with the keywords of its new file, unless somebody has tagged it. Cost: 6 queries at most."""
    if photo.found_keywords and not photo.tags.exists():
        photo.tags.add(*photo.found_keywords)


def make_sizes() -> int:
    """Make every size of photographs that lack them, the newest first; of how many.

    Cost: 1 query, and about 5 for each photograph, which takes a second of processor time.
    """
    made = PhotoRendition.objects.filter(filter_spec=PICTURE_SIZES[-1])
    lacking = Photo.objects.exclude(pk__in=made.values("image")).exclude(expires__lte=timezone.localdate())
    photos = list(lacking.order_by("-pk")[:MADE_AT_ONCE])
    for photo in photos:
        get_renditions_or_not_found(photo, PICTURE_SIZES)
    return len(photos)


def withdraw_expired() -> int:
    """Delete the files in which expired photographs were shown, so that their addresses end; how many those were.

    Pages leave the photographs out by themselves, from midnight on. Cost: 3 queries, and 2 for each file.
    """
    shown = PhotoRendition.objects.filter(image__expires__lte=timezone.localdate()).select_related("image")
    gone = sorted({rendition.image.cache_tag for rendition in shown})
    if gone:
        remove(*gone)
    return sum(rendition.delete()[0] for rendition in shown)
