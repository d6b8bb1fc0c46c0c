"""Polls: their tables, what an editor may write of one, and how readers are shown it.

Below `models`, whose story asks: what stands here knows a story by name only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.admin.forms import WagtailAdminPageForm

QUESTION_LENGTH = 200  # characters
ANSWER_LENGTH = 160  # characters
FEWEST, MOST = 2, 10  # answers


class Poll(models.Model):
    """What a story asks its readers, as they vote on it. It belongs to the story and not to a revision of the story.

    What an editor writes is kept with the revision (`StoryPage.question` and so on) and put here at publication, but
    for the words of a poll that somebody has voted in, which stay.
    """

    story = models.OneToOneField("newsroom.StoryPage", models.CASCADE, related_name="poll")
    question = models.CharField(max_length=QUESTION_LENGTH)
    closes_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        """The poll's own page, where members vote without JavaScript."""
        return reverse("newsroom:poll", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        """True from the closing time on."""
        return self.closes_at is not None and self.closes_at <= timezone.now()

    @property
    def wording(self) -> tuple[str, list[str]]:
        """The question and the answers. Cost: 1 query, unless the options were fetched before."""
        return self.question, [option.text for option in self.options.all()]


class PollOption(models.Model):
    """One answer. `votes` is kept in step with the rows of `PollVote`, so that a page need not count them."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=ANSWER_LENGTH)
    votes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("poll", "position"), name="poll_option_place"),)
        ordering = ("position",)

    def __str__(self) -> str:
        return self.text


class PollVote(models.Model):
    """One member's answer. Without its member it still counts, under no name."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="cast")
    option = models.ForeignKey(PollOption, models.CASCADE, related_name="cast")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="poll_votes")
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("poll", "voter"), name="poll_vote_once"),)

    def __str__(self) -> str:
        return f"{self.voter_id} on {self.poll_id}: {self.option_id}"


def voted(story_id: int | None) -> Poll | None:
    """The poll of a story if somebody has voted in it, with its options. Cost: 2 queries, 1 without a poll."""
    poll = Poll.objects.filter(story_id=story_id).prefetch_related("options").first()
    return poll if poll is not None and any(option.votes for option in poll.options.all()) else None


# --- What an editor may write -----------------------------------------------------------------------------------------


def answers_in(text: str) -> list[str]:
    """The answers that an editor has written, one on each line, with their spaces tidied."""
    return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]


def complaint(answers: Sequence[str]) -> str:
    """Why these cannot be the answers of a poll, in a sentence; empty when they can."""
    if not FEWEST <= len(answers) <= MOST:
        return gettext("A poll has {fewest} to {most} answers, one on each line; this one has {count}.").format(
            fewest=FEWEST, most=MOST, count=len(answers)
        )
    twice = next((text for place, text in enumerate(answers) if text.casefold() in _folded(answers[:place])), None)
    if twice is not None:
        return gettext("Two answers read the same: “{text}”. Please change one.").format(text=twice)
    long = next((text for text in answers if len(text) > ANSWER_LENGTH), None)
    if long is not None:
        return gettext("An answer holds up to {most} characters; “{text}…” has {count}. Please shorten it.").format(
            most=ANSWER_LENGTH, text=long[:40], count=len(long)
        )
    return ""


def _folded(answers: Sequence[str]) -> set[str]:
    return {answer.casefold() for answer in answers}


class StoryForm(WagtailAdminPageForm):
    """The story's form at the desk: what it asks must be whole, and stays once somebody has voted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin without the note on an update that is published: it has said what it was to say."""
        super().__init__(*args, **kwargs)
        if self.instance.live_revision_id and self.instance.live_revision_id == self.instance.latest_revision_id:
            self.initial["update_note"] = ""

    def clean(self) -> dict[str, Any]:
        """Say what is missing, or what cannot be changed any more. Cost: 2 queries."""
        data: dict[str, Any] = super().clean()
        question, answers = (data.get("question") or "").strip(), answers_in(data.get("poll_options") or "")
        kind = data.get("kind")
        poll = voted(self.instance.pk)
        if poll is not None:
            self._keep(poll, question, answers, data.get("poll_closes_at"))
            return data
        if kind in ("question", "poll") and not question:
            self.add_error("question", gettext("Write what the newsroom asks."))
        if kind == "poll" and (wrong := complaint(answers)):
            self.add_error("poll_options", wrong)
        return data

    def _keep(self, poll: Poll, question: str, answers: list[str], closes_at: datetime | None) -> None:
        stays = gettext("Members have voted, so it stays as they read it: “{text}”. Nothing was saved.")
        asked, choices = poll.wording
        if question != asked:
            self.add_error("question", stays.format(text=asked))
        if answers != choices:
            self.add_error("poll_options", stays.format(text="” “".join(choices)))
        if poll.is_closed and _minute(closes_at) != _minute(poll.closes_at):
            self.add_error(
                "poll_closes_at", gettext("The poll has closed and its result is public: it is not opened again.")
            )


def _minute(moment: datetime | None) -> datetime | None:
    """The moment as the form gives it back, which knows no seconds."""
    return moment.replace(second=0, microsecond=0) if moment else None


# --- What readers are shown -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it is shown. `share` is its part of all votes in words, `width` the same from 0 to 100."""

    pk: int
    text: str
    votes: int
    share: str
    width: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PollView:
    """A poll as one page shows it. `url` is empty in a preview; `chosen` is the viewer's answer, empty for none."""

    url: str
    question: str
    closes_at: datetime | None
    is_closed: bool
    answers: list[Answer]
    total: int
    chosen: str

    @property
    def shows_result(self) -> bool:
        """Those who have voted see the result, and everybody does once the poll is closed."""
        return self.is_closed or bool(self.chosen)


def view(poll: Poll, chosen: int | None = None) -> PollView:
    """The poll with its result. Cost: 1 query, unless the options were fetched before.

    Args:
        chosen: the key of the option that the viewer has voted for; None on a page that everybody gets.
    """
    options = list(poll.options.all())
    total = sum(option.votes for option in options)
    answers = [
        Answer(
            option.pk,
            option.text,
            option.votes,
            share(option.votes, total),
            _rounded(option.votes, total),
            option.pk == chosen,
        )
        for option in options
    ]
    own = next((answer.text for answer in answers if answer.is_chosen), "")
    return PollView(poll.get_absolute_url(), poll.question, poll.closes_at, poll.is_closed, answers, total, own)


def preview(question: str, answers: Sequence[str], closes_at: datetime | None) -> PollView:
    """A poll that is being written, as readers will find it. Cost: none."""
    shown = [Answer(place, text, 0, "", 0, is_chosen=False) for place, text in enumerate(answers, 1)]
    return PollView("", question, closes_at, is_closed=False, answers=shown, total=0, chosen="")


def share(votes: int, total: int) -> str:
    """A part of all votes in whole per cent. Equal votes read alike, so the parts need not add up to 100."""
    width = _rounded(votes, total)
    if votes and not width:
        return "under 1\N{NO-BREAK SPACE}%"
    if votes != total and width == 100:
        return "over 99\N{NO-BREAK SPACE}%"
    return f"{width}\N{NO-BREAK SPACE}%"


def _rounded(votes: int, total: int) -> int:
    return (200 * votes + total) // (2 * total) if total else 0
