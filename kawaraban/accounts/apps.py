"""The room as Django knows it, and Wagtail's own users app with our forms."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    """Registers the room."""

    name = "kawaraban.accounts"
    label = "accounts"
    verbose_name = _("Accounts")
    default = True

    def ready(self) -> None:
        """Connects the receivers."""
        from kawaraban.accounts import receivers

        receivers.connect()


class DeskUsersConfig(WagtailUsersAppConfig):
    """Wagtail's users at the desk, whose forms know that a person has a handle."""

    user_viewset = "kawaraban.accounts.desk_users.UserViewSet"
