"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ImportersConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.importers"
    label = "importers"
    verbose_name = "Importers"
