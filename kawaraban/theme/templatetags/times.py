"""Times as the paper prints them, in the language of the page."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

register = template.Library()

_TIME = '<time datetime="{}">{}</time>'

# How Japanese writes what the templates ask for in the English way.
_JAPANESE = {
    "H:i": "H:i",
    "F Y": "Y年n月",
    "j F": "n月j日",
    "j F Y": "Y年n月j日",
    "j F, H:i": "n月j日 H:i",
    "j F, H:i:s": "n月j日 H:i:s",
    "j F Y, H:i": "Y年n月j日 H:i",
    "j F Y, H:i:s": "Y年n月j日 H:i:s",
    "l, F j, Y": "Y年n月j日（D）",
}


@register.filter
def printed(moment: datetime, today: date | None = None) -> str:
    """A moment in the site's time zone: `Nov 21, 07:01 am JST`, 2026年11月21日 07:01; no date when it is
    `today`, which Japanese names: 今日 07:01.

    In English the year is given when it is not the present one; in Japanese the zone, when it is not Japan's.
    """
    local = timezone.localtime(moment)
    if _is_japanese():
        clock = f"{local:%H:%M}" if local.tzname() == "JST" else f"{local:%H:%M} {local.tzname()}"
        return f"今日 {clock}" if local.date() == today else f"{local.year}年{local.month}月{local.day}日 {clock}"
    clock = f"{local:%I:%M} {'am' if local.hour < 12 else 'pm'} {local.tzname()}"
    return clock if local.date() == today else f"{_date(local)}, {clock}"


@register.filter
def day(moment: datetime) -> date:
    """The day of a moment in the site's time zone, to be passed as `today`."""
    return timezone.localtime(moment).date()


@register.filter(expects_localtime=True)
def dated(moment: datetime | date | None, pattern: str) -> str:
    """What Django's `date` makes of a moment and a pattern, or what stands for that pattern in Japanese."""
    if not moment:
        return ""
    return date_format(moment, _JAPANESE[pattern] if _is_japanese() else pattern)


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
        text = _("{minutes} min").format(minutes=max(minutes, 1))
    elif minutes < 24 * 60:
        text = _("{hours} h").format(hours=minutes // 60)
    elif minutes < 7 * 24 * 60:
        days = minutes // (24 * 60)
        text = ngettext("{days} day", "{days} days", days).format(days=days)
    else:
        text = _date(timezone.localtime(moment))
    return format_html(_TIME, _stamp(moment), text)


def _date(local: datetime) -> str:
    is_this_year = local.year == timezone.localdate().year
    if _is_japanese():
        return f"{'' if is_this_year else f'{local.year}年'}{local.month}月{local.day}日"
    return f"{local:%b} {local.day}{'' if is_this_year else f', {local.year}'}"


def _is_japanese() -> bool:
    return get_language() == "ja"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
