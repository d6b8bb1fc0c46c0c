"""Where Wagtail tells us that a page was published or taken back, and Django that a comment was saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from kawaraban.discussion.models import Comment, Quote
from kawaraban.newsroom.live_reports import LiveEntry
from kawaraban.newsroom.models import StoryPage
from kawaraban.search import actions, index, tasks
from kawaraban.search.models import Entry

# A vote, a pick or a mark changes no word.
WORDS = {"source", "html", "state"}


def connect() -> None:
    """Listen for what readers can read, and can read no more. The rooms below know nothing of a search."""
    page_published.connect(_published, sender=StoryPage, dispatch_uid="search_published")
    page_unpublished.connect(_published, sender=StoryPage, dispatch_uid="search_unpublished")
    post_page_move.connect(_moved, dispatch_uid="search_moved")
    post_save.connect(_said, sender=Comment, dispatch_uid="search_said")
    post_save.connect(_told, sender=LiveEntry, dispatch_uid="search_told")
    post_delete.connect(_gone, sender=Entry, dispatch_uid="search_gone")


def _published(instance: StoryPage, **_: Any) -> None:
    tasks.keep_stories.enqueue([instance.pk])


def _moved(instance: Page, **_: Any) -> None:
    actions.forget_below(instance)


def _said(instance: Comment, created: bool, update_fields: Iterable[str] | None = None, **_: Any) -> None:
    # What is new is found by `tasks.follow`.
    if not created and (update_fields is None or WORDS.intersection(update_fields)):
        # Whoever quotes it shows its words as well, or no longer does.
        quoting = Quote.objects.filter(source=instance).values_list("comment", flat=True)
        tasks.keep_comments.enqueue(sorted({instance.pk, *quoting}))


def _told(instance: LiveEntry, **_: Any) -> None:
    tasks.keep_stories.enqueue([instance.report.story_id])


def _gone(instance: Entry, **_: Any) -> None:
    index.remove([instance.pk])
