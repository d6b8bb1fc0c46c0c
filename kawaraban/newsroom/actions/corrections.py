"""Errors that readers report, and what the desk makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kawaraban import markup
from kawaraban.accounts.actions import notify
from kawaraban.accounts.models import Kind as Told
from kawaraban.accounts.models import User
from kawaraban.discussion.models import Comment, Passage
from kawaraban.errors import Refused
from kawaraban.languages import in_site_language
from kawaraban.newsroom import policy, reads
from kawaraban.newsroom.corrections import ANSWER_LENGTH, NAME_LENGTH, WORDS_LENGTH, Correction, ErrorReport
from kawaraban.newsroom.models import StoryPage

CORRECTION_LENGTH = 1000  # characters


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader says is wrong, as the form holds it.

    Args:
        version: the words that they read, as numbered by the story's thread.
        position: the paragraph, 0 for the head of the story; None for the story as a whole.
        name: of somebody without an account who wishes to be thanked.
    """

    version: int
    position: int | None
    words: str
    wants_thanks: bool = False
    name: str = ""


@transaction.atomic
def report_error(story_id: int, found: Found, member: User | None = None) -> ErrorReport:
    """The report, in the desk's list; sent twice, the one that is there. Cost: 5 queries.

    Raises:
        StoryPage.DoesNotExist: there is no such story to be read.
        Refused: something is missing or too long, or the paragraph is not there.
    """
    story = reads.published_story(story_id)
    words = markup.tidy(found.words).strip()
    name = " ".join(markup.tidy(found.name).split()) if member is None and found.wants_thanks else ""
    if not words:
        raise Refused("error-report-empty", _("Say what is wrong. Nothing was sent."))
    if len(words) > WORDS_LENGTH or len(name) > NAME_LENGTH:
        raise Refused(
            "error-report-too-long",
            _(
                "This holds up to {length:,} characters, a name {name_length}. Nothing was sent. "
                "Your words are kept below; shorten them."
            ).format(length=WORDS_LENGTH, name_length=NAME_LENGTH),
        )
    place = Passage.objects.filter(
        thread=story.thread_id, version=found.version, position=found.position or 0, is_withheld=False
    )
    if not place.exists():
        raise Refused(
            "error-report-no-passage",
            _(
                "This paragraph is no longer in the story. Nothing was sent. Your words are kept below; "
                "send them about the story as a whole, or choose a paragraph again."
            ),
        )
    report, _made = ErrorReport.objects.get_or_create(
        story=story,
        version=found.version,
        position=found.position,
        words=words,
        member=member,
        name=name,
        outcome=ErrorReport.Outcome.OPEN,
        defaults={"wants_thanks": found.wants_thanks and bool(member or name)},
    )
    return report


@transaction.atomic
def correct_error(
    editor: User, report_id: int, *, kind: str, text: str, comment_number: int | None = None
) -> StoryPage:
    """The story with a correction that answers a report, published. Cost: some 80 queries.

    What is published gets the correction; a draft that is being written gets it as well, and stays a draft. Whoever
    reported it is thanked in the correction if they wish, and a member is told.

    Args:
        comment_number: a comment below the story that said so too; the correction links to it.

    Raises:
        ErrorReport.DoesNotExist: there is no such report.
        Refused: they may not publish the story, the report is settled, something is missing, or a version of the story
            waits for its time or for somebody's approval.
    """
    report = _open(editor, report_id)
    story: StoryPage = StoryPage.objects.get(pk=report.story_id)
    text = markup.tidy(text).strip()
    if kind not in Correction.Kind.values or not text or len(text) > CORRECTION_LENGTH:
        raise Refused(
            "correction-incomplete",
            _(
                "Choose a kind, and say in up to {correction_length:,} characters what was wrong. Nothing was changed."
            ).format(correction_length=CORRECTION_LENGTH),
        )
    shown = Comment.objects.filter(thread=story.thread_id, state=Comment.State.VISIBLE)
    if comment_number is not None and not shown.filter(number=comment_number).exists():
        raise Refused(
            "correction-no-comment",
            _("Readers see no comment #{comment_number} below this story. Nothing was changed.").format(
                comment_number=comment_number
            ),
        )
    if not story.live or story.locked or story.scheduled_revision or story.workflow_in_progress:
        raise Refused(
            "correction-busy",
            _(
                "The story is not published, is locked, waits for its time, or is with somebody for approval. "
                "Nothing was changed. Write the correction in the editor; then answer this report."
            ),
        )
    draft = story.get_latest_revision_as_object() if story.has_unpublished_changes else None
    thanked = report.member if report.wants_thanks else None
    correction = Correction(
        kind=kind,
        made_at=timezone.now(),
        text=text,
        comment_number=comment_number,
        thanked=thanked,
        thanks=report.name if report.wants_thanks else "",
        sort_order=story.corrections.count(),
    )
    story.corrections.add(correction)
    story.save_revision(user=editor, log_action=True).publish(user=editor)
    if draft is not None:
        draft.corrections.add(correction)
        draft.save_revision(user=editor, clean=False)
    _settle(report, editor, ErrorReport.Outcome.CORRECTED)
    _tell(report, gettext_noop("Your report of an error in “{}” led to a correction"))
    return story


@transaction.atomic
def close_error(editor: User, report_id: int, answer: str) -> ErrorReport:
    """The report, closed without a correction; a member is told. Cost: 8 queries.

    Args:
        answer: why, up to 500 characters, which a member who reported it reads.

    Raises:
        ErrorReport.DoesNotExist: there is no such report.
        Refused: they may not publish the story, the report is settled, or there is no answer.
    """
    report = _open(editor, report_id)
    answer = markup.tidy(answer).strip()
    if not answer or len(answer) > ANSWER_LENGTH:
        raise Refused(
            "error-report-no-answer",
            _("Say why, in up to {length} characters: a member who reported it reads it. Nothing was changed.").format(
                length=ANSWER_LENGTH
            ),
        )
    _settle(report, editor, ErrorReport.Outcome.CLOSED, answer)
    _tell(report, gettext_noop("The newsroom answered your report of an error in “{}”"))
    return report


@in_site_language
def tell_credited(story: StoryPage) -> None:
    """Tell the writers of comments that a published correction credits, each once. Cost: 1 query, 3 more if any.

    Whoever is thanked for their report as well has heard of it.
    """
    thanked = {each.comment_number: each.thanked_id for each in story.corrections.all() if each.comment_number}
    if not thanked or story.thread is None:
        return
    shown = Comment.objects.filter(thread=story.thread, number__in=thanked, state=Comment.State.VISIBLE)
    for comment in shown.select_related("author").order_by("number"):
        if comment.author is None or comment.author_id == thanked[comment.number]:
            continue
        notify(
            [comment.author],
            kind=Told.CORRECTED,
            subject=f"credited_comment:{comment.pk}",
            address=f"/t/{comment.thread_id}/{comment.number}/",
            title=_("A correction in “{title}” credits your comment").format(title=story.title),
            actor=None,
        )


def _open(editor: User, report_id: int) -> ErrorReport:
    """The report, locked, while it waits for one who may answer it."""
    reports = ErrorReport.objects.select_for_update(of=("self",)).select_related("story", "member")
    report = reports.get(pk=report_id)
    if not policy.may_publish(editor, report.story):
        raise Refused("not-publisher", _("Only those who publish this story do that. Nothing was changed."))
    if report.outcome != ErrorReport.Outcome.OPEN:
        raise Refused("error-report-settled", _("Somebody has answered this report meanwhile. Nothing was changed."))
    return report


def _settle(report: ErrorReport, editor: User, outcome: ErrorReport.Outcome, answer: str = "") -> None:
    report.outcome, report.answer, report.settled_at, report.settled_by = outcome, answer, timezone.now(), editor
    report.save(update_fields=["outcome", "answer", "settled_at", "settled_by"])


@in_site_language
def _tell(report: ErrorReport, title: str) -> None:
    if report.member is None:
        return
    address = f"/story/{report.story_id}/error/{report.pk}/"
    if report.outcome == ErrorReport.Outcome.CORRECTED:
        address = urlsplit(report.story.full_url or address).path
    notify(
        [report.member],
        kind=Told.CORRECTED,
        subject=f"error_report:{report.pk}",
        address=address[:300],
        title=translation.gettext(title).format(report.story.title),
        actor=None,
    )
