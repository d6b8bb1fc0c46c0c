"""What open pages hear of a live report, after the commit.

Every event is a list of rows, each about one thing as it stands: `live` tells them together when much happens. The
second place of a row is the report's activity at that change: an older word that comes late is known by it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db import transaction
from django.template.loader import render_to_string

from kawaraban import live
from kawaraban.caching.actions import purge
from kawaraban.languages import in_site_language
from kawaraban.newsroom import live_reports
from kawaraban.newsroom.live_reports import LiveEntry, LiveReport
from kawaraban.newsroom.models import StoryPage

SUBJECT = "live report"


def entry_changed(entry: LiveEntry) -> None:
    """Send open pages the entry and what stands above all entries. Cost: 1 query, after the commit 2."""
    purge(entry.report.story.cache_tag)
    transaction.on_commit(lambda: _publish_entry(entry.pk), robust=True)


def report_changed(report: LiveReport) -> None:
    """Tell open pages that the report has ended, or goes on. Cost: 1 query, after the commit 2."""
    purge(report.story.cache_tag)
    transaction.on_commit(lambda: _publish_report(report.pk), robust=True)


def may_hear(story_id: int) -> bool:
    """True while everybody can read the story, and it is reported live. Cost: 2 queries."""
    return bool(StoryPage.objects.live().public().filter(pk=story_id, kind=StoryPage.Kind.LIVE).exists())


def missed(story_id: int, activity: int, query: str) -> Iterator[live.Event]:
    """What has changed in a report since its activity was at this figure. Cost: 3 queries, 1 where nothing has."""
    report = LiveReport.objects.select_related("story").filter(story_id=story_id).first()
    if report is None or report.activity <= activity:
        return
    entries = list(report.entries.filter(changed__gt=activity).order_by("changed"))
    yield from (entry_event(entry, report.story) for entry in entries)
    # Of two with the same place in the history one would be dropped.
    is_told = any(entry.changed == report.activity for entry in entries)
    yield report_event(report, None if is_told else report.activity)


@in_site_language
def entry_event(entry: LiveEntry, story: StoryPage) -> live.Event:
    """The event that carries an entry as everybody sees it. Cost: none."""
    html = render_to_string("newsroom/live_report.html#entry", {"entry": entry, "page": story})
    return live.Event("entry", json.dumps([[entry.number, entry.changed, html]]), entry.changed)


@in_site_language
def report_event(report: LiveReport, place: int | None) -> live.Event:
    """The event that carries what stands above the entries: whether it goes on, and the key moments. Cost: 1 query.

    Args:
        place: its own place in the history; None where an entry has it.
    """
    shown = live_reports.shown(report, report.entries.filter(is_key=True))
    html = render_to_string("newsroom/live_report.html#head", {"report": shown, "page": report.story})
    return live.Event("report", json.dumps([[0, report.activity, html]]), place)


def _publish_entry(pk: int) -> None:
    entry = LiveEntry.objects.select_related("report__story").get(pk=pk)
    live.publish(SUBJECT, entry.report.story_id, entry_event(entry, entry.report.story))
    live.publish(SUBJECT, entry.report.story_id, report_event(entry.report, None))


def _publish_report(pk: int) -> None:
    report = LiveReport.objects.select_related("story").get(pk=pk)
    live.publish(SUBJECT, report.story_id, report_event(report, report.activity))
