"""Appeals: those that wait, one's own, and whether anybody else could decide them. In a known number of queries."""

from __future__ import annotations

from django.db.models import Q

from kawaraban.accounts.models import ADMINISTRATOR, EDITOR, MODERATOR, User
from kawaraban.decisions.models import Decision
from kawaraban.discussion.models import Comment
from kawaraban.moderation.models import Appeal, Notice, Report

LOADED = (
    "decision__rule__book",
    "decision__member",
    "report__comment__thread",
    "report__comment__author",
    "report__rule__book",
    "notice__comment__thread",
    "member",
)


def open_appeals() -> list[Appeal]:
    """The appeals that wait, the oldest first, with what they are against. Cost: 1 query."""
    waiting = Appeal.objects.filter(outcome=Appeal.Outcome.OPEN).select_related(*LOADED)
    return list(waiting.order_by("made_at", "pk"))


def appeal_of(decision: Decision, member: User) -> Appeal | None:
    """A member's appeal against a decision. Cost: 1 query."""
    return Appeal.objects.filter(decision=decision, member=member).first()


def appeal_of_report(report: Report) -> Appeal | None:
    """The appeal against the dismissal of a report. Cost: 1 query."""
    return Appeal.objects.filter(report=report).first()


def appeal_of_notice(notice: Notice) -> Appeal | None:
    """The appeal against what was decided about a notice. Cost: 1 query."""
    return Appeal.objects.filter(notice=notice).first()


def other_moderators(person: User) -> int:
    """How many others in use could decide in a person's place. Cost: 1 query."""
    roles = Q(groups__name__in=(MODERATOR, EDITOR, ADMINISTRATOR)) | Q(is_superuser=True)
    return User.objects.filter(roles, is_active=True).exclude(pk=person.pk).distinct().count()


def comment_of(appeal: Appeal) -> Comment | None:
    """The comment that an appeal is about, if it is about one. Cost: 1 query, none where it is loaded."""
    if appeal.report:
        return appeal.report.comment
    if appeal.notice:
        return appeal.notice.comment
    subject, _, key = (appeal.decision.subject if appeal.decision else "").partition(":")
    return Comment.objects.select_related("thread", "author").filter(pk=key).first() if subject == "comment" else None
