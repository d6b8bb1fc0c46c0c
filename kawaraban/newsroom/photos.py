"""Photographs: their tables, which of them may be shown, and what a story must say of those it shows."""

from __future__ import annotations

import secrets
from pathlib import PurePath
from typing import Any, ClassVar

from django.core.files.base import ContentFile, File
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, Image, ImageQuerySet

from kawaraban.caching.models import Mentioned
from kawaraban.newsroom import picture_files, polls
from kawaraban.newsroom.blocks import NEEDS_ALT_TEXT
from kawaraban.newsroom.metadata import Metadata


class Credit(models.Model):
    """What is printed beside a photograph, besides the picture."""

    caption = models.TextField(blank=True)
    photographer = models.CharField(max_length=120, blank=True)
    agency = models.CharField(max_length=120, blank=True)
    is_file_photo = models.BooleanField(
        _("FILE PHOTO"), default=False, help_text=_("Taken before what the story reports.")
    )

    class Meta:
        abstract = True


class Photo(Mentioned, Credit, AbstractImage):
    """A photograph in the library, with the credit that travels with it.

    Wagtail's `title` names it for the desk and its `description` is the alternative text.
    """

    objects: ClassVar[Any] = ImageQuerySet.as_manager()

    # Beside the row, while a new file is taken in: what its sender says of it, and the keywords that it brought.
    fallback = Metadata()
    found_keywords: tuple[str, ...] = ()

    copyright_notice = models.CharField(max_length=255, blank=True, help_text=_("Such as © Harbour News Agency."))
    usage_terms = models.TextField(blank=True, help_text=_("On which terms it may be used. For the desk; not printed."))
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    expires = models.DateField(
        null=True, blank=True, db_index=True, help_text=_("From this day on it is not shown any more. Empty: never.")
    )

    admin_form_fields: ClassVar = (
        *Image.admin_form_fields,
        *("caption", "photographer", "agency", "is_file_photo"),
        *("copyright_notice", "usage_terms", "taken_at", "expires"),
    )

    def __str__(self) -> str:
        return str(self.title)

    @property
    def cache_tag(self) -> str:
        """Its name among what remembered pages mention."""
        return f"photo:{self.pk}"

    @property
    def is_expired(self) -> bool:
        """True from the day on which its use ends, in the site's time zone."""
        return self.expires is not None and self.expires <= timezone.localdate()

    def get_upload_to(self, filename: str) -> str:
        """A name that nobody can guess: that of a camera or an agency would tell of a story before it is published."""
        return f"original_images/{secrets.token_hex(8)}{PurePath(filename).suffix.lower()[:5]}"

    def generate_rendition_file(self, filter: Filter, *, source: File[bytes] | None = None) -> File[bytes]:
        """The picture in one size, without metadata: Wagtail hands EXIF on with JPEG and PNG."""
        made = super().generate_rendition_file(filter, source=source)
        made.seek(0)
        bare = ContentFile(picture_files.strip(made.read()), name=made.name)
        made.close()
        return bare


class PhotoRendition(AbstractRendition):
    """A photograph in one size and format."""

    image = models.ForeignKey(Photo, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("image", "filter_spec", "focal_point_key"), name="photo_rendition_once"),
        )


class StoryForm(polls.StoryForm):
    """The story's form: a photograph that is published has an alternative text, or is marked as decorative."""

    def clean(self) -> dict[str, Any]:
        """Say where it is missing; a draft may lack it. Cost: 1 query for each photograph."""
        data: dict[str, Any] = super().clean()
        if self.is_deferred_validation or "photos" not in self.formsets:
            return data
        for form in self.formsets["photos"].forms:
            shown = form.cleaned_data if form.is_valid() else {}
            photo = shown.get("photo")
            if photo is None or shown.get("DELETE") or shown.get("is_decorative"):
                continue
            if not (shown.get("alt_text") or photo.description).strip():
                form.add_error("alt_text", NEEDS_ALT_TEXT)
        return data
