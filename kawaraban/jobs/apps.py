"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """Registers the room, and what every other application has in its `tasks.py`."""

    name = "kawaraban.jobs"
    label = "jobs"
    verbose_name = "Jobs"

    def ready(self) -> None:
        """Import each application's tasks: the clock knows only what has been imported."""
        autodiscover_modules("tasks")
