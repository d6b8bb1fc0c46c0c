"""Where Wagtail tells us that a page was published, by whatever way, and Django that a row was saved or goes away."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save, pre_delete, pre_save
from wagtail.models import Page, Revision, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from kawaraban.caching import EVERYWHERE
from kawaraban.caching.actions import purge, remove
from kawaraban.newsroom import actions, drafting
from kawaraban.newsroom.models import FrontPage, Photo, Publication, SectionPage, StoryPage


def connect() -> None:
    """Listen for stories and what holds for them. Publishing has no other hook that also covers schedule and API."""
    page_published.connect(_published, sender=StoryPage, dispatch_uid="story_published")
    page_unpublished.connect(_unpublished, sender=StoryPage, dispatch_uid="story_unpublished")
    pre_delete.connect(_unpublished, sender=StoryPage, dispatch_uid="story_deleted")
    # A new version of a page that is live already is scheduled without a word from Wagtail.
    post_save.connect(_revision_saved, sender=Revision, dispatch_uid="revision_scheduled")
    page_published.connect(_page_published, dispatch_uid="page_expires")
    page_published.connect(_section_published, sender=SectionPage, dispatch_uid="section_published")
    # Wagtail's settings are saved by a plain form.
    post_save.connect(_publication_saved, sender=Publication, dispatch_uid="publication_saved")
    # So are photographs, by five of its views.
    pre_save.connect(_photo_comes, sender=Photo, dispatch_uid="photo_comes")
    post_save.connect(_photo_came, sender=Photo, dispatch_uid="photo_came")
    pre_delete.connect(_photo_goes, sender=Photo, dispatch_uid="photo_goes")
    # What stands around every page: the sections, their order and addresses, the name of the site.
    for sender in (FrontPage, SectionPage):
        page_published.connect(_frame_changed, sender=sender, dispatch_uid=f"frame_{sender.__name__}_published")
        page_unpublished.connect(_frame_changed, sender=sender, dispatch_uid=f"frame_{sender.__name__}_unpublished")
        pre_delete.connect(_frame_changed, sender=sender, dispatch_uid=f"frame_{sender.__name__}_deleted")
    post_page_move.connect(_frame_changed, dispatch_uid="frame_moved")
    post_save.connect(_frame_changed, sender=Site, dispatch_uid="frame_site")


def _published(instance: StoryPage, **_: Any) -> None:
    # Wagtail also tells of a story that was approved to be published later.
    if instance.live:
        actions.story_published(instance)
        drafting.restored(instance)


def _unpublished(instance: StoryPage, **_: Any) -> None:
    actions.story_unpublished(instance)


def _section_published(instance: SectionPage, **_: Any) -> None:
    if instance.live:
        actions.section_published(instance)


def _revision_saved(instance: Revision, **_: Any) -> None:
    actions.look_at(instance.approved_go_live_at)


def _page_published(instance: Page, **_: Any) -> None:
    actions.look_at(instance.expire_at)


def _publication_saved(instance: Publication, created: bool, **_: Any) -> None:
    actions.publication_saved(instance)
    if not created:  # with the values that held before there was a row: a page that is read may make it
        purge(EVERYWHERE)


def _photo_comes(instance: Photo, **_: Any) -> None:
    actions.take_in(instance)


def _photo_came(instance: Photo, **_: Any) -> None:
    actions.tag_photo(instance)


def _photo_goes(instance: Photo, **_: Any) -> None:
    remove(instance.cache_tag)


def _frame_changed(**_: Any) -> None:
    purge(EVERYWHERE)
