"""The jobs at the desk: how many wait, which are dead, and what is to become of those."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from kawaraban.errors import Refused
from kawaraban.jobs import actions, policy, reads

PER_PAGE = 50


class JobsView(WagtailAdminTemplateMixin, TemplateView):
    """The queue in figures, and the dead jobs. Cost: 4 queries besides the desk's own."""

    page_title = gettext_lazy("Jobs")
    header_icon = "tasks"
    template_name = "jobs/desk.html"
    http_method_names = ("get", "head")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Administrators only; the desk sends others back to its front with a sentence."""
        if not policy.may_tend(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home, then this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": _("Jobs")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The figures and a page of the dead."""
        page = WagtailPaginator(reads.dead_jobs(), PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(counts=reads.counts(), dead=page, **kwargs)


@require_POST
def try_again(request: HttpRequest, job_id: int) -> HttpResponse:
    """Let a dead job begin anew."""
    return _tell(request, actions.try_again, job_id, _("The job is tried again."))


@require_POST
def discard(request: HttpRequest, job_id: int) -> HttpResponse:
    """Remove a dead job."""
    return _tell(request, actions.discard, job_id, _("The job was discarded."))


def _tell(request: HttpRequest, action: Any, job_id: int, done: str) -> HttpResponse:
    if not policy.may_tend(request.user):
        raise PermissionDenied
    try:
        action(request.user, job_id)
        messages.success(request, done)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("jobs")
