"""The transparency report of DSA Articles 15 and 24 as CSV, in the sections of Implementing Regulation (EU) 2024/2835.

Plain Python over counts: `reads.dsa` counts, this writes. What a site of this size does not know stays empty, and says
why in the last column; docs/guide/moderate.md lists it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import IO

HEADER = ("section", "category", "indicator", "scope", "value", "context")

# The template's names of what is illegal; a key of `Notice.Category` leads to each.
CATEGORIES = {
    "life": "STATEMENT_CATEGORY_VIOLENCE",
    "child": "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
    "speech": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "privacy": "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
    "property": "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
    "fraud": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "other": "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE",
}
# Everything that our own rules forbid; the template's other names are for goods, nudity and places.
OUR_RULES = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
LAW = "TOTAL"

# The template's kinds of measures, by our kinds of decisions.
MEASURES = {
    "remove": "Visibility restriction Removal",
    "hold": "Visibility restriction Disable",
    "fold": "Visibility restriction Demoted",
    "edit_out": "Visibility restriction Other",
    "set_aside": "Visibility restriction Other",
    "close": "Visibility restriction Interaction restricted",
    "mute": "Account restriction Suspension",
    "suspend": "Account restriction Suspension",
    "ban": "Account restriction Termination",
}
NOT_KNOWN = "Not recorded by this software; fill in by hand."
NONE_SETTLED = "None was settled."


@dataclass(slots=True)
class Notices:
    """The notices of one category: how many, the median time to settle one, and what followed."""

    received: int = 0
    wait: timedelta | None = None
    by_law: int = 0
    by_rules: int = 0


@dataclass(slots=True)
class Complaints:
    """Appeals of one kind: how many, and how they were answered."""

    received: int = 0
    upheld: int = 0
    reversed: int = 0
    open: int = 0
    wait: timedelta | None = None


@dataclass(slots=True)
class Counted:
    """What the report is made of, for decisions, notices and appeals from `begin` to `end`, both included.

    `measures` counts decisions at the site's own initiative by their kind, under the law and under the house rules.
    """

    begin: date
    end: date
    provider: str
    notices: Mapping[str, Notices] = field(default_factory=dict)
    by_law: Mapping[str, int] = field(default_factory=dict)
    by_rules: Mapping[str, int] = field(default_factory=dict)
    law_automated: int = 0
    rules_automated: int = 0
    warnings: int = 0
    complaints: Mapping[str, Complaints] = field(default_factory=dict)
    automated: int = 0
    by_people: int = 0
    suspended: int = 0
    warned_reporters: int = 0
    moderators: int = 0


def write(counted: Counted, to: IO[str]) -> int:
    """Write the report, comma-separated as RFC 4180 has it; how many rows of figures it has."""
    writer = csv.writer(to, lineterminator="\r\n")
    writer.writerow(HEADER)
    count = 0
    for row in rows(counted):
        writer.writerow(row)
        count += 1
    return count


def rows(counted: Counted) -> Iterator[tuple[str, str, str, str, str, str]]:
    """The rows of the report in the order of the template's sections."""
    yield from _identification(counted)
    yield _empty("3_member_states_orders", "Orders of member states to act or to inform")
    yield from _notices(counted)
    yield from _measures("5_own_initiative_illegal", LAW, counted.by_law, counted.law_automated)
    yield from _measures("6_own_initiative_TC", OUR_RULES, counted.by_rules, counted.rules_automated)
    yield from _complaints(counted)
    yield from _automated(counted)
    yield _row("9_human_resources", "", "Persons who may moderate", "On the last day of the period", counted.moderators)
    yield _empty("9_human_resources", "Linguistic expertise, training and support of these persons")
    yield _empty("10_AMAR", "Average monthly active recipients in the Union")
    yield _empty("11_qualitative", "Summary of the content moderation engaged in")


def _identification(counted: Counted) -> Iterator[tuple[str, str, str, str, str, str]]:
    section = "1_report_identification"
    name = "Name of the service provider"
    yield _row(section, "", name, "", counted.provider) if counted.provider else _empty(section, name)
    yield _row(section, "", "Starting date of reporting period", "", counted.begin.isoformat())
    yield _row(section, "", "Ending date of reporting period", "", counted.end.isoformat())
    yield _empty(section, "Date of the publication of the report")
    yield _empty(section, "Date of the publication of the latest previous report")


def _notices(counted: Counted) -> Iterator[tuple[str, str, str, str, str, str]]:
    section = "4_notices"
    for key, category in CATEGORIES.items():
        found = counted.notices.get(key, Notices())
        yield _row(section, category, "Number of notices received", "", found.received)
        yield _median(section, category, "Median time to take action", "hours", found.wait)
        yield _row(section, category, "Number of actions taken on the basis of the law", "", found.by_law)
        yield _row(
            section,
            category,
            "Number of actions taken on the basis of the terms and conditions of the service",
            "",
            found.by_rules,
        )
    yield _empty(section, "Number of notices received from Trusted flaggers")


def _measures(
    section: str, category: str, kinds: Mapping[str, int], automated: int
) -> Iterator[tuple[str, str, str, str, str, str]]:
    total = sum(kinds.values())
    yield _row(section, category, "Number of measures taken at the provider's own initiative", "", total)
    yield _row(section, category, "Number of measures taken after detection with solely automated means", "", automated)
    for measure in dict.fromkeys(MEASURES.values()):
        number = sum(count for kind, count in kinds.items() if MEASURES.get(kind) == measure)
        yield _row(section, category, measure, "", number)
    others = sum(count for kind, count in kinds.items() if kind not in MEASURES)
    yield _row(section, category, "Warnings", "", others, "Not a measure of the template; in the total above.")


def _complaints(counted: Counted) -> Iterator[tuple[str, str, str, str, str, str]]:
    section = "7_appeals_and_recidivism"
    names = {
        "all": "Number of complaints submitted to the internal-complaints mechanism",
        "words": "Complaint regarding a decision to remove or disable access to or restrict visibility of information",
        "account": "Complaint regarding a decision to suspend or terminate an account",
        "notice": "Complaint regarding a decision not to take action on a notice submitted in accordance with "
        "Article 16",
    }
    for key, name in names.items():
        found = counted.complaints.get(key, Complaints())
        yield _row(section, "", name, "Total number", found.received)
        yield _row(section, "", name, "Decisions upheld", found.upheld)
        yield _row(section, "", name, "Decisions reversed", found.reversed)
        yield _row(section, "", name, "Decision omitted", found.open)
        yield _median(section, "", name, "Median time, hours", found.wait)
    yield _empty(section, "Number of disputes submitted to out-of-court dispute settlement bodies")
    what = "Number of suspensions enacted for the provision of manifestly illegal content"
    yield _row(section, "", what, "Total number", counted.suspended)
    what = "Number of suspensions enacted for the provision of manifestly unfounded notices"
    context = "Members whose reports do not help to hold a comment for 30 days after a warning; they are still read."
    yield _row(section, "", what, "Total number", counted.warned_reporters, context)
    yield _empty(section, "Number of suspensions enacted for the provision of manifestly unfounded complaints")


def _automated(counted: Counted) -> Iterator[tuple[str, str, str, str, str, str]]:
    section = "8_automated_means"
    yield _row(section, "", "Number of measures solely taken by automated means", "Total number", counted.automated)
    yield _row(section, "", "Number of measures not taken by automated means", "Total number", counted.by_people)
    notices = sum(each.received for each in counted.notices.values())
    yield _row(section, "", "Number of notices solely processed by automated means", "NAM Total", 0)
    yield _row(section, "", "Number of notices not processed by automated means", "NAM Total", notices)
    yield _empty(section, "Accuracy of the automated means")


def _row(
    section: str, category: str, indicator: str, scope: str, value: object, context: str = ""
) -> tuple[str, str, str, str, str, str]:
    return section, category, indicator, scope, str(value), context


def _empty(section: str, indicator: str) -> tuple[str, str, str, str, str, str]:
    return section, "", indicator, "", "", NOT_KNOWN


def _median(
    section: str, category: str, indicator: str, scope: str, wait: timedelta | None
) -> tuple[str, str, str, str, str, str]:
    hours = "" if wait is None else f"{wait / timedelta(hours=1):.1f}"
    return _row(section, category, indicator, scope, hours, "" if hours else NONE_SETTLED)
