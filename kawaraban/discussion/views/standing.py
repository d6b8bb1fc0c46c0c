"""What a member may do, told to them alone."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kawaraban.discussion import trust
from kawaraban.discussion.views.answering import member_of, members_only


@require_safe
@never_cache
@members_only
def standing(request: HttpRequest) -> HttpResponse:
    """What the viewer may do, by what their record says, and what the next row asks. Cost: 4 queries, masthead."""
    viewer = member_of(request)
    table, now = trust.rows(), trust.standing_of(viewer)
    context = {
        "standing": now,
        "facts": trust.facts_of(viewer),
        "next": table[now.rank + 1] if now.rank + 1 < len(table) else None,
        "votes_from": trust.votes_count_from(viewer),
        "delay": settings.VOTE_DELAY,
    }
    return render(request, "discussion/standing.html", context)
