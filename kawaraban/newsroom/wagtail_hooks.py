"""What the newsroom changes at Wagtail's desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import policy_registry

from kawaraban.newsroom.models import Photo
from kawaraban.newsroom.views.expiring import ExpiringPhotosView


@hooks.register("construct_main_menu")
def offer_no_documents(request: HttpRequest, menu_items: list[Any]) -> None:
    """Take documents out of the menu: a story links to them where they are, and this site serves none."""
    menu_items[:] = [item for item in menu_items if item.name != "documents"]


class PhotosMenuItem(MenuItem):
    """An entry of the menu for those who look after photographs."""

    def is_shown(self, request: HttpRequest) -> bool:
        """True for editors and administrators."""
        policy = policy_registry.get_by_type(Photo)
        return bool(policy.user_has_any_permission(request.user, ["add", "change", "delete"]))


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The report on photographs that expire, and the part of it that changes without the rest."""
    return [
        path("reports/photographs/", ExpiringPhotosView.as_view(), name="expiring_photos"),
        path(
            "reports/photographs/results/",
            ExpiringPhotosView.as_view(results_only=True),
            name="expiring_photos_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def expiring_photos() -> MenuItem:
    """The report in the menu, under Reports."""
    return PhotosMenuItem(
        "Expiring photographs", reverse("expiring_photos"), name="photographs", icon_name="image", order=650
    )
