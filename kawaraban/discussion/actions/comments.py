"""Everything that changes a comment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.decisions import actions as decisions
from kawaraban.decisions.actions import About, Ground
from kawaraban.decisions.models import Decision, Kind
from kawaraban.discussion import announce, checks, policy, vocabulary
from kawaraban.discussion.actions import quotes
from kawaraban.discussion.metrics import COMMENTS
from kawaraban.discussion.models import Comment, Screens, Seat, Thread
from kawaraban.discussion.quoting import Quotation
from kawaraban.discussion.typesetting import digests
from kawaraban.errors import Refused
from kawaraban.screening.actions import ask_scorer, forget_words
from kawaraban.screening.samples import Finding
from kawaraban.screening.scorer import Answer


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
    unquoted: tuple[str, ...] = ()


def post_comment(
    author: User,
    thread_id: int,
    body: str,
    key: str,
    *,
    reply_to: int | None = None,
    unquoted: Sequence[str] = (),
    as_it_is: bool = True,
) -> Comment:
    """The comment, posted now or by an earlier request with the same key. Cost: 12 queries, 6 more if it quotes.

    Args:
        key: made for the form that was filled in; a double click or a retry sends it again.
        reply_to: the number of the comment that is answered, if the writer said so.
        unquoted: digests (`typesetting.digest`) of words that look like a quotation and are the writer's own.
        as_it_is: False asks first whether words that would wait for a moderator are meant as they are.

    Raises:
        Thread.DoesNotExist: there is no such thread.
        Refused: a check failed, or the key was used for other words.
    """
    # Before the row is locked, so that nobody waits while the words of a long thread are taken in.
    thread = Thread.objects.get(pk=thread_id)
    vocabulary.prepare(thread)
    answer = _ask_scorer(thread, author, body)
    with transaction.atomic():
        return _post(author, thread_id, body, key, reply_to, unquoted, answer, as_it_is)


def _ask_scorer(thread: Thread, author: User, body: str) -> Answer | None:
    """What a scorer elsewhere says of somebody's words, where the site has one; nothing where it would not count."""
    text = markup.tidy(body)
    if thread.screens == Screens.OFF or policy.may_remove(author) or len(text) > markup.MAX_LENGTH:
        return None
    return ask_scorer(text)


def _post(
    author: User,
    thread_id: int,
    body: str,
    key: str,
    reply_to: int | None,
    unquoted: Sequence[str],
    answer: Answer | None,
    as_it_is: bool,
) -> Comment:
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    text = markup.tidy(body)
    # Before the checks: a retry of what was posted must hear "posted", even if the thread closed in between.
    posted = Comment.objects.filter(author=author, key=key).first()
    if posted is not None:
        return _same_again(posted, thread, text)
    # Before anything is written, and not for words that are refused for their length.
    said = digests(unquoted)
    found = quotations_in(thread, text, said)
    holds = checks.review(checks.Draft(thread, author, text, quotations=found, reply_to=reply_to, answer=answer))
    if not as_it_is:
        checks.could_be_rephrased(holds)
    record = Record(text, author=author, created_at=timezone.now(), key=key, unquoted=tuple(said))
    try:
        with transaction.atomic():
            comment = record_comment(thread, record)
    except IntegrityError:
        # The same form was sent to another thread at the same moment, whose row we do not hold.
        return _same_again(Comment.objects.get(author=author, key=key), thread, text)
    if holds:
        _withhold(comment, holds)
    if found or reply_to:
        quotes.keep_quotes(comment, found, reply_to)
    Seat.objects.filter(thread=thread, member=author).update(draft="", draft_at=None)
    if comment.is_visible:
        announce.comment_posted(comment)
    transaction.on_commit(COMMENTS.labels("shown" if comment.is_visible else "held").inc, robust=True)
    return comment


def _withhold(comment: Comment, holds: Sequence[Finding]) -> None:
    """Let a comment wait before anybody has seen it. Cost: 8 queries."""
    comment.decision = _decide_to_hold(comment, holds)
    comment.state, comment.born = Comment.State.HELD, 0
    comment.save(update_fields=["state", "born", "decision"])
    Thread.objects.filter(pk=comment.thread_id).update(comment_count=F("comment_count") - 1)
    comment.thread.comment_count -= 1


def _decide_to_hold(comment: Comment, holds: Sequence[Finding]) -> Decision:
    first = holds[0]
    # What the writer could still do is no reason; it stands in the last sentence.
    reason = first.sentence[: max(first.sentence.rfind(". ") + 1, first.sentence.rfind("。", 0, -1) + 1)]
    is_score = first.check in ("score", "scorer")
    return decisions.decide(
        Kind.HOLD,
        about(comment),
        Ground(reason or first.sentence, rule=first.rule),
        by=None,
        origin=Decision.Origin.SCORE if is_score else Decision.Origin.RULE,
        scope=gettext_noop("Until a moderator has read it"),
    )


def quotations_in(thread: Thread, text: str, unquoted: Sequence[str], number: int | None = None) -> list[Quotation]:
    """The quotations in a text that its writer does not call their own words. Cost: that of `vocabulary.find`."""
    if len(text) > markup.MAX_LENGTH:
        return []
    return quotes.wanted(vocabulary.find(thread, text, number), unquoted)


def _same_again(posted: Comment, thread: Thread, text: str) -> Comment:
    if posted.thread_id == thread.pk and (posted.source == text or not posted.is_visible):
        return posted
    raise Refused(
        "form-used",
        _(
            "This form has posted #{number} already, so these words were not posted. Your text is kept "
            "below; press Post to post it as a new comment."
        ).format(number=posted.number),
    )


@transaction.atomic
def record_comment(thread: Thread, record: Record) -> Comment:
    """Number, render and keep a comment that somebody has vouched for. Cost: 2 queries.

    The caller holds the thread's row; `thread` is brought up to date in place.
    """
    text = markup.tidy(record.text)
    thread.last_number += 1
    thread.comment_count += 1
    thread.activity += 1
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
        unquoted=list(record.unquoted),
        changed=thread.activity,
        born=thread.activity,
    )
    # The count is the database's: between two comments of one import a third may have been removed.
    Thread.objects.filter(pk=thread.pk).update(
        last_number=thread.last_number, activity=thread.activity, comment_count=F("comment_count") + 1
    )
    return comment


def edit_comment(
    author: User, thread_id: int, number: int, body: str, *, unquoted: Sequence[str] | None = None
) -> Comment:
    """The comment with its new words, marked as edited; the same words again change nothing. Cost: 12 to 18 queries.

    Comments that quote it keep the words as they were quoted, and say that it was edited since.

    Args:
        unquoted: as for `post_comment`; None leaves what the writer said before.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: it is not theirs, the time is over, or a check failed.
    """
    thread = Thread.objects.get(pk=thread_id)
    vocabulary.prepare(thread)
    answer = _ask_scorer(thread, author, body)
    with transaction.atomic():
        return _edit(author, thread_id, number, body, unquoted, answer)


def _edit(
    author: User, thread_id: int, number: int, body: str, unquoted: Sequence[str] | None, answer: Answer | None
) -> Comment:
    comment = locked(thread_id, number)
    if not policy.owns(author, comment):
        raise Refused("not-yours", _("Only its author can edit a comment. Nothing was changed."))
    if not policy.may_edit(author, comment, comment.thread):
        raise Refused(
            "edit-closed",
            _(
                "A comment can be edited for 15 minutes, while its discussion is open and no decision holds "
                "about it. The comment stays as it was. Your new text is kept below; you can post it as a new "
                "comment."
            ),
        )
    text = markup.tidy(body)
    said = list(comment.unquoted) if unquoted is None else digests(unquoted)
    if text == comment.source and said == comment.unquoted:
        return comment
    found = quotations_in(comment.thread, text, said, number)
    holds = checks.review(checks.Draft(comment.thread, author, text, edits=comment, quotations=found, answer=answer))
    reply = comment.quotes.filter(words="").values_list("source__number", flat=True).first()
    answered = announce.authors_answered(comment)
    comment.source, comment.html, comment.edited_at = text, markup.render(text), timezone.now()
    comment.unquoted = said
    touch(comment)
    comment.save(update_fields=["source", "html", "edited_at", "unquoted", "changed"])
    quotes.keep_quotes(comment, found, reply)
    quotes.mark_answers(comment)
    if holds:
        comment.decision = _decide_to_hold(comment, holds)
        return set_state(comment, Comment.State.HELD)
    announce.comment_edited(comment, answered)
    return comment


@transaction.atomic
def delete_comment(author: User, thread_id: int, number: int) -> Comment:
    """The placeholder left where the author's comment was; its words are erased. Cost: 8 queries, 11 if it was quoted.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: it is not theirs, or a moderator has removed it.
    """
    comment = locked(thread_id, number)
    if not policy.owns(author, comment):
        raise Refused("not-yours", _("Only its author can delete a comment. Nothing was changed."))
    if comment.state == Comment.State.DELETED:
        return comment
    if not policy.may_delete(author, comment):
        raise Refused("not-visible", _("This comment is not shown at present, so it cannot be deleted here."))
    lift_decision(comment, None, is_told=False)
    comment.source = comment.html = comment.withheld = ""
    forget_words(comment.pk)
    comment.is_folded = False
    return set_state(comment, Comment.State.DELETED)


def about(comment: Comment) -> About:
    """What a decision on a comment is about."""
    thread = comment.thread
    words = comment.withheld or comment.source
    return About(f"comment:{comment.pk}", comment.author, comment.get_absolute_url(), thread.title, words)


def lift_decision(
    comment: Comment, moderator: User | None, why: str = "", is_reversed: bool = False, is_told: bool = True
) -> None:
    """Let the decision that is in force on a comment hold no more; the caller saves the comment. Cost: 6 queries."""
    if comment.decision_id:
        decisions.lift(comment.decision_id, by=moderator, why=why, is_reversed=is_reversed, is_told=is_told)
    comment.decision = None


def locked(thread_id: int, number: int) -> Comment:
    """A comment and its thread, both locked until the end of the transaction. Cost: 2 queries."""
    # The thread first, always: two writers that lock in different orders would wait for each other.
    thread = Thread.objects.select_for_update().get(pk=thread_id)
    comment = Comment.objects.select_for_update(of=("self",)).get(thread=thread, number=number)
    comment.thread = thread
    return comment


def touch(comment: Comment) -> None:
    """Count the thread's activity up, and let the comment's change be the last."""
    comment.thread.activity += 1
    comment.thread.save(update_fields=["activity"])
    comment.changed = comment.thread.activity


def set_state(comment: Comment, state: str) -> Comment:
    """The comment in another state, in every quotation of it as well. Cost: 6 queries, 9 if it was quoted.

    The caller holds its row and its thread's, as after `locked`.
    """
    if state == comment.state:
        return comment
    shown = (state == Comment.State.VISIBLE) - comment.is_visible
    comment.state = state
    touch(comment)
    comment.save(update_fields=["state", "source", "html", "withheld", "is_folded", "decision", "changed"])
    if shown:
        Thread.objects.filter(pk=comment.thread_id).update(comment_count=F("comment_count") + shown)
        comment.thread.comment_count += shown
    # What is out of sight is so in every quotation, in the same transaction.
    quotes.typeset_answers(comment)
    announce.visibility_changed(comment)
    announce.comment_changed(comment)
    return comment
