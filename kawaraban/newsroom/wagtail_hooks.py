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
from kawaraban.newsroom.models import FrontPage, Photo, SectionPage, StoryPage
from kawaraban.newsroom.views import desk, live_reports
from kawaraban.newsroom.views.expiring import ExpiringPhotosView
from kawaraban.newsroom.views.fronts import front_changes
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
        re_path(r"^story/(?P<story_id>[1-9][0-9]{0,8})/live/$", live_reports.live_report, name="newsroom_live"),
        re_path(
            r"^story/(?P<story_id>[1-9][0-9]{0,8})/live/(?P<number>[1-9][0-9]{0,8})/$",
            live_reports.live_entry,
            name="newsroom_live_entry",
        ),
        re_path(r"^front/(?P<page_id>[1-9][0-9]{0,8})/changes/$", front_changes, name="newsroom_front_changes"),
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
def story_buttons(page: Any, user: User, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The ways from a story to its versions, and to the entries of a live report."""
    if isinstance(page, StoryPage) and page.kind == StoryPage.Kind.LIVE and policy.may_publish(user, page):
        yield Button(
            _("Write the live report"), reverse("newsroom_live", args=[page.pk]), icon_name="edit", priority=65
        )
    if isinstance(page, StoryPage) and page.thread_id and policy.may_publish(user, page):
        address = reverse("newsroom_versions", args=[page.pk])
        yield Button(_("What readers see of versions"), address, icon_name="history", priority=66)


@hooks.register("register_page_header_buttons")
def front_changes_button(page: Any, user: User, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The way from the front page or a section to what was changed there."""
    if isinstance(page, FrontPage | SectionPage) and policy.may_edit_front(user, page):
        address = reverse("newsroom_front_changes", args=[page.pk])
        yield Button(_("Who changed what"), address, icon_name="history", priority=66)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """What a story's history says of its versions and of its live report."""
    actions.register_action("kawaraban.hide_version", _("Hide a version"), _("Words of a version hidden from readers"))
    actions.register_action(
        "kawaraban.show_version", _("Show a version"), _("Words of a version shown to readers again")
    )
    actions.register_action("kawaraban.correct_entry", _("Correct an entry"), _("Entry of the live report corrected"))
    actions.register_action(
        "kawaraban.take_back_entry", _("Take back an entry"), _("Entry of the live report taken back")
    )
    actions.register_action("kawaraban.end_report", _("End the live report"), _("Live report ended"))
    actions.register_action("kawaraban.resume_report", _("Go on with the live report"), _("Live report goes on"))


@hooks.register("register_reports_menu_item")
def expiring_photos() -> MenuItem:
    """The report in the menu, under Reports."""
    return PhotosMenuItem(
        _("Expiring photographs"), reverse("expiring_photos"), name="photographs", icon_name="image", order=650
    )
