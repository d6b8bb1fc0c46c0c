"""Where Wagtail tells us that a story was published, by whatever way, and Django that one goes away."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_delete
from wagtail.signals import page_published, page_unpublished

from kawaraban.newsroom import actions
from kawaraban.newsroom.models import StoryPage


def connect() -> None:
    """Listen for stories. Publishing has no other hook that also covers schedule, workflow and API."""
    page_published.connect(_published, sender=StoryPage, dispatch_uid="story_published")
    page_unpublished.connect(_unpublished, sender=StoryPage, dispatch_uid="story_unpublished")
    pre_delete.connect(_unpublished, sender=StoryPage, dispatch_uid="story_deleted")


def _published(instance: StoryPage, **_: Any) -> None:
    # Wagtail also tells of a story that was approved to be published later.
    if instance.live:
        actions.story_published(instance)


def _unpublished(instance: StoryPage, **_: Any) -> None:
    actions.story_unpublished(instance)
