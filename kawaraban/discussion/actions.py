"""Everything that changes a thread, a comment or a vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.discussion import checks, policy
from kawaraban.discussion.models import Comment, Passage, Thread, Vote
from kawaraban.errors import Refused


@dataclass(frozen=True, slots=True)
class Record:
    """A comment as a trusted caller hands it over: an importer, or `post_comment` after its checks.

    Exactly one of `author` and `signed` is set. `imported` is (up, down) without voters.
    """

    text: str
    author: User | None = None
    signed: str = ""
    is_placeholder: bool = False
    created_at: datetime | None = None
    time_text: str = ""
    edited_at: datetime | None = None
    imported: tuple[int, int] = (0, 0)
    key: str | None = None


# --- Threads ---------------------------------------------------------------------------------------------------------


def open_thread(title: str, url: str) -> Thread:
    """A new, empty, open thread for a subject. Cost: 1 query."""
    return Thread.objects.create(title=title, url=url)


@transaction.atomic
def describe_thread(thread_id: int, *, title: str, url: str, state: str, closed_at: datetime | None = None) -> Thread:
    """Take over the subject's title, address and the newsroom's wish for its discussion. Cost: 2 queries.

    Args:
        closed_at: since when a thread is closed that was not; None when nobody knows.
    """
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    if thread.state != state:
        # A closed discussion whose story was away for a while has been closed since the first day.
        thread.closed_at = None if state == Thread.State.OPEN else thread.closed_at or closed_at
        thread.state = state
    thread.title, thread.url = title, url
    thread.save()
    return thread


@transaction.atomic
def keep_passages(thread_id: int, texts: Sequence[str]) -> bool:
    """Keep the paragraphs of a newly published version; True if they differ from the version before.

    `texts[0]` is the head of the subject, the rest its paragraphs in order. Equal texts make no new version.
    Cost: 3 queries.
    """
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    former = list(thread.passages.filter(version=thread.version).values_list("text", flat=True))
    if thread.version and former == list(texts):
        return False
    thread.version += 1
    thread.save(update_fields=["version"])
    Passage.objects.bulk_create(
        Passage(thread=thread, version=thread.version, position=position, text=text)
        for position, text in enumerate(texts)
    )
    return True


# --- Comments --------------------------------------------------------------------------------------------------------


@transaction.atomic
def post_comment(author: User, thread_id: int, body: str, key: str) -> Comment:
    """The comment, posted now or by an earlier request with the same key. Cost: 6 queries.

    Args:
        key: made for the form that was filled in; a double click or a retry sends it again.

    Raises:
        Thread.DoesNotExist: there is no such thread.
        Refused: a check failed, or the key was used for other words.
    """
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    text = markup.tidy(body)
    # Before the checks: a retry of what was posted must hear "posted", even if the thread closed in between.
    posted = Comment.objects.filter(author=author, key=key).first()
    if posted is not None:
        return _same_again(posted, thread, text)
    checks.review(checks.Draft(thread, author, text))
    record = Record(text, author=author, created_at=timezone.now(), key=key)
    try:
        with transaction.atomic():
            return record_comment(thread, record)
    except IntegrityError:
        # The same form was sent to another thread at the same moment, whose row we do not hold.
        return _same_again(Comment.objects.get(author=author, key=key), thread, text)


def _same_again(posted: Comment, thread: Thread, text: str) -> Comment:
    if posted.thread_id == thread.pk and (posted.source == text or not posted.is_visible):
        return posted
    raise Refused(
        "form-used",
        f"This form has posted #{posted.number} already, so these words were not posted. "
        "Your text is kept below; press Post to post it as a new comment.",
    )


@transaction.atomic
def record_comment(thread: Thread, record: Record) -> Comment:
    """Number, render and keep a comment that somebody has vouched for. Cost: 2 queries.

    The caller holds the thread's row; `thread` is brought up to date in place.
    """
    text = markup.tidy(record.text)
    thread.last_number += 1
    thread.comment_count += 1
    comment = Comment.objects.create(
        thread=thread,
        number=thread.last_number,
        author=record.author,
        signed=record.signed,
        is_placeholder=record.is_placeholder,
        source=text,
        html=markup.render(text),
        created_at=record.created_at,
        time_text=record.time_text,
        edited_at=record.edited_at,
        imported_up=record.imported[0],
        imported_down=record.imported[1],
        key=record.key,
    )
    # The count is the database's: between two comments of one import a third may have been removed.
    Thread.objects.filter(pk=thread.pk).update(last_number=thread.last_number, comment_count=F("comment_count") + 1)
    return comment


@transaction.atomic
def edit_comment(author: User, thread_id: int, number: int, body: str) -> Comment:
    """The comment with its new words, marked as edited; the same words again change nothing. Cost: 5 queries.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: it is not theirs, the time is over, or a check failed.
    """
    comment = _locked(thread_id, number)
    if not policy.owns(author, comment):
        raise Refused("not-yours", "Only its author can edit a comment. Nothing was changed.")
    if not policy.may_edit(author, comment, comment.thread):
        raise Refused(
            "edit-closed",
            "A comment can be edited for 15 minutes, while its discussion is open. "
            "The comment stays as it was. Your new text is kept below; you can post it as a new comment.",
        )
    text = markup.tidy(body)
    if text == comment.source:
        return comment
    checks.review(checks.Draft(comment.thread, author, text, edits=comment))
    comment.source, comment.html, comment.edited_at = text, markup.render(text), timezone.now()
    comment.save(update_fields=["source", "html", "edited_at"])
    return comment


@transaction.atomic
def delete_comment(author: User, thread_id: int, number: int) -> Comment:
    """The placeholder left where the author's comment was; its words are erased. Cost: 4 queries.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: it is not theirs, or a moderator has removed it.
    """
    comment = _locked(thread_id, number)
    if not policy.owns(author, comment):
        raise Refused("not-yours", "Only its author can delete a comment. Nothing was changed.")
    if comment.state == Comment.State.DELETED:
        return comment
    if not policy.may_delete(author, comment):
        raise Refused("not-visible", "This comment is not shown at present, so it cannot be deleted here.")
    comment.source = comment.html = ""
    return _set_state(comment, Comment.State.DELETED)


@transaction.atomic
def remove_comment(moderator: User, thread_id: int, number: int) -> Comment:
    """The placeholder left where a moderator removed a comment; its words are kept, unseen. Cost: 4 queries.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: they do not moderate, or its author has deleted it.
    """
    return _moderate(moderator, thread_id, number, Comment.State.REMOVED)


@transaction.atomic
def restore_comment(moderator: User, thread_id: int, number: int) -> Comment:
    """The comment, shown again as it was. Cost and errors: those of `remove_comment`."""
    return _moderate(moderator, thread_id, number, Comment.State.VISIBLE)


def _moderate(moderator: User, thread_id: int, number: int, state: str) -> Comment:
    comment = _locked(thread_id, number)
    if not policy.may_remove(moderator):
        raise Refused("not-moderator", "Only moderators do that. Nothing was changed.")
    if comment.state == Comment.State.DELETED:
        raise Refused("deleted", "Its author has deleted this comment; there is nothing left to show or remove.")
    return _set_state(comment, state)


def _locked(thread_id: int, number: int) -> Comment:
    # The thread first, always: two writers that lock in different orders would wait for each other.
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    comment = Comment.objects.select_for_update(of=("self",)).get(thread=thread, number=number)
    comment.thread = thread
    return comment


def _set_state(comment: Comment, state: str) -> Comment:
    shown = (state == Comment.State.VISIBLE) - comment.is_visible
    comment.state = state
    comment.save(update_fields=["state", "source", "html"])
    if shown:
        Thread.objects.filter(pk=comment.thread_id).update(comment_count=F("comment_count") + shown)
        comment.thread.comment_count += shown
    return comment


# --- Votes -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def cast_vote(voter: User, thread_id: int, number: int, value: int) -> Comment:
    """The comment with its counters after this vote. Sending the same value twice changes nothing. Cost: 5 queries.

    Args:
        value: +1 agrees, -1 disagrees, 0 takes the vote back.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: the value is none of these, it is their own comment, or it cannot be voted on.
    """
    if value not in (-1, 0, 1) or isinstance(value, bool):
        raise Refused("bad-vote", "A vote is +1, -1 or 0. Nothing was counted.")
    # The comment's row is locked, so one member's parallel votes queue here and each sees the one before.
    comment = (
        Comment.objects.select_for_update(of=("self",)).select_related("thread").get(thread_id=thread_id, number=number)
    )
    if policy.owns(voter, comment):
        raise Refused("own-comment", "You cannot vote on your own comment. Nothing was counted.")
    if not policy.may_vote(voter, comment, comment.thread):
        raise Refused(
            "vote-closed", "This comment takes no votes, because it or its discussion is closed. Nothing was counted."
        )
    former = Vote.objects.filter(comment=comment, voter=voter).values_list("value", flat=True).first() or 0
    if value != former:
        _replace_vote(comment, voter, former, value)
    return comment


@transaction.atomic
def record_votes(comment: Comment, votes: Mapping[User, int]) -> None:
    """Keep votes that somebody has vouched for, on a comment that has none of these voters' yet. Cost: 2 queries."""
    Vote.objects.bulk_create(
        Vote(comment=comment, voter=voter, value=value, cast_at=comment.created_at or timezone.now())
        for voter, value in votes.items()
    )
    comment.up += sum(value == 1 for value in votes.values())
    comment.down += sum(value == -1 for value in votes.values())
    comment.save(update_fields=["up", "down"])


def _replace_vote(comment: Comment, voter: User, former: int, value: int) -> None:
    if value == 0:
        Vote.objects.filter(comment=comment, voter=voter).delete()
    else:
        Vote.objects.update_or_create(
            comment=comment, voter=voter, defaults={"value": value, "cast_at": timezone.now()}
        )
    comment.up += (value == 1) - (former == 1)
    comment.down += (value == -1) - (former == -1)
    comment.save(update_fields=["up", "down"])
