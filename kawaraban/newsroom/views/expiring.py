"""The desk's report on photographs that may not be shown any more, or soon may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn, UsageCountColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import ReferenceIndex

from kawaraban.newsroom.models import Photo
from kawaraban.theme.templatetags.times import dated

SOON = timedelta(days=30)


def state(photo: Photo) -> str:
    """What has become of it, in words."""
    if photo.is_expired:
        return gettext("Expired: withdrawn from all pages")
    days = (photo.expires - timezone.localdate()).days if photo.expires else 0
    return gettext("Tomorrow") if days == 1 else gettext("In {days} days").format(days=days)


class ExpiringPhotosView(ReportView):
    """Photographs that expired or soon will, the next to expire first. Cost: 3 queries besides the desk's own."""

    model = Photo
    page_title = _("Photographs that expired or soon will")
    header_icon = "image"
    index_url_name = "expiring_photos"
    index_results_url_name = "expiring_photos_results"
    any_permission_required: ClassVar = ["add", "change", "delete"]
    is_searchable = False
    export_headings: ClassVar = {
        "expires": _("Expires"),
        "title": _("Title"),
        "agency": _("Agency"),
        "usage_terms": _("Terms"),
    }
    list_export: ClassVar = ["expires", "title", "photographer", "agency", "copyright_notice", "usage_terms"]
    columns: ClassVar = [
        TitleColumn("title", label=_("Title"), get_url=lambda photo: reverse("wagtailimages:edit", args=[photo.pk])),
        Column("state", label=_("When"), accessor=state),
        Column("expires", label=_("Expires"), accessor=lambda photo: dated(photo.expires, "j F Y")),
        Column("agency", label=_("Agency")),
        Column("usage_terms", label=_("Usage terms")),
        UsageCountColumn("usage_count", label=_("Usage")),
    ]

    def get_base_queryset(self) -> QuerySet[Photo]:
        """Those that expire within 30 days or have expired."""
        found: QuerySet[Photo] = Photo.objects.filter(expires__lte=timezone.localdate() + SOON)
        return found.order_by("-expires", "pk")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """The same photographs, each with how often it is used."""
        photos = list(object_list)
        used = ReferenceIndex.get_count_references_to_in_bulk(photos)
        for photo in photos:
            photo.usage_count = used.get(photo, 0)
        return photos
