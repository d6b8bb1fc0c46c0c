"""The record shows every change that is made behind its back, by raw SQL, on both databases (S-041)."""

from __future__ import annotations

import pytest
from django.db import connection

from kawaraban.decisions import actions, reads
from kawaraban.decisions.models import Decision, Entry, Kind
from kawaraban.decisions.testing import RUDE


@pytest.fixture
def decision(author, moderator):
    """A decision in the middle of a record of some length."""
    for number in range(3):
        actions.append("looked", {"subject": f"comment:{number}"})
    made = actions.restrict_member(moderator, author, Kind.WARN, RUDE)
    actions.append("looked", {"subject": "comment:4"})
    return made


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount


def entry_of(decision):
    return Entry.objects.get(kind="decided", facts__decision=decision.pk).number


def test_a_record_that_nobody_has_touched_is_whole(decision):
    actions.lift(decision.pk, by=None, why="Its time was over.")
    assert reads.first_break() is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "nothing"),
        ("facts", '{"subject": "comment:99"}'),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("before", "0" * 64),
        ("hash", "0" * 64),
    ],
)
def test_a_changed_entry_is_named(decision, column, value):
    sql(f"UPDATE decisions_entry SET {column} = %s WHERE number = 3", value)  # noqa: S608 - a name from the list above
    assert reads.first_break().number in (3, 4)


def test_a_deleted_entry_is_named(decision):
    sql("DELETE FROM decisions_entry WHERE number = 2")
    assert (reads.first_break().number, reads.first_break().sentence) == (2, "Entry 2 is missing.")


def test_an_entry_that_was_put_in_is_named(decision):
    last = Entry.objects.last().number
    sql(
        "INSERT INTO decisions_entry (number, at, kind, facts, before, hash) "
        "SELECT number + 1, at, kind, facts, hash, hash FROM decisions_entry WHERE number = %s",
        last,
    )
    assert reads.first_break().number == last + 1


def test_an_end_that_was_cut_off_is_named(decision):
    last = Entry.objects.last().number
    sql("DELETE FROM decisions_entry WHERE number = %s", last)
    found = reads.first_break()
    assert (found.number, "its end was at entry" in found.sentence) == (last, True)


def test_two_entries_that_changed_places_are_named(decision):
    sql("UPDATE decisions_entry SET number = 100 WHERE number = 2")
    sql("UPDATE decisions_entry SET number = 2 WHERE number = 3")
    sql("UPDATE decisions_entry SET number = 3 WHERE number = 100")
    assert reads.first_break().number == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("facts", "Another reason."),
        ("kind", "fold"),
        ("subject", "member:99999"),
        ("is_automated", True),
        ("law", "None"),
    ],
)
def test_a_changed_decision_is_named_with_the_entry_that_knows_better(decision, column, value):
    sql(f"UPDATE decisions_decision SET {column} = %s WHERE id = %s", value, decision.pk)  # noqa: S608 - as above
    found = reads.first_break()
    assert (found.number, f"Decision {decision.pk}" in found.sentence) == (entry_of(decision), True)


def test_a_decision_that_was_deleted_is_named(decision):
    sql("DELETE FROM decisions_decision WHERE id = %s", decision.pk)
    assert "is not there any more" in reads.first_break().sentence


def test_a_decision_that_was_put_in_is_named(decision):
    Decision.objects.bulk_create([Decision(kind=Kind.HOLD, subject="comment:1", facts="Unseen.", is_automated=True)])
    assert "is in no entry" in reads.first_break().sentence


def test_a_lifting_without_an_entry_is_named(decision):
    sql("UPDATE decisions_decision SET lifted_at = decided_at WHERE id = %s", decision.pk)
    assert "lifted or put back without an entry" in reads.first_break().sentence


def test_a_lifting_that_was_undone_or_reworded_is_named(decision):
    actions.lift(decision.pk, by=None, why="It was wrong.", is_reversed=True)
    sql("UPDATE decisions_decision SET lifted_why = %s WHERE id = %s", "It was right.", decision.pk)
    assert "The lifting of decision" in reads.first_break().sentence
    sql("UPDATE decisions_decision SET lifted_at = NULL WHERE id = %s", decision.pk)
    assert "lifted or put back" in reads.first_break().sentence


def test_words_that_had_to_be_erased_break_nothing(decision):
    Decision.objects.filter(pk=decision.pk).update(facts=reads.ERASED)
    assert reads.first_break() is None


def test_an_end_that_is_none_is_not_found(decision):
    for kept in ("", ":", "x:y", "5", "99999999999999999999:x"):
        assert not reads.had_end(kept)
