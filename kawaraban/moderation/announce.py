"""Members hear what became of their reports and appeals; who gave notice from outside gets a mail of ours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kawaraban.accounts import actions as accounts
from kawaraban.accounts.models import Kind, User
from kawaraban.accounts.reads import site_name
from kawaraban.discussion.models import Comment
from kawaraban.languages import in_site_language
from kawaraban.moderation.models import Appeal, Notice

RECEIVED = gettext_lazy("""\
{site} has received your notice about {about}.

A person will read it. No program decides about it. What becomes of it stands here, and you will get a mail:

  {receipt}

Keep this address to yourself: whoever knows it can read your notice.
""")
SETTLED = gettext_lazy("""\
{site} has decided about your notice of {about}. {outcome}

The reasons, and how to ask that somebody else looks at it again, stand here:

  {receipt}

This was decided by a person.
""")
LOOKED_AGAIN = gettext_lazy("""\
Somebody else at {site} has looked again at your notice of {about}. {outcome} The answer stands here:

  {receipt}
""")
REOPENED = gettext_lazy("""\
{site} wrote to you that it had decided about your notice of {about}. Whoever decided has taken that back as a mistake:
it does not hold.

Your notice waits again. A person will decide about it, and you will get a mail; it stands here as well:

  {receipt}
""")
TEXTS = {"received": RECEIVED, "settled": SETTLED, "again": LOOKED_AGAIN, "reopened": REOPENED}
OUTCOMES = {
    Notice.Outcome.UPHELD: gettext_lazy("It was restricted."),
    Notice.Outcome.DISMISSED: gettext_lazy("It stays as it is."),
}


@in_site_language
def reports_settled(comment: Comment, reporters: Iterable[User], upheld: bool, at: datetime) -> None:
    """Tell reporters what became of their report, settled at this moment. Cost: 1 query."""
    if upheld:
        said = _("Your report of a comment on “{title}”: a moderator agreed")
    else:
        said = _("Your report of a comment on “{title}”: the comment stays")
    _tell_reporters(comment, reporters, settlement(comment, at), said)


@in_site_language
def reports_reopened(comment: Comment, reporters: Iterable[User], at: datetime) -> None:
    """Tell reporters that what they heard does not hold: it was settled at this moment, and taken back. Cost: 1 query.

    Nothing is asked of the database where there is nobody to tell.
    """
    if reporters := list(reporters):
        said = _("Your report of a comment on “{title}”: the decision was taken back, and a moderator looks again")
        _tell_reporters(comment, reporters, f"{settlement(comment, at)}:back", said)


def settlement(comment: Comment, at: datetime) -> str:
    """What notifications name the answer to all reports that were settled at once; another for every time."""
    return f"reports:{comment.pk}:{at.timestamp():.6f}"


def _tell_reporters(comment: Comment, reporters: Iterable[User], subject: str, said: str) -> None:
    accounts.notify(
        reporters,
        kind=Kind.REPORT_SETTLED,
        subject=subject,
        address=reverse("moderation:report", args=[comment.thread_id, comment.number]),
        title=said.format(title=comment.thread.title),
        actor=None,
    )


@in_site_language
def appeal_settled(appeal: Appeal) -> None:
    """Tell whoever appealed what was answered. Cost: 1 query."""
    if appeal.member is None:
        return
    stands = appeal.outcome == Appeal.Outcome.UPHELD
    accounts.notify(
        [appeal.member],
        kind=Kind.APPEAL_SETTLED,
        subject=f"appeal:{appeal.pk}",
        address=address_of(appeal),
        title=_("Your appeal: the decision stands") if stands else _("Your appeal: the decision was taken back"),
        actor=None,
    )


def address_of(appeal: Appeal) -> str:
    """The page on which whoever appealed reads the answer."""
    if appeal.decision_id:
        return reverse("moderation:appeal", args=[appeal.decision_id])
    if appeal.notice:
        return appeal.notice.get_absolute_url()
    assert appeal.report is not None  # noqa: S101 - narrows the type: an appeal is against one of the three
    return reverse("moderation:report", args=[appeal.report.comment.thread_id, appeal.report.comment.number])


@in_site_language
def mail_notice(notice: Notice, what: str) -> None:
    """Mail whoever gave notice what they are to be told, one of `TEXTS`.

    Cost: 1 query, and as long as the mail server takes.

    It holds no word of theirs: the address may be somebody else's, and the mail must be of no use to abuse them with.

    Raises:
        OSError, smtplib.SMTPException: the mail server did not take it.
    """
    site = site_name()
    root = settings.SITE_URL.rstrip("/")
    body = TEXTS[what].format(
        site=site,
        about=_("the comment {address}").format(address=root + notice.comment.get_absolute_url())
        if notice.comment
        else _("a page of ours"),
        receipt=root + notice.get_absolute_url(),
        outcome=OUTCOMES.get(Notice.Outcome(notice.outcome), ""),
    )
    EmailMessage(_("Your notice to {site}").format(site=site), body, to=[notice.email]).send()
