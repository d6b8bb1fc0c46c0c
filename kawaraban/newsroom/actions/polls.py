"""What becomes of a poll: put before the readers, voted in, and recorded from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban.accounts.models import User
from kawaraban.discussion.checks import may_take_part
from kawaraban.errors import Refused
from kawaraban.newsroom import policy
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.polls import Poll, PollOption, PollVote, answers_in, complaint


def settle_poll(story: StoryPage) -> None:
    """Put the poll that a published story holds before its readers. What they have voted on stays as they read it.

    The caller holds the story's row. Cost: 5 queries at most, none for a story without a poll.
    """
    answers = answers_in(story.poll_options)
    if story.kind != StoryPage.Kind.POLL or not story.question.strip() or complaint(answers):
        return  # what was voted is kept, and not shown
    poll = Poll.objects.select_for_update().filter(story_id=story.pk).first()
    if poll is None:
        poll = Poll(story_id=story.pk)
    options = list(poll.options.all()) if poll.pk else []
    has_votes = any(option.votes for option in options)
    if not has_votes:
        poll.question = story.question.strip()
    if not has_votes or not poll.is_closed:
        poll.closes_at = story.poll_closes_at
    poll.save()
    if not has_votes and [option.text for option in options] != answers:
        # New rows: a form that was opened with the former answers must not vote for the new ones.
        poll.options.all().delete()
        PollOption.objects.bulk_create(
            PollOption(poll=poll, position=position, text=text) for position, text in enumerate(answers, 1)
        )


@transaction.atomic
def vote_in_poll(voter: User, poll_id: int, option_id: int) -> Poll:
    """The poll after this vote, which takes the place of the member's former one. Cost: 8 queries at most.

    Raises:
        Poll.DoesNotExist: there is no such poll, or its story is not shown.
        Refused: the poll is closed, the option is not one of its own, the account is switched off, or a decision keeps
            the member from taking part.
    """
    # The poll's row is locked, so that votes and the closing of the poll come one after the other.
    poll = Poll.objects.select_for_update(of=("self",)).select_related("story").get(pk=poll_id)
    if not policy.is_shown(poll):
        raise Poll.DoesNotExist
    if poll.is_closed:
        raise Refused("poll-closed", _("This poll has closed, so your vote was not counted. Its result is below."))
    if not policy.may_vote(voter, poll):
        raise Refused("voter-inactive", _("This account may not vote. Nothing was counted."))
    may_take_part(voter, _("Nothing was counted."))
    option = poll.options.filter(pk=option_id).first()
    if option is None:
        raise Refused(
            "bad-option",
            _("No answer of this poll was chosen, so nothing was counted. Choose one below and press Vote."),
        )
    vote, is_new = PollVote.objects.get_or_create(poll=poll, voter=voter, defaults={"option": option})
    if not is_new and vote.option_id != option.pk:
        poll.options.filter(pk=vote.option_id).update(votes=F("votes") - 1)
        PollVote.objects.filter(pk=vote.pk).update(option=option, cast_at=timezone.now())
    if is_new or vote.option_id != option.pk:
        poll.options.filter(pk=option.pk).update(votes=F("votes") + 1)
    return poll


@transaction.atomic
def record_poll_votes(poll: Poll, votes: Mapping[User, PollOption], cast_at: datetime) -> None:
    """Keep votes that somebody has vouched for, in a poll that has none of these voters' yet. Cost: 12 queries."""
    PollVote.objects.bulk_create(
        PollVote(poll=poll, option=option, voter=voter, cast_at=cast_at) for voter, option in votes.items()
    )
    for option in poll.options.all():
        cast = sum(chosen.pk == option.pk for chosen in votes.values())
        poll.options.filter(pk=option.pk).update(votes=F("votes") + cast)
