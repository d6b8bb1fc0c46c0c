"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class WireConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.wire"
    label = "wire"
    verbose_name = "Wire"
