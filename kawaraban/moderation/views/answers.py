"""What is answered at the desk: appeals, notices from outside, votes that were set aside, members to be warned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from kawaraban.accounts.models import User
from kawaraban.decisions.actions import restrict_member
from kawaraban.decisions.models import Kind
from kawaraban.decisions.reads import rules
from kawaraban.errors import Refused
from kawaraban.moderation import actions, reads
from kawaraban.moderation.views.desk import ground_of, member_of, moderators_only, page


@moderators_only
@require_POST
def appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """Answer an appeal. Cost: that of `actions.settle_appeal`."""
    sent = request.POST
    return _settle(
        request, "appeals", actions.settle_appeal, appeal_id, sent.get("outcome", ""), sent.get("answer", "")
    )


@moderators_only
@require_POST
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Answer a notice that is about no comment, or say that a threat was passed on. Cost: that of the action."""
    outcome, answer = request.POST.get("outcome", ""), request.POST.get("answer", "")
    if outcome == "passed_on":
        return _settle(request, "notices", actions.pass_on_notice, notice_id)
    return _settle(request, "notices", actions.settle_notice, notice_id, outcome == "upheld", answer)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest) -> HttpResponse:
    """Members who should be warned, by the published criteria; a press warns one. Cost: 8 queries."""
    if request.method == "POST":
        member = get_object_or_404(User, pk=reads.number_in(request.POST.get("member")) or 0)
        moderator, ground = member_of(request), ground_of(request)
        try:
            if request.POST.get("for") == "reports":
                actions.warn_of_reports(moderator, member, ground.facts)
            else:
                restrict_member(moderator, member, Kind.WARN, ground)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"{member.handle} was warned.")
        return redirect("moderation_members")
    groups = [
        ("posts", "For what they write", reads.posters_due()),
        ("reports", "For what they report", reads.reporters_due()),
    ]
    return page(request, "members", "Members to warn", {"groups": groups, "rules": rules()})


@moderators_only
@require_POST
def ring(request: HttpRequest, ring_id: int) -> HttpResponse:
    """Decide about votes that were set aside. Cost: that of `actions.settle_ring`."""
    return _settle(request, "rings", actions.settle_ring, ring_id, request.POST.get("deed") == "uphold")


def _settle(request: HttpRequest, queue: str, action: Callable[..., Any], key: int, *answer: object) -> HttpResponse:
    try:
        action(member_of(request), key, *answer)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Answered. Whoever asked is told.")
    return redirect("moderation_queue", name=queue)
