"""Who hears of a change: open pages after the commit, and in the same transaction the members whom it concerns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string

from kawaraban import live
from kawaraban.accounts import actions as accounts
from kawaraban.accounts.models import Kind, User
from kawaraban.accounts.reads import followers_of
from kawaraban.discussion import policy, reads
from kawaraban.discussion.models import NEVER_SHOWN, Comment, Quote, Thread

SUBJECT = "thread"
REPLAYED = 100  # changed comments, to a page that comes back
REPLAYED_SCORES = 1_000


# --- Open pages ------------------------------------------------------------------------------------------------------


def comment_changed(comment: Comment) -> None:
    """Send open pages the comment as everybody now sees it, rendered once. Cost after the commit: 4 queries."""
    transaction.on_commit(partial(_publish_comment, comment.pk), robust=True)


def score_changed(comment: Comment) -> None:
    """Tell open pages the votes of one comment. They have no place in the thread's history: the last word counts."""
    event = live.Event("scores", json.dumps([[comment.number, comment.agree, comment.disagree]]))
    transaction.on_commit(partial(live.publish, SUBJECT, comment.thread_id, event), robust=True)


def thread_changed(thread: Thread) -> None:
    """Tell open pages that the thread was opened, closed or switched off."""
    _publish(thread, "thread", {"state": thread.state})


def much_changed(thread: Thread) -> None:
    """Tell open pages to load themselves again: more has changed than they would want piece by piece."""
    _publish(thread, "stale", {})


def changed_event(comment: Comment) -> live.Event:
    """The event that carries a comment as everybody sees it. Cost: 3 queries."""
    page = reads.single(comment)
    html = render_to_string(
        "discussion/thread.html#comment", {"comment": comment, "page": page, "thread": comment.thread}
    )
    return live.Event("comment", json.dumps({"number": comment.number, "html": html}), comment.changed)


def new_event(comment: Comment) -> live.Event:
    """The event that says that there is one more comment; its text is fetched by those who want it."""
    data = json.dumps({"number": comment.number, "count": comment.thread.comment_count})
    return live.Event("new", data, comment.born)


def _publish(thread: Thread, name: str, data: dict[str, object]) -> None:
    event = live.Event(name, json.dumps(data), thread.activity)
    transaction.on_commit(partial(live.publish, SUBJECT, thread.pk, event), robust=True)


def _publish_comment(pk: int) -> None:
    comment = Comment.objects.select_related("thread", "author", "decision__rule").get(pk=pk)
    if not comment.is_public:
        return  # open pages have never heard of it
    live.publish(SUBJECT, comment.thread_id, changed_event(comment))


def may_hear(thread_id: int) -> bool:
    """True while everybody may read the thread. Cost: 1 query."""
    thread = Thread.objects.filter(pk=thread_id).first()
    return thread is not None and policy.may_read(thread)


def missed(thread_id: int, activity: int, query: str) -> Iterator[live.Event]:
    """What happened in a thread since its activity was at this figure. Cost: 3 queries, and 3 for each changed comment.

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
        fresh = changed.filter(born__gt=activity)
        if changed.count() > REPLAYED:
            yield live.Event("stale", "{}", thread.activity)
        else:
            yield from (changed_event(comment) for comment in changed.filter(born__lte=activity).order_by("changed"))
            yield from (new_event(comment) for comment in fresh.order_by("born"))
        # Without a place in the history: the newest change has the same, and one of the two would be dropped.
        yield live.Event("thread", json.dumps({"state": thread.state}))
    comments = Comment.objects.filter(thread=thread, number__gt=thread.last_number - REPLAYED_SCORES)
    shown = comments.filter(state=Comment.State.VISIBLE).order_by("number").defer("source", "html")
    scores = [[comment.number, comment.agree, comment.disagree] for comment in shown]
    yield live.Event("scores", json.dumps(scores))


# --- Members ---------------------------------------------------------------------------------------------------------


def comment_posted(comment: Comment) -> None:
    """Tell open pages that there is one more, and the members whom it answers, quotes or interests. Cost: 6 queries.

    Each is told once, for the nearest reason.
    """
    thread = comment.thread
    transaction.on_commit(partial(live.publish, SUBJECT, thread.pk, new_event(comment)), robust=True)
    rows = Quote.objects.filter(comment=comment, source__author__isnull=False, parent=None)
    answered = {author: bool(words) for author, words in rows.order_by("words").values_list("source__author", "words")}
    told: set[int] = set(answered)
    for kind, title, quoted in (
        (Kind.QUOTED, "You were quoted in “{}”", True),
        (Kind.ANSWERED, "Your comment was answered in “{}”", False),
    ):
        people = User.objects.filter(pk__in=[pk for pk, quotes in answered.items() if quotes == quoted])
        _tell(people, kind, title, comment)
    following = User.objects.filter(seats__thread=thread, seats__follows=True).exclude(pk__in=told)
    _tell(following, Kind.FOLLOWED_STORY, "A new comment on “{}”", comment)
    if comment.author:
        followers = (
            followers_of(comment.author).exclude(pk__in=told).exclude(seats__in=thread.seats.filter(follows=True))
        )
        _tell(followers, Kind.FOLLOWED_MEMBER, "A member you follow wrote on “{}”", comment)


def visibility_changed(comment: Comment) -> None:
    """Take back what members were told of a comment that is out of sight, or tell it again. Cost: 1 query."""
    if comment.is_visible:
        accounts.restore(_subject(comment))
    else:
        accounts.withdraw(_subject(comment))


def readability_changed(thread: Thread) -> None:
    """Take back what members were told of a whole thread that nobody can read any more, or tell it again. Cost: 2."""
    visible = Comment.objects.filter(thread=thread, state=Comment.State.VISIBLE).only("pk")
    change = accounts.restore if policy.may_read(thread) else accounts.withdraw
    change(*(_subject(comment) for comment in visible))


def source_requested(comment: Comment, member: User) -> None:
    """Tell the author that somebody would like to know where they have it from. Cost: 1 query."""
    _tell(_author(comment), Kind.SOURCE_REQUESTED, "A source was asked for under “{}”", comment, actor=member)


def source_given(comment: Comment, member: User) -> None:
    """Tell those who asked, and the author. Cost: 1 query."""
    concerned = User.objects.filter(Q(pk__in=comment.requests.values("member")) | Q(pk=comment.author_id))
    _tell(concerned, Kind.SOURCE_GIVEN, "A source was given under “{}”", comment, actor=member)


def picked(comment: Comment, editor: User) -> None:
    """Tell the author that the newsroom points their comment out. Cost: 1 query."""
    _tell(_author(comment), Kind.PICKED, "The newsroom picked your comment on “{}”", comment, actor=editor)


def _tell(people: QuerySet[User], kind: Kind, title: str, comment: Comment, actor: User | None = None) -> None:
    accounts.notify(
        people,
        kind=kind,
        subject=_subject(comment),
        address=comment.get_absolute_url(),
        title=title.format(comment.thread.title),
        actor=actor or comment.author,
    )


def _author(comment: Comment) -> QuerySet[User]:
    return User.objects.filter(comments=comment)


def _subject(comment: Comment) -> str:
    return f"comment:{comment.pk}"
