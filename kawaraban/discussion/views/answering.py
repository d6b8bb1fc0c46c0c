"""What the views share: who asks, what is found, and how a change is shown, refused, or asked about first."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from kawaraban.accounts.models import User
from kawaraban.discussion import actions, policy, reads
from kawaraban.discussion.fragments import comment_html
from kawaraban.discussion.models import Comment, Thread
from kawaraban.discussion.orders import View, view_of
from kawaraban.errors import Refused

# Sent by the page's script, which wants the part of the page that changed and not the page around it.
FRAGMENT_HEADER = "X-Fragment"

# Refusals of who somebody is, and not of what they sent.
NOT_THEIRS = ("not-yours", "not-moderator", "not-closer", "not-editor")


def members_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let members in and show others the way; words they sent after their session had ended are handed back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.user.is_authenticated else ask_to_sign_in(request)

    return guarded


def member_of(request: HttpRequest) -> User:
    """The signed-in member; the views that call this are `members_only`."""
    assert isinstance(request.user, User)  # noqa: S101 - narrows the type, decides nothing
    return request.user


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in and back; a text that was sent is shown again instead."""
    if "body" in request.POST:
        return render(request, "discussion/signed_out.html", {"body": request.POST["body"]}, status=403)
    return redirect_to_login(way_back(request) if request.method == "POST" else request.get_full_path())


def readable_thread(thread_id: int) -> Thread:
    """The thread, or 404 where there is none to be read. Cost: 1 query."""
    found = get_object_or_404(Thread, pk=thread_id)
    if not policy.may_read(found):
        raise Http404
    return found


def find_comment(request: HttpRequest, thread_id: int, number: int) -> Comment:
    """The comment, its thread, author and decision; 404 also for what the viewer cannot know of. Cost: 1 query."""
    comments = Comment.objects.select_related("thread", "author", "decision__rule")
    found = get_object_or_404(comments, thread_id=thread_id, number=number)
    if not policy.may_read(found.thread) or not policy.may_know_of(request.user, found):
        raise Http404
    return found


def form_key(request: HttpRequest) -> str:
    """The key of the form that was sent; a new one for a form that had none of ours."""
    sent = request.POST.get("key", "")
    return sent if re.fullmatch(r"[\w-]{1,64}", sent, re.ASCII) else new_key()


def new_key() -> str:
    """A key for a form: it posts one comment, however often it is sent."""
    return uuid.uuid4().hex


def wants_fragment(request: HttpRequest) -> bool:
    """True for the page's script."""
    return FRAGMENT_HEADER in request.headers


def personal(request: HttpRequest, found: Thread, view: View | None = None, **more: Any) -> dict[str, Any]:
    """What a page needs that is made for its viewer, of one `view` or of the whole thread. Cost: `reads.mine`."""
    return {
        "thread": found,
        "path": found.get_absolute_url(),
        "mine": reads.mine(found, request.user, view) if request.user.is_authenticated else None,
        "key": new_key(),
        **more,
    }


def thread_page(request: HttpRequest, found: Thread, status: int = 200, **more: Any) -> HttpResponse:
    """The thread on its own page, which a member has seen then. Cost: that of `reads.thread_page` and `reads.mine`."""
    page = reads.thread_page(found, view_of(request.GET))
    context = {
        "page": page,
        "agreed": reads.agreed_on(found),
        "personal": True,
        "here": found.get_absolute_url(),
        **personal(request, found, **more),
    }
    for comment in page.comments if context["mine"] else ():
        comment.own_fresh = context["mine"].fresh.get(comment.number, 0)
    # Where scripts run, reply-box.js tells of every page; a part of a thread says nothing about the rest.
    if request.method == "GET" and request.user.is_authenticated and not page.view.part:
        shown = max((comment.number for comment in page.comments), default=0)
        if context["mine"].seat is None or context["mine"].seat.seen_number < shown:
            actions.mark_seen(member_of(request), found, shown)
    return render(request, "discussion/thread.html", context, status=status)


def show(request: HttpRequest, changed: Comment, status: int = 200) -> HttpResponse:
    """The comment as everybody sees it, or without a script the way back to it. Cost: 3 queries."""
    if not wants_fragment(request):
        return redirect(reads.place_of(changed.number, changed.thread.get_absolute_url()))
    return HttpResponse(comment_html(reads.single(changed), changed), status=status)


def refuse(request: HttpRequest, found: Thread, refusal: Refused, status: int = 409, **written: Any) -> HttpResponse:
    """The refusal, with the reply box as it was where words were `written` (body, to, plain)."""
    if not wants_fragment(request):
        return thread_page(request, found, status, refusal=refusal, **written)
    context = personal(request, found, refusal=refusal, **written)
    name = "reply" if written.get("body") else "refusal"
    return render(request, f"discussion/thread.html#{name}", context, status=status)


def own_form(
    request: HttpRequest, name: str, found: Comment, body: str = "", refusal: Refused | None = None, **more: Any
) -> HttpResponse:
    """The form for one deed on a comment, on a page of its own or alone. Cost: none."""
    part = f"discussion/own.html#{name}" if wants_fragment(request) else "discussion/own.html"
    context = {
        "form": name,
        "comment": found,
        "path": found.thread.get_absolute_url(),
        "body": body,
        "refusal": refusal,
        **more,
    }
    status = 200 if refusal is None else 403 if refusal.code in NOT_THEIRS else 409
    return render(request, part, context, status=status)


def way_back(request: HttpRequest) -> str:
    """The path of the page on which the request was made, if it is one of ours."""
    path = urlsplit(request.headers.get("Referer", "")).path
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else "/"
