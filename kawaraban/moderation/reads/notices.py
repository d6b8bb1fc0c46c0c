"""Notices from outside: the receipt, those that wait, and which comment an address means."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings

from kawaraban.discussion.models import Comment, Thread
from kawaraban.moderation.models import Notice

_COMMENT = re.compile(r"/t/([1-9]\d{0,8})/([1-9]\d{0,8})/")
_THREAD = re.compile(r"/t/([1-9]\d{0,8})/")
_ANCHOR = re.compile(r"comment-([1-9]\d{0,8})")


def receipt(key: str) -> Notice | None:
    """The notice with this key, with what was decided. Cost: 1 query."""
    return Notice.objects.filter(key=key).select_related("comment__thread", "decision__rule").first()


def open_notices() -> list[Notice]:
    """The notices that wait: threats to life first, then the oldest. Cost: 1 query."""
    waiting = Notice.objects.filter(outcome=Notice.Outcome.OPEN)
    loaded = waiting.select_related("comment__thread", "comment__author", "comment__decision")
    return list(loaded.order_by("-is_threat_to_life", "made_at", "pk"))


def own_path(address: str) -> str | None:
    """The path and anchor of an address of this site; None for any other. Cost: none."""
    try:
        parts = urlsplit(address.strip())
        site = urlsplit(settings.SITE_URL)
        if parts.netloc and (parts.hostname or "") != (site.hostname or ""):
            return None
    except ValueError:  # brackets that are no address
        return None
    # What begins with two slashes leads to another site, and to browsers a backslash is a slash.
    if not parts.path.startswith("/") or parts.path.startswith("//") or "\\" in address:
        return None
    if parts.scheme not in ("", "http", "https"):
        return None
    return parts.path + (f"#{parts.fragment}" if parts.fragment else "")


def comment_at(path: str) -> Comment | None:
    """The comment that a path of this site leads to, by its permalink or its anchor. Cost: 2 queries."""
    place, _, fragment = path.partition("#")
    anchor = _ANCHOR.fullmatch(fragment)
    if found := _COMMENT.match(place):
        thread_id, number = int(found[1]), int(found[2])
    elif anchor and (found := _THREAD.match(place)):
        thread_id, number = int(found[1]), int(anchor[1])
    elif anchor and (thread := Thread.objects.filter(url=place).first()):
        thread_id, number = thread.pk, int(anchor[1])
    else:
        return None
    return Comment.objects.filter(thread_id=thread_id, number=number).select_related("thread").first()
