"""Members and moderators who act at the same moment, each over a connection of their own."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from kawaraban.accounts.models import MODERATOR
from kawaraban.accounts.testing import make_member
from kawaraban.accounts.tests.side_by_side import all_at_once, database_of_its_own
from kawaraban.decisions.models import Decision, Entry
from kawaraban.decisions.models import Kind as Decided
from kawaraban.decisions.reads import first_break
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Comment
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.errors import Refused
from kawaraban.moderation import actions
from kawaraban.moderation.models import Appeal, Report
from kawaraban.moderation.testing import make_notice, make_regular, make_report

AT_ONCE = 6


@pytest.fixture
def db(django_db_setup, django_db_blocker, tmp_path):
    """A database that threads can meet in, instead of one transaction around the test."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        cache.clear()
        yield


@pytest.fixture
def comment(db, author):
    """The author's comment in an open thread."""
    return make_comment(make_thread(), author)


def test_reports_that_come_at_once_hold_a_comment_once(comment):
    reporters = [make_regular() for _ in range(AT_ONCE)]
    answers = all_at_once([lambda member=member: _tried(make_report, comment, member) for member in reporters])
    comment.refresh_from_db()
    assert comment.state == Comment.State.HELD
    assert Decision.objects.filter(kind=Decided.HOLD).count() == 1
    # Who comes after the third finds it held, and is told that it is not shown.
    assert sorted(answers) == ["done"] * 3 + ["not-shown"] * 3
    assert Report.objects.count() == Entry.objects.filter(kind="reported").count() == 3
    assert first_break() is None


def test_one_member_who_reports_twice_at_once_has_reported_once(comment, reader):
    answers = all_at_once([lambda: _tried(make_report, comment, reader) for _ in range(AT_ONCE)])
    assert sorted(answers) == ["done"] + ["reported-already"] * (AT_ONCE - 1)


def test_of_many_answers_to_an_appeal_one_counts_and_the_others_are_told(comment, author, moderator):
    removed = discussion.remove_comment(moderator, comment.thread_id, comment.number, RUDE).decision
    made = actions.appeal(author, removed.pk, "It was a joke.")
    seconds = [make_member(role=MODERATOR, title="Moderator") for _ in range(AT_ONCE)]
    outcomes = [Appeal.Outcome.REVERSED, Appeal.Outcome.UPHELD] * (AT_ONCE // 2)
    answers = all_at_once(
        [
            lambda who=who, outcome=outcome: _tried(actions.settle_appeal, who, made.pk, outcome, "Read again.")
            for who, outcome in zip(seconds, outcomes, strict=True)
        ]
    )
    assert sorted(answers) == ["appeal-settled"] * (AT_ONCE - 1) + ["done"]
    made.refresh_from_db()
    comment.refresh_from_db()
    assert comment.is_visible == (made.outcome == Appeal.Outcome.REVERSED)
    assert Entry.objects.filter(kind="appeal_settled").count() == 1
    assert first_break() is None


def test_a_member_who_appeals_while_a_moderator_decides_anew_waits_for_nobody_who_waits_for_them(
    comment, author, moderator
):
    discussion.hold_comment(moderator, comment.thread_id, comment.number, RUDE)
    held = Decision.objects.get(kind=Decided.HOLD)
    notice = make_notice(comment)
    second = make_member(role=MODERATOR, title="Moderator")
    answers = all_at_once(
        [
            lambda: _tried(actions.appeal, author, held.pk, "It was a joke."),
            lambda: _tried(discussion.remove_comment, moderator, comment.thread_id, comment.number, RUDE),
            lambda: _tried(actions.settle_notice, second, notice.pk, True, "It is gone."),
            lambda: _tried(actions.pass_on_notice, second, notice.pk),
        ]
    )
    assert set(answers) <= {"done", "appeal-over", "notice-settled"}
    assert first_break() is None


def test_a_mail_about_a_notice_is_taken_by_one_of_many_clocks(comment):
    for _ in range(3):
        make_notice(comment)
    taken = all_at_once([actions.take_due_mail for _ in range(AT_ONCE)])
    assert len([each for some in taken for each in some]) == 3


def _tried(deed, *arguments):
    try:
        deed(*arguments)
    except Refused as refusal:
        return refusal.code
    return "done"
