"""What was changed of how the site moderates, as the public log tells it: what and when, never who, no listed word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kawaraban.decisions.models import Entry
from kawaraban.screening.models import ScreeningSettings

KINDS = ("rules", "settings", "screening")
SHOWN = 50

PATTERNS = {
    "pattern_added": "A word or pattern was listed that makes a comment wait, or is not taken.",
    "pattern_changed": "A listed word or pattern was changed.",
    "pattern_removed": "A word or pattern was taken off the list.",
}
TEXTS = {
    "contact": "Where we can be reached was changed.",
    "emergency": "What we say where a life is in danger was changed.",
    "user_numbers": "The number of monthly active recipients was published anew.",
}
# By the setting, what is said when it is switched on and off.
SWITCHES = {
    "notices_on": (
        "Notices of illegal content are taken without an account.",
        "Notices of illegal content are no longer taken without an account.",
    ),
    "single_moderator_allowed": (
        "One person may answer appeals against their own decisions, while there is nobody else.",
        "Nobody answers appeals against their own decisions any more.",
    ),
    "scorer_on": (
        "A program elsewhere is asked about each comment, and can let it wait.",
        "The program elsewhere is asked no more.",
    ),
}
# Settings whose check is not named by their first word.
CHECKS = {
    "languages": "language_on",
    "new_accounts_on": "new_accounts_on",
    "new_accounts_days": "new_accounts_on",
    "quoted_only_on": "quoted_only_on",
}
# What a check is called at the desk, by its switch.
_CHECKS = {field.name: str(field.verbose_name) for field in ScreeningSettings._meta.concrete_fields}


@dataclass(frozen=True, slots=True)
class Change:
    """Something that holds since `at`, in a sentence."""

    at: datetime
    sentence: str


def changes(count: int = SHOWN) -> list[Change]:
    """The last changes, the newest first. Cost: 1 query."""
    entries = Entry.objects.filter(kind__in=KINDS)
    # What is learned each night holds nothing by itself.
    entries = entries.exclude(kind="screening", facts__change__in=("score_learned", "learning_asked"))
    found = [Change(each.at, sentence) for each in entries.order_by("-number")[:count] for sentence in _said(each)]
    return found[:count]


def _said(entry: Entry) -> Iterator[str]:
    facts = entry.facts
    if entry.kind == "rules":
        yield f"Version {facts['version']} of the house rules came into force."
    elif facts["change"] in PATTERNS:
        yield PATTERNS[facts["change"]]
    elif facts["change"] == "score_switched":
        yield _score(facts["values"])
    else:
        yield from dict.fromkeys(_setting(name, now) for name, (_, now) in facts["values"].items())


def _score(values: dict[str, list[Any]]) -> str:
    if "score_id" not in values:
        return "The score learned from our decisions lets more or fewer comments wait than before."
    before, now = values["score_id"]
    if now is None:
        return "The score learned from our decisions holds nothing any more."
    if before is None:
        return "The score learned from our decisions may let comments wait from now on."
    return "Another score learned from our decisions may let comments wait from now on."


def _setting(name: str, now: Any) -> str:
    if name in SWITCHES:
        return SWITCHES[name][not now]
    if name in TEXTS:
        return TEXTS[name]
    if name == "reports_hold_at":
        return f"A comment waits once {now} members have reported it." if now else "Reports let no comment wait."
    if name == "spam_rule":
        return "The rule that advertising touches was named anew."
    switch = CHECKS.get(name) or f"{name.split('_')[0]}_on"
    check = _CHECKS[switch]
    if name == switch:
        return (
            f"Before publication we look at: {check}." if now else f"Before publication we no longer look at: {check}."
        )
    return f"Before publication, “{check}” was made stricter or milder."
