"""Everything that changes what can be found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from wagtail.models import Page

from kawaraban.discussion.models import Comment
from kawaraban.discussion.reads import said
from kawaraban.newsroom.models import StoryPage
from kawaraban.search import index, policy
from kawaraban.search.models import Entry
from kawaraban.search.policy import COMMENT, STORY, author_facet, key_of, section_facet
from kawaraban.search.reads import told_live
from kawaraban.search.words import terms

AT_ONCE = 10
"""Entries made in one transaction, which takes some 60 ms: on SQLite nobody else can write meanwhile."""
CAUGHT_UP = 5_000
"""Entries that one run on the clock makes at most; the next goes on."""


def keep_stories(pages: Iterable[int]) -> int:
    """Let these stories be found as they are now, and no more those that readers cannot see; how many can.

    Args:
        pages: primary keys of stories.

    Cost: for each `AT_ONCE` 7 queries, 8 with a live report; and 3 for each story.
    """
    return sum(_keep_stories(part) for part in _parts(list(pages)))


@transaction.atomic
def _keep_stories(wanted: Sequence[int]) -> int:
    shown = list(
        policy.readable_stories().filter(pk__in=wanted).prefetch_related("bylines", "tags", "live_report__entries")
    )
    parents = {story.path[: -story.steplen] for story in shown}
    sections = dict(Page.objects.filter(path__in=parents).values_list("path", "pk"))
    forget(Entry.objects.filter(story__in=wanted).exclude(story__in=[story.pk for story in shown]))
    known = dict(Entry.objects.filter(story__in=wanted).values_list("story", "pk"))
    rows = []
    for story in shown:
        key = _placed(known.get(story.pk), story.published_at, story=story)
        head, *texts = story.passages
        entries = [part for entry in told_live(story) for part in (entry.headline, entry.words)]
        text = "\n".join([head.removeprefix(story.title), *texts, *entries, *(tag.name for tag in story.tags.all())])
        facets = [STORY, section_facet(sections[story.path[: -story.steplen]])]
        facets += {author_facet(byline.name) for byline in story.bylines.all()}
        rows.append(index.Row(key, _terms(story.title), _terms(text), facets))
    index.put(rows)
    return len(rows)


def keep_comments(comments: Iterable[int]) -> int:
    """Let these comments be found as readers see them, and no more those whose words are not shown; how many can.

    Args:
        comments: primary keys.

    Cost: for each `AT_ONCE` 5 queries, and 3 for each comment.
    """
    return sum(_keep_comments(part) for part in _parts(list(comments)))


@transaction.atomic
def _keep_comments(wanted: Sequence[int]) -> int:
    shown = list(policy.readable_comments().filter(pk__in=wanted).select_related("author"))
    forget(Entry.objects.filter(comment__in=wanted).exclude(comment__in=[comment.pk for comment in shown]))
    known = dict(Entry.objects.filter(comment__in=wanted).values_list("comment", "pk"))
    stories = StoryPage.objects.filter(thread__in={comment.thread_id for comment in shown})
    paths = {thread: path[: -StoryPage.steplen] for thread, path in stories.values_list("thread", "path")}
    sections = dict(Page.objects.filter(path__in=set(paths.values())).values_list("path", "pk"))
    texts = said(shown)
    rows = []
    for comment in shown:
        key = _placed(known.get(comment.pk), comment.created_at, comment=comment)
        facets = [COMMENT, author_facet(comment.author.handle if comment.author else comment.signed)]
        if section := sections.get(paths.get(comment.thread_id, "")):
            facets.append(section_facet(section))
        rows.append(index.Row(key, (), _terms(texts[comment.pk]), facets))
    index.put(rows)
    return len(rows)


def forget(entries: QuerySet[Entry]) -> None:
    """Let these be found no more. Cost: 2 queries, and 1 for each."""
    index.remove(list(entries.values_list("pk", flat=True)))
    entries.delete()


@transaction.atomic
def forget_below(page: Page) -> None:
    """Forget a page's stories and what is said under them: in another section they are found anew by `catch_up`."""
    stories = StoryPage.objects.descendant_of(page, inclusive=True)
    forget(Entry.objects.filter(Q(story__in=stories) | Q(comment__thread__in=stories.values("thread"))))


def follow(most: int = CAUGHT_UP) -> int:
    """How many comments, posted since the last look, can be found now; the oldest first, and at most so many.

    Cost: 2 queries, and those of `keep_comments`.
    """
    last = Entry.objects.aggregate(last=Max("comment"))["last"] or 0
    posted = policy.readable_comments().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
    return keep_comments(posted[:most])


def catch_up(most: int = CAUGHT_UP) -> int:
    """How many stories and comments, found by nobody yet, can be found now: the newest first, and at most so many.

    Brings up a site that had no search, what was imported, and what an interruption has left out. Cost: 2 queries, and
    those of `keep_stories` and `keep_comments`.
    """
    stories = policy.readable_stories().filter(~Q(pk__in=Entry.objects.filter(story__isnull=False).values("story")))
    done = keep_stories(stories.order_by("-pk").values_list("pk", flat=True)[:most])
    comments = policy.readable_comments().filter(
        ~Q(pk__in=Entry.objects.filter(comment__isnull=False).values("comment"))
    )
    return done + keep_comments(comments.order_by("-pk").values_list("pk", flat=True)[: most - done])


def _placed(known: int | None, at: datetime | None, **what: StoryPage | Comment) -> int:
    """The key of an entry that stands where its time says; made or moved when it does not. Cost: 3 queries at most."""
    wanted = key_of(at)
    if known is not None and wanted <= known < wanted + policy.SAME_TIME:
        return known
    if known is not None:
        forget(Entry.objects.filter(pk=known))
    taken = Entry.objects.filter(pk__gte=wanted, pk__lt=wanted + policy.SAME_TIME).order_by("-pk")
    last = taken.values_list("pk", flat=True).first()
    return Entry.objects.create(pk=wanted if last is None else last + 1, **what).pk


def _terms(text: str) -> list[str]:
    return [term.text for term in terms(text)]


def _parts(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))
