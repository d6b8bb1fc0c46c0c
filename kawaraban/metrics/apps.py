"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MetricsConfig(AppConfig):
    """Registers the room, and what every other application counts in its `metrics.py`."""

    name = "kawaraban.metrics"
    label = "metrics"
    verbose_name = "Metrics"

    def ready(self) -> None:
        """Import what is counted: a metric that nobody has imported is missing, where it should say 0."""
        from prometheus_client import disable_created_metrics

        from kawaraban.metrics import database, pages, queue, receivers, requests  # noqa: F401 - they register themselves

        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library types it not
        autodiscover_modules("metrics")
