"""What was changed of how the site moderates, as the public log tells it: what and when, never who, no listed word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kawaraban.decisions.models import Entry
from kawaraban.screening.models import ScreeningSettings

KINDS = ("rules", "settings", "screening")
SHOWN = 50

PATTERNS = {
    "pattern_added": _("A word or pattern was listed that makes a comment wait, or is not taken."),
    "pattern_changed": _("A listed word or pattern was changed."),
    "pattern_removed": _("A word or pattern was taken off the list."),
}
TEXTS = {
    "contact": _("Where we can be reached was changed."),
    "emergency": _("What we say where a life is in danger was changed."),
    "user_numbers": _("The number of monthly active recipients was published anew."),
}
# By the setting, what is said when it is switched on and off.
SWITCHES = {
    "notices_on": (
        _("Notices of illegal content are taken without an account."),
        _("Notices of illegal content are no longer taken without an account."),
    ),
    "single_moderator_allowed": (
        _("One person may answer appeals against their own decisions, while there is nobody else."),
        _("Nobody answers appeals against their own decisions any more."),
    ),
    "scorer_on": (
        _("A program elsewhere is asked about each comment, and can let it wait."),
        _("The program elsewhere is asked no more."),
    ),
}
# Settings whose check is not named by their first word.
CHECKS = {
    "languages": "language_on",
    "new_accounts_on": "new_accounts_on",
    "new_accounts_days": "new_accounts_on",
    "quoted_only_on": "quoted_only_on",
}

_FIELDS = {field.name: field for field in ScreeningSettings._meta.concrete_fields}


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
        yield gettext("Version {version} of the house rules came into force.").format(version=facts["version"])
    elif facts["change"] in PATTERNS:
        yield str(PATTERNS[facts["change"]])
    elif facts["change"] == "score_switched":
        yield _score(facts["values"])
    else:
        yield from dict.fromkeys(_setting(name, now) for name, (_before, now) in facts["values"].items())


def _score(values: dict[str, list[Any]]) -> str:
    if "score_id" not in values:
        return gettext("The score learned from our decisions lets more or fewer comments wait than before.")
    before, now = values["score_id"]
    if now is None:
        return gettext("The score learned from our decisions holds nothing any more.")
    if before is None:
        return gettext("The score learned from our decisions may let comments wait from now on.")
    return gettext("Another score learned from our decisions may let comments wait from now on.")


def _setting(name: str, now: Any) -> str:
    if name in SWITCHES:
        return str(SWITCHES[name][not now])
    if name in TEXTS:
        return str(TEXTS[name])
    if name == "reports_hold_at":
        if not now:
            return gettext("Reports let no comment wait.")
        return gettext("A comment waits once {count} members have reported it.").format(count=now)
    if name == "spam_rule":
        return gettext("The rule that advertising touches was named anew.")
    switch = CHECKS.get(name) or f"{name.split('_')[0]}_on"
    # What a check is called at the desk.
    check = _FIELDS[switch].verbose_name
    if name != switch:
        return gettext("Before publication, “{check}” was made stricter or milder.").format(check=check)
    if now:
        return gettext("Before publication we look at: {check}.").format(check=check)
    return gettext("Before publication we no longer look at: {check}.").format(check=check)
