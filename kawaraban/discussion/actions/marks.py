"""What is said about a comment besides agreement: worth reading, source wanted, source given, editor's pick."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.discussion import announce, checks, policy
from kawaraban.discussion.actions.comments import locked, touch
from kawaraban.discussion.models import Comment, Pick, Source, SourceRequest, Worth
from kawaraban.errors import Refused

REASON_LENGTH = 200
SOURCES_ALLOWED = 10
# Asking for sources is a question, and twenty questions an hour are a campaign.
ASKED_AT_MOST = 20
ASKED_SPAN = timedelta(hours=1)


@transaction.atomic
def mark_worth(member: User, thread_id: int, number: int, wanted: bool) -> Comment:
    """The comment, marked as worth reading or no longer; twice the same changes nothing. Cost: 7 queries.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: it is their own, or cannot be seen; or a decision keeps them from taking part.
    """
    comment = locked(thread_id, number)
    if policy.owns(member, comment):
        raise Refused("own-worth", _("Others say whether your comment is worth reading. Nothing was changed."))
    if not comment.is_visible or not member.is_active:
        raise Refused("not-shown", _("This comment is not shown at present. Nothing was changed."))
    row = Worth.objects.filter(comment=comment, member=member)
    if wanted == row.exists():
        return comment
    if wanted:
        checks.may_take_part(member, _("Nothing was changed."))
        Worth.objects.create(comment=comment, member=member)
    else:
        row.delete()
    comment.worth += 1 if wanted else -1
    return _changed(comment, "worth")


@transaction.atomic
def request_source(member: User, thread_id: int, number: int) -> Comment:
    """The comment, asked for its source by this member, once. Cost: 9 queries.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: it is their own, cannot be seen, or they have asked very often; or they may not take part.
    """
    comment = locked(thread_id, number)
    if policy.owns(member, comment):
        raise Refused("own-source", _("This is your own comment: you can give its source. Nothing was changed."))
    if not policy.may_ask_for_source(member, comment):
        raise Refused("not-shown", _("This comment is not shown at present. Nothing was changed."))
    if SourceRequest.objects.filter(comment=comment, member=member).exists():
        return comment
    checks.may_take_part(member, _("Nothing was changed."))
    lately = SourceRequest.objects.filter(member=member, asked_at__gt=timezone.now() - ASKED_SPAN)
    if lately.count() >= ASKED_AT_MOST:
        raise Refused(
            "asked-often",
            _("You have asked for {most} sources within an hour. Nothing was changed; ask again later.").format(
                most=ASKED_AT_MOST
            ),
        )
    SourceRequest.objects.create(comment=comment, member=member)
    comment.source_requests += 1
    announce.source_requested(comment, member)
    return _changed(comment, "source_requests")


@transaction.atomic
def give_source(member: User, thread_id: int, number: int, url: str) -> Comment:
    """The comment with a link that proves it, given by its author or by anybody. Cost: 8 queries.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: the link leads nowhere, there are enough, or the member may not write.
    """
    comment = locked(thread_id, number)
    if not comment.is_visible or not member.is_active:
        raise Refused("not-shown", _("This comment is not shown at present. Nothing was changed."))
    checks.may_take_part(member, _("Nothing was kept."), writes=True)
    href = markup.safe_href(url.strip())
    if href is None or not re.match(r"(?i)https?://", href) or len(href) > 500:
        raise Refused(
            "no-link",
            _("A source is a web address that begins with https://. Nothing was kept; copy it from the browser."),
        )
    if comment.sources.count() >= SOURCES_ALLOWED:
        raise Refused(
            "sources-enough",
            _("This comment has {most} sources already. Nothing was kept.").format(most=SOURCES_ALLOWED),
        )
    try:
        with transaction.atomic():
            Source.objects.create(comment=comment, url=href, given_by=member)
    except IntegrityError:
        return comment
    announce.source_given(comment, member)
    return _changed(comment)


@transaction.atomic
def pick_comment(editor: User, thread_id: int, number: int, reason: str) -> Comment:
    """The comment as the newsroom's pick, with its reason; an empty reason takes the pick back. Cost: 9 queries.

    Raises:
        Comment.DoesNotExist: there is no such comment.
        Refused: they do not pick, the comment is not shown, or the reason is too long.
    """
    comment = locked(thread_id, number)
    if not policy.may_pick(editor):
        raise Refused("not-editor", _("Only the newsroom picks comments. Nothing was changed."))
    if not comment.is_visible:
        raise Refused("not-shown", _("This comment is not shown at present. Nothing was changed."))
    checks.may_take_part(editor, _("Nothing was changed."), writes=True)
    reason = " ".join(markup.tidy(reason).split())
    if len(reason) > REASON_LENGTH:
        raise Refused(
            "pick-too-long",
            _("A reason holds up to {most} characters. Nothing was changed; shorten it.").format(most=REASON_LENGTH),
        )
    if reason == comment.pick_reason:
        return comment
    first = bool(reason and not comment.pick_reason)
    comment.pick_reason = reason
    if reason:
        Pick.objects.update_or_create(comment=comment, defaults={"picked_by": editor, "picked_at": timezone.now()})
    else:
        Pick.objects.filter(comment=comment).delete()
    if first:
        announce.picked(comment, editor)
    return _changed(comment, "pick_reason")


def _changed(comment: Comment, *fields: str) -> Comment:
    touch(comment)
    comment.save(update_fields=[*fields, "changed"])
    announce.comment_changed(comment)
    return comment
