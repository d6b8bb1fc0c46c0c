"""Reporting a comment, where it is read; and hearing what became of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kawaraban.decisions import reads as rules
from kawaraban.discussion.models import Comment
from kawaraban.discussion.views.answering import find_comment, member_of, members_only
from kawaraban.errors import Refused
from kawaraban.moderation import actions, policy, reads
from kawaraban.moderation.models import Report
from kawaraban.sent import number as sent_number

# In place of a rule's number: it is not our rules that it breaks, but the law.
ILLEGAL = "law"


@never_cache
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, thread_id: int, number: int) -> HttpResponse:
    """The form of a report; once it is made, what became of it, and the appeal. Cost: 5 queries and the action's."""
    comment = find_comment(request, thread_id, number)
    member = member_of(request)
    if request.method != "POST":
        made = reads.report_of(member, comment)
        if made is None and not policy.may_report(member, comment):
            raise Http404
        return _page(request, comment, made)
    if request.POST.get("rule") == ILLEGAL:
        return redirect(f"{reverse('moderation:notice')}?{urlencode({'url': comment.get_absolute_url()})}")
    try:
        _send(request, comment)
    except Refused as refusal:
        return _page(request, comment, reads.report_of(member, comment), refusal)
    return redirect("moderation:report", thread_id, number)


def _send(request: HttpRequest, comment: Comment) -> None:
    member, sent = member_of(request), request.POST
    if sent.get("deed") == "appeal":
        made = reads.report_of(member, comment)
        if made is None:
            raise Http404
        actions.appeal_report(member, made.pk, sent.get("words", ""))
        return
    number = sent_number(sent.get("rule"))
    actions.report_comment(member, comment.thread_id, comment.number, rule=number, words=sent.get("words", ""))


def _page(request: HttpRequest, comment: Comment, made: Report | None, refusal: Refused | None = None) -> HttpResponse:
    context: dict[str, Any] = {"comment": comment, "report": made, "refusal": refusal, "sent": request.POST}
    if made is None:
        context["rules"] = rules.rules()
    else:
        context["appeal"] = reads.appeal_of_report(made)
        context["may_appeal"] = policy.may_appeal_report(member_of(request), made)
    return render(request, "moderation/report.html", context, status=409 if refusal else 200)
