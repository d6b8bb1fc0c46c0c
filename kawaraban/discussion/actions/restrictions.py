"""What moderators decide about a comment, and how it comes back."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.decisions import actions as decisions
from kawaraban.decisions.actions import Ground
from kawaraban.decisions.models import Decision, Kind
from kawaraban.discussion import announce, policy
from kawaraban.discussion.actions import quotes
from kawaraban.discussion.actions.comments import about, lift_decision, locked, quotations_in, set_state, touch
from kawaraban.discussion.models import Comment, Thread
from kawaraban.discussion.typesetting import CUT, is_cut
from kawaraban.errors import Refused
from kawaraban.languages import in_site_language


@transaction.atomic
def remove_comment(
    moderator: User, thread_id: int, number: int, ground: Ground, *, origin: str = Decision.Origin.OWN
) -> Comment:
    """The placeholder left where a moderator removed a comment; its words are kept, unseen. Cost: 13 queries.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: they do not moderate, its author has deleted it, or the ground says too little.
    """
    return _restrict(moderator, thread_id, number, Kind.REMOVE, ground, origin)


@transaction.atomic
def hold_comment(
    moderator: User, thread_id: int, number: int, ground: Ground, *, origin: str = Decision.Origin.OWN
) -> Comment:
    """The comment, out of sight until a moderator has decided. Cost and errors: those of `remove_comment`."""
    return _restrict(moderator, thread_id, number, Kind.HOLD, ground, origin)


@transaction.atomic
def fold_comment(
    moderator: User, thread_id: int, number: int, ground: Ground, *, origin: str = Decision.Origin.OWN
) -> Comment:
    """The comment, folded for everybody: who wishes opens it; published so if it waited.

    Cost and errors: those of `remove_comment`.
    """
    return _restrict(moderator, thread_id, number, Kind.FOLD, ground, origin)


@transaction.atomic
def edit_out(
    moderator: User, thread_id: int, number: int, text: str, ground: Ground, *, origin: str = Decision.Origin.OWN
) -> Comment:
    """The comment without personal data, which says so and is published if it waited; the former text is kept.

    Cost: that of removing and 10 queries.

    Args:
        text: the comment's new text, in which `CUT` stands for what was taken out.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: as `remove_comment`; or nothing was taken out, or something else was changed.
    """
    comment = locked(thread_id, number)
    text = markup.tidy(text)
    if CUT not in text or not is_cut(comment.source, text):
        raise Refused(
            "not-cut",
            _(
                "Put {cut} where you take something out, and change nothing else: the other words are their "
                "writer’s. Nothing was changed."
            ).format(cut=CUT),
        )
    withheld = comment.withheld or comment.source
    comment = _restrict(moderator, thread_id, number, Kind.EDIT_OUT, ground, origin)
    comment.withheld, comment.source = withheld, text
    _set_text(comment)
    return comment


@transaction.atomic
def restore_comment(
    moderator: User, thread_id: int, number: int, *, why: str = "", is_reversed: bool = False
) -> Comment:
    """The comment, shown as it was, and published if it never was; its decision holds no more. Cost: 13 queries.

    Args:
        why: for the member, where there is something to say.
        is_reversed: the decision was wrong, and not only over.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: they do not moderate, or its author has deleted it.
    """
    comment = _moderated(moderator, thread_id, number)
    lifted = comment.decision
    lift_decision(comment, moderator, why, is_reversed)
    if comment.withheld and lifted and lifted.kind != Kind.EDIT_OUT:
        # What was taken out of it stays out until that is taken back, too.
        comment.decision = _standing(comment).filter(kind=Kind.EDIT_OUT).first()
    if lifted and (comment.is_folded or lifted.kind == Kind.EDIT_OUT):
        comment.is_folded = False
        if comment.decision is None:
            comment.source, comment.withheld = comment.withheld or comment.source, ""
        touch(comment)
        comment.save(update_fields=["is_folded", "source", "withheld", "changed", "decision"])
        _set_text(comment)
    if comment.was_shown:
        return set_state(comment, Comment.State.VISIBLE)
    return _publish(comment)


def _standing(comment: Comment) -> QuerySet[Decision]:
    """The decisions in force about a comment's words, the newest first."""
    kinds = (Kind.HOLD, Kind.REMOVE, Kind.FOLD, Kind.EDIT_OUT)
    return Decision.objects.in_force().on(about(comment).subject).filter(kind__in=kinds)


@in_site_language
def hold_by_itself(comment: Comment, ground: Ground, *, origin: str) -> Comment:
    """The comment, out of sight until a moderator has decided, where no person decided that. Cost: 13 queries.

    The caller holds its row and its thread's. One about which a moderator has decided before is theirs to decide.
    """
    if not comment.is_visible or comment.decision_id:
        return comment
    comment.decision = decisions.decide(
        Kind.HOLD, about(comment), ground, by=None, origin=origin, scope=gettext_noop("Until a moderator has read it")
    )
    return set_state(comment, Comment.State.HELD)


def _moderated(moderator: User, thread_id: int, number: int) -> Comment:
    comment = locked(thread_id, number)
    if not policy.may_remove(moderator):
        raise Refused("not-moderator", _("Only moderators do that. Nothing was changed."))
    if comment.state == Comment.State.DELETED:
        raise Refused("deleted", _("Its author has deleted this comment; there is nothing left to show or remove."))
    return comment


def _restrict(moderator: User, thread_id: int, number: int, kind: Kind, ground: Ground, origin: str) -> Comment:
    comment = _moderated(moderator, thread_id, number)
    if comment.decision and comment.decision.kind == kind and kind != Kind.EDIT_OUT:
        return comment  # decided already; the first decision stands
    # A decision takes the place of the one before; only what takes words out lasts until it is taken back itself.
    former = [each for each in _standing(comment) if kind == Kind.EDIT_OUT or each.kind != Kind.EDIT_OUT]
    comment.decision = decisions.decide(kind, about(comment), ground, by=moderator, origin=origin)
    for each in former:
        decisions.lift(each.pk, by=moderator, is_told=False)
    comment.is_folded = kind == Kind.FOLD
    if kind in (Kind.FOLD, Kind.EDIT_OUT):
        touch(comment)
        comment.save(update_fields=["decision", "is_folded", "changed"])
        comment = set_state(comment, Comment.State.VISIBLE) if comment.was_shown else _publish(comment)
        announce.comment_changed(comment)
        return comment
    return set_state(comment, Comment.State.REMOVED if kind == Kind.REMOVE else Comment.State.HELD)


def _set_text(comment: Comment) -> None:
    """Typeset a comment's text anew after words were taken out or put back, with what it quotes and who quotes it."""
    comment.html = markup.render(comment.source)
    touch(comment)
    comment.save(update_fields=["source", "html", "withheld", "changed"])
    reply = comment.quotes.filter(words="").values_list("source__number", flat=True).first()
    found = quotations_in(comment.thread, comment.source, comment.unquoted, comment.number)
    quotes.keep_quotes(comment, found, reply)
    quotes.mark_answers(comment)
    # Who quotes what was taken out shows it no more.
    quotes.typeset_answers(comment)
    announce.words_taken_back(comment)
    announce.comment_changed(comment)


def _publish(comment: Comment) -> Comment:
    """Show a comment that waited from the beginning; members are told of it now."""
    if comment.is_visible:
        return comment
    comment.state = Comment.State.VISIBLE
    touch(comment)
    comment.born = comment.changed
    comment.save(update_fields=["state", "decision", "changed", "born"])
    Thread.objects.filter(pk=comment.thread_id).update(comment_count=F("comment_count") + 1)
    comment.thread.comment_count += 1
    announce.comment_posted(comment)
    return comment
