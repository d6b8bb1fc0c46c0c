"""Whoever is kept out and makes another account is read by a moderator first, and told so (S-116)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kawaraban.accounts.testing import make_member
from kawaraban.decisions import actions as decisions
from kawaraban.decisions.models import Decision, Kind
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion.models import Comment
from kawaraban.discussion.testing import make_comment, make_thread


def account(email, **how):
    made = make_member(**how)
    made.email = email
    made.save(update_fields=["email"])
    return made


@pytest.fixture
def kept_out(moderator):
    """The decision that keeps somebody out for a week."""
    member = account("kenji.abe@gmail.com")
    return decisions.restrict_member(moderator, member, Kind.SUSPEND, RUDE, until=timezone.now() + timedelta(days=7))


def test_what_another_account_of_the_same_mailbox_writes_waits(kept_out):
    comment = make_comment(make_thread(), account("KenjiAbe+2@googlemail.com", days=0))
    assert comment.state == Comment.State.HELD
    assert (comment.decision.kind, comment.decision.origin) == (Kind.HOLD, Decision.Origin.RULE)
    assert comment.decision.facts.startswith("Another account with your mailbox may not take part here")


def test_an_account_that_was_there_before_and_other_mailboxes_are_left_alone(kept_out):
    thread = make_thread()
    assert make_comment(thread, account("kenji.abe+old@gmail.com", days=90)).is_visible
    assert make_comment(thread, account("kenji.abel@gmail.com", days=0), "Good evening.").is_visible


def test_it_ends_with_the_decision(kept_out, moderator):
    decisions.lift(kept_out.pk, by=moderator)
    assert make_comment(make_thread(), account("kenjiabe@gmail.com", days=0)).is_visible
