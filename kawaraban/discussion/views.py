"""The discussion over HTTP: requests in, pages and fragments out; the rules are in `actions` and `checks`."""

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
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kawaraban.accounts.models import User
from kawaraban.discussion import actions, policy, reads
from kawaraban.discussion.models import Comment, Thread
from kawaraban.errors import Refused

# Sent by the page's script, which wants the part of the page that changed and not the page around it.
FRAGMENT_HEADER = "X-Fragment"

# Refusals of who somebody is, and not of what they sent.
NOT_THEIRS = ("not-yours", "not-moderator")

VOTES = {"1": 1, "-1": -1, "0": 0}


def members_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let members in and show others the way; words they sent after their session had ended are handed back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.user.is_authenticated else _ask_to_sign_in(request)

    return guarded


@require_safe
@never_cache
def thread(request: HttpRequest, thread_id: int) -> HttpResponse:
    """The discussion on its own page, with what is the viewer's. Cost: 5 queries and the masthead."""
    return _thread_page(request, _readable(thread_id))


@require_safe
@never_cache
@members_only
def write(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Where "Write a comment" leads without a script: past the sign-in to the box. Cost: 2 queries."""
    return redirect(f"{_readable(thread_id).get_absolute_url()}#write")


@require_safe
@never_cache
def mine(request: HttpRequest, thread_id: int) -> HttpResponse:
    """What is laid over the page that everybody gets: votes, own links, the reply form. Cost: 5 queries."""
    found = _readable(thread_id)
    return render(request, "discussion/mine.html", _personal(request, found))


@require_safe
def comment(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """The permalink: leads to the comment in its place. Cost: 2 queries."""
    found = _find(thread_id, number)
    return redirect(f"{found.thread.url}#comment-{number}")


@require_safe
def member(request: HttpRequest, slug: str) -> HttpResponse:
    """A member's comments, newest first, each with the way to its place. Cost: 3 queries and the masthead."""
    found = get_object_or_404(User, slug=slug, is_active=True)
    page = reads.member_comments(found, request.GET.get("page", "1"))
    return render(request, "discussion/member.html", {"member": found, "page": page})


@never_cache
@members_only
@require_POST
def post_comment(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Take in a new comment. Cost: that of `actions.post_comment`."""
    found = _readable(thread_id)
    body = request.POST.get("body", "")
    try:
        posted = actions.post_comment(_member(request), thread_id, body, _key(request))
    except Refused as refusal:
        return _refuse(request, found, refusal, body)
    return _show(request, posted, status=201)


@never_cache
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit_comment(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """The form to mend one's comment, and its answer. Cost: that of `actions.edit_comment`."""
    found = _find(thread_id, number)
    if request.method != "POST":
        if not policy.may_edit(_member(request), found, found.thread):
            raise Http404
        return _own_form(request, "edit", found, found.source)
    body = request.POST.get("body", "")
    try:
        return _show(request, actions.edit_comment(_member(request), thread_id, number, body))
    except Refused as refusal:
        return _own_form(request, "edit", found, body, refusal)


@never_cache
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def delete_comment(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """Ask once, then leave a placeholder. Cost: that of `actions.delete_comment`."""
    return _confirmed(request, "delete", thread_id, number, policy.may_delete, actions.delete_comment)


@never_cache
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def remove_comment(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """A moderator takes a comment out of sight. Cost: that of `actions.remove_comment`."""
    return _confirmed(request, "remove", thread_id, number, _moderates, actions.remove_comment)


@never_cache
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def restore_comment(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """A moderator shows a removed comment again. Cost: that of `actions.restore_comment`."""
    return _confirmed(request, "restore", thread_id, number, _moderates, actions.restore_comment)


@never_cache
@members_only
@require_POST
def vote(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """Agree, disagree, or take either back. Cost: that of `actions.cast_vote`."""
    found = _find(thread_id, number)
    value = VOTES.get(request.POST.get("value", ""))
    try:
        if value is None:
            raise Refused("bad-vote", "A vote is +1, -1 or 0. Nothing was counted.")
        return _show(request, actions.cast_vote(_member(request), thread_id, number, value))
    except Refused as refusal:
        status = 400 if refusal.code == "bad-vote" else 409
        return _refuse(request, found.thread, refusal, status=status)


@never_cache
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What happens to a form without a good token: nothing, yet the words in it are not lost.

    Pages that everybody gets hold no token. Without a script their forms arrive here, and so does a form that was
    open while its session ended. If it came from this site, the viewer sees what they sent and may confirm it.
    """
    if not _same_origin(request) or not request.path_info.startswith("/t/"):
        return render(request, "theme/forbidden.html", status=403)
    if not request.user.is_authenticated:
        return _ask_to_sign_in(request)
    fields = [(k, v) for k, v in request.POST.items() if k in ("body", "key", "value")]
    return render(request, "discussion/confirm_sent.html", {"fields": fields, "back": _way_back(request)}, status=403)


# --- What these share ------------------------------------------------------------------------------------------------


def _member(request: HttpRequest) -> User:
    """The signed-in member; the views that call this are behind `login_required`."""
    assert isinstance(request.user, User)  # noqa: S101 - narrows the type, decides nothing
    return request.user


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if "body" in request.POST:
        return render(request, "discussion/signed_out.html", {"body": request.POST["body"]}, status=403)
    return redirect_to_login(_way_back(request) if request.method == "POST" else request.get_full_path())


def _readable(thread_id: int) -> Thread:
    found = get_object_or_404(Thread, pk=thread_id)
    if not policy.may_read(found):
        raise Http404
    return found


def _find(thread_id: int, number: int) -> Comment:
    found = get_object_or_404(Comment.objects.select_related("thread", "author"), thread_id=thread_id, number=number)
    if not policy.may_read(found.thread):
        raise Http404
    return found


def _key(request: HttpRequest) -> str:
    """The key of the form that was sent; a new one for a form that had none of ours."""
    sent = request.POST.get("key", "")
    return sent if re.fullmatch(r"[\w-]{1,64}", sent, re.ASCII) else _new_key()


def _new_key() -> str:
    return uuid.uuid4().hex


def _wants_fragment(request: HttpRequest) -> bool:
    return FRAGMENT_HEADER in request.headers


def _personal(request: HttpRequest, found: Thread, **more: Any) -> dict[str, Any]:
    return {
        "thread": found,
        "path": found.get_absolute_url(),
        "mine": reads.mine(found, request.user) if request.user.is_authenticated else None,
        "key": _new_key(),
        **more,
    }


def _thread_page(request: HttpRequest, found: Thread, status: int = 200, **more: Any) -> HttpResponse:
    context = {"page": reads.thread_page(found), "personal": True, **_personal(request, found, **more)}
    return render(request, "discussion/thread.html", context, status=status)


def _show(request: HttpRequest, changed: Comment, status: int = 200) -> HttpResponse:
    """The comment as everybody sees it, or without a script the way back to it."""
    if not _wants_fragment(request):
        return redirect(f"{changed.thread.get_absolute_url()}#comment-{changed.number}")
    context = {"page": (page := reads.single(changed)), "comment": changed, "path": page.path}
    return render(request, "discussion/thread.html#comment", context, status=status)


def _refuse(request: HttpRequest, found: Thread, refusal: Refused, body: str = "", status: int = 409) -> HttpResponse:
    if not _wants_fragment(request):
        return _thread_page(request, found, status, refusal=refusal, body=body)
    context = _personal(request, found, refusal=refusal, body=body)
    name = "reply" if body else "refusal"
    return render(request, f"discussion/thread.html#{name}", context, status=status)


def _own_form(
    request: HttpRequest, name: str, found: Comment, body: str = "", refusal: Refused | None = None
) -> HttpResponse:
    part = f"discussion/own.html#{name}" if _wants_fragment(request) else "discussion/own.html"
    context = {
        "form": name,
        "comment": found,
        "path": found.thread.get_absolute_url(),
        "body": body,
        "refusal": refusal,
    }
    status = 200 if refusal is None else 403 if refusal.code in NOT_THEIRS else 409
    return render(request, part, context, status=status)


def _confirmed(
    request: HttpRequest,
    name: str,
    thread_id: int,
    number: int,
    may: Callable[[policy.Viewer, Comment], bool],
    action: Callable[[User, int, int], Comment],
) -> HttpResponse:
    """A question on GET, the deed on POST."""
    found = _find(thread_id, number)
    if request.method != "POST":
        if not may(request.user, found):
            raise Http404
        return _own_form(request, name, found)
    try:
        return _show(request, action(_member(request), thread_id, number))
    except Refused as refusal:
        return _own_form(request, name, found, refusal=refusal)


def _moderates(viewer: policy.Viewer, comment: Comment) -> bool:
    return policy.may_remove(viewer)


def _same_origin(request: HttpRequest) -> bool:
    own = f"{request.scheme}://{request.get_host()}"
    sent = request.headers.get("Origin") or request.headers.get("Referer", "")
    parts = urlsplit(sent)
    return f"{parts.scheme}://{parts.netloc}" == own


def _way_back(request: HttpRequest) -> str:
    path = urlsplit(request.headers.get("Referer", "")).path
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else "/"
