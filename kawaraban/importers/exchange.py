"""A story and its discussion as one JSON document, the format that every later importer and exporter shares.

The format is described in docs/reference/exchange.md, and by JSON Schema in `exchange.schema.json` beside this file.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils import timezone
from wagtail.models import Site

from kawaraban.discussion import reads
from kawaraban.discussion.models import Closing, Comment, Quote, Source, Thread
from kawaraban.discussion.typesetting import Quoted, plain, seen
from kawaraban.newsroom import live_reports
from kawaraban.newsroom.live_reports import LiveEntry
from kawaraban.newsroom.models import FrontPage, Photo, StoryPage, StoryPhoto
from kawaraban.newsroom.polls import Poll, view
from kawaraban.newsroom.querysets import IN_PLACE, WHOLE
from kawaraban.newsroom.versions import Update
from kawaraban.theme.templatetags.times import printed

FORMAT = "kawaraban/1"


def story_document(url: str) -> dict[str, Any]:
    """The whole document of the story at an address of this site.

    Cost: 16 queries at any length, 1 more for a closed discussion, 2 more with a poll or as a live
    report, 1 more for each photograph.

    Raises:
        LookupError: with a sentence, when no story is published there.
    """
    story = _story_at(url)
    site = Site.objects.get(is_default_site=True)
    return {
        "format": FORMAT,
        "exported": _stamp(timezone.now()),
        "site": {"name": site.site_name, "url": settings.SITE_URL, "time_zone": settings.TIME_ZONE},
        "story": _story(story),
        "thread": _thread(story.thread) if story.thread else None,
    }


def _story_at(url: str) -> StoryPage:
    path = urlsplit(url).path.strip("/")
    front = FrontPage.objects.first()
    if front is not None and path:
        wanted = f"{front.url_path}{path}/"
        story: StoryPage | None = StoryPage.objects.live().select_related("thread").filter(url_path=wanted).first()
        if story is not None:
            return story
    raise LookupError(
        f"No published story is at {url}, so nothing was written; give its address as the browser shows it."
    )


def _story(story: StoryPage) -> dict[str, Any]:
    section = story.get_parent()
    photos = story.photos.select_related("photo").order_by(*IN_PLACE)
    passages = story.thread.passages.filter(is_withheld=False) if story.thread else ()
    return {
        "url": story.full_url,
        "section": section.slug,
        "section_title": section.title,
        "slug": story.slug,
        "headline": story.title,
        "standfirst": story.standfirst,
        "bylines": [{"name": line.name, "kind": line.kind} for line in story.bylines.order_by(*IN_PLACE)],
        "agency": story.agency,
        "dateline": story.dateline,
        "language": story.language,
        "photos": [_story_photo(photo) for photo in photos],
        "body": [_block(child) for child in story.body],
        "copyright": story.copyright_lines,
        "corrections": [
            {"kind": note.kind, "time": _stamp(note.made_at), "text": note.text, "comment": note.comment_number}
            for note in story.corrections.order_by("made_at")
        ],
        "tags": sorted(story.tags.names()),
        "related": [line.target.full_url for line in story.related.select_related("target").order_by(*IN_PLACE)],
        "published": _stamp(story.published_at),
        "updated": _stamp(story.updated_at),
        "kind": story.kind,
        "question": story.question,
        "poll": _poll(story) if story.kind == StoryPage.Kind.POLL else None,
        "live_report": _live_report(story) if story.kind == StoryPage.Kind.LIVE else None,
        "discussion": story.comments,
        "version": story.thread.version if story.thread else 0,
        "updates": [_update(update) for update in story.updates.all()],
        "passages": [
            {"version": passage.version, "position": passage.position, "text": passage.text} for passage in passages
        ],
    }


def _update(update: Update) -> dict[str, Any]:
    """When the story changed and what the newsroom said of it; of words that were hidden, the reason instead."""
    return {
        "version": update.version,
        "time": _stamp(update.made_at),
        "note": "" if update.is_hidden else update.note,
        "hidden": update.hidden_because,
    }


def _poll(story: StoryPage) -> dict[str, Any] | None:
    """The poll with its counts, and nobody's vote; None for one that was never whole."""
    poll = Poll.objects.filter(story_id=story.pk).first()
    if poll is None:
        return None
    shown = view(poll)
    return {
        "question": shown.question,
        "closes": _stamp(shown.closes_at),
        "answers": [{"text": answer.text, "votes": answer.votes} for answer in shown.answers],
        "votes": shown.total,
    }


def _live_report(story: StoryPage) -> dict[str, Any]:
    """The entries as readers see them; of one that was taken back, that there was one."""
    report = live_reports.view(story.pk)
    return {"ended": _stamp(report.ended_at), "entries": [_live_entry(entry) for entry in reversed(report.entries)]}


def _live_entry(entry: LiveEntry) -> dict[str, Any]:
    shown = entry.removed_at is None
    return {
        "number": entry.number,
        "time": _stamp(entry.at),
        "headline": entry.headline if shown else "",
        "text": entry.source if shown else None,
        "html": entry.html if shown else None,
        "key": entry.is_key and shown,
        "edited": _stamp(entry.edited_at),
        "taken_back": _stamp(entry.removed_at),
    }


def _story_photo(shown: StoryPhoto) -> dict[str, Any]:
    library = shown.photo
    return {
        "title": shown.title or (library.title if library else ""),
        "caption": shown.caption or (library.caption if library else ""),
        "photographer": shown.photographer or (library.photographer if library else ""),
        "agency": shown.agency or (library.agency if library else ""),
        "file_photo": shown.is_file_photo or bool(library and library.is_file_photo),
        "alt": "" if shown.is_decorative else shown.alt_text or (library.description if library else ""),
        **_terms(library),
    }


def _terms(photo: Photo | None) -> dict[str, Any]:
    """What holds for a picture's use, and where it is; no file where only the words are known, or its use has ended."""
    if photo is None:
        return {"copyright": "", "usage_terms": "", "taken": None, "expires": None, "file": None}
    return {
        "copyright": photo.copyright_notice,
        "usage_terms": photo.usage_terms,
        "taken": _stamp(photo.taken_at),
        "expires": photo.expires.isoformat() if photo.expires else None,
        "file": None if photo.is_expired else _file(photo),
    }


def _file(photo: Photo) -> dict[str, Any]:
    made = photo.get_rendition(WHOLE)
    return {"url": settings.SITE_URL + made.url, "width": made.width, "height": made.height}


def _block(child: Any) -> dict[str, Any]:
    kind, value = child.block_type, child.value
    if kind == "paragraph":
        return {"type": kind, "html": str(value.source)}
    if kind == "heading":
        return {"type": kind, "text": value}
    if kind == "quote":
        return {"type": kind, "text": value["text"], "attribution": value["attribution"]}
    if kind == "list":
        return {"type": kind, "items": [str(item.source) for item in value]}
    if kind == "image":
        return {"type": kind, **_photo_of_body(value)}
    if kind == "gallery":
        return {"type": kind, "title": value["title"], "photos": [_photo_of_body(item) for item in value["photos"]]}
    return {"type": kind, "url": value["url"], "title": value["title"], "caption": value["caption"]}


def _photo_of_body(value: Any) -> dict[str, Any]:
    photo = value["photo"]
    return {
        "title": photo.title,
        "caption": value["caption"] or photo.caption,
        "photographer": photo.photographer,
        "agency": photo.agency,
        "file_photo": photo.is_file_photo,
        "alt": "" if value["is_decorative"] else value["alt_text"] or photo.description,
        **_terms(photo),
    }


def _thread(thread: Thread) -> dict[str, Any]:
    comments = [comment for comment in reads.whole_thread(thread) if comment.is_public]
    closing = reads.closing_of(thread)
    answers = reads.answers_of(comments)
    quoted = reads.quoted_by(comments)
    sources: dict[int, list[Source]] = defaultdict(list)
    for source in Source.objects.filter(comment__thread=thread):
        sources[source.comment_id].append(source)
    return {
        "id": thread.pk,
        "title": thread.title,
        "url": thread.url,
        "state": thread.state,
        "closed": _stamp(closing.closed_at) if closing else None,
        "closing": _closing(closing) if closing else None,
        "rules": {
            "slow_seconds": thread.slow_seconds,
            "member_days": thread.member_days,
            "questions": thread.is_questions,
        },
        "comment_count": thread.comment_count,
        "comments": [
            _comment(comment, answers[comment.pk], quoted[comment.pk], sources[comment.pk]) for comment in comments
        ],
    }


def _closing(closing: Closing) -> dict[str, Any]:
    """Why and until when, as the notice says it: the part in which somebody decided, and never who."""
    successor = closing.successor
    return {
        "reason": closing.reason,
        "sentence": closing.get_reason_display(),
        "words": closing.words,
        "role": closing.role,
        "since": _stamp(closing.closed_at),
        "until": _stamp(closing.until),
        "successor": {"title": successor.title, "url": urljoin(settings.SITE_URL, successor.url)}
        if successor
        else None,
    }


def _comment(comment: Comment, answers: list[Quote], quoted: list[Quoted], sources: list[Source]) -> dict[str, Any]:
    """One comment; what readers may not see is not in the document either."""
    shown = comment.is_visible
    quoting = [answer for answer in answers if answer.words]
    return {
        "number": comment.number,
        "author": comment.author_name,
        "author_is_placeholder": comment.is_placeholder,
        "member": comment.author.slug if comment.author else None,
        "created": _stamp(comment.created_at),
        "time_text": comment.time_text or (printed(comment.created_at) if comment.created_at else ""),
        "edited": _stamp(comment.edited_at),
        "state": comment.state,
        "text": plain(comment.source, quoted) if shown else None,
        "html": comment.html if shown else None,
        "up": comment.agree,
        "down": comment.disagree,
        "imported": {"up": comment.imported_up, "down": comment.imported_down},
        "worth": comment.worth if shown else 0,
        "pick": comment.pick_reason if shown else "",
        "source_requests": comment.source_requests if shown else 0,
        "sources": [{"url": source.url, "given": _stamp(source.given_at)} for source in sources] if shown else [],
        "responds_to": list({str(source): source for source in map(_source, answers)}.values()) if shown else [],
        "quotes": [_quote(*each) for each in zip(quoting, quoted, strict=True)] if shown else [],
    }


def _source(quote: Quote) -> dict[str, Any]:
    """What is answered: a comment by its number, or a passage of the story."""
    if quote.passage:
        return {"story": {"passage": quote.passage.position, "version": quote.passage.version}}
    return {"comment": quote.source.number if quote.source else None}


def _quote(quote: Quote, quoted: Quoted) -> dict[str, Any]:
    """The words that are quoted, unless they can no longer be seen where they were said."""
    return {"text": seen(quoted), "source": _source(quote), "exact": quote.is_exact}


def _stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
