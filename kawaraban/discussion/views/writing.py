"""Posting, previewing, editing, deleting, and what moderators do to a comment."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kawaraban.accounts.models import User
from kawaraban.decisions.actions import Ground
from kawaraban.decisions.reads import rules as list_of_rules
from kawaraban.discussion import actions, checks, policy, reads
from kawaraban.discussion.models import Comment, Thread
from kawaraban.discussion.typesetting import CUT
from kawaraban.discussion.views.answering import (
    ask_to_sign_in,
    find_comment,
    form_key,
    member_of,
    members_only,
    own_form,
    personal,
    readable_thread,
    refuse,
    show,
    wants_fragment,
    way_back,
)
from kawaraban.errors import Refused
from kawaraban.sent import number as sent_number

# What somebody has written and what they said about it; everything else in a form can be made again.
WRITTEN = (
    "body", "key", "value", "to", "plain", "quotations", "url", "reason", "words", "deed", "until", "successor",
    "slow_minutes", "member_days", "is_questions", "rule", "facts", "as_it_is",
)  # fmt: skip


@require_safe
@never_cache
@members_only
def write(request: HttpRequest, thread_id: int) -> HttpResponse:
    """The box to write in, for an answer to a comment or with a quotation in it. Cost: 9 queries.

    `?to=12` answers a comment, `?quote=12` quotes it, `?passage=3` quotes a paragraph of the story.
    """
    found = readable_thread(thread_id)
    to = sent_number(request.GET.get("to") or request.GET.get("quote"))
    passage = sent_number(request.GET.get("passage"), least=0)
    if to is None and passage is None:
        return redirect(f"{found.get_absolute_url()}#write")
    source = find_comment(request, thread_id, to) if to else None
    body = reads.quotation_of(source) if source and "quote" in request.GET else ""
    if passage is not None and source is None:
        body = reads.quotation_of_story(found, passage)
    seat = reads.seat(found, member_of(request))
    body = "\n\n".join(part for part in (seat.draft if seat else "", body) if part)
    context = {"source": source, "body": f"{body}\n\n" if body else "", "to": to or "", **personal(request, found)}
    return render(request, "discussion/write.html", context)


@never_cache
@members_only
@require_POST
def preview(request: HttpRequest, thread_id: int) -> HttpResponse:
    """The words as they will look, the quotations recognised in them, and what would let them wait.

    Cost: 7 to 16 queries.
    """
    found = readable_thread(thread_id)
    body, plain = request.POST.get("body", ""), request.POST.getlist("plain")
    shown = reads.preview(found, body, plain)
    foreseen = checks.foreseen(found, member_of(request), body, plain)
    if wants_fragment(request):
        return render(request, "discussion/write.html#preview", {"preview": shown, "foreseen": foreseen})
    context = {
        "preview": shown,
        "foreseen": foreseen,
        "body": body,
        "to": request.POST.get("to", ""),
        **personal(request, found),
    }
    context["key"] = form_key(request)
    return render(request, "discussion/write.html", context)


@never_cache
@members_only
@require_POST
def keep_draft(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Keep what a member has begun to write, for when they come back. Cost: 3 queries."""
    try:
        actions.keep_draft(member_of(request), readable_thread(thread_id), request.POST.get("body", ""))
    except Refused as refusal:
        return HttpResponse(refusal.message, status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


@never_cache
@members_only
@require_POST
def mark_seen(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Remember up to which comment a member has been shown the thread. Cost: 3 queries."""
    found = readable_thread(thread_id)
    actions.mark_seen(member_of(request), found, sent_number(request.POST.get("number")) or found.last_number)
    return HttpResponse(status=204)


@never_cache
@members_only
@require_POST
def post_comment(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Take in a new comment. Cost: that of `actions.post_comment`."""
    body, to, plain = request.POST.get("body", ""), request.POST.get("to", ""), request.POST.getlist("plain")
    try:
        posted = actions.post_comment(
            member_of(request),
            thread_id,
            body,
            form_key(request),
            reply_to=sent_number(to),
            unquoted=plain[:100],
            as_it_is="as_it_is" in request.POST,
        )
    except Thread.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        # A thread that is switched off takes no comments, and nobody is told more of it than that.
        found = readable_thread(thread_id)
        return refuse(request, found, refusal, body=body, to=sent_number(to) or "", plain=plain[:100])
    return show(request, posted, status=201)


@never_cache
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit_comment(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """The form to mend one's comment, and its answer. Cost: that of `actions.edit_comment`."""
    found = find_comment(request, thread_id, number)
    if request.method != "POST":
        if not policy.may_edit(member_of(request), found, found.thread):
            raise Http404
        shown = reads.preview(found.thread, found.source, found.unquoted, number)
        return own_form(request, "edit", found, found.source, preview=shown)
    body = request.POST.get("body", "")
    # A form without the list of quotations has nothing to say about them.
    plain = request.POST.getlist("plain")[:100] if "quotations" in request.POST else None
    try:
        return show(request, actions.edit_comment(member_of(request), thread_id, number, body, unquoted=plain))
    except Refused as refusal:
        return own_form(request, "edit", found, body, refusal)


@never_cache
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def delete_comment(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """Ask once, then leave a placeholder. Cost: that of `actions.delete_comment`."""
    return _confirmed(request, "delete", thread_id, number, policy.may_delete, actions.delete_comment)


RESTRICTIONS = {"remove": actions.remove_comment, "hold": actions.hold_comment, "fold": actions.fold_comment}


@never_cache
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def remove_comment(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """A moderator removes, holds or folds a comment, with a rule. Cost: 2 queries more than the action."""
    found = find_comment(request, thread_id, number)
    if request.method != "POST":
        return _decision_form(request, "remove", found)
    deed = RESTRICTIONS.get(request.POST.get("deed", "remove"), actions.remove_comment)
    try:
        return show(request, deed(member_of(request), thread_id, number, _ground(request)))
    except Refused as refusal:
        return _decision_form(request, "remove", found, refusal=refusal)


@never_cache
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def cut_comment(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """A moderator takes personal data out of a comment. Cost: 2 queries more than `actions.edit_out`."""
    found = find_comment(request, thread_id, number)
    body = request.POST.get("body", found.source)
    if request.method != "POST":
        return _decision_form(request, "cut", found, body)
    try:
        return show(request, actions.edit_out(member_of(request), thread_id, number, body, _ground(request)))
    except Refused as refusal:
        return _decision_form(request, "cut", found, body, refusal)


@never_cache
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def restore_comment(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """A moderator shows a removed comment again. Cost: that of `actions.restore_comment`."""
    return _confirmed(request, "restore", thread_id, number, _moderates, actions.restore_comment)


@never_cache
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What happens to a form without a good token: nothing, yet the words in it are not lost.

    Pages that everybody gets hold no token. Without a script their forms arrive here, and so does a form that was
    open while its session ended. If it came from this site, the viewer sees what they sent and may confirm it.
    """
    if not _same_origin(request) or not request.path_info.startswith("/t/"):
        return render(request, "theme/forbidden.html", status=403)
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    fields = [(name, value) for name in WRITTEN for value in request.POST.getlist(name)[:100]]
    return render(request, "discussion/confirm_sent.html", {"fields": fields, "back": way_back(request)}, status=403)


def _confirmed(
    request: HttpRequest,
    name: str,
    thread_id: int,
    number: int,
    may: Callable[[policy.Viewer, Comment], bool],
    action: Callable[[User, int, int], Comment],
) -> HttpResponse:
    """A question on GET, the deed on POST."""
    found = find_comment(request, thread_id, number)
    if request.method != "POST":
        if not may(request.user, found):
            raise Http404
        return own_form(request, name, found)
    try:
        return show(request, action(member_of(request), thread_id, number))
    except Refused as refusal:
        return own_form(request, name, found, refusal=refusal)


def _ground(request: HttpRequest) -> Ground:
    """The rule and the reason that a moderator has given."""
    return Ground(request.POST.get("facts", ""), rule=sent_number(request.POST.get("rule")))


def _decision_form(
    request: HttpRequest, name: str, found: Comment, body: str = "", refusal: Refused | None = None
) -> HttpResponse:
    if not policy.may_remove(request.user) and refusal is None:
        raise Http404
    rules = list_of_rules() if policy.may_remove(request.user) else []
    return own_form(request, name, found, body, refusal, rules=rules, sent=request.POST, cut=CUT)


def _moderates(viewer: policy.Viewer, comment: Comment) -> bool:
    return policy.may_remove(viewer)


def _same_origin(request: HttpRequest) -> bool:
    own = f"{request.scheme}://{request.get_host()}"
    sent = request.headers.get("Origin") or request.headers.get("Referer", "")
    parts = urlsplit(sent)
    return f"{parts.scheme}://{parts.netloc}" == own
