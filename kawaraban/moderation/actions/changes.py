"""What is changed of how the site moderates stands in the record: who, and each value from what to what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from kawaraban.accounts.models import User
from kawaraban.decisions import actions as decisions
from kawaraban.decisions import record
from kawaraban.moderation.models import ModerationSettings
from kawaraban.screening.models import ScreeningSettings

# Words, which may have to be erased: of these the record has digests.
WORDS = {"contact", "emergency", "user_numbers", "text", "note"}


@transaction.atomic
def record_settings(after: ModerationSettings, by: User | None) -> None:
    """Write to the record what differs from the settings as they are kept; nothing where nothing does.

    Cost: 1 query, 4 where something differs.

    Args:
        after: about to be saved.
        by: who saves it at the desk; None for a program.
    """
    before = ModerationSettings.objects.select_for_update().filter(pk=after.pk).first() or ModerationSettings()
    names = [field.name for field in after._meta.concrete_fields if not field.primary_key]
    append_change("settings", "moderation", names, before, after, by)


def screening_before() -> ScreeningSettings:
    """What is looked at before publication, before it is changed; locked until the change is made. Cost: 1 query."""
    return ScreeningSettings.objects.select_for_update(of=("self",)).first() or ScreeningSettings(pk=1)


def append_change(
    kind: str,
    change: str,
    names: Iterable[str],
    before: models.Model | None,
    after: models.Model | None,
    by: User | None,
    **facts: Any,
) -> None:
    """The entry about these fields of a row, for those that differ; None is a row that is not there. Cost: 3 queries.

    Call it in the transaction that changes the row.

    Args:
        kind: of the entry.
        change: what was done, in a word.
        facts: what the entry holds besides.
    """
    pairs = {name: [_plain(name, before), _plain(name, after)] for name in names}
    values = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if values:
        decisions.append(kind, {"change": change, "values": values, "by": by.pk if by else None, **facts})


def _plain(name: str, row: models.Model | None) -> Any:
    value = getattr(row, name) if row is not None else None
    return record.digest(value) if name in WORDS and value else value
