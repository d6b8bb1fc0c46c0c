"""Times as the paper prints them, for people and for machines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.test import override_settings
from django.utils import timezone, translation

from kawaraban.theme.templatetags.times import age, day, printed, printed_time

NOW = datetime(2026, 11, 21, 3, 40, tzinfo=UTC)  # 12:40 in Tokyo


@pytest.fixture(autouse=True)
def today():
    """21 November 2026, 12:40 in Tokyo."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 20, 22, 1, tzinfo=UTC), "Nov 21, 07:01 am JST"),
        (datetime(2026, 11, 20, 15, 0, tzinfo=UTC), "Nov 21, 12:00 am JST"),
        (datetime(2026, 11, 21, 3, 0, tzinfo=UTC), "Nov 21, 12:00 pm JST"),
        (datetime(2026, 11, 21, 14, 59, tzinfo=UTC), "Nov 21, 11:59 pm JST"),
        (datetime(2026, 1, 1, 0, 0, tzinfo=UTC), "Jan 1, 09:00 am JST"),
        (datetime(2025, 12, 31, 14, 59, tzinfo=UTC), "Dec 31, 2025, 11:59 pm JST"),
        (datetime(2025, 12, 31, 15, 0, tzinfo=UTC), "Jan 1, 12:00 am JST"),
        (datetime(1999, 3, 3, 1, 2, tzinfo=UTC), "Mar 3, 1999, 10:02 am JST"),
        (datetime(2027, 2, 3, 1, 2, tzinfo=UTC), "Feb 3, 2027, 10:02 am JST"),
    ],
)
def test_a_time_is_printed_in_the_papers_own_clock_with_other_years_named(moment, text):
    assert printed(moment) == text


def test_a_time_of_today_needs_no_date():
    assert printed(datetime(2026, 11, 20, 22, 1, tzinfo=UTC), date(2026, 11, 21)) == "07:01 am JST"
    assert printed(datetime(2026, 11, 20, 14, 59, tzinfo=UTC), date(2026, 11, 21)) == "Nov 20, 11:59 pm JST"


def test_the_day_turns_at_the_papers_own_midnight():
    assert day(datetime(2026, 11, 20, 14, 59, tzinfo=UTC)) == date(2026, 11, 20)
    assert day(datetime(2026, 11, 20, 15, 0, tzinfo=UTC)) == date(2026, 11, 21)


@override_settings(TIME_ZONE="Europe/Berlin")
def test_another_papers_clock_is_another_and_knows_summer():
    assert printed(datetime(2026, 7, 1, 5, 1, tzinfo=UTC)) == "Jul 1, 07:01 am CEST"
    assert printed(datetime(2026, 11, 21, 6, 1, tzinfo=UTC)) == "Nov 21, 07:01 am CET"


def test_machines_read_the_same_time_in_utc():
    element = printed_time(datetime(2026, 11, 20, 22, 1, 59, 123456, tzinfo=UTC))
    assert element == '<time datetime="2026-11-20T22:01:59+00:00">Nov 21, 07:01 am JST</time>'
    assert "<time" in printed_time(NOW, date(2026, 11, 21))


def test_an_unknown_time_is_not_printed():
    assert printed_time(None) == ""


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=-90), "1 min"),  # a clock that runs ahead
        (timedelta(seconds=5), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(minutes=60), "1 h"),
        (timedelta(hours=23, minutes=59), "23 h"),
        (timedelta(hours=24), "1 day"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=6, hours=23), "6 days"),
        (timedelta(days=7), "Nov 14"),
        (timedelta(days=400), "Oct 17, 2025"),
    ],
)
def test_the_age_of_a_story_gets_rougher_with_time(ago, text):
    element = age(NOW - ago, NOW)
    assert element.endswith(f">{text}</time>")
    assert element.startswith(f'<time datetime="{(NOW - ago).isoformat(timespec="seconds")}">')


@pytest.mark.parametrize(
    ("moment", "pattern", "english", "japanese"),
    [
        ("2026-11-23T05:20:00+00:00", "l, F j, Y", "Monday, November 23, 2026", "2026年11月23日（月）"),
        ("2026-11-23T05:20:00+00:00", "j F Y, H:i", "23 November 2026, 14:20", "2026年11月23日 14:20"),
        ("2026-11-30T20:00:00+00:00", "F Y", "December 2026", "2026年12月"),
    ],
)
def test_a_date_is_written_as_the_language_of_the_page_writes_it(moment, pattern, english, japanese):
    page = Template(f"{{% load times %}}{{{{ moment|dated:'{pattern}' }}}}")
    context = Context({"moment": datetime.fromisoformat(moment)})
    assert page.render(context) == english
    with translation.override("ja"):
        assert page.render(context) == japanese


@pytest.mark.parametrize("moment", [None, ""])
def test_no_moment_has_no_date(moment):
    assert Template("{% load times %}{{ moment|dated:'F Y' }}").render(Context({"moment": moment})) == ""


def test_times_are_printed_in_japanese():
    moment = datetime(2025, 11, 23, 5, 20, tzinfo=UTC)
    with translation.override("ja"):
        assert printed(moment) == "2025年11月23日 14:20"
        assert printed(moment, day(moment)) == "今日 14:20"
        assert age(moment, moment + timedelta(minutes=12)).endswith(">12分前</time>")
        assert age(moment, moment + timedelta(hours=5)).endswith(">5時間前</time>")
        assert age(moment, moment + timedelta(days=3)).endswith(">3日前</time>")
        assert age(moment, moment + timedelta(days=30)).endswith(">2025年11月23日</time>")
    with translation.override("ja"), timezone.override("UTC"):
        assert printed(moment) == "2025年11月23日 05:20 UTC"
