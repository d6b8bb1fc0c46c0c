"""What was changed on the front page and the sections, for those who edit them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import Page

from kawaraban.discussion.views.answering import member_of
from kawaraban.newsroom import policy, reads
from kawaraban.newsroom.models import FrontPage, SectionPage


@require_safe
@never_cache
def front_changes(request: HttpRequest, page_id: str) -> HttpResponse:
    """The versions of a front page or a section: who changed what, in words. Cost: 9 queries and the desk's."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not isinstance(page, (FrontPage, SectionPage)):
        raise Http404
    if not policy.may_edit_front(member_of(request), page):
        raise PermissionDenied
    pages, changes = reads.front_changes(page, request.GET.get("p", "1"))
    title = _("What was changed on “{title}”").format(title=page.title)
    context = {
        "page_title": title,
        "header_title": title,
        "breadcrumbs_items": [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, {"url": "", "label": title}],
        "changed": page,
        "changes": changes,
        "pages": pages,
    }
    return render(request, "newsroom/desk/front_changes.html", context)
