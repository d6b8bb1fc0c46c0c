"""Everything that changes a story, besides Wagtail's own editing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.html import escape
from django.utils.text import slugify

from kawaraban.caching.actions import purge, remove
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Closing, Thread
from kawaraban.newsroom.actions.corrections import tell_credited
from kawaraban.newsroom.actions.polls import settle_poll
from kawaraban.newsroom.actions.versions import keep_update
from kawaraban.newsroom.corrections import Correction
from kawaraban.newsroom.fronts import LISTS, OnOff, section_tag
from kawaraban.newsroom.models import (
    Photo,
    Publication,
    SectionPage,
    StoryByline,
    StoryPage,
    StoryPhoto,
)

# In one run on the clock, which has a minute; the next run goes on.
CLOSED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PhotoDraft:
    """A photograph for a story; `photo` is None where only its words are known."""

    photo: Photo | None = None
    title: str = ""
    caption: str = ""
    photographer: str = ""
    agency: str = ""
    is_file_photo: bool = False
    alt_text: str = ""
    is_decorative: bool = False


@dataclass(frozen=True, slots=True)
class StoryDraft:
    """A story as an importer hands it over.

    `body` holds (block type, value) pairs as the story's StreamField takes them; `bylines` (name, kind) pairs.
    """

    headline: str
    body: list[tuple[str, Any]]
    slug: str = ""
    standfirst: str = ""
    bylines: tuple[tuple[str, str], ...] = ()
    agency: str = ""
    dateline: str = ""
    language: str = ""
    copyright_lines: tuple[str, ...] = ()
    photos: tuple[PhotoDraft, ...] = ()
    corrections: tuple[tuple[datetime, str], ...] = ()
    tags: tuple[str, ...] = ()
    comments: str = StoryPage.Comments.OPEN
    screens: str = ""
    opinion_groups: str = ""
    kind: str = StoryPage.Kind.NEWS
    question: str = ""
    poll_options: tuple[str, ...] = ()
    poll_closes_at: datetime | None = None
    origin: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = field(default=None)


def paragraph(text: str) -> tuple[str, str]:
    """A paragraph block holding plain text."""
    return ("paragraph", f"<p>{escape(text)}</p>")


@transaction.atomic
def publish_story(section: SectionPage, draft: StoryDraft) -> StoryPage:
    """A new story, published, with its thread. Cost: about 50 queries."""
    story = new_story(draft)
    add_story(section, story)
    story.save_revision().publish()
    story.refresh_from_db()
    return story


def new_story(draft: StoryDraft) -> StoryPage:
    """The story of a draft, not saved. Cost: none."""
    story = StoryPage(
        title=draft.headline,
        slug=draft.slug,
        standfirst=draft.standfirst,
        agency=draft.agency,
        dateline=draft.dateline,
        language=draft.language,
        body=draft.body,
        copyright="\n".join(draft.copyright_lines),
        comments=draft.comments,
        screens=draft.screens,
        opinion_groups=draft.opinion_groups,
        kind=draft.kind,
        question=draft.question,
        poll_options="\n".join(draft.poll_options),
        poll_closes_at=draft.poll_closes_at,
        origin=draft.origin,
        published_at=draft.published_at,
        updated_at=draft.updated_at,
        live=False,
    )
    story.bylines = bylines(draft.bylines)
    story.photos = [
        StoryPhoto(
            photo=photo.photo,
            title=photo.title,
            caption=photo.caption,
            photographer=photo.photographer,
            agency=photo.agency,
            is_file_photo=photo.is_file_photo,
            alt_text=photo.alt_text,
            is_decorative=photo.is_decorative,
            sort_order=place,
        )
        for place, photo in enumerate(draft.photos)
    ]
    story.corrections = [
        Correction(made_at=made_at, text=text, sort_order=place)
        for place, (made_at, text) in enumerate(draft.corrections)
    ]
    if draft.tags:
        story.tags.add(*draft.tags)
    return story


def bylines(named: Iterable[tuple[str, str]]) -> list[StoryByline]:
    """The bylines of these (name, kind) pairs in this order, not saved. Cost: none."""
    return [StoryByline(name=name, kind=kind, sort_order=place) for place, (name, kind) in enumerate(named)]


def add_story(section: SectionPage, story: StoryPage) -> None:
    """Put a new story into its section, under an address that is free there. Cost: about 12 queries."""
    story.slug = _free_slug(section, story.slug or story.title)
    section.add_child(instance=story)


@transaction.atomic
def story_published(story: StoryPage) -> None:
    """Open the thread of a story that is published for the first time, and keep the version's passages.

    Called whenever a page goes live, by whatever way. Cost: about 16 queries.
    """
    now = timezone.now()
    # Read anew and locked: of two publications at once, the second finds the thread that the first has opened.
    kept = StoryPage.objects.select_for_update(of=("self",)).select_related("thread").get(pk=story.pk)
    first = kept.thread is None
    thread = kept.thread or discussion.open_thread(story.title, "")
    url = story.get_url() or story.url_path
    # Nobody knows when the discussion of an imported page was closed; we only know that it was.
    closed_at = None if first and story.origin else now
    # The thread shows it where it is answered: at a box that pages without the story have as well. A poll has its own.
    question = story.question.strip() if story.kind == StoryPage.Kind.QUESTION else ""
    discussion.describe_thread(
        thread.pk,
        title=story.title,
        url=url,
        question=question,
        state=story.comments,
        closed_at=closed_at,
        screens=story.screens or _screens_in(story.get_parent().specific),
        finds_groups=(story.opinion_groups or _groups_in(story.get_parent().specific)) == OnOff.ON,
    )
    settle_poll(story)
    changed = discussion.keep_passages(thread.pk, story.passages)
    news = changed or bool(story.update_note.strip())
    lasting: dict[str, Any] = {"thread": thread, "published_at": kept.published_at}
    if first and not story.origin and kept.published_at is None:
        lasting["published_at"] = now
    if news and not first:
        lasting["updated_at"] = now
    if news:
        keep_update(story, thread, lasting["published_at"] if first else now, is_wording=changed)
        lasting["update_note"] = ""
    # Beside Wagtail's own saving: these belong to the story and not to a revision.
    StoryPage.objects.filter(pk=story.pk).update(**lasting)
    for name, value in lasting.items():
        setattr(story, name, value)
    tell_credited(story)
    # Words that were there, and may be there no more, are not shown again.
    (remove if changed and not first else purge)(story.cache_tag)
    _purge_lists(story)


def story_unpublished(story: StoryPage) -> None:
    """Take a story off remembered pages, and switch the discussion off while it cannot be read. Cost: 6 queries."""
    remove(story.cache_tag)
    _purge_lists(story)
    if story.thread is not None:
        discussion.describe_thread(
            story.thread.pk,
            title=story.thread.title,
            url=story.thread.url,
            state=Thread.State.OFF,
            closed_at=timezone.now(),
        )


def _purge_lists(story: StoryPage) -> None:
    """Let the pages be made anew on which a story appears, moves up or is missing. Cost: 2 queries."""
    purge(LISTS, section_tag(story.get_parent().pk))


def section_published(section: SectionPage) -> int:
    """Let what a section says of discussions hold for its stories, but for those that say it themselves.

    That is when moderators read, and whether opinion groups are looked for; how many changed. Cost: 6 queries at any
    number of stories.
    """
    stories = StoryPage.objects.child_of(section)
    screened = Thread.objects.filter(pk__in=stories.filter(screens="").values("thread"))
    grouped = Thread.objects.filter(pk__in=stories.filter(opinion_groups="").values("thread"))
    changed = discussion.wish_screening(screened, _screens_in(section))
    return changed + discussion.wish_groups(grouped, _groups_in(section) == OnOff.ON)


@transaction.atomic
def publication_saved(publication: Publication) -> int:
    """Let what the publication says of discussions hold in all sections, but for those that say it themselves.

    How many discussions changed. Cost: 2 queries, 6 for each section.
    """
    sections = SectionPage.objects.child_of(publication.site.root_page).live()
    sections = sections.filter(Q(screens="") | Q(opinion_groups=""))
    return sum(section_published(section) for section in sections)


def _screens_in(section: SectionPage) -> str:
    """When moderators read the stories of a section that do not say it themselves. Cost: 2 queries at most."""
    return section.screens or _publication_of(section).screens


def _groups_in(section: SectionPage) -> str:
    """Whether opinion groups are looked for in stories of a section that do not say it. Cost: 2 queries at most."""
    return section.opinion_groups or (OnOff.ON if _publication_of(section).opinion_groups else OnOff.OFF)


def close_what_is_old() -> int:
    """How many discussions were closed because their stories are old; at most so many at once, the oldest first.

    A section's own figure goes before that of the publication, and each discussion is closed for its age once: what
    the newsroom then opens stays open. Cost: 2 queries, 3 for each section, 8 for each discussion.
    """
    closed = 0
    for section in SectionPage.objects.live().order_by("path"):
        days = _days_open(section)
        if not days:
            continue
        old = (
            StoryPage.objects.child_of(section)
            .filter(thread__state=Thread.State.OPEN, published_at__lte=timezone.now() - timedelta(days=days))
            .exclude(thread__closings__reason=Closing.Reason.AGE)
            .order_by("published_at")
            .values_list("thread_id", flat=True)
        )
        for thread_id in list(old[: CLOSED_AT_ONCE - closed]):
            discussion.close_thread(None, thread_id, reason=Closing.Reason.AGE)
            closed += 1
    return closed


def _days_open(section: SectionPage) -> int:
    """For how many days the discussions of a section stay open; 0 is for ever."""
    if section.close_after_days is not None:
        return section.close_after_days
    return _publication_of(section).close_after_days


def _publication_of(section: SectionPage) -> Publication:
    """What holds for the whole publication that a section belongs to; the defaults for one that belongs to none."""
    site = section.get_site()
    return Publication.for_site(site) if site else Publication()


def _free_slug(section: SectionPage, text: str) -> str:
    base = slugify(text)[:200].strip("-") or "story"
    taken = set(section.get_children().filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
