"""What a page of results shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone

from kawaraban.discussion.models import Comment
from kawaraban.discussion.reads import said
from kawaraban.newsroom.live_reports import LiveEntry
from kawaraban.newsroom.models import FrontPage, SectionPage, StoryPage
from kawaraban.newsroom.querysets import Teaser, teasers
from kawaraban.search import index, policy
from kawaraban.search.models import Entry
from kawaraban.search.words import Phrase, query, terms

PAGE_SIZE = 20
SNIPPET = 240
"""Signs of a text that are shown around what was found."""
LEAD = 60
"""So many of them before it."""
LATEST = 2**62

Pieces = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: words, and by what it is narrowed. `kind` is "story", "comment" or empty for both.

    `order` is "best", where stories stand before comments, or "newest". `since` and `until` are days in the zone of the
    site, both included.
    """

    typed: str = ""
    kind: str = ""
    section: SectionPage | None = None
    author: str = ""
    since: date | None = None
    until: date | None = None
    order: str = "best"


@dataclass(frozen=True, slots=True)
class Hit:
    """A story or a comment that was found. `pieces` are parts of its text, each with whether it was looked for."""

    teaser: Teaser | None
    comment: Comment | None
    pieces: Pieces


def search(root: FrontPage, wanted: Search, number: str | int, request: HttpRequest) -> tuple[ListPage[Any], bool]:
    """A page of hits, and whether more may match: what matched is looked at up to `index.NEWEST`, the newest of it.

    Cost: 12 queries at any number of stories and comments, 11 where only the newest are asked for first; 1 more where a
    live report is among them.
    """
    found, is_cut = _shown(wanted, root)
    page: ListPage[Any] = Paginator(found, PAGE_SIZE).get_page(number)
    page.object_list = _hits(list(page.object_list), query(wanted.typed), root, request)
    return page, is_cut


def _shown(wanted: Search, root: FrontPage) -> tuple[list[int], bool]:
    """The keys of what can be read now, in the order asked for, and whether more may match. Cost: 6 queries."""
    phrases = query(wanted.typed)
    if not phrases:
        return [], False
    facets = [{"story": policy.STORY, "comment": policy.COMMENT}[wanted.kind]] if wanted.kind else []
    facets += [policy.section_facet(wanted.section.pk)] if wanted.section else []
    facets += [policy.author_facet(wanted.author)] if wanted.author else []
    keys = index.newest(phrases, facets, _key(wanted.since), _key(wanted.until, timedelta(days=1)) or LATEST)
    # The index may know what was taken back a moment ago: what may be read is asked of the rows themselves.
    entries = Entry.objects.filter(pk__in=keys).values_list("pk", "story_id", "comment_id")
    of_story = {key: story for key, story, _ in entries if story}
    of_comment = {key: comment for key, _, comment in entries if comment}
    below = policy.readable_stories().descendant_of(root)
    stories = set(below.filter(pk__in=of_story.values()).values_list("pk", flat=True))
    found = policy.readable_comments().filter(pk__in=of_comment.values())
    comments = set(found.values_list("pk", flat=True))
    is_cut = len(keys) >= index.NEWEST
    keys = [key for key in keys if of_story.get(key) in stories or of_comment.get(key) in comments]
    if wanted.order == "best":
        # Being short, a comment that says little more than the word would stand before every story.
        keys = sorted(index.best(phrases, facets, keys), key=lambda key: key not in of_story)
    return keys, is_cut


def _key(day: date | None, later: timedelta = timedelta()) -> int:
    """The least key of a day that begins at midnight of the site's zone; 0 for none."""
    return policy.key_of(timezone.make_aware(datetime.combine(day, time()) + later)) if day else 0


def _hits(keys: Sequence[int], phrases: Sequence[Phrase], root: FrontPage, request: HttpRequest) -> list[Hit]:
    """What a list shows of these. Cost: 7 queries, 8 with a live report."""
    entries = {entry.pk: entry for entry in Entry.objects.filter(pk__in=keys)}
    pages = [entry.story_id for entry in entries.values() if entry.story_id]
    sections = list(SectionPage.objects.child_of(root).live())
    shown = StoryPage.objects.newest().with_pictures().filter(pk__in=pages)
    stories: dict[int, Teaser] = {
        teaser.story.pk: teaser for teaser in teasers(shown.prefetch_related("live_report__entries"), sections, request)
    }
    comments = policy.readable_comments().select_related("thread", "author")
    found = comments.in_bulk([entry.comment_id for entry in entries.values() if entry.comment_id])
    texts = said(list(found.values()))
    hits = []
    for key in keys:
        teaser, comment = stories.get(entries[key].story_id or 0), found.get(entries[key].comment_id or 0)
        if teaser:
            told = [f"{entry.headline} {entry.words}" for entry in told_live(teaser.story)]
            text = " ".join([teaser.story.standfirst, *teaser.story.passages[1:], *told])
        elif comment:
            text = texts[comment.pk]
        else:
            continue  # taken back since it was found
        hits.append(Hit(teaser, comment, tuple(snippet(text, phrases))))
    return hits


def told_live(story: StoryPage) -> list[LiveEntry]:
    """What a live report tells, the newest first; nothing for a story of another kind. Cost: none if it was fetched."""
    report = getattr(story, "live_report", None) if story.kind == StoryPage.Kind.LIVE else None
    entries = report.entries.all() if report else ()
    return sorted((entry for entry in entries if entry.removed_at is None), key=lambda entry: -entry.number)


def snippet(text: str, phrases: Sequence[Phrase]) -> Iterator[tuple[str, bool]]:
    """Where a text says what was looked for: parts of it in order, each with whether it is one of the words.

    Begins near the first word that is there, at the beginning of a word.
    """
    text = " ".join(text.split())
    whole = {term for phrase in phrases if not phrase.is_start for term in phrase.terms}
    starts = tuple(term for phrase in phrases if phrase.is_start for term in phrase.terms)
    places: list[tuple[int, int]] = []
    for term in terms(text):
        if term.text in whole or (starts and term.text.startswith(starts)):
            end = term.end if term.text in whole else term.start + 1
            if places and term.start <= places[-1][1]:
                places[-1] = (places[-1][0], max(end, places[-1][1]))
            else:
                places.append((term.start, end))
    first = max(0, places[0][0] - LEAD) if places else 0
    start = text.find(" ", first, first + LEAD) + 1 if first else 0
    start = start or first
    end = start + SNIPPET
    if end < len(text):
        end = max(text.rfind(" ", end - LEAD, end), 0) or end
    if start:
        yield "… ", False
    position = start
    for begin, stop in places:
        if begin >= end:
            break
        if begin > position:
            yield text[position:begin], False
        yield text[begin:stop], True
        position = stop
    yield text[position:end] + ("…" if end < len(text) else ""), False
