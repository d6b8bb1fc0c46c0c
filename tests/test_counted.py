"""What members write, vote and report, and what is decided, is counted once it is kept."""

from __future__ import annotations

import pytest
from django.db import transaction
from prometheus_client import REGISTRY

from kawaraban.accounts.testing import make_member
from kawaraban.decisions.actions import restrict_member
from kawaraban.decisions.models import Kind
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.testing import make_comment, make_thread, make_waiting
from kawaraban.moderation import actions as moderation
from kawaraban.moderation.testing import make_report

WHAT = {
    "shown": ("kawaraban_comments_posted_total", {"state": "shown"}),
    "held": ("kawaraban_comments_posted_total", {"state": "held"}),
    "votes": ("kawaraban_votes_cast_total", {}),
    "reports": ("kawaraban_reports_total", {}),
    "appeals": ("kawaraban_appeals_total", {}),
    "warned": ("kawaraban_decisions_total", {"kind": "warn"}),
}


@pytest.fixture
def counted(db, django_capture_on_commit_callbacks):
    """Runs something in a transaction, and says by how much each count has risen once that is over."""

    def run(deed) -> dict[str, float]:
        before = {name: REGISTRY.get_sample_value(*of) for name, of in WHAT.items()}
        with django_capture_on_commit_callbacks(execute=True):
            deed()
        after = {name: REGISTRY.get_sample_value(*of) for name, of in WHAT.items()}
        return {name: after[name] - before[name] for name in WHAT if after[name] != before[name]}

    return run


def test_comments_are_counted_as_they_are_shown_or_held(counted, author):
    thread = make_thread()
    assert counted(lambda: make_comment(thread, author)) == {"shown": 1}
    held = counted(lambda: make_waiting(thread, author, "Another word."))
    assert held["held"] == 1


def test_the_same_form_sent_twice_is_one_comment(counted, author):
    thread = make_thread()

    def twice() -> None:
        for _ in range(2):
            discussion.post_comment(author, thread.pk, "The ferry was never late.", key="k")

    assert counted(twice) == {"shown": 1}


def test_a_vote_that_changes_something_is_counted(counted, author, reader):
    comment = make_comment(make_thread(), author)

    def vote(*values: int) -> None:
        for value in values:
            discussion.cast_vote(reader, comment.thread_id, comment.number, value)

    assert counted(lambda: vote(1, 1, 0)) == {"votes": 2}


def test_reports_decisions_and_appeals_are_counted(counted, author, moderator):
    comment = make_comment(make_thread(), author)
    assert counted(lambda: make_report(comment)) == {"reports": 1}
    made = []
    assert counted(lambda: made.append(restrict_member(moderator, author, Kind.WARN, RUDE))) == {"warned": 1}
    assert counted(lambda: moderation.appeal(author, made[0].pk, "It was a joke.")) == {"appeals": 1}


def test_what_is_taken_back_is_not_counted(counted, author):
    thread = make_thread()

    def undone() -> None:
        with transaction.atomic():
            make_comment(thread, author)
            transaction.set_rollback(True)

    assert counted(undone) == {}


def test_nobody_is_counted_by_name(db):
    member = make_member("zqcounted")
    assert member.handle not in str([sample for metric in REGISTRY.collect() for sample in metric.samples])
