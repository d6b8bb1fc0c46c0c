"""What is written in a live report, corrected, taken back; and when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from kawaraban import markup
from kawaraban.accounts.models import User
from kawaraban.caching.actions import remove
from kawaraban.errors import Refused
from kawaraban.newsroom import announce, policy
from kawaraban.newsroom.live_reports import HEADLINE_LENGTH, WORDS_LENGTH, LiveEntry, LiveReport
from kawaraban.newsroom.models import StoryPage


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """An entry as the form holds it: `words` in the markup of comments."""

    words: str
    headline: str = ""
    is_key: bool = False

    def checked(self) -> EntryDraft:
        """The draft as it is stored.

        Raises:
            Refused: it says nothing, or too much.
        """
        words, headline = markup.tidy(self.words).strip(), " ".join(markup.tidy(self.headline).split())
        if not words:
            raise Refused("live-entry-empty", _("Write what happened. Nothing was published."))
        if len(words) > WORDS_LENGTH or len(headline) > HEADLINE_LENGTH:
            raise Refused(
                "live-entry-too-long",
                _(
                    "An entry holds up to {length:,} characters, its headline {headline_length}. "
                    "Nothing was published. Your words are kept below; shorten them, or write two entries."
                ).format(length=WORDS_LENGTH, headline_length=HEADLINE_LENGTH),
            )
        return EntryDraft(words, headline, self.is_key)


@transaction.atomic
def write_entry(editor: User, story_id: int, draft: EntryDraft, key: str) -> LiveEntry:
    """The entry, public now, or by an earlier request with the same key. Cost: about 15 queries.

    Args:
        key: made for the form that was filled in; a double click or a retry sends it again.

    Raises:
        StoryPage.DoesNotExist: there is no such story.
        Refused: they may not publish the story, it is no live report that is published, the report has ended, or the
            entry says nothing or too much.
    """
    report = _locked(editor, story_id)
    written = report.entries.filter(key=key).first()
    if written is not None:
        return written
    if not report.story.live or report.story.kind != StoryPage.Kind.LIVE:
        raise Refused(
            "live-report-not-public",
            _(
                "This story is not published as a live report, so nothing was published. Your words are kept below. "
                "Publish the story first."
            ),
        )
    if report.ended_at:
        raise Refused(
            "live-report-ended",
            _(
                "This live report has ended, so nothing was published. Your words are kept below. "
                "Go on with the report first."
            ),
        )
    return record_entry(report, draft.checked(), writer=editor, key=key)


@transaction.atomic
def correct_entry(editor: User, story_id: int, number: int, draft: EntryDraft, changed: int) -> LiveEntry:
    """The entry with other words, marked as corrected for readers. Cost: about 15 queries.

    Args:
        changed: the state of the entry that the form was made from.

    Raises:
        StoryPage.DoesNotExist, LiveEntry.DoesNotExist: there is no such story or entry.
        Refused: they may not publish the story, somebody else has changed the entry, or it says nothing or too much.
    """
    report = _locked(editor, story_id)
    entry = _as_it_was(report, number, changed)
    draft = draft.checked()
    if (draft.words, draft.headline) != (entry.source, entry.headline):
        entry.edited_at = timezone.now()
    entry.source, entry.html = draft.words, markup.render(draft.words)
    entry.headline, entry.is_key = draft.headline, draft.is_key
    remove(report.story.cache_tag)
    _keep(report, entry)
    log(report.story, "kawaraban.correct_entry", user=editor, data={"number": number})
    return entry


@transaction.atomic
def take_back_entry(editor: User, story_id: int, number: int, changed: int) -> LiveEntry:
    """The entry, of which readers see only that there was one. Cost: about 15 queries.

    Raises:
        As `correct_entry`.
    """
    report = _locked(editor, story_id)
    entry = _as_it_was(report, number, changed)
    entry.removed_at = timezone.now()
    remove(report.story.cache_tag)
    _keep(report, entry)
    log(report.story, "kawaraban.take_back_entry", user=editor, data={"number": number})
    return entry


@transaction.atomic
def end_report(editor: User, story_id: int, *, ends: bool = True) -> LiveReport:
    """The report, ended for readers; or going on again, with `ends` false. Cost: about 10 queries.

    Raises:
        StoryPage.DoesNotExist: there is no such story.
        Refused: they may not publish the story.
    """
    report = _locked(editor, story_id)
    if bool(report.ended_at) != ends:
        set_end(report, timezone.now() if ends else None)
        log(report.story, "kawaraban.end_report" if ends else "kawaraban.resume_report", user=editor)
    return report


def set_end(report: LiveReport, ended_at: datetime | None) -> None:
    """Put down when a report ended, for a caller who has asked whether it may. Cost: 1 query, 2 after the commit."""
    report.ended_at, report.activity = ended_at, report.activity + 1
    report.save(update_fields=["ended_at", "activity"])
    announce.report_changed(report)


def record_entry(
    report: LiveReport,
    draft: EntryDraft,
    *,
    writer: User | None,
    key: str | None = None,
    at: datetime | None = None,
) -> LiveEntry:
    """An entry that somebody has vouched for; the caller holds the report's row.

    Cost: 3 queries, 2 after the commit.
    """
    report.last_number += 1
    entry = LiveEntry(
        report=report,
        number=report.last_number,
        at=at or timezone.now(),
        headline=draft.headline,
        source=draft.words,
        html=markup.render(draft.words),
        is_key=draft.is_key,
        writer=writer,
        key=key,
    )
    _keep(report, entry, at)
    return entry


def open_report(story_id: int) -> LiveReport:
    """The report of a story, with the story; its row is made if need be and locked. Cost: 4 queries at most."""
    LiveReport.objects.get_or_create(story_id=story_id)
    return LiveReport.objects.select_for_update(of=("self",)).select_related("story").get(story_id=story_id)


def _locked(editor: User, story_id: int) -> LiveReport:
    if not policy.may_publish(editor, StoryPage.objects.get(pk=story_id)):
        raise Refused("not-publisher", _("Only those who publish this story do that. Nothing was changed."))
    return open_report(story_id)


def _as_it_was(report: LiveReport, number: int, changed: int) -> LiveEntry:
    entry = report.entries.get(number=number)
    if entry.removed_at:
        raise Refused("live-entry-gone", _("This entry has been taken back. Nothing was changed; write a new one."))
    if entry.changed != changed:
        raise Refused(
            "live-entry-changed",
            _(
                "Somebody has changed this entry meanwhile. Nothing was changed. Your words are kept below, and the "
                "entry as it stands above them."
            ),
        )
    return entry


def _keep(report: LiveReport, entry: LiveEntry, at: datetime | None = None) -> None:
    """Save an entry that has changed, which is a change of its story, and tell open pages."""
    report.activity += 1
    report.save(update_fields=["activity", "last_number"])
    entry.changed = report.activity
    entry.save()
    # Beside Wagtail's own saving: it belongs to the story and not to a revision.
    StoryPage.objects.filter(pk=report.story_id).update(updated_at=at or timezone.now())
    announce.entry_changed(entry)
