"""Who hears of a change: pages after the commit, and in the same transaction the members whom it concerns."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter

from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from kawaraban import live
from kawaraban.accounts import actions as accounts
from kawaraban.accounts.models import Kind, User
from kawaraban.accounts.reads import followers_of, has_followers
from kawaraban.caching.actions import purge, remove
from kawaraban.discussion import policy, reads
from kawaraban.discussion.fragments import comment_html
from kawaraban.discussion.models import NEVER_SHOWN, Comment, Quote, Thread
from kawaraban.languages import in_site_language

SUBJECT = "thread"
REPLAYED = 100  # changed comments, to a page that comes back
REPLAYED_SCORES = 1_000

Answers = tuple[list[int], list[int]]  # the numbers of the comments that one quotes, and of those it only answers


# --- Open pages ------------------------------------------------------------------------------------------------------


def comment_changed(comment: Comment) -> None:
    """Send open pages the comment as everybody now sees it, rendered once. Cost: 1 query, after the commit 5."""
    _purge(comment)
    transaction.on_commit(lambda: _publish_comment(comment.pk), robust=True)


def scores_changed(comments: Iterable[Comment]) -> None:
    """Tell open pages the votes of comments. They have no place in a thread's history: the last word counts.

    Cost: 1 query, none if there are no comments.
    """
    by_thread: dict[int, list[Comment]] = defaultdict(list)
    for comment in comments:
        by_thread[comment.thread_id].append(comment)
    if by_thread:
        purge(*(each[0].cache_tag for each in by_thread.values()))
    for thread_id, changed in by_thread.items():
        _publish(thread_id, _scores(changed))


def thread_changed(thread: Thread) -> None:
    """Tell open pages whether the thread takes comments, and what holds for them. Cost: 1 query, after the commit 2."""
    purge(thread.cache_tag)
    transaction.on_commit(lambda: _publish_thread(thread.pk), robust=True)


def much_changed(thread: Thread) -> None:
    """Tell open pages to load themselves again: more has changed than they would want piece by piece. Cost: 1 query."""
    purge(thread.cache_tag)
    _publish(thread.pk, live.Event("stale", "[[0]]", thread.activity))


# Every event is a list of rows, each about one thing as it stands: `live` tells them together when much happens. The
# second place of a row is the thread's activity at that change: an older word that comes late is known by it.


@in_site_language
def changed_event(comment: Comment, answers: Answers) -> live.Event:
    """The event that carries a comment as everybody sees it, and the numbers of those it answers. Cost: 3 queries."""
    page = reads.single(comment)
    row = [comment.number, comment.changed, *answers, comment_html(page, comment)]
    return live.Event("comment", json.dumps([row]), comment.changed)


def new_event(comment: Comment, answers: Answers) -> live.Event:
    """The event that says that there is one more comment; its text is fetched by those who want it. Cost: none."""
    return live.Event("new", json.dumps([[comment.number, comment.born, *answers]]), comment.born)


@in_site_language
def thread_event(thread: Thread) -> live.Event:
    """The event that says what holds for writing, in the words that stand on the page. Cost: 1 query."""
    html = ""
    if thread.is_open:
        html = render_to_string("discussion/_rules.html", {"thread": thread})
    elif policy.may_read(thread):
        closing = reads.closing_of(thread)
        html = render_to_string("discussion/_closed.html", {"closing": closing, "today": timezone.localdate()})
    return live.Event("thread", json.dumps([[0, thread.activity, thread.state, html]]), thread.activity)


def _scores(comments: Iterable[Comment]) -> live.Event:
    return live.Event("scores", json.dumps([[each.number, each.agree, each.disagree] for each in comments]))


def _publish(thread_id: int, event: live.Event) -> None:
    transaction.on_commit(lambda: live.publish(SUBJECT, thread_id, event), robust=True)


def _publish_comment(pk: int) -> None:
    comment = Comment.objects.select_related("thread", "author", "decision__rule").get(pk=pk)
    if comment.is_public:  # of others open pages have never heard
        live.publish(SUBJECT, comment.thread_id, changed_event(comment, _answers([comment])[pk]))


def _publish_thread(pk: int) -> None:
    live.publish(SUBJECT, pk, thread_event(Thread.objects.get(pk=pk)))


def _answers(comments: Iterable[Comment]) -> dict[int, Answers]:
    """Whom each comment answers as its sources show it, by primary key. Cost: 1 query."""
    visible = {comment.pk for comment in comments if comment.is_visible}
    rows = Quote.objects.filter(comment__in=visible, source__isnull=False, parent=None)
    sources: dict[int, dict[int, bool]] = defaultdict(dict)
    for pk, number, words in rows.values_list("comment_id", "source__number", "words"):
        sources[pk][number] = bool(words) or sources[pk].get(number, False)
    return defaultdict(lambda: ([], []), {pk: _by_kind(numbers) for pk, numbers in sources.items()})


def _by_kind(sources: Mapping[int, bool]) -> Answers:
    quoted = [number for number, quotes in sources.items() if quotes]
    return quoted, [number for number, quotes in sources.items() if not quotes]


def may_hear(thread_id: int) -> bool:
    """True while everybody may read the thread. Cost: 1 query."""
    thread = Thread.objects.filter(pk=thread_id).first()
    return thread is not None and policy.may_read(thread)


def missed(thread_id: int, activity: int, query: str) -> Iterator[live.Event]:
    """What happened in a thread since its activity was at this figure. Cost: 5 queries, and 3 for each changed comment.

    Of very much that has changed only the state is told, and pages offer to load themselves again. Votes are told as
    they stand.
    """
    thread = Thread.objects.get(pk=thread_id)
    if thread.activity > activity:
        changed = (
            Comment.objects.filter(thread=thread, changed__gt=activity)
            .exclude(NEVER_SHOWN)
            .select_related("thread", "author", "decision__rule")
        )
        found = list(changed.order_by("changed")[: REPLAYED + 1])
        if len(found) > REPLAYED:
            yield live.Event("stale", "[[0]]", thread.activity)
        else:
            answers = _answers(found)
            old = (each for each in found if each.born <= activity)
            fresh = sorted((each for each in found if each.born > activity), key=attrgetter("born"))
            yield from (changed_event(each, answers[each.pk]) for each in old)
            yield from (new_event(each, answers[each.pk]) for each in fresh)
        # Without a place in the history: the newest change has the same, and one of the two would be dropped.
        yield replace(thread_event(thread), id=None)
    comments = Comment.objects.filter(thread=thread, number__gt=thread.last_number - REPLAYED_SCORES)
    shown = comments.filter(state=Comment.State.VISIBLE).order_by("number").defer("source", "html")
    yield _scores(shown)


def words_taken_back(comment: Comment) -> None:
    """Let no remembered page show words that were there and are there no more. Cost: 1 query in a transaction."""
    remove(comment.cache_tag)


def _purge(comment: Comment) -> None:
    """Let pages of the thread be made anew, and those of the author, where it stands as well."""
    purge(comment.cache_tag, *([f"member:{comment.author_id}"] if comment.author_id else []))


# --- Members ---------------------------------------------------------------------------------------------------------


def comment_posted(comment: Comment) -> None:
    """Tell open pages that there is one more, and the members whom it answers, quotes or interests.

    Each is told once, for the nearest reason. Cost: 4 queries, 2 more if it answers members, 1 more each if somebody
    follows the thread or its author.
    """
    _purge(comment)
    thread = comment.thread
    sources = _sources_of(comment)
    _publish(thread.pk, new_event(comment, _by_kind({number: words for number, _, words in sources})))
    answered = _authors(sources)
    told = set(answered)
    if answered:
        _tell_quoted(comment, (author for author, quotes in answered.items() if quotes))
        people = User.objects.filter(pk__in=[author for author, quotes in answered.items() if not quotes])
        _tell(people, Kind.ANSWERED, gettext_noop("Your comment was answered in “{}”"), comment)
    # Most comments interest nobody in particular, which is asked for less than telling nobody costs.
    if thread.seats.filter(follows=True).exists():
        following = User.objects.filter(seats__thread=thread, seats__follows=True).exclude(pk__in=told)
        _tell(following, Kind.FOLLOWED_STORY, gettext_noop("A new comment on “{}”"), comment)
    if comment.author is not None and has_followers(comment.author):
        followers = (
            followers_of(comment.author).exclude(pk__in=told).exclude(seats__in=thread.seats.filter(follows=True))
        )
        _tell(followers, Kind.FOLLOWED_MEMBER, gettext_noop("A member you follow wrote on “{}”"), comment)


def comment_edited(comment: Comment, before: Iterable[int]) -> None:
    """Send open pages the comment, and tell the members whom it quotes only now. Cost: 3 queries, 4 if there are such.

    Who is quoted no more keeps what they were told.

    Args:
        before: of `authors_answered`, asked before the edit.
    """
    words_taken_back(comment)
    comment_changed(comment)
    fresh = {author for author, quotes in authors_answered(comment).items() if quotes}.difference(before)
    if fresh:
        _tell_quoted(comment, fresh)


def authors_answered(comment: Comment) -> dict[int, bool]:
    """The members whom a comment answers, by primary key; True for those it quotes. Cost: 1 query."""
    return _authors(_sources_of(comment))


def visibility_changed(comment: Comment) -> None:
    """Take back what was shown and told of a comment that is out of sight, or tell it again. Cost: 2 queries."""
    if comment.is_visible:
        accounts.restore(_subject(comment))
    else:
        words_taken_back(comment)
        accounts.withdraw(_subject(comment))


def readability_changed(thread: Thread) -> None:
    """Take back what members were told of a whole thread that nobody can read any more, or tell it again. Cost: 3."""
    remove(thread.cache_tag)
    visible = Comment.objects.filter(thread=thread, state=Comment.State.VISIBLE).only("pk")
    change = accounts.restore if policy.may_read(thread) else accounts.withdraw
    change(*(_subject(comment) for comment in visible))


def source_requested(comment: Comment, member: User) -> None:
    """Tell the author that somebody would like to know where they have it from. Cost: 1 query."""
    _tell(
        _author(comment),
        Kind.SOURCE_REQUESTED,
        gettext_noop("A source was asked for under “{}”"),
        comment,
        actor=member,
    )


def source_given(comment: Comment, member: User) -> None:
    """Tell those who asked, and the author. Cost: 1 query."""
    concerned = User.objects.filter(Q(pk__in=comment.requests.values("member")) | Q(pk=comment.author_id))
    _tell(concerned, Kind.SOURCE_GIVEN, gettext_noop("A source was given under “{}”"), comment, actor=member)


def picked(comment: Comment, editor: User) -> None:
    """Tell the author that the newsroom points their comment out. Cost: 1 query."""
    _tell(
        _author(comment), Kind.PICKED, gettext_noop("The newsroom picked your comment on “{}”"), comment, actor=editor
    )


def _sources_of(comment: Comment) -> list[tuple[int, int | None, bool]]:
    """The number and author of each comment that a comment answers, and whether it quotes it. Cost: 1 query."""
    rows = Quote.objects.filter(comment=comment, source__isnull=False, parent=None).order_by("words")
    return [
        (number, author, bool(words))
        for number, author, words in rows.values_list("source__number", "source__author", "words")
    ]


def _authors(sources: Iterable[tuple[int, int | None, bool]]) -> dict[int, bool]:
    return {author: words for _, author, words in sources if author is not None}


def _tell_quoted(comment: Comment, authors: Iterable[int]) -> None:
    _tell(User.objects.filter(pk__in=list(authors)), Kind.QUOTED, gettext_noop("You were quoted in “{}”"), comment)


@in_site_language
def _tell(people: QuerySet[User], kind: Kind, title: str, comment: Comment, actor: User | None = None) -> None:
    accounts.notify(
        people,
        kind=kind,
        subject=_subject(comment),
        address=comment.get_absolute_url(),
        title=gettext(title).format(comment.thread.title),
        actor=actor or comment.author,
    )


def _author(comment: Comment) -> QuerySet[User]:
    return User.objects.filter(comments=comment)


def _subject(comment: Comment) -> str:
    return f"comment:{comment.pk}"
