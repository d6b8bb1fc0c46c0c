"""Times as the paper prints them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_TIME = '<time datetime="{}">{}</time>'


def printed(moment: datetime, today: date | None = None) -> str:
    """A moment in the site's time zone: `Nov 21, 07:01 am JST`; the date falls away when it is `today`.

    The year is given when it is not the present one.
    """
    local = timezone.localtime(moment)
    clock = f"{local:%I:%M} {'am' if local.hour < 12 else 'pm'} {local.tzname()}"
    return clock if local.date() == today else f"{_date(local)}, {clock}"


@register.filter
def day(moment: datetime) -> date:
    """The day of a moment in the site's time zone, to be passed as `today`."""
    return timezone.localtime(moment).date()


@register.simple_tag
def printed_time(moment: datetime | None, today: date | None = None) -> SafeString | str:
    """A `<time>` element: `printed` for people, ISO 8601 in UTC for machines. Empty without a moment."""
    if moment is None:
        return ""
    return format_html(_TIME, _stamp(moment), printed(moment, today))


@register.simple_tag
def age(moment: datetime, now: datetime) -> SafeString:
    """A `<time>` element with the rough age: `12 min`, `5 h`, `3 days`, then the date."""
    minutes = max(0, int((now - moment).total_seconds() // 60))
    if minutes < 60:
        text = f"{max(minutes, 1)} min"
    elif minutes < 24 * 60:
        text = f"{minutes // 60} h"
    elif minutes < 7 * 24 * 60:
        days = minutes // (24 * 60)
        text = "1 day" if days == 1 else f"{days} days"
    else:
        text = _date(timezone.localtime(moment))
    return format_html(_TIME, _stamp(moment), text)


def _date(local: datetime) -> str:
    year = "" if local.year == timezone.localdate().year else f", {local.year}"
    return f"{local:%b} {local.day}{year}"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
