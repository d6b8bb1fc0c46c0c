"""Editors hear by mail of what cannot wait."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kawaraban.accounts.models import User
from kawaraban.accounts.reads import site_name
from kawaraban.languages import in_site_language
from kawaraban.wire.models import WireItem
from kawaraban.wire.policy import DESK

ALARM = gettext_lazy("""\
{alarm}

The item at the desk, with what the agency says:

  {item}
""")


@in_site_language
def mail_alarm(item: WireItem) -> None:
    """Mail an alarm to all editors and administrators. Cost: 2 queries, and as long as the mail server takes.

    Raises:
        OSError, smtplib.SMTPException: the mail server did not take it.
    """
    members = User.objects.filter(groups__name__in=DESK, is_active=True).exclude(email="").distinct().order_by("pk")
    addresses = list(members.values_list("email", flat=True))
    site = site_name()
    body = ALARM.format(alarm=item.alarm, item=settings.SITE_URL.rstrip("/") + item.get_absolute_url())
    # Each reads nobody else's address.
    EmailMessage(_("{site}, wire: {state}").format(site=site, state=item.state), body, bcc=addresses).send()
