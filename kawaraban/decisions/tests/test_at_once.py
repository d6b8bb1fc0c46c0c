"""What is decided and recorded at the same moment ends as if one came first, and the record stays one chain."""

from __future__ import annotations

import pytest

from kawaraban.accounts.tests.side_by_side import all_at_once, database_of_its_own
from kawaraban.decisions import actions, reads
from kawaraban.decisions.actions import About
from kawaraban.decisions.models import Decision, Entry, Kind
from kawaraban.decisions.testing import RUDE

AT_ONCE = 12


@pytest.fixture
def db(django_db_setup, django_db_blocker, tmp_path):
    """A database that threads can meet in, instead of one transaction around the test."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        yield


def test_entries_written_at_once_are_one_chain(db):
    deeds = [lambda number=number: actions.append("looked", {"turn": number}) for number in range(AT_ONCE)]
    outcomes = all_at_once(deeds)
    assert {type(outcome) for outcome in outcomes} == {Entry}
    assert len({entry.number for entry in outcomes}) == AT_ONCE
    assert reads.first_break() is None


def test_a_decision_that_is_lifted_by_many_at_once_is_lifted_once(moderator):
    made = actions.decide(Kind.HOLD, About("comment:1"), RUDE, by=moderator)
    outcomes = all_at_once([lambda: actions.lift(made.pk, by=moderator)] * AT_ONCE)
    assert {type(outcome) for outcome in outcomes} == {Decision}
    assert Entry.objects.filter(kind="lifted").count() == 1
    assert reads.first_break() is None
