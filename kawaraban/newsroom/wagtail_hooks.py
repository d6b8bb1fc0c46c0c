"""What the newsroom changes at Wagtail's desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import URLPattern, path, re_path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.permissions import policy_registry

from kawaraban.accounts.models import User
from kawaraban.newsroom import policy, reads
from kawaraban.newsroom.models import Photo, SectionPage, StoryPage
from kawaraban.newsroom.views import desk
from kawaraban.newsroom.views.expiring import ExpiringPhotosView
from kawaraban.theme.menu import CountedMenuItem


@hooks.register("construct_main_menu")
def offer_no_documents(request: HttpRequest, menu_items: list[Any]) -> None:
    """Take documents out of the menu: a story links to them where they are, and this site serves none."""
    menu_items[:] = [item for item in menu_items if item.name != "documents"]


@hooks.register("before_create_page")
def keep_sections_to_publishers(request: HttpRequest, parent_page: Any, page_class: type[Any]) -> None:
    """Refuse a section to those who may only write: it would stand in the masthead under their name alone."""
    if page_class is SectionPage and not parent_page.permissions_for_user(request.user).can_publish_subpage():
        raise PermissionDenied


class PhotosMenuItem(MenuItem):
    """An entry of the menu for those who look after photographs."""

    def is_shown(self, request: HttpRequest) -> bool:
        """True for editors and administrators."""
        photos = policy_registry.get_by_type(Photo)
        return bool(photos.user_has_any_permission(request.user, ["add", "change", "delete"]))


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The newsroom's own pages below /desk/."""
    return [
        path("errors/", desk.errors, name="newsroom_errors"),
        re_path(r"^errors/(?P<report_id>[1-9][0-9]{0,8})/$", desk.error, name="newsroom_error"),
        re_path(r"^story/(?P<story_id>[1-9][0-9]{0,8})/versions/$", desk.versions, name="newsroom_versions"),
        path("reports/photographs/", ExpiringPhotosView.as_view(), name="expiring_photos"),
        path(
            "reports/photographs/results/",
            ExpiringPhotosView.as_view(results_only=True),
            name="expiring_photos_results",
        ),
    ]


class ErrorsMenuItem(CountedMenuItem):
    """An entry of the menu that those see who publish, with how many reports wait."""

    def is_shown(self, request: HttpRequest) -> bool:
        """True for those who publish somewhere."""
        return policy.may_publish_any(request.user)

    def count(self, request: HttpRequest) -> int:
        """Reports that wait. Cost: 1 query, and 2 once per viewer."""
        assert isinstance(request.user, User)  # noqa: S101 - narrows the type, decides nothing
        return reads.error_reports(request.user).count()


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    """What readers reported, in the menu below the pages."""
    return ErrorsMenuItem(
        _("Reported errors"), reverse("newsroom_errors"), name="errors", icon_name="warning", order=160
    )


@hooks.register("register_page_header_buttons")
def versions_button(page: Any, user: User, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The way from a story to its versions."""
    if isinstance(page, StoryPage) and page.thread_id and policy.may_publish(user, page):
        address = reverse("newsroom_versions", args=[page.pk])
        yield Button("What readers see of versions", address, icon_name="history", priority=66)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """What a story's history says of its versions."""
    actions.register_action("kawaraban.hide_version", "Hide a version", "Words of a version hidden from readers")
    actions.register_action("kawaraban.show_version", "Show a version", "Words of a version shown to readers again")


@hooks.register("register_reports_menu_item")
def expiring_photos() -> MenuItem:
    """The report in the menu, under Reports."""
    return PhotosMenuItem(
        "Expiring photographs", reverse("expiring_photos"), name="photographs", icon_name="image", order=650
    )
