"""What the room adds to Wagtail's desk: the house rules, for those who may write them."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kawaraban.decisions import desk_rules, policy


class RulesMenuItem(MenuItem):
    """An entry of the menu that editors and administrators see."""

    def is_shown(self, request: HttpRequest) -> bool:
        """True for those who may publish house rules."""
        return policy.may_write_rules(request.user)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The page below /desk/."""
    return [path("rules/", desk_rules.rules, name="house_rules")]


@hooks.register("register_settings_menu_item")
def menu_item() -> MenuItem:
    """The page in the menu, under Settings."""
    return RulesMenuItem(_("House rules"), reverse("house_rules"), name="house-rules", icon_name="list-ol", order=150)
