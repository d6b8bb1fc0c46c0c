"""What was purged, for a process that remembers pages."""

from __future__ import annotations

from datetime import datetime, timedelta

from kawaraban.caching.models import Purge

# A transaction may commit so long after its row was numbered: 30 seconds between two statements, and their own time.
LATEST_COMMIT = timedelta(minutes=2)

Row = tuple[int, str, bool]  # its key, tags with spaces between them, whether it takes back


def after(number: int) -> list[Row]:
    """Every purge with a higher key. Cost: 1 query."""
    return list(Purge.objects.filter(pk__gt=number).order_by("pk").values_list("pk", "tags", "removes"))


def since(moment: datetime) -> list[Row]:
    """Every purge that was written since a moment. Cost: 1 query."""
    return list(Purge.objects.filter(at__gte=moment).order_by("pk").values_list("pk", "tags", "removes"))


def removed_since(moment: datetime) -> list[tuple[datetime, str]]:
    """When what was taken back since a moment: tags with spaces between them. Cost: 1 query."""
    found = Purge.objects.filter(at__gte=moment, removes=True).order_by("pk")
    return list(found.values_list("at", "tags"))
