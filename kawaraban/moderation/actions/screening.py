"""Changing what is looked at before publication; each change stands in the record."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kawaraban.accounts.models import User
from kawaraban.decisions.policy import may_write_rules
from kawaraban.errors import Refused
from kawaraban.moderation.actions.changes import append_change, screening_before
from kawaraban.screening import actions as screening
from kawaraban.screening.models import Pattern, ScreeningSettings

PATTERN = ("text", "kind", "outcome", "language", "rule", "note")


@transaction.atomic
def add_pattern(editor: User, text: str, **fields: Any) -> Pattern:
    """A word or pattern that is looked for from now on; `fields` are those of `Pattern`. Cost: 7 queries.

    Raises:
        Refused: they may not, it cannot be looked for, or is listed already.
    """
    must_write_rules(editor)
    pattern = screening.add_pattern(editor.pk, text, **fields)
    _append_pattern("pattern_added", None, pattern, editor)
    return pattern


@transaction.atomic
def change_pattern(editor: User, pattern_id: int, **fields: Any) -> Pattern:
    """The word or pattern with other `fields`. Cost: 9 queries.

    Raises:
        Refused: they may not, it cannot be looked for, is listed already, or is not there any more.
    """
    must_write_rules(editor)
    before = Pattern.objects.select_for_update(of=("self",)).filter(pk=pattern_id).first()
    pattern = screening.change_pattern(pattern_id, **fields)
    _append_pattern("pattern_changed", before, pattern, editor)
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
        _append_pattern("pattern_removed", pattern, None, editor)


@transaction.atomic
def change_screening(editor: User, **fields: Any) -> ScreeningSettings:
    """The settings with other `fields`; what is as it was before is nothing to record. Cost: 6 queries.

    Raises:
        Refused: they may not, or a value is out of its range.
    """
    must_write_rules(editor)
    before = screening_before()
    changed = {name: value for name, value in fields.items() if getattr(before, name) != value}
    if not changed:
        return before
    after = screening.change_settings(**changed)
    facts = _scorer() if any(name.startswith("scorer_") for name in changed) else {}
    append_change("screening", "settings", changed, before, after, editor, **facts)
    return after


def must_write_rules(person: User) -> None:
    """Let pass who may change what is looked at: those who may write the house rules. Cost: 1 query, once per person.

    Raises:
        Refused: they may not.
    """
    if not may_write_rules(person):
        raise Refused(
            "not-screener",
            _("Only editors and administrators change what is looked at before publication. Nothing was changed."),
        )


def _append_pattern(change: str, before: Pattern | None, after: Pattern | None, editor: User) -> None:
    found = after or before
    assert found is not None  # noqa: S101 - narrows the type: one of the two is there
    append_change("screening", change, PATTERN, before, after, editor, pattern=found.pk)


def _scorer() -> dict[str, str]:
    """Where the scorer elsewhere is, which the desk can let hold; its path and query may hold a key, and stay out."""
    parts = urlsplit(settings.SCORER_URL)
    return {"scorer": f"{parts.scheme}://{parts.hostname}"} if parts.hostname else {}
