"""What members say about a comment: agreement, worth reading, source wanted; and what the newsroom says of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kawaraban.discussion import actions, policy
from kawaraban.discussion.models import Comment
from kawaraban.discussion.views.answering import (
    find_comment,
    member_of,
    members_only,
    own_form,
    readable_thread,
    refuse,
    show,
)
from kawaraban.errors import Refused

VOTES = {"1": 1, "-1": -1, "0": 0}


@never_cache
@members_only
@require_POST
def vote(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """Agree, disagree, or take either back. Cost: that of `actions.cast_vote`."""
    value = VOTES.get(request.POST.get("value", ""))
    try:
        if value is None:
            raise Refused("bad-vote", _("A vote is +1, -1 or 0. Nothing was counted."))
        return show(request, actions.cast_vote(member_of(request), thread_id, number, value))
    except Comment.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        # Whether the member may know of this comment at all is only asked where it makes a difference.
        found = find_comment(request, thread_id, number)
        status = 400 if refusal.code == "bad-vote" else 409
        return refuse(request, found.thread, refusal, status=status)


@never_cache
@members_only
@require_POST
def worth(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """Say that a comment is worth reading, or take it back. Cost: that of `actions.mark_worth`."""
    found = find_comment(request, thread_id, number)
    try:
        wanted = request.POST.get("value") != "0"
        return show(request, actions.mark_worth(member_of(request), thread_id, number, wanted))
    except Refused as refusal:
        return refuse(request, found.thread, refusal)


@never_cache
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """Ask a comment for its source, or give one. Cost: that of the action."""
    found = find_comment(request, thread_id, number)
    viewer = member_of(request)
    url = request.POST.get("url", "")
    if request.method == "POST":
        try:
            if url.strip():
                return show(request, actions.give_source(viewer, thread_id, number, url))
            return show(request, actions.request_source(viewer, thread_id, number))
        except Refused as refusal:
            return own_form(request, "source", found, url, refusal, is_own=policy.owns(viewer, found))
    if not found.is_visible:
        raise Http404
    return own_form(request, "source", found, is_own=policy.owns(viewer, found))


@never_cache
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def pick(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """Point a comment out for the newsroom, with a reason, or no longer. Cost: that of `actions.pick_comment`."""
    found = find_comment(request, thread_id, number)
    viewer = member_of(request)
    if request.method != "POST":
        if not policy.may_pick(viewer) or not found.is_visible:
            raise Http404
        return own_form(request, "pick", found, found.pick_reason)
    reason = request.POST.get("reason", "")
    try:
        return show(request, actions.pick_comment(viewer, thread_id, number, reason))
    except Refused as refusal:
        return own_form(request, "pick", found, reason, refusal)


@never_cache
@members_only
@require_POST
def follow(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Hear of new comments in a thread, or no longer. Cost: 3 queries."""
    found = readable_thread(thread_id)
    actions.follow_thread(member_of(request), found, request.POST.get("value") != "0")
    return redirect(f"{found.get_absolute_url()}#discussion")
