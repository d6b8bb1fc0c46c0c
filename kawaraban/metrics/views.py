"""The last hour at the desk."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from kawaraban.metrics import history, plots, policy


class LastHourView(WagtailAdminTemplateMixin, TemplateView):
    """What this process did in the last hour, as plots. Cost: no query besides the desk's own."""

    page_title = gettext_lazy("The last hour")
    header_icon = "history"
    template_name = "metrics/last_hour.html"
    http_method_names = ("get", "head")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Administrators only; the desk sends others back to its front with a sentence."""
        if not policy.may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Home, then this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": _("The last hour")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The plots, and of which time they are."""
        kept = history.current()
        minutes = kept.minutes() if kept else []
        return super().get_context_data(
            since=kept.since if kept else None,
            end=minutes[-1].at if minutes else None,
            begin=minutes[-1].at - plots.HOUR if minutes else None,
            half=minutes[-1].at - plots.HOUR / 2 if minutes else None,
            plots=plots.draw(minutes) if minutes else [],
            **kwargs,
        )
