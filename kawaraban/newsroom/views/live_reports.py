"""The page at the desk on which a live report is written: fast, and without revisions in between."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from kawaraban.accounts.models import User
from kawaraban.discussion.views.answering import form_key, member_of, new_key
from kawaraban.errors import Refused
from kawaraban.newsroom import actions, live_reports, policy
from kawaraban.newsroom.live_reports import HEADLINE_LENGTH, WORDS_LENGTH, LiveEntry
from kawaraban.newsroom.models import StoryPage
from kawaraban.sent import number as sent_number

PAGE_SIZE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def live_report(request: HttpRequest, story_id: str) -> HttpResponse:
    """The entries, newest first, and the form for one more. Cost: 7 queries and the action's."""
    story, editor = _publishable(request, story_id)
    refusal = None
    if request.method == "POST":
        try:
            if request.POST.get("deed") in ("end", "resume"):
                actions.end_report(editor, story.pk, ends=request.POST["deed"] == "end")
            else:
                actions.write_entry(editor, story.pk, _draft(request), form_key(request))
        except Refused as caught:
            refusal = caught
        else:
            return redirect("newsroom_live", story.pk)
    report = live_reports.view(story.pk)
    context = {
        "story": story,
        "report": report,
        "entries": Paginator(report.entries, PAGE_SIZE).get_page(request.GET.get("p", "1")),
        "is_public": story.live and story.kind == StoryPage.Kind.LIVE,
        "key": form_key(request) if refusal else new_key(),
        "sent": request.POST if refusal else {},
    }
    title = _("Live report: {title}").format(title=story.title)
    return _page(request, "live_report", story, title, context, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def live_entry(request: HttpRequest, story_id: str, number: str) -> HttpResponse:
    """One entry, to correct it or to take it back. Cost: 5 queries and the action's."""
    story, editor = _publishable(request, story_id)
    refusal = None
    if request.method == "POST":
        changed = sent_number(request.POST.get("changed")) or 0
        try:
            if request.POST.get("deed") == "take back":
                actions.take_back_entry(editor, story.pk, int(number), changed)
                said = _("Entry {number} was taken back.")
            else:
                actions.correct_entry(editor, story.pk, int(number), _draft(request), changed)
                said = _("Entry {number} was corrected.")
        except LiveEntry.DoesNotExist as missing:
            raise Http404 from missing
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, said.format(number=number))
            return redirect("newsroom_live", story.pk)
    entry = get_object_or_404(LiveEntry.objects.select_related("writer"), report__story=story, number=number)
    context = {"story": story, "entry": entry, "sent": request.POST if refusal else {}}
    return _page(
        request,
        "live_entry",
        story,
        _("Entry {number} of “{title}”").format(number=number, title=story.title),
        context,
        refusal,
    )


def _publishable(request: HttpRequest, story_id: str) -> tuple[StoryPage, User]:
    story, editor = get_object_or_404(StoryPage, pk=story_id), member_of(request)
    if not policy.may_publish(editor, story):
        raise PermissionDenied
    return story, editor


def _draft(request: HttpRequest) -> actions.EntryDraft:
    sent = request.POST
    return actions.EntryDraft(sent.get("words", ""), sent.get("headline", ""), is_key="is_key" in sent)


def _page(
    request: HttpRequest, name: str, story: StoryPage, title: str, context: dict[str, Any], refusal: Refused | None
) -> HttpResponse:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("wagtailadmin_pages:edit", args=[story.pk]), "label": story.title},
        {"url": "", "label": title},
    ]
    common = {
        "page": story,
        "page_title": title,
        "header_title": title,
        "breadcrumbs_items": crumbs,
        "refusal": refusal,
        "headline_length": HEADLINE_LENGTH,
        "words_length": WORDS_LENGTH,
    }
    status = 409 if refusal else 200
    return render(request, f"newsroom/desk/{name}.html", {**common, **context}, status=status)
