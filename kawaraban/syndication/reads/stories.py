"""Published stories as news items, alike for every format that tells them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.images.shortcuts import get_renditions_or_not_found
from wagtail.models import PageLogEntry
from wagtail.models import Site as WagtailSite

from kawaraban.formats.bodies import Block
from kawaraban.formats.items import Author, Item, Picture, PubStatus, Rendition, Signal, Subject
from kawaraban.newsroom.corrections import Correction
from kawaraban.newsroom.models import (
    FrontPage,
    Photo,
    SectionPage,
    StoryByline,
    StoryPage,
    StoryPhoto,
    StoryTag,
)
from kawaraban.newsroom.querysets import IN_PLACE, PICTURE_SIZES, StoryQuerySet
from kawaraban.syndication.bodies import blocks_of, photos_in

# A feed is for those who come back: who wants all of them reads the sitemaps.
LISTED = 50
# For so long a list says what was taken back; the story's own address says it always.
TOLD_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Site:
    """The site that was asked: its name, the address before every path, and its front page."""

    name: str
    address: str
    front: FrontPage

    @property
    def host(self) -> str:
        """The name of the machine, without the port."""
        return self.address.partition("//")[2].partition(":")[0]

    def at(self, path: str) -> str:
        """The whole address of a path here; a whole address stays what it is."""
        return urljoin(self.address + "/", path)

    def tag(self, day: datetime, name: str) -> str:
        """The name of something for ever, whatever becomes of its address.

        Source: RFC 4151, the tag URI: whose name this is on that day, then what it is called there.
        """
        return f"tag:{self.host},{day:%Y-%m-%d}:{name}"


def site_of(request: HttpRequest) -> Site:
    """The site that a request asks. Cost: 2 queries, one of them once per request.

    Raises:
        Http404: no site is prepared.
    """
    found = WagtailSite.find_for_request(request)
    front = found.root_page.specific if found else None
    if not isinstance(front, FrontPage):
        raise Http404
    return Site(str(found.site_name) or "Kawaraban", str(found.root_url), front)


# --- Which stories ----------------------------------------------------------------------------------------------------


def published(site: Site) -> StoryQuerySet:
    """Every story that may be told, newest first: nothing before its time, and nothing after it. Cost: 2 queries."""
    # The clock takes back what has expired once a minute; a list must not be late.
    unexpired = Q(expire_at=None) | Q(expire_at__gt=timezone.now())
    found: StoryQuerySet = StoryPage.objects.newest().descendant_of(site.front).filter(unexpired)
    return found


def taken_back(site: Site) -> Any:
    """Every story that was published and is not any more, the latest first; `taken_back_at` is when. Cost: 1 query.

    Without those whose time was over: when it would be they have said themselves.
    """
    at = PageLogEntry.objects.filter(page=OuterRef("pk"), action="wagtail.unpublish").order_by("-timestamp")
    return (
        StoryPage.objects.filter(live=False, expired=False, first_published_at__isnull=False)
        .descendant_of(site.front)
        .annotate(taken_back_at=Subquery(at.values("timestamp")[:1]))
        .exclude(taken_back_at=None)
        .select_related("thread", "withdrawal")
        .order_by("-taken_back_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Stories:
    """Stories that belong together: what they are called, where a reader finds them, and which they are.

    `taken_back` are those of them that can no longer be read, for whoever has taken them in.
    """

    title: str
    home: str
    description: str
    found: Any
    taken_back: Any


def _stories(site: Site, title: str, home: str, description: str, which: Q) -> Stories:
    lately = Q(taken_back_at__gt=timezone.now() - TOLD_FOR)
    return Stories(title, home, description, published(site).filter(which), taken_back(site).filter(which & lately))


def of_site(site: Site) -> Stories:
    """All of the site. Cost: as `published`."""
    return _stories(site, site.name, site.at("/"), _("The newest stories of {site}.").format(site=site.name), Q())


def of_section(site: Site, slug: str, request: HttpRequest) -> Stories:
    """Those of a section. Cost: 1 query more than `published`.

    Raises:
        Http404: there is no such section.
    """
    section = SectionPage.objects.child_of(site.front).live().filter(slug=slug).first()
    if section is None:
        raise Http404
    description = section.introduction or _("The newest stories in {section}.").format(section=section.title)
    home = section.get_full_url(request) or site.address
    inside = Q(path__startswith=section.path, depth=section.depth + 1)
    return _stories(site, f"{section.title} · {site.name}", home, description, inside)


def of_author(site: Site, name: str) -> Stories:
    """Those under whose headline this name stands. Cost: 1 query more than `published`.

    Raises:
        Http404: no published story has such a byline.
    """
    which = Q(pk__in=StoryByline.objects.filter(name=name).values("story"))
    found = _stories(
        site, f"{name} · {site.name}", site.at("/"), _("The newest stories by {name}.").format(name=name), which
    )
    if not found.found.exists():
        raise Http404
    return found


def of_tag(site: Site, name: str) -> Stories:
    """Those filed under a tag. Cost: 1 query more than `published`.

    Raises:
        Http404: no published story is filed under it.
    """
    which = Q(pk__in=StoryTag.objects.filter(tag__name=name).values("content_object"))
    found = _stories(
        site,
        f"{name} · {site.name}",
        site.at("/"),
        _("The newest stories filed under {name}.").format(name=name),
        which,
    )
    if not found.found.exists():
        raise Http404
    return found


# --- A story as an item -----------------------------------------------------------------------------------------------


def items(stories: StoryQuerySet, site: Site, request: HttpRequest, most: int | None = None) -> list[Item]:
    """The stories as items, in their order, or the first so many; without those whose section is not published.

    Cost: 10 queries at any number of stories; 2 more for the first of an archive, 1 more where texts link to pages
    here, 2 more where they hold pictures.
    """
    whole: Any = stories.prefetch_related(
        Prefetch("bylines", StoryByline.objects.order_by(*IN_PLACE), to_attr="shown_bylines"),
        Prefetch("corrections", Correction.objects.order_by("-made_at"), to_attr="shown_corrections"),
        Prefetch("tagged_items", StoryTag.objects.select_related("tag").order_by("pk"), to_attr="shown_tags"),
    )
    found = list(whole.with_pictures()) if most is None else whole.with_pictures().head(most)
    sections = {each.path: each for each in SectionPage.objects.child_of(site.front).live()}
    bodies = blocks_of([story.body for story in found], site.address, request)
    inside = {photo.pk: photo for photo in _photos(pk for story in found for pk in photos_in(story.body))}
    return [
        _item(story, section, body, inside, site, request)
        for story, body in zip(found, bodies, strict=True)
        if (section := sections.get(story.path[: -story.steplen]))
    ]


def _photos(keys: Iterable[int]) -> list[Photo]:
    wanted = set(keys)
    return list(Photo.objects.filter(pk__in=wanted).prefetch_renditions(*PICTURE_SIZES)) if wanted else []


def _item(
    story: StoryPage,
    section: SectionPage,
    body: tuple[Block, ...],
    inside: dict[int, Photo],
    site: Site,
    request: HttpRequest,
) -> Item:
    named = [Author(byline.name, byline.kind) for byline in story.shown_bylines]
    if story.agency and story.agency not in {author.name for author in named}:
        named.append(Author(story.agency, StoryByline.Kind.AGENCY.value))
    version = max(1, story.thread.version if story.thread else 1)
    first = story.first_published_at or story.latest_revision_created_at or timezone.now()
    pictures = [_picture(each, each.photo, site) for each in story.shown_photos if each.photo and not each.is_withdrawn]
    # A photograph that stands above the text and in it is one picture.
    shown = {each.photo_id for each in story.shown_photos}
    pictures += [
        _picture(StoryPhoto(caption=caption), inside[pk], site)
        for pk, caption in photos_in(story.body).items()
        if pk in inside and pk not in shown and not inside[pk].is_expired
    ]
    correction = next(iter(story.shown_corrections), None)
    return Item(
        guid=site.tag(first, f"story/{story.pk}"),
        version=version,
        versioncreated=story.last_published_at or story.published_at or first,
        firstcreated=story.published_at,
        signal=Signal.NONE if version == 1 else Signal.CORRECTION if correction else Signal.UPDATE,
        expires=story.expire_at,
        headline=story.title,
        standfirst=story.standfirst,
        body=body,
        bylines=tuple(named),
        dateline=story.dateline,
        language=story.language or settings.LANGUAGE_CODE,
        ednote=correction.text if correction else "",
        provider=site.name,
        copyrightholder=next(iter(story.copyright_lines), "").removeprefix("©").strip(),
        copyright_lines=tuple(story.copyright_lines),
        subjects=(Subject(section.title),),
        keywords=tuple(tagged.tag.name for tagged in story.shown_tags),
        genre=story.kind_label,
        uri=story.get_full_url(request) or "",
        pictures=tuple(picture for picture in pictures if picture.renditions),
    )


def taken_back_items(stories: Any, site: Site) -> list[Item]:
    """Stories that were taken back, as items that say so and nothing of what they said. Cost: 1 query.

    Withheld, so that they come back where they are published again; canceled where their own agency has killed them.
    """
    return [_taken_back(story, site) for story in stories]


def _taken_back(story: StoryPage, site: Site) -> Item:
    withdrawal = getattr(story, "withdrawal", None)
    is_final = withdrawal is not None and withdrawal.is_final
    said = "must no longer be used" if is_final else "is not to be used until further notice"
    return Item(
        guid=site.tag(story.first_published_at, f"story/{story.pk}"),
        version=max(1, story.version),
        versioncreated=max(story.taken_back_at, story.last_published_at or story.taken_back_at),
        pubstatus=PubStatus.CANCELED if is_final else PubStatus.WITHHELD,
        headline="Withdrawn" if is_final else "Withheld",
        ednote=f"{site.name} has taken this story back; it {said}.",
        language=settings.LANGUAGE_CODE,
        provider=site.name,
    )


def _picture(shown: StoryPhoto, photo: Photo, site: Site) -> Picture:
    """A photograph as a story shows it; what the story leaves empty comes from the photograph's own record."""
    return Picture(
        guid=site.tag(photo.created_at, f"photo/{photo.pk}"),
        headline=photo.title,
        caption=shown.caption or photo.caption,
        alt_text=shown.alt_text or photo.description,
        photographer=shown.photographer or photo.photographer,
        credit=shown.agency or photo.agency,
        copyrightnotice=photo.copyright_notice,
        usageterms=photo.usage_terms,
        is_file_photo=shown.is_file_photo or photo.is_file_photo,
        contentcreated=photo.taken_at,
        renditions=renditions(photo, site),
    )


def renditions(photo: Photo, site: Site) -> tuple[Rendition, ...]:
    """The sizes in which the site's pages show a photograph, the largest first; none where its file is missing.

    Without AVIF, which few programs elsewhere read. Cost: none where they are prefetched and made already.
    """
    sizes = [each for each in PICTURE_SIZES if not each.endswith("avif")]
    made = get_renditions_or_not_found(photo, sizes).values()
    found = [
        Rendition(
            href=site.at(each.url), mimetype=f"image/{each.file.name.rpartition('.')[2]}", width=each.width,
            height=each.height,
        )
        for each in made
        if each.width
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: -each.width))
