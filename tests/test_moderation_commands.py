"""The commands about moderation: whether the record is whole, and the yearly report."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from kawaraban import cli
from kawaraban.decisions import actions, reads
from kawaraban.decisions.models import Entry, Kind
from kawaraban.decisions.testing import RUDE


@pytest.fixture
def decision(author, moderator):
    """A decision in the middle of a record of some length."""
    for number in range(3):
        actions.append("looked", {"subject": f"comment:{number}"})
    return actions.restrict_member(moderator, author, Kind.WARN, RUDE)


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount


def test_the_command_prints_the_end_and_finds_it_again(decision, capsys):
    assert cli.main(["verify-record"]) == 0
    kept = capsys.readouterr().out.split()[-1]
    assert kept == f"{Entry.objects.count()}:{Entry.objects.last().hash}"
    actions.append("looked", {"subject": "comment:5"})
    assert cli.main(["verify-record", "--end", kept]) == 0


def test_the_command_names_the_first_break(decision, capsys):
    sql("DELETE FROM decisions_entry WHERE number = 2")
    assert cli.main(["verify-record"]) == 1
    assert "Entry 2 is missing." in capsys.readouterr().err


def test_a_record_written_anew_from_the_beginning_no_longer_has_the_end_that_was_kept(decision, capsys):
    cli.main(["verify-record"])
    kept = capsys.readouterr().out.split()[-1]
    for table in ("decisions_entry", "decisions_decision", "decisions_chain"):
        sql(f"DELETE FROM {table}")  # noqa: S608 - names from the list above
    for number in range(9):
        actions.append("looked", {"subject": f"comment:{number}"})
    assert reads.first_break() is None
    assert cli.main(["verify-record", "--end", kept]) == 1


def test_the_command_writes_each_part_of_the_report_into_a_folder_and_never_over_another(decision, tmp_path, capsys):
    today, folder = timezone.localdate().isoformat(), tmp_path / "report"
    words = ["dsa-report", "--from", today, "--to", today, "--output", str(folder)]
    assert cli.main(words) == 0
    assert len(list(folder.iterdir())) == 11
    text = (folder / "7_appeals_and_recidivism.csv").read_bytes().decode()
    assert text.startswith("Applicability,Service,Reporting period,Section,Indicator,Scope,Value,Contextual ")
    assert cli.main(words) == 1
    assert "is there already" in capsys.readouterr().err


def test_the_command_refuses_a_time_that_ends_before_it_begins(db, tmp_path):
    words = ["dsa-report", "--from", "2026-02-01", "--to", "2026-01-01", "--output", str(tmp_path / "x")]
    assert cli.main(words) == 1
    assert not (tmp_path / "x").exists()
