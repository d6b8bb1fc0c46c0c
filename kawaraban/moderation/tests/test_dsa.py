"""The yearly report has the template's parts and columns, and its figures are those of the record and of the rows."""

from __future__ import annotations

import csv
from datetime import timedelta
from statistics import median

import pytest
import time_machine
from django.utils import timezone

from kawaraban.accounts.models import MODERATOR
from kawaraban.accounts.testing import make_member
from kawaraban.decisions import actions as decisions
from kawaraban.decisions.actions import Ground
from kawaraban.decisions.models import Decision, Entry, Kind
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions as discussion
from kawaraban.discussion.models import Closing, Thread
from kawaraban.discussion.testing import make_comment, make_thread
from kawaraban.moderation import actions, reads, report_dsa
from kawaraban.moderation.models import Appeal, Notice
from kawaraban.moderation.reads import dsa
from kawaraban.moderation.testing import make_notice, make_regular, make_report

SPEECH = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
RULES = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
LAW = Ground("It says of a person what is not true.", law="Defamation")
MEASURES = "Number of measures taken at the provider's own initiative"
DETECTED = "Number of measures taken after detection with solely automated means"


def decide(moderator, comment, ground, name="remove"):
    comment.refresh_from_db()
    return actions.decide_case(moderator, comment.pk, actions.Deed(name, ground), state=reads.state_of(comment))


@pytest.fixture
def year(db, author, reader, moderator):
    """A time in which a little of everything happened, with an undo, a reversal and somebody who left."""
    second = make_member("Second Reader", role=MODERATOR, title="Moderator")
    thread = make_thread()
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        comments = [make_comment(thread, author, f"The ferry was late {number} times.") for number in range(1, 9)]
    for _ in range(3):
        make_report(comments[0], make_regular())
    removed = decide(moderator, comments[0], RUDE).decision
    for comment, category in zip(comments[1:5], ("speech", "speech", "privacy", "other"), strict=True):
        make_notice(comment, category=category)
    decide(moderator, comments[1], LAW)
    decide(moderator, comments[2], RUDE, "fold")
    decide(moderator, comments[3], RUDE, "approve")
    decide(moderator, comments[4], RUDE)
    actions.undo_last(moderator)
    decide(moderator, comments[5], LAW)
    Thread.objects.filter(pk=thread.pk).update(screens="before")
    make_comment(thread, author, "Held by a rule, this one.")
    decisions.restrict_member(moderator, author, Kind.SUSPEND, LAW, until=timezone.now() + timedelta(days=3))
    decisions.restrict_member(moderator, reader, Kind.BAN, RUDE)
    actions.warn_of_reports(moderator, make_regular(), "Three of your last reports named no rule.")
    discussion.close_thread(None, make_thread().pk, reason=Closing.Reason.AGE)
    made = actions.appeal(author, removed.pk, "It was true.")
    actions.settle_appeal(second, made.pk, Appeal.Outcome.REVERSED, "It was.")
    ban = Decision.objects.get(kind=Kind.BAN)
    made = actions.appeal(reader, ban.pk, "Why for good?")
    actions.settle_appeal(second, made.pk, Appeal.Outcome.UPHELD, "For this.")
    dismissed = Notice.objects.get(outcome=Notice.Outcome.DISMISSED)
    actions.appeal_notice(dismissed.key, "It is my number.")
    left = make_regular()
    report = make_report(comments[7], left)
    decide(moderator, comments[7], RUDE, "approve")
    report.refresh_from_db()
    actions.appeal_report(left, report.pk, "Look again.")
    left.comments.update(author=None, signed="Somebody who left")
    left.delete()
    return moderator


@pytest.fixture
def written(year, tmp_path):
    """A function from the name of a part to its rows, as they were written."""
    today = timezone.localdate()
    report_dsa.write(dsa.counted(today, today), tmp_path)

    def rows(name):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True))

    return rows


def of_category(rows, category):
    (row,) = [each for each in rows if category in (each[name] for name in each if name.startswith("Category of"))]
    return row


def value(rows, indicator, scope):
    (row,) = [each for each in rows if (each["Indicator"], each["Scope"]) == (indicator, scope)]
    return row["Value"]


def recorded(kind):
    return [entry.facts for entry in Entry.objects.filter(kind=kind).order_by("number")]


# --- Form -------------------------------------------------------------------------------------------------------------


def test_each_part_of_the_template_is_a_file_with_its_columns(year, tmp_path):
    today = timezone.localdate()
    written = report_dsa.write(dsa.counted(today, today), tmp_path)
    names = {
        "1_report_identification": 4,
        "2_categories_names": 4,
        "3_member_states_orders": 20,
        "4_notices": 25,
        "5_own_initiative_illegal": 37,
        "6_own_initiative_TC": 37,
        "7_appeals_and_recidivism": 8,
        "8_automated_means": 8,
        "9_human_resources": 8,
        "10_AMAR": 8,
        "11_qualitative": 5,
    }
    assert list(written) == [f"{name}.csv" for name in names]
    for name, width in names.items():
        text = (tmp_path / f"{name}.csv").read_bytes().decode("utf-8")
        assert text.endswith("\r\n")
        rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
        assert {len(row) for row in rows} == {width}, name
        assert len(rows) == written[f"{name}.csv"] + 1 > 1
        assert len(set(rows[0])) == width


def test_every_figure_is_a_number_or_says_why_there_is_none(written):
    for name in ("3_member_states_orders", "4_notices", "5_own_initiative_illegal", "6_own_initiative_TC"):
        for row in written(name):
            for heading in [
                each for each in row if each.startswith(("Number", "Median", "Visib", "Monet", "Acc", "Prov"))
            ]:
                says = row.get(f"Contextual information on {heading}") or row.get(
                    f"Contextual Information on {heading}"
                )
                assert row[heading].replace(".", "").isdigit() or says, (name, heading)
    for name in ("7_appeals_and_recidivism", "8_automated_means", "9_human_resources", "10_AMAR"):
        for row in written(name):
            assert row["Value"].replace(".", "").isdigit() or row["Contextual Information"], (name, row)


def test_a_quiet_time_is_zeros(db, tmp_path):
    day = timezone.localdate() - timedelta(days=400)
    counted = dsa.counted(day, day)
    _, rows = report_dsa.parts(counted)["5_own_initiative_illegal"]
    assert {cell for row in rows for cell in row[5:21]} == {0}
    _, rows = report_dsa.parts(counted)["4_notices"]
    assert {row[5] for row in rows} == {0}


def test_no_cell_is_a_formula_for_a_spreadsheet(db, tmp_path):
    counted = report_dsa.Counted(timezone.localdate(), timezone.localdate(), "=cmd|' /C calc'!A0", practice="+1")
    report_dsa.write(counted, tmp_path)
    for file in tmp_path.iterdir():
        with file.open(encoding="utf-8", newline="") as text:
            assert [cell for row in csv.reader(text) for cell in row if cell[:1] in ("=", "+", "-", "@")] == []


def test_no_name_and_no_word_of_anybody_is_in_it(written, year, author, reader):
    said = "".join(
        str(written(name)) for name in report_dsa.parts(dsa.counted(timezone.localdate(), timezone.localdate()))
    )
    names = [author.handle, reader.handle, year.handle, "Kiyo", "The ferry was late", "It was true.", LAW.facts]
    assert [name for name in names if name in said] == []


# --- Figures ----------------------------------------------------------------------------------------------------------


def test_measures_are_those_of_the_record(written):
    decided = [each for each in recorded("decided") if each["kind"] != "warn"]
    measures = [each for each in decided if not (each["kind"] == "close" and each["automated"])]
    assert len(decided) == len(measures) + 1
    own = [each for each in measures if each["origin"] != "notice"]
    for name, category, found in (
        ("6_own_initiative_TC", RULES, [each for each in own if not each["law"]]),
        ("6_own_initiative_TC", "TOTAL", [each for each in own if not each["law"]]),
        ("5_own_initiative_illegal", "TOTAL", [each for each in own if each["law"]]),
    ):
        row = of_category(written(name), category)
        kinds = [each["kind"] for each in found]
        assert row[MEASURES] == str(len(found)) != "0"
        assert row["Visibility restriction Removal"] == str(kinds.count("remove"))
        assert row["Visibility restriction Disable"] == str(kinds.count("hold"))
        assert row["Account restriction Suspension"] == str(kinds.count("suspend"))
        assert row["Account restriction Termination"] == str(kinds.count("ban"))
        assert row[DETECTED] == str(sum(each["origin"] in ("rule", "score") for each in found))
        assert row[MEASURES] == str(sum(int(row[each]) for each in report_dsa.MEASURES))
    automated = written("8_automated_means")
    solely, other = (f"Number of measures {each} by automated means" for each in ("solely taken", "not taken"))
    assert value(automated, solely, "Total number") == str(sum(each["automated"] for each in measures))
    assert value(automated, other, "Total number") == str(sum(not each["automated"] for each in measures))
    assert value(automated, solely, "Own-initiative") == str(sum(each["automated"] for each in own))
    assert value(automated, other, "Own-initiative") == str(sum(not each["automated"] for each in own))


def test_notices_are_those_of_the_record_and_an_undone_decision_followed_from_none(written):
    noticed = {each["notice"]: each["category"] for each in recorded("noticed")}
    rows = written("4_notices")
    assert of_category(rows, "TOTAL")["Number of notices received"] == str(len(noticed)) == "4"
    assert of_category(rows, SPEECH)["Number of notices received"] == "2"
    assert of_category(rows, report_dsa.NOT_SPECIFIED_NOTICE)["Number of notices received"] == "1"
    kinds = dict(Decision.objects.values_list("pk", "law"))
    reopened = {key for each in recorded("reopened") for key in each["notices"]}
    assert len(reopened) == 1
    laws = [
        kinds[each["decision"]]
        for each in recorded("notice_settled")
        if each["decision"] and each["notice"] not in reopened
    ]
    speech = of_category(rows, SPEECH)
    assert speech[report_dsa.BY_LAW] == str(sum(bool(law) for law in laws)) == "1"
    assert speech[report_dsa.BY_RULES] == str(sum(not law for law in laws)) == "1"
    assert of_category(rows, report_dsa.NOT_SPECIFIED_NOTICE)["Median time to take action"] == ""


def test_the_rows_say_the_same_as_the_record(written):
    rows = written("4_notices")
    for category, code in report_dsa.NOTICED.items():
        found = Notice.objects.filter(category=category)
        row = of_category(rows, code)
        assert row["Number of notices received"] == str(found.count())
        assert row[report_dsa.BY_LAW] == str(found.exclude(decision=None).exclude(decision__law="").count())
        waits = [each.settled_at - each.made_at for each in found if each.settled_at]
        hours = f"{median(waits) / timedelta(hours=1):.1f}" if waits else ""
        assert row["Median time to take action"] == hours


def test_appeals_are_those_of_the_record_also_of_who_has_left(written):
    rows = written("7_appeals_and_recidivism")
    appealed, settled = recorded("appealed"), recorded("appeal_settled")
    assert len(appealed) == 4 > Appeal.objects.count()
    everything = report_dsa.COMPLAINTS["all"]
    outcomes = [each["outcome"] for each in settled]
    assert value(rows, everything, "Total number") == str(len(appealed))
    assert value(rows, everything, "Decisions upheld") == str(outcomes.count("upheld")) == "1"
    assert value(rows, everything, "Decisions reversed") == str(outcomes.count("reversed")) == "1"
    assert value(rows, everything, "Decision omitted") == str(len(appealed) - len(settled)) == "2"
    totals = {key: value(rows, name, "Total number") for key, name in report_dsa.COMPLAINTS.items()}
    assert totals == {"all": "4", "words": "1", "account": "1", "notice": "2"}
    suspended = "Number of suspensions enacted for the provision of manifestly"
    assert value(rows, f"{suspended} illegal content", "Total number") == "1"
    assert value(rows, f"{suspended} unfounded notices", "Total number") == "1"


def test_what_was_answered_after_the_period_counts_for_what_came_within_it(moderator, author):
    comment = make_comment(make_thread(), author)
    day = timezone.localtime() - timedelta(days=9)
    with time_machine.travel(day):
        make_notice(comment, category="fraud")
    with time_machine.travel(day + timedelta(days=2)):
        decide(moderator, comment, LAW)
    counted = dsa.counted(day.date(), day.date())
    assert (counted.notices["fraud"].received, counted.notices["fraud"].by_law) == (1, 1)
    assert abs(counted.notices["fraud"].wait - timedelta(days=2)) < timedelta(minutes=1)
    assert counted.by_people == 0


def test_it_asks_as_often_for_many_as_for_few(year, django_assert_max_num_queries):
    today = timezone.localdate()
    with django_assert_max_num_queries(8) as few:
        dsa.counted(today, today)
    for number in range(5):
        make_notice(make_comment(make_thread(), make_member(), f"Another {number}."))
    with django_assert_max_num_queries(len(few)):
        dsa.counted(today, today)
