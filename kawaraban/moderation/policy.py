"""May this person report, appeal, or settle what others asked?"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from kawaraban.accounts.models import User
from kawaraban.accounts.policy import may_moderate
from kawaraban.decisions.models import APPEAL_TERM, Decision
from kawaraban.discussion.models import Comment
from kawaraban.moderation.models import Appeal, Notice, Report

Viewer = User | AnonymousUser


def may_settle(viewer: Viewer) -> bool:
    """True for moderators, editors and administrators. Cost: 1 query, once per viewer."""
    return may_moderate(viewer)


def may_report(viewer: Viewer, comment: Comment) -> bool:
    """True for members in use, on comments of others that can be read."""
    return viewer.is_authenticated and viewer.is_active and comment.is_visible and comment.author_id != viewer.pk


def may_appeal(viewer: Viewer, decision: Decision) -> bool:
    """True for the member whom it concerns, for six months, unless it was taken back already."""
    return (
        viewer.is_authenticated
        and decision.member_id == viewer.pk
        and decision.lifted_at is None
        and timezone.now() <= decision.appeal_until
    )


def may_appeal_report(viewer: Viewer, report: Report) -> bool:
    """True for the member who made it, for six months after it was dismissed."""
    return (
        viewer.is_authenticated
        and report.reporter_id == viewer.pk
        and report.outcome == Report.Outcome.DISMISSED
        and report.settled_at is not None
        and timezone.now() <= report.settled_at + APPEAL_TERM
    )


def decided_first(person: User, appeal: Appeal) -> bool:
    """True for whoever made the decision that an appeal is against."""
    return appeal.first_by_id is not None and appeal.first_by_id == person.pk


def may_appeal_notice(notice: Notice) -> bool:
    """True for six months after a notice was dismissed, for whoever knows its key."""
    return (
        notice.outcome == Notice.Outcome.DISMISSED
        and notice.settled_at is not None
        and timezone.now() <= notice.settled_at + APPEAL_TERM
    )
