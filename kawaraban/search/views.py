"""The page on which readers search."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Site

from kawaraban.newsroom.models import FrontPage
from kawaraban.search import reads
from kawaraban.search.forms import SearchForm


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Stories and comments that hold the words asked for. Cost: that of `reads.search` and the masthead."""
    site = Site.find_for_request(request)
    root = site.root_page.specific if site else None
    if not isinstance(root, FrontPage):
        raise Http404
    # The next page asks the same: whatever else stands in the address is dropped.
    sent = {name: " ".join(request.GET.get(name, "").split()) for name in SearchForm.base_fields}
    asked = QueryDict(urlencode({name: value for name, value in sent.items() if value}))
    form = SearchForm(root, asked)
    wanted = form.wanted
    found, is_cut = reads.search(root, wanted, request.GET.get("page", "1"), request)
    context = {
        "form": form,
        "wanted": wanted,
        "hits": found,
        "is_cut": is_cut,
        "narrowed": form.narrowed,
        "keep": f"{asked.urlencode()}&" if asked else "",
    }
    return render(request, "search/search.html", context)
