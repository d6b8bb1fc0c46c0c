"""The house rules, each version at its address, and a decision as the member reads it."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kawaraban.accounts.models import User
from kawaraban.caching import cacheable
from kawaraban.decisions import policy, reads
from kawaraban.decisions.models import Decision


@require_safe
@cacheable()
def rules(request: HttpRequest, version: int | None = None) -> HttpResponse:
    """The house rules in force, or a version of them. Cost: 3 queries and the masthead."""
    book = reads.rulebook(version)
    newest = book if version is None else reads.rulebook()
    context = {"book": book, "newest": newest, "versions": range(newest.version, 0, -1)}
    return render(request, "decisions/rules.html", context)


@require_safe
@never_cache
@login_required
def about_me(request: HttpRequest) -> HttpResponse:
    """What was decided about the viewer, each with the way to its reasons. Cost: 2 queries and the masthead."""
    page = reads.decisions_about(cast(User, request.user), request.GET.get("page", "1"))
    return render(request, "decisions/about_me.html", {"page": page})


@require_safe
@never_cache
@login_required
def decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """The statement of reasons, for the member and for moderators. Cost: 3 queries and the masthead."""
    found = get_object_or_404(Decision.objects.select_related("rule__book", "member"), pk=decision_id)
    if not policy.may_see(request.user, found):
        raise Http404
    return render(request, "decisions/decision.html", {"decision": found})
