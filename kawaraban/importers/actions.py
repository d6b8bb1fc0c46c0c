"""What an import brings, kept as a story and its thread: whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Comment, Thread
from kawaraban.importers import saved_page
from kawaraban.importers.page_file import read_lines
from kawaraban.importers.page_parts import PageError, SavedComment, SavedPage
from kawaraban.newsroom import actions as newsroom
from kawaraban.newsroom.models import FrontPage, SectionPage, StoryPage

# Told how far it has come: comments done, comments in all.
Tell = Callable[[int, int], None]


class NotImported(Exception):  # noqa: N818 - an answer of "no", with its sentence
    """Why a file was not imported; nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file. `report` can be written as JSON."""

    story: StoryPage
    is_new: bool
    sentence: str
    warnings: tuple[str, ...]
    report: dict[str, Any]


def import_page(path: Path, tell: Tell = lambda done, total: None) -> Outcome:
    """The story and thread made of a saved page; a page that is here already changes nothing.

    Cost: about 60 queries, and 2 for each comment.

    Raises:
        NotImported: the file is no whole story page, or another copy of the story is here.
    """
    try:
        page = saved_page.parse(read_lines(path))
    except PageError as error:
        raise NotImported(error.message) from error
    origin = _origin(page)
    with transaction.atomic():
        front = FrontPage.objects.first()
        if front is None:
            raise NotImported("This site has no front page yet, so nothing was imported; run `kawaraban init` first.")
        story = StoryPage.objects.filter(origin=origin).first()
        is_new = story is None
        if story is None:
            story = newsroom.publish_story(_section(front, page.section), _draft(page, origin))
            _record(story, page, tell)
        elif not _is_same(story, page):
            raise NotImported(
                f"Another copy of “{page.headline}” was imported before, with other comments, so nothing was changed; "
                f"compare it with {story.url} and delete that story first if this file is the better one."
            )
    return _outcome(story, page, is_new)


def _origin(page: SavedPage) -> str:
    """Equal for two copies of one story, whatever was said below it meanwhile."""
    text = json.dumps([page.headline, page.paragraphs], ensure_ascii=False)
    return f"page:{hashlib.sha256(text.encode()).hexdigest()}"


def _section(front: FrontPage, name: str) -> SectionPage:
    title = name.strip() or "News"
    return newsroom.add_section(front, title[:1].upper() + title[1:], slugify(title) or "news")


def _draft(page: SavedPage, origin: str) -> newsroom.StoryDraft:
    photo = page.photo
    return newsroom.StoryDraft(
        headline=page.headline[:255],
        standfirst=page.standfirst,
        body=[newsroom.paragraph(text) for text in page.paragraphs],
        bylines=tuple((byline.name[:120], byline.kind) for byline in page.bylines),
        agency=page.agency.value[:120] if page.agency else "",
        copyright_lines=page.copyright_lines,
        photos=(
            newsroom.PhotoDraft(
                title=photo.title[:255],
                caption=photo.caption,
                photographer=photo.photographer[:120],
                agency=photo.agency[:120],
                is_file_photo=photo.file_photo,
            ),
        )
        if photo
        else (),
        comments=StoryPage.Comments.CLOSED if page.closed else StoryPage.Comments.OPEN,
        origin=origin,
    )


def _record(story: StoryPage, page: SavedPage, tell: Tell) -> None:
    thread = Thread.objects.select_for_update().get(pk=story.thread_id)
    for comment in page.comments:
        discussion.record_comment(
            thread,
            discussion.Record(
                comment.text,
                signed=_signature(comment),
                is_placeholder=comment.author is None,
                time_text=(comment.time_text or "")[:60],
                imported=(comment.up, comment.down),
            ),
        )
        tell(comment.number, len(page.comments))
    discussion.link_thread(thread)


def _signature(comment: SavedComment) -> str:
    """The name the page tells, else a numbered placeholder; never an account."""
    return comment.author[:100] if comment.author else f"Reader {comment.number}"


def _is_same(story: StoryPage, page: SavedPage) -> bool:
    kept = Comment.objects.filter(thread_id=story.thread_id).order_by("number")
    votes = list(kept.values_list("imported_up", "imported_down"))
    return votes[: len(page.comments)] == [(comment.up, comment.down) for comment in page.comments]


def _outcome(story: StoryPage, page: SavedPage, is_new: bool) -> Outcome:
    count = len(page.comments)
    comments = f"{count:,} comment{'' if count == 1 else 's'}"
    sentence = (
        f"“{page.headline}” is imported with {comments}: {story.url}"
        if is_new
        else f"“{page.headline}” was imported before; nothing was changed: {story.url}"
    )
    return Outcome(
        story,
        is_new,
        sentence,
        tuple(warning.message for warning in page.warnings),
        {"imported": is_new, "url": story.url, **page.report()},
    )
