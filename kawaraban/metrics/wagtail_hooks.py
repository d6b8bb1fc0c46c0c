"""What the room adds to Wagtail's desk: a page for administrators."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kawaraban.metrics import policy, views


class LastHourMenuItem(MenuItem):
    """An entry of the menu that only administrators see."""

    def is_shown(self, request: HttpRequest) -> bool:
        """True for administrators."""
        return policy.may_see(request.user)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The page below /desk/."""
    return [path("last-hour/", views.LastHourView.as_view(), name="last_hour")]


@hooks.register("register_settings_menu_item")
def menu_item() -> MenuItem:
    """The page in the menu, under Settings, beside the jobs."""
    return LastHourMenuItem(_("The last hour"), reverse("last_hour"), name="last-hour", icon_name="history", order=890)
