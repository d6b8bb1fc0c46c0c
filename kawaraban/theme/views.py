"""Error pages in the site's own dress."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request that cannot be understood; it asks the database nothing. Cost: none."""
    return HttpResponse(render_to_string("theme/bad_request.html"), status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for an address where nothing is. Cost: those of the masthead."""
    return render(request, "theme/not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours; it asks neither the database nor the request. Cost: none."""
    return HttpResponse(render_to_string("theme/server_error.html"), status=500)
