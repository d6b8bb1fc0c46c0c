"""Photographs in templates."""

from __future__ import annotations

from django import template
from wagtail.images.models import Picture
from wagtail.images.shortcuts import get_renditions_or_not_found

from kawaraban.newsroom.photos import Photo
from kawaraban.newsroom.querysets import PICTURE_SIZES

register = template.Library()


@register.simple_tag
def picture(photo: Photo, alt: str, sizes: str, eager: bool) -> Picture:
    """A photograph in every size and format, of which the browser takes one; its place on the page is known before.

    Cost: none where the sizes are made and were fetched with the photograph; else a query, and a second to make them.

    Args:
        sizes: how wide it is shown, as the attribute says it.
        eager: it is what a reader sees first.
    """
    hints = {"fetchpriority": "high"} if eager else {"loading": "lazy", "decoding": "async"}
    return Picture(get_renditions_or_not_found(photo, PICTURE_SIZES), {"sizes": sizes, "alt": alt or "", **hints})
