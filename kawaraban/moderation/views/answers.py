"""What is answered at the desk: appeals, notices from outside, votes that were set aside, members to be warned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from kawaraban.accounts.models import User
from kawaraban.decisions.actions import restrict_member
from kawaraban.decisions.models import Kind
from kawaraban.decisions.reads import rules
from kawaraban.errors import Refused
from kawaraban.moderation import actions, reads
from kawaraban.moderation.views.desk import ground_of, member_of, moderators_only, page, queue_page
from kawaraban.sent import number as sent_number


@moderators_only
@require_POST
def appeal(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """Answer an appeal. Cost: that of `actions.settle_appeal`."""
    outcome, answer = request.POST.get("outcome", ""), request.POST.get("answer", "")
    said = _("The appeal is answered. Whoever appealed is told.")
    return _settle(request, "appeals", said, actions.settle_appeal, appeal_id, outcome, answer)


@moderators_only
@require_POST
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Answer a notice that is about no comment, or say that a threat was passed on. Cost: that of the action."""
    outcome, answer = request.POST.get("outcome", ""), request.POST.get("answer", "")
    if outcome == "passed_on":
        said = _("It stands in the record that the authorities were told. The notice still waits for its answer.")
        return _settle(request, "notices", said, actions.pass_on_notice, notice_id)
    if outcome not in ("upheld", "dismissed"):
        return queue_page(request, "notices", _unclear(), notice_id)
    said = _("The notice is answered. Whoever gave it is told.")
    return _settle(request, "notices", said, actions.settle_notice, notice_id, outcome == "upheld", answer)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest) -> HttpResponse:
    """Members who should be warned, by the published criteria; a press warns one. Cost: 8 queries."""
    refusal = None
    if request.method == "POST":
        member = get_object_or_404(User, pk=sent_number(request.POST.get("member")) or 0)
        moderator, ground = member_of(request), ground_of(request)
        try:
            if request.POST.get("for") == "reports":
                actions.warn_of_reports(moderator, member, ground.facts)
            else:
                restrict_member(moderator, member, Kind.WARN, ground)
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, _("{handle} was warned.").format(handle=member.handle))
            return redirect("moderation_members")
    groups = [
        ("posts", _("For what they write"), reads.posters_due()),
        ("reports", _("For what they report"), reads.reporters_due()),
    ]
    context = {"groups": groups, "rules": rules(), "refusal": refusal, "sent": request.POST if refusal else None}
    return page(request, "members", _("Members to warn"), context, status=409 if refusal else 200)


@moderators_only
@require_POST
def ring(request: HttpRequest, ring_id: int) -> HttpResponse:
    """Decide about votes that were set aside. Cost: that of `actions.settle_ring`."""
    deed = request.POST.get("deed")
    if deed not in ("uphold", "dismiss"):
        return queue_page(request, "rings", _unclear(), ring_id)
    upheld = deed == "uphold"
    said = _("These votes do not count.")
    if not upheld:
        said = _("These votes count again, and are not set aside a second time.")
    return _settle(request, "rings", said, actions.settle_ring, ring_id, upheld)


def _unclear() -> Refused:
    return Refused(
        "no-decision", _("It was not clear what you decided. Nothing was changed; use one of the two buttons below.")
    )


def _settle(
    request: HttpRequest, queue: str, said: str, action: Callable[..., Any], key: int, *answer: object
) -> HttpResponse:
    try:
        action(member_of(request), key, *answer)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except Refused as refusal:
        return queue_page(request, queue, refusal, key)
    messages.success(request, said)
    return redirect("moderation_queue", name=queue)
