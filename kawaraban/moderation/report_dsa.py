"""The transparency report of DSA Articles 15 and 24 in the parts and columns of Implementing Regulation (EU) 2024/2835.

Plain Python over counts: `reads.dsa` counts, this writes, one CSV file for each part of the template. What this
software cannot know stays empty, and says why beside it; docs/guide/moderate.md lists what is met and what is not.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

# The template's names of what is illegal or incompatible; the last three each belong to one part alone.
CATEGORIES = {
    "STATEMENT_CATEGORY_ANIMAL_WELFARE": "Animal welfare",
    "STATEMENT_CATEGORY_CONSUMER_INFORMATION": "Consumer information infringements",
    "STATEMENT_CATEGORY_CYBER_VIOLENCE": "Cyber violence",
    "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN": "Cyber violence against women",
    "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS": "Data protection and privacy violations",
    "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH": "Illegal or harmful speech",
    "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS": "Intellectual property infringements",
    "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS": "Negative effects on civic discourse or "
    "elections",
    "STATEMENT_CATEGORY_PROTECTION_OF_MINORS": "Protection of minors",
    "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY": "Risk for public security",
    "STATEMENT_CATEGORY_SCAMS_AND_FRAUD": "Scams and/or fraud",
    "STATEMENT_CATEGORY_SELF_HARM": "Self-harm",
    "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS": "Unsafe, non-compliant or prohibited products",
    "STATEMENT_CATEGORY_VIOLENCE": "Violence",
}
NOT_SPECIFIED_ORDER = "STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER"
NOT_SPECIFIED_NOTICE = "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE"
OUR_RULES = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
TOTAL = "TOTAL"
# Where the keys of `Notice.Category` are counted.
NOTICED = {
    "life": "STATEMENT_CATEGORY_VIOLENCE",
    "child": "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
    "speech": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
    "privacy": "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
    "property": "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
    "fraud": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD",
    "other": NOT_SPECIFIED_NOTICE,
}

# The columns of measures, and where our kinds of decisions stand. A warning restricts nothing and is no measure.
MEASURES = (
    *(
        f"Visibility restriction {name}"
        for name in (
            "Removal",
            "Disable",
            "Demoted",
            "Age restricted",
            "Interaction restricted",
            "Labelled",
            "Other",
        )
    ),
    *(f"Monetary restriction {name}" for name in ("Suspension", "Termination", "Other")),
    *(f"Provision of the service {name}" for name in ("Suspension", "Termination")),
    *(f"Account restriction {name}" for name in ("Suspension", "Termination")),
)
KINDS = {
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

ALL = "All"
HOSTING = "Only for providers of hosting services, including online platforms"
PLATFORMS = "Only for providers of online platforms"
LARGEST = "Only for VLOPs"
NOT_KNOWN = "Not recorded by this software; fill in by hand."
NONE_SETTLED = "None was settled."
HOURS = "In hours."

Row = Sequence[object]


@dataclass(slots=True)
class Notices:
    """The notices of one category: how many, the median time to settle one, and the decisions that followed."""

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
class Own:
    """Measures at the site's own initiative on one ground: by kind, and how many a program came upon."""

    kinds: Mapping[str, int] = field(default_factory=dict)
    detected: int = 0


@dataclass(slots=True)
class Counted:
    """What the report is made of, for decisions, notices and appeals from `begin` to `end`, both included.

    `notices` are by the keys of `NOTICED` and under "" all of them; `complaints` by those of `COMPLAINTS`. `automated`
    and `by_people` count measures, `own_automated` and `own_by_people` those at the site's own initiative. `closed` and
    `warnings` are counted in none of them. `practice` is what the house rules say of moderation.
    """

    begin: date
    end: date
    service: str
    practice: str = ""
    notices: Mapping[str, Notices] = field(default_factory=dict)
    by_law: Own = field(default_factory=Own)
    by_rules: Own = field(default_factory=Own)
    complaints: Mapping[str, Complaints] = field(default_factory=dict)
    automated: int = 0
    by_people: int = 0
    own_automated: int = 0
    own_by_people: int = 0
    closed: int = 0
    warnings: int = 0
    suspended: int = 0
    warned_reporters: int = 0
    moderators: int = 0

    @property
    def period(self) -> str:
        """The period as the template writes it."""
        return f"{self.begin.isoformat()}/{self.end.isoformat()}"


def write(counted: Counted, folder: Path) -> dict[str, int]:
    """Write the report into a folder, UTF-8 and commas as RFC 4180 has them; how many rows each file has."""
    written = {}
    for name, (header, rows) in parts(counted).items():
        written[f"{name}.csv"] = len(rows)
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(header)
            writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return written


def parts(counted: Counted) -> dict[str, tuple[list[str], list[Row]]]:
    """The parts of the template by the names of their files: the columns, and the rows."""
    makers = (
        ("1_report_identification", _identification),
        ("2_categories_names", _categories),
        ("3_member_states_orders", _orders),
        ("4_notices", _notices),
        ("5_own_initiative_illegal", _own_illegal),
        ("6_own_initiative_TC", _own_rules),
        ("7_appeals_and_recidivism", _appeals),
        ("8_automated_means", _automated),
        ("9_human_resources", _people),
        ("10_AMAR", _recipients),
        ("11_qualitative", _qualitative),
    )
    made = {}
    for name, make in makers:
        header, *rows = make(counted)
        made[name] = ([str(each) for each in header], list(rows))
    return made


def _identification(counted: Counted) -> Iterator[Row]:
    yield "Applicability", "Service", "Indicator", "Value"
    yield ALL, counted.service, "Name of the service provider", counted.service
    yield ALL, counted.service, "Date of the publication of the report", ""
    yield ALL, counted.service, "Date of the publication of the latest previous report", ""
    yield ALL, counted.service, "Starting date of reporting period", counted.begin.isoformat()
    yield ALL, counted.service, "Ending date of reporting period", counted.end.isoformat()


def _categories(_: Counted) -> Iterator[Row]:
    category = "Category of illegal content / incompatible with the terms and conditions"
    yield "Category label", "Category description", category, "Contextual information"
    for code, name in CATEGORIES.items():
        yield name, "", code, ""
    yield "Type of alleged illegal content not specified in the order", "", NOT_SPECIFIED_ORDER, ""
    yield "Type of alleged illegal content not specified by the notifier", "", NOT_SPECIFIED_NOTICE, ""
    yield "Other violation of provider’s terms and conditions", "", OUR_RULES, "Everything that names a house rule."


# --- Tables of figures by category ------------------------------------------------------------------------------------

ACT = "order to act against illegal content"
TELL = "order to provide information"
ITEMS = "Number of specific items of information included in the total number of"
ORDERS = (
    "Number of orders to act against illegal content received",
    f"{ITEMS} orders to act against illegal content",
    f"Median time to inform the authority of the receipt of the {ACT}",
    f"Median time to give effect to the {ACT}",
    "Number of orders to provide information",
    f"Median time to inform the authority of the receipt of the {TELL}",
    f"Median time to give effect to the {TELL}",
)
FLAGGED = "(Trusted Flagger notices)"
BY_LAW = "Number of actions taken on the basis of the law"
BY_RULES = "Number of actions taken on the basis of the terms and conditions of the service"
NOTICES = (
    "Number of notices received",
    "Number of notices received from Trusted flaggers",
    f"{ITEMS} notices",
    f"{ITEMS} notices by Trusted Flaggers {FLAGGED}",
    "Median time to take action",
    f"Median time to take action {FLAGGED}",
    BY_LAW,
    f"{BY_LAW} {FLAGGED}",
    BY_RULES,
    f"{BY_RULES} {FLAGGED}",
)
OWN = (
    "Number of measures taken at the provider's own initiative",
    "Number of measures taken after detection with solely automated means",
    *MEASURES,
)
ILLEGAL = "Category of illegal content"
INCOMPATIBLE = "Category of incompatibility with the provider's terms and conditions"


def _header(category: str, figures: Sequence[str], words: str, *scope: str) -> Row:
    """The columns of a table: what stands before the figures, the figures, and for each what is to be said of it."""
    first = ("Applicability", "Service", "Reporting period", category, 'Description of the sub-category "Other"')
    return (*first, *scope, *figures, *(f"Contextual {words} on {each}" for each in figures))


def _row(counted: Counted, who: str, category: str, figures: Sequence[object], says: Sequence[str], *scope: str) -> Row:
    return (who, counted.service, counted.period, category, "", *scope, *figures, *says)


def _orders(counted: Counted) -> Iterator[Row]:
    yield _header(ILLEGAL, ORDERS, "information", "Scope")
    for category in (TOTAL, *CATEGORIES, NOT_SPECIFIED_ORDER):
        blank = [""] * len(ORDERS)
        yield _row(counted, ALL, category, blank, [NOT_KNOWN] * len(ORDERS), TOTAL)


def _notices(counted: Counted) -> Iterator[Row]:
    yield _header(ILLEGAL, NOTICES, "information")
    by_code = {code: counted.notices.get(key, Notices()) for key, code in NOTICED.items()}
    by_code[TOTAL] = counted.notices.get("", Notices())
    for category in (TOTAL, *CATEGORIES, NOT_SPECIFIED_NOTICE):
        found = by_code.get(category, Notices())
        wait = _hours(found.wait)
        # A notice is about one address.
        figures = (found.received, "", found.received, "", wait, "", found.by_law, "", found.by_rules, "")
        says = ("", NOT_KNOWN, "", NOT_KNOWN, HOURS if wait else NONE_SETTLED, *(NOT_KNOWN, "") * 2, NOT_KNOWN)
        yield _row(counted, HOSTING, category, figures, says)


def _own_illegal(counted: Counted) -> Iterator[Row]:
    yield _header(ILLEGAL, OWN, "Information")
    yield _own_row(counted, TOTAL, counted.by_law)
    nothing = sum(counted.by_law.kinds.values()) == 0
    says = "" if nothing else "A decision names the law in words; only the total is counted."
    for category in CATEGORIES:
        yield _row(counted, ALL, category, [0 if nothing else ""] * len(OWN), [says] * len(OWN))


def _own_rules(counted: Counted) -> Iterator[Row]:
    yield _header(INCOMPATIBLE, OWN, "Information")
    for category in (TOTAL, *CATEGORIES, OUR_RULES):
        yield _own_row(counted, category, counted.by_rules if category in (TOTAL, OUR_RULES) else Own())


def _own_row(counted: Counted, category: str, own: Own) -> Row:
    by_measure = dict.fromkeys(MEASURES, 0)
    for kind, count in own.kinds.items():
        by_measure[KINDS[kind]] += count
    figures = (sum(by_measure.values()), own.detected, *by_measure.values())
    says = [""] * len(OWN)
    if category == TOTAL and own is counted.by_rules:
        says[0] = (
            f"Not counted: {counted.warnings} warnings, which restrict nothing, and {counted.closed} discussions that "
            "the clock closed."
        )
    return _row(counted, ALL, category, figures, says)


# --- Tables of indicators ---------------------------------------------------------------------------------------------

INDICATORS = (
    "Applicability",
    "Service",
    "Reporting period",
    "Section",
    "Indicator",
    "Scope",
    "Value",
    "Contextual Information",
)
COMPLAINTS = {
    "all": "Number of complaints submitted to the internal-complaints mechanism",
    "words": "Complaint regarding a decision to remove or disable access to or restrict visibility of information",
    "account": "Complaint regarding a decision to suspend or terminate an account",
    "notice": "Complaint regarding a decision not to take action on a notice submitted in accordance with Article 16",
}


def _appeals(counted: Counted) -> Iterator[Row]:
    yield INDICATORS
    section = "Internal complaints mechanism"
    for key, name in COMPLAINTS.items():
        found = counted.complaints.get(key, Complaints())
        yield _indicator(counted, PLATFORMS, section, name, "Total number", found.received)
        yield _indicator(counted, PLATFORMS, section, name, "Decisions upheld", found.upheld)
        yield _indicator(counted, PLATFORMS, section, name, "Decisions reversed", found.reversed)
        yield _indicator(counted, PLATFORMS, section, name, "Decision omitted", found.open)
        wait = _hours(found.wait)
        yield _indicator(counted, PLATFORMS, section, name, "Median time", wait, HOURS if wait else NONE_SETTLED)
    section = "Out-of-court dispute settlement bodies"
    name = "Number of disputes submitted to out-of-court dispute settlement bodies"
    yield _indicator(counted, PLATFORMS, section, name, "Total number", "", NOT_KNOWN)
    section, name = "Suspensions imposed on repeated offenders", "Number of suspensions enacted for the provision of"
    yield _indicator(
        counted, PLATFORMS, section, f"{name} manifestly illegal content", "Total number", counted.suspended
    )
    says = "Members whose reports do not help to hold a comment for 30 days after a warning; they are still read."
    reporters = counted.warned_reporters
    yield _indicator(
        counted, PLATFORMS, section, f"{name} manifestly unfounded notices", "Total number", reporters, says
    )
    says = "There is no such suspension here: who may appeal may always."
    yield _indicator(counted, PLATFORMS, section, f"{name} manifestly unfounded complaints", "Total number", 0, says)


def _automated(counted: Counted) -> Iterator[Row]:
    yield INDICATORS
    section = "Use of automated means for content moderation"
    solely = "Number of measures solely taken by automated means"
    other = "Number of measures not taken by automated means"
    yield _indicator(counted, ALL, section, solely, "Total number", counted.automated)
    yield _indicator(counted, ALL, section, other, "Total number", counted.by_people)
    yield _indicator(counted, ALL, section, solely, "Own-initiative", counted.own_automated)
    yield _indicator(counted, ALL, section, other, "Own-initiative", counted.own_by_people)
    received = counted.notices.get("", Notices()).received
    solely = "Number of notices solely processed by automated means"
    other = "Number of notices not processed by automated means"
    yield _indicator(counted, HOSTING, section, solely, "NAM Total", 0)
    yield _indicator(counted, HOSTING, section, other, "NAM Total", received)
    yield _indicator(counted, PLATFORMS, section, solely, "NAM Trusted Flagger", "", NOT_KNOWN)
    yield _indicator(counted, PLATFORMS, section, other, "NAM Trusted Flagger", "", NOT_KNOWN)
    says = "The desk shows what each learned score was measured at; which was in use for how long is in the record."
    for name in ("Accuracy", "Precision", "Recall"):
        indicator = f"Accuracy of the automated means - {name}"
        yield _indicator(counted, ALL, section, indicator, "Total number", "", says)


def _people(counted: Counted) -> Iterator[Row]:
    yield INDICATORS
    section = "Human resources dedicated to content moderation"
    name = "Number of total moderators with sufficient linguistic expertise"
    says = f"{counted.moderators} persons may moderate here today. Which languages they know is not recorded."
    yield _indicator(counted, LARGEST, section, name, TOTAL, "", says)


def _recipients(counted: Counted) -> Iterator[Row]:
    yield INDICATORS
    name = "Average monthly active recipients"
    says = "Readers are not counted: a page that is read leaves no trace."
    yield _indicator(counted, LARGEST, name, name, TOTAL, "", says)


def _qualitative(counted: Counted) -> Iterator[Row]:
    yield "Applicability", "Service", "Reporting period", "Indicator", "Value"
    first = "Summary of the content moderation engaged in at the providers' own initiative"
    yield ALL, counted.service, counted.period, first, counted.practice
    for name in ("Qualitative description of the automated means", "Safeguards applied to the use of automated means"):
        yield ALL, counted.service, counted.period, name, ""


def _indicator(
    counted: Counted, who: str, section: str, indicator: str, scope: str, value: object, says: str = ""
) -> Row:
    return who, counted.service, counted.period, section, indicator, scope, value, says


def _hours(wait: timedelta | None) -> str:
    return "" if wait is None else f"{wait / timedelta(hours=1):.1f}"


def _harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
