"""Appealing against a decision about oneself, and reading the answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kawaraban.decisions.models import Decision
from kawaraban.discussion.views.answering import member_of, members_only
from kawaraban.errors import Refused
from kawaraban.moderation import actions, policy, reads


@never_cache
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, decision_id: int) -> HttpResponse:
    """The form of an appeal, or what was appealed and answered. Cost: 3 queries and those of the action."""
    member = member_of(request)
    decision = get_object_or_404(Decision.objects.select_related("rule__book"), pk=decision_id, member=member)
    refusal = None
    if request.method == "POST":
        try:
            actions.appeal(member, decision_id, request.POST.get("words", ""))
            return redirect("moderation:appeal", decision_id)
        except Refused as refused:
            refusal = refused
    made = reads.appeal_of(decision, member)
    may_appeal = policy.may_appeal(member, decision)
    context = {
        "decision": decision,
        "appeal": made,
        "may_appeal": may_appeal,
        "refusal": refusal,
        "sent": request.POST,
    }
    return render(request, "moderation/appeal.html", context, status=409 if refusal else 200)
