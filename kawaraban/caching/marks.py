"""Marks on views and rows: what may be remembered, what it is about, what it mentions."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Protocol, cast

from django.http import HttpRequest, HttpResponse

# Where the memory puts its draft into the scope of the request by which it asks for a page.
SCOPE = "kawaraban.draft"
# The cookie of who has just changed a page: when that was, in milliseconds of the epoch.
CHANGED = "changed"
REMEMBERED_FOR = 30  # seconds
# Seconds until a page is made anew of which no change is known: counts of reads, the time of day.
OLDEST = 60.0
# Every page has the masthead, the sections and the colours around it.
EVERYWHERE = "site"

_draft: ContextVar[Draft | None] = ContextVar("draft", default=None)


@dataclass(eq=False, slots=True)
class Draft:
    """What is known of a page that is being made to be remembered.

    Attributes:
        good_for: seconds after which the page is made anew, whether or not something is known to have changed.
        about: tags whose `purge` makes the page old.
        mentions: tags whose `remove` takes the page back, beside those of `about`.
    """

    is_cacheable: bool = False
    good_for: float = OLDEST
    about: set[str] = field(default_factory=set)
    mentions: set[str] = field(default_factory=set)


class Cacheable(Protocol):
    """A view that answers everybody alike; only the named parts of the query make a difference to it."""

    cacheable: tuple[str, ...]

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def cacheable(*parameters: str) -> Callable[[Callable[..., Any]], Cacheable]:
    """Mark a view whose page may be remembered.

    It must neither look at who asks, nor at a header, nor at any part of the query but these.
    """

    def mark(view: Callable[..., Any]) -> Cacheable:
        @wraps(view)
        def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            draft: Draft | None = getattr(request, "scope", {}).get(SCOPE)
            if draft is None:
                return view(request, *args, **kwargs)
            draft.is_cacheable = True
            draft.about.add(EVERYWHERE)
            token = _draft.set(draft)
            try:
                response = view(request, *args, **kwargs)
                # Wagtail leaves it to Django to render a page; by then nobody would take note.
                return response.render() if hasattr(response, "render") else response
            finally:
                _draft.reset(token)

        found = cast(Cacheable, marked)
        found.cacheable = parameters
        return found

    return mark


def about(*tags: str) -> None:
    """Say what the page that is being made is about. Where none is, this does nothing."""
    draft = _draft.get()
    if draft is not None:
        draft.about.update(tags)


def good_for(seconds: float) -> None:
    """Say that what the page shows by the clock is to be no older. Where none is being made, this does nothing."""
    draft = _draft.get()
    if draft is not None:
        draft.good_for = min(draft.good_for, seconds)


def mention(tag: str) -> None:
    """Say what the page that is being made mentions. Where none is, this does nothing."""
    draft = _draft.get()
    if draft is not None:
        draft.mentions.add(tag)


def is_noting() -> bool:
    """Whether a page is being made that is to be remembered."""
    return _draft.get() is not None
