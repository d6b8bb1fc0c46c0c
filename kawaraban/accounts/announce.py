"""Mail about what happened: plain text of ours, with links to our own pages alone (S-012)."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from kawaraban.accounts.models import Notification, Topic, Way
from kawaraban.accounts.reads import site_name
from kawaraban.languages import in_site_language

# What one mail is about, and what its unsubscribe link ends: a topic, or the digest of all that are in it.
DIGEST = "digest"
SCOPES = (*Topic, DIGEST)
MOST_TITLES = 50  # in one mail; the rest is counted
# No expiry: a link in an old mail must still work, and all that it can do is to end mail.
_signer = Signer(salt="kawaraban.accounts.unsubscribe")


class NotSent(Exception):  # noqa: N818 - the mail server's answer, without the address that its own errors repeat
    """The mail server did not take a mail; it may later."""


class AddressRefused(NotSent):
    """The mail server will never take a mail to this address."""


def way_of(scope: str) -> Way:
    """How what belongs to a scope is mailed."""
    return Way.DAILY if scope == DIGEST else Way.NOW


def topics_of(scope: str) -> list[Topic]:
    """The topics that a mail of this scope can be about."""
    return list(Topic) if scope == DIGEST else [Topic(scope)]


def unsubscribe_token(member_id: int, scope: str) -> str:
    """What the unsubscribe link of a member's mail holds: it names them, and only we can make it."""
    return _signer.sign_object([member_id, scope])


def read_token(token: str) -> tuple[int, str]:
    """The member's key and the scope that a link was made for.

    Raises:
        BadSignature: the link is not one of ours, or not whole.
    """
    match _signer.unsign_object(token):
        case [int(member_id), str(scope)] if scope in SCOPES:
            return member_id, scope
    raise BadSignature("This link is for something that there is not.")


@in_site_language
def mail(address: EmailAddress, scope: str, notifications: Sequence[Notification]) -> None:
    """Send one mail about these notifications, oldest first. Cost: 1 query, and as long as the mail server takes.

    Sent again after a crash it is the same mail by its Message-ID, so that many a mailbox shows it once.

    Raises:
        OSError: the mail server could not be reached.
        NotSent, AddressRefused: it did not take it.
    """
    name = site_name()
    unsubscribe = _absolute(reverse("accounts:unsubscribe", args=[unsubscribe_token(address.user_id, scope)]))
    count = len(notifications)
    context = {
        "current_site": {"name": name},
        "handle": address.user.handle,
        "scope": scope,
        "about": "" if scope == DIGEST else Topic(scope).label,
        "items": [(item, _absolute(item.address)) for item in notifications[:MOST_TITLES]],
        "more": max(0, count - MOST_TITLES),
        "count": count,
        "all_url": _absolute(reverse("accounts:notifications")),
        "settings_url": _absolute(reverse("accounts:notification_settings")),
        "unsubscribe_url": unsubscribe,
    }
    subject = (
        notifications[0].title if count == 1 else _("{count} notifications from {name}").format(count=count, name=name)
    )
    first, last = notifications[0].pk, notifications[-1].pk
    message = EmailMessage(
        subject=" ".join(subject.split()),
        body=render_to_string("accounts/mail/notifications.txt", context),
        to=[address.email],
        headers={
            "Message-ID": f"<notifications-{first}-{last}-{count}@{urlsplit(settings.SITE_URL).hostname}>",
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        kind = AddressRefused if 500 <= code < 600 else NotSent
        raise kind(f"The mail server refused the address with {code}.") from None
    except smtplib.SMTPException as error:
        said = getattr(error, "smtp_code", "no code")
        raise NotSent(f"The mail server did not take it: {type(error).__name__}, {said}.") from None


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
