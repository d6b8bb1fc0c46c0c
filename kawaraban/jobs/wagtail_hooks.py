"""What the room adds to Wagtail's desk: a page for administrators, and the permission to see it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from kawaraban.jobs import policy, views


class JobsMenuItem(MenuItem):
    """An entry of the menu that only administrators see."""

    def is_shown(self, request: HttpRequest) -> bool:
        """True for administrators."""
        return policy.may_tend(request.user)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The page below /desk/, and its two buttons."""
    return [
        path("jobs/", views.JobsView.as_view(), name="jobs"),
        path("jobs/<int:job_id>/again/", views.try_again, name="jobs_again"),
        path("jobs/<int:job_id>/discard/", views.discard, name="jobs_discard"),
    ]


@hooks.register("register_settings_menu_item")
def menu_item() -> MenuItem:
    """The page in the menu, under Settings."""
    return JobsMenuItem(_("Jobs"), reverse("jobs"), name="jobs", icon_name="tasks", order=900)


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission, Any]:
    """What a group can be granted at the desk."""
    return Permission.objects.filter(content_type__app_label="jobs")
