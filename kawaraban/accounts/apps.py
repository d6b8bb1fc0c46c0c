"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.accounts"
    label = "accounts"
    verbose_name = "Accounts"
