"""What the tests of the newsroom's pages share: a page as a reader sees it, photographs, what an editor changes."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image
from wagtail.images.models import Filter
from wagtail.models import Site

from kawaraban.discussion.actions import open_thread
from kawaraban.newsroom.actions import PhotoDraft
from kawaraban.newsroom.models import FrontPage, FrontSlot, Photo, Publication, SectionPage, StoryPage, StoryPhoto
from kawaraban.newsroom.querysets import PICTURE_SIZES
from kawaraban.newsroom.testing import make_story

Written = TypeVar("Written", SectionPage, StoryPage)

MORNING = datetime(2026, 5, 11, 22, 1, tzinfo=UTC)  # 07:01 in the test site's Tokyo


def page(address: str, browser: Client | None = None) -> BeautifulSoup:
    """The page at an address; it must be there."""
    response = (browser or Client()).get(address)
    assert response.status_code == 200, f"{address} answered {response.status_code}"
    return BeautifulSoup(response.content, "html.parser")


def words(element: Any) -> str:
    """The text of an element with its spaces tidied; `(none)` for no element."""
    return "(none)" if element is None else " ".join(element.get_text().split())


def texts(soup: BeautifulSoup, selector: str) -> list[str]:
    """The tidied texts of all elements that a selector finds, in order."""
    return [words(found) for found in soup.select(selector)]


def make_photo(**fields: Any) -> Photo:
    """A small photograph in the library, with every size made."""
    file = io.BytesIO()
    Image.new("RGB", (48, 32), "navy").save(file, "WEBP")
    photo = Photo.objects.create(
        **{"title": "The river mouth", "file": ImageFile(file, name="river.webp"), "description": "A river.", **fields}
    )
    # Readers are not given the file that came in.
    made = default_storage.save("images/river.webp", ContentFile(file.getvalue()))
    for spec in (*PICTURE_SIZES, "max-165x165", "max-800x600", "original"):  # the latter for the desk
        # Not by Wagtail, which leaves the files that it rendered into to the garbage collector.
        key = Filter(spec).get_cache_key(photo)
        photo.renditions.create(filter_spec=spec, focal_point_key=key, file=made, width=48, height=32)
    return photo


def make_stories(section: SectionPage, count: int, photo: Photo | None = None, first: int = 1) -> list[StoryPage]:
    """Stories named `<section> 1`, `<section> 2` and so on, each an hour older than the one before."""
    return [
        make_story(
            section,
            headline=f"{section.title} {number}",
            published_at=MORNING - timedelta(hours=number),
            photos=(PhotoDraft(photo=photo),) if photo else (),
        )
        for number in range(first, first + count)
    ]


def make_archive(section: SectionPage, count: int, photo: Photo | None = None, first: int = 1) -> None:
    """The same in quantity: live at once, without the revisions and the publishing that other tests are about."""
    for number in range(first, first + count):
        at = MORNING - timedelta(hours=number)
        story = StoryPage(title=f"{section.title} {number}", published_at=at, first_published_at=at)
        story.thread = open_thread(story.title, "")
        story.photos = [StoryPhoto(photo=photo)] if photo else []
        section.add_child(instance=story)


def put_on_front(*stories: StoryPage) -> None:
    """Fill the curated slots of the front page, the lead first."""
    front = FrontPage.objects.get()
    front.slots.set([FrontSlot(story=story, sort_order=place) for place, story in enumerate(stories)])
    front.save_revision().publish()


def publish_again(before: Written, **changes: Any) -> Written:
    """The story or section after an editor has changed and published it."""
    found = type(before).objects.get(pk=before.pk)
    for name, value in changes.items():
        setattr(found, name, value)
    found.save_revision().publish()
    return type(before).objects.get(pk=before.pk)


def say_everywhere(**changes: Any) -> Publication:
    """The publication after an editor has changed what holds for all of it."""
    found = Publication.for_site(Site.objects.get(is_default_site=True))
    for name, value in changes.items():
        setattr(found, name, value)
    found.save()
    return found
