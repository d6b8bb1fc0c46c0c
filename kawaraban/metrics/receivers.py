"""What Django tells us of: a connection to the database was opened."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from kawaraban.metrics.database import timed


@receiver(connection_created, dispatch_uid="kawaraban.metrics")
def time_statements(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Time every statement of a connection; one that is opened again keeps its wrappers."""
    if timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)
