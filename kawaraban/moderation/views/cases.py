"""One case at the desk: the comment with all around it, and the decision."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from kawaraban.accounts.models import User
from kawaraban.accounts.reads import look_alikes
from kawaraban.discussion.typesetting import CUT
from kawaraban.errors import Refused
from kawaraban.moderation import actions, reads
from kawaraban.moderation.views.desk import ground_of, member_of, moderators_only, page, way_back
from kawaraban.sent import number as sent_number

DAYS = 7  # of a mute, unless the moderator says otherwise


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, comment_id: int) -> HttpResponse:
    """A case; opening it claims it for five minutes, posting decides it. Cost: about 40 queries at any length."""
    comment = reads.find_comment(comment_id)
    if comment is None:
        raise Http404
    moderator = member_of(request)
    if request.method != "POST":
        if request.method == "GET" and comment.author_id != moderator.pk:
            actions.claim_case(moderator, f"comment:{comment_id}")
        return _show(request, comment_id)
    # Asked before: once it is decided, the case is no longer in its queue.
    onward = _onward(request, comment_id)
    deed = actions.Deed(
        request.POST.get("deed", ""),
        ground_of(request),
        request.POST.get("text", ""),
        sent_number(request.POST.get("days")) or 0,
        request.POST.get("why", ""),
    )
    try:
        done = actions.decide_case(moderator, comment_id, deed, state=request.POST.get("state", ""))
    except Refused as refusal:
        return _show(request, comment_id, refusal)
    messages.success(
        request,
        _("#{number} in “{title}”: {deed}.").format(
            number=done.number, title=done.thread.title, deed=actions.DEEDS[deed.name]
        ),
    )
    return redirect(request.get_full_path() if reads.is_of_member(deed.name) else onward)


@moderators_only
@require_POST
def take_over(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Take a case from the colleague who has it open. Cost: 5 queries."""
    if reads.find_comment(comment_id) is None:
        raise Http404
    actions.claim_case(member_of(request), f"comment:{comment_id}", is_taken_over=True)
    return redirect(way_back(request))


@moderators_only
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back one's own last decision. Cost: that of `actions.undo_last`."""
    try:
        about = actions.undo_last(member_of(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(way_back(request))
    if about is None or isinstance(about, User):
        messages.success(request, _("Your last decision was taken back."))
        return redirect(way_back(request))
    messages.success(request, _("#{number} is as it was before your decision.").format(number=about.number))
    query = way_back(request).partition("?")[2]
    address = reverse("moderation_case", args=[about.pk])
    return redirect(f"{address}?{query}" if "queue=" in query else address)


@moderators_only
@require_POST
def networks(request: HttpRequest, member_id: int) -> HttpResponse:
    """Accounts that may be the same person's, after a reason was given, which is kept. Cost: 10 queries."""
    try:
        member = actions.look_at_networks(member_of(request), member_id, request.POST.get("reason", ""))
    except User.DoesNotExist as error:
        raise Http404 from error
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(way_back(request))
    context = {"member": member, "alike": look_alikes(member), "back": way_back(request)}
    return page(request, "networks", _("Accounts like {handle}").format(handle=member.handle), context)


def _show(request: HttpRequest, comment_id: int, refusal: Refused | None = None) -> HttpResponse:
    comment = reads.find_comment(comment_id)
    if comment is None:
        raise Http404
    found = reads.case(comment)
    name, filters = request.GET.get("queue", ""), reads.filters_of(request.GET)
    query = filters.query(queue=name) if name in reads.QUEUES else ""
    before, after = reads.neighbours(name, filters, comment_id) if query else (None, None)
    moderator = member_of(request)
    context = {
        "case": found,
        "comment": comment,
        "own": comment.author_id == moderator.pk,
        "taken": found.claim if found.claim and found.claim.moderator_id != moderator.pk else None,
        "before": before,
        "after": after,
        "query": query,
        "queue_name": name if query else "",
        "refusal": refusal,
        "sent": request.POST if refusal else None,
        "chosen": sent_number(request.POST.get("rule")) if refusal else found.likely_rule,
        "days": request.POST.get("days", DAYS),
        "cut": CUT,
        "look_reasons": actions.LOOK_REASONS,
        "here": request.get_full_path(),
    }
    title = _("#{number} in {title}").format(number=comment.number, title=comment.thread.title)
    return page(request, "case", title, context, status=409 if refusal else 200)


def _onward(request: HttpRequest, comment_id: int) -> str:
    """Where to go once a case is decided: to the next one of the queue, else to the queue, else where it was."""
    name, filters = request.GET.get("queue", ""), reads.filters_of(request.GET)
    if name not in reads.QUEUES:
        return request.get_full_path()
    before, after = reads.neighbours(name, filters, comment_id)
    if (after or before) is None:
        return f"{reverse('moderation_queue', args=[name])}?{filters.query()}".rstrip("?")
    return f"{reverse('moderation_case', args=[after or before])}?{filters.query(queue=name)}"
