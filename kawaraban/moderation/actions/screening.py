"""Changing what is looked at before publication; each change stands in the record."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kawaraban.accounts.models import User
from kawaraban.decisions import actions as decisions
from kawaraban.decisions import record
from kawaraban.decisions.policy import may_write_rules
from kawaraban.errors import Refused
from kawaraban.screening import actions as screening
from kawaraban.screening.models import Pattern, ScreeningSettings
from kawaraban.screening.reads import settings_now


@transaction.atomic
def add_pattern(editor: User, text: str, **fields: Any) -> Pattern:
    """A word or pattern that is looked for from now on; `fields` are those of `Pattern`. Cost: 7 queries.

    Raises:
        Refused: they may not, it cannot be looked for, or is listed already.
    """
    must_write_rules(editor)
    pattern = screening.add_pattern(editor.pk, text, **fields)
    _append_pattern("pattern_added", pattern, editor)
    return pattern


@transaction.atomic
def change_pattern(editor: User, pattern_id: int, **fields: Any) -> Pattern:
    """The word or pattern with other `fields`. Cost: 8 queries.

    Raises:
        Refused: they may not, it cannot be looked for, is listed already, or is not there any more.
    """
    must_write_rules(editor)
    pattern = screening.change_pattern(pattern_id, **fields)
    _append_pattern("pattern_changed", pattern, editor)
    return pattern


@transaction.atomic
def remove_pattern(editor: User, pattern_id: int) -> None:
    """Look for a word or pattern no more; one that is gone already is no mistake. Cost: 7 queries.

    Raises:
        Refused: they may not.
    """
    must_write_rules(editor)
    pattern = Pattern.objects.select_for_update().filter(pk=pattern_id).first()
    if pattern is not None:
        screening.remove_pattern(pattern_id)
        _append_pattern("pattern_removed", pattern, editor)


@transaction.atomic
def change_screening(editor: User, **fields: Any) -> ScreeningSettings:
    """The settings with other `fields`; what is as it was before is nothing to record. Cost: 6 queries.

    Raises:
        Refused: they may not, or a value is out of its range.
    """
    must_write_rules(editor)
    before = settings_now()
    changed = {name: value for name, value in fields.items() if getattr(before, name) != value}
    if not changed:
        return before
    after = screening.change_settings(**changed)
    values = {name: [getattr(before, name), value] for name, value in changed.items()}
    decisions.append("screening", {"change": "settings", "values": values, "by": editor.pk})
    return after


def must_write_rules(person: User) -> None:
    """Let pass who may change what is looked at: those who may write the house rules. Cost: 1 query, once per person.

    Raises:
        Refused: they may not.
    """
    if not may_write_rules(person):
        raise Refused(
            "not-screener",
            "Only editors and administrators change what is looked at before publication. Nothing was changed.",
        )


def _append_pattern(change: str, pattern: Pattern, editor: User) -> None:
    facts = {
        "change": change,
        "pattern": pattern.pk,
        "text": record.digest(pattern.text),
        "kind": pattern.kind,
        "outcome": pattern.outcome,
        "language": pattern.language,
        "rule": pattern.rule,
        "by": editor.pk,
    }
    decisions.append("screening", facts)
