"""What everybody can read about moderation here: figures by month, and the log of decisions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kawaraban.moderation import reads


@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """The figures of the last twelve months, and the rule about misuse. Cost: 7 queries and the masthead."""
    context = {"months": reads.months(), "settings": reads.site_settings(), "misuse": reads.MISUSE}
    return render(request, "moderation/published.html", context)


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The last decisions, and what was changed of how we moderate; no names, no words.

    Cost: 3 queries and the masthead.
    """
    return render(request, "moderation/log.html", {"lines": reads.logged(), "changes": reads.changes()})
