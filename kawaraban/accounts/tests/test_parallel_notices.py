"""The same news from many at once, and many workers at one mail: told once, sent once, and nobody fails."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.core import mail

from kawaraban.accounts import actions, reads
from kawaraban.accounts.models import Notification, Relation, Topic, Way
from kawaraban.accounts.testing import make_member, make_notification
from kawaraban.accounts.tests.side_by_side import all_at_once, database_of_its_own
from kawaraban.errors import Refused

AT_ONCE = 8


@pytest.fixture
def db(django_db_setup, django_db_blocker, tmp_path):
    """A database that threads can meet in, instead of one transaction around the test."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        yield


def test_the_same_news_from_many_at_once_is_told_once(db):
    """The recipients in different orders: rows locked in different orders would be a deadlock."""
    members = [make_member() for _ in range(20)]
    event = {"kind": "answered", "subject": "comment:1", "address": "/t/1/1/", "title": "Answered", "actor": None}
    orders = [members[turn:] + members[:turn] for turn in range(AT_ONCE)]
    told = all_at_once([lambda order=order: actions.notify(order, **event) for order in orders])
    assert sum(told) == Notification.objects.count() == len(members)


def test_many_workers_at_one_mail_send_it_once(db):
    """F-02: nobody sends what another has claimed."""
    member = make_member()
    actions.prefer(member, {Topic.ANSWERS: Way.NOW})
    for _ in range(3):
        make_notification(member)
    outcomes = all_at_once([lambda: actions.mail_member(member.pk, "answers")] * AT_ONCE)
    assert len(mail.outbox) == 1
    kinds = Counter(outcome if isinstance(outcome, int) else type(outcome) for outcome in outcomes)
    assert kinds[3] == 1
    assert set(kinds) <= {3, 0, actions.StillMailing}
    assert not Notification.objects.filter(mailed_at=None).exists()


def test_no_transaction_is_open_while_the_mail_server_is_spoken_to(db, settings):
    """A slow mail server must not hold the lock that every writer on SQLite needs."""
    member = make_member()
    actions.prefer(member, {Topic.ANSWERS: Way.NOW})
    make_notification(member)
    settings.EMAIL_BACKEND = f"{__name__}.SlowServer"
    SlowServer.reached, SlowServer.go_on = threading.Event(), threading.Event()

    def write_meanwhile():
        SlowServer.reached.wait(10)
        try:
            return make_notification(member).pk
        finally:
            SlowServer.go_on.set()

    sent, written = all_at_once([lambda: actions.mail_member(member.pk, "answers"), write_meanwhile])
    assert (sent, type(written)) == (1, int)


class SlowServer(mail.get_connection("django.core.mail.backends.locmem.EmailBackend").__class__):
    """A mail server that answers when it is told to."""

    reached: threading.Event
    go_on: threading.Event

    def send_messages(self, messages):
        self.reached.set()
        assert self.go_on.wait(10)
        return len(messages)


def test_to_follow_and_mute_at_once_is_one_of_the_two(db):
    member, other = make_member(), make_member()
    deeds = [actions.follow_member, actions.mute_member] * (AT_ONCE // 2)
    outcomes = all_at_once([lambda deed=deed: deed(member, other) for deed in deeds])
    assert outcomes == [None] * AT_ONCE
    assert Relation.objects.count() == 1


def test_the_limit_holds_for_many_at_once(db, monkeypatch):
    monkeypatch.setattr(actions, "MOST_RELATIONS", 3)
    member, others = make_member(), [make_member() for _ in range(AT_ONCE)]
    outcomes = all_at_once([lambda other=other: actions.follow_member(member, other) for other in others])
    assert [type(outcome) for outcome in outcomes].count(Refused) == AT_ONCE - 3
    assert len(reads.people(member).followed) == 3
