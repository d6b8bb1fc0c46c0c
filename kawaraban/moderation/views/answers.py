"""What is answered from the desk's queues: appeals, notices from outside, votes that were set aside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from kawaraban.errors import Refused
from kawaraban.moderation import actions
from kawaraban.moderation.views.desk import member_of, moderators_only


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
