"""The newsroom's own pages at the desk: errors that readers reported, and the versions of a story."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from kawaraban.discussion.views.answering import member_of
from kawaraban.errors import Refused
from kawaraban.newsroom import actions, policy, reads
from kawaraban.newsroom.corrections import ANSWER_LENGTH, Correction, ErrorReport
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.versions import REASON_LENGTH, Update
from kawaraban.sent import number as sent_number

PAGE_SIZE = 30


@require_safe
@never_cache
def errors(request: HttpRequest) -> HttpResponse:
    """The reports that wait, or those that are settled, of the stories that the viewer publishes. Cost: 4 queries."""
    return _errors(request)


@require_POST
def error(request: HttpRequest, report_id: str) -> HttpResponse:
    """Turn a report into a correction, or close it. Cost: that of the action."""
    editor, sent = member_of(request), request.POST
    try:
        if sent.get("deed") == "correct":
            number = sent.get("comment_number", "").strip().removeprefix("#")
            actions.correct_error(
                editor,
                int(report_id),
                kind=sent.get("kind", ""),
                text=sent.get("text", ""),
                comment_number=sent_number(number),
            )
            said = _("The correction stands on the story.")
        elif sent.get("deed") == "close":
            actions.close_error(editor, int(report_id), sent.get("answer", ""))
            said = _("The report is closed.")
        else:
            raise _unclear()
    except ErrorReport.DoesNotExist as missing:
        raise Http404 from missing
    except Refused as refusal:
        if refusal.code == "not-publisher":
            raise PermissionDenied from refusal
        return _errors(request, refusal, int(report_id))
    messages.success(request, said)
    return redirect("newsroom_errors")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def versions(request: HttpRequest, story_id: str) -> HttpResponse:
    """The versions of a story, to hide words that must not be read any more. Cost: 5 queries and the action's."""
    story, editor = get_object_or_404(StoryPage, pk=story_id), member_of(request)
    if not policy.may_publish(editor, story):
        raise PermissionDenied
    refusal = None
    if request.method == "POST":
        version = sent_number(request.POST.get("version")) or 0
        try:
            if request.POST.get("deed") == "show":
                actions.show_version(editor, story.pk, version)
            else:
                actions.hide_version(editor, story.pk, version, request.POST.get("reason", ""))
        except Update.DoesNotExist as missing:
            raise Http404 from missing
        except Refused as caught:
            refusal = caught
        else:
            messages.success(
                request,
                _("Version {version} of “{title}” was changed for readers.").format(version=version, title=story.title),
            )
            return redirect("newsroom_versions", story.pk)
    context = {
        "story": story,
        "updates": reads.updates_of(story),
        "refusal": refusal,
        "reason_length": REASON_LENGTH,
    }
    return _page(
        request,
        "versions",
        _("Versions of “{title}”").format(title=story.title),
        context,
        status=409 if refusal else 200,
    )


def _errors(request: HttpRequest, refusal: Refused | None = None, about: int = 0) -> HttpResponse:
    viewer = member_of(request)
    if not policy.may_publish_any(viewer):
        raise PermissionDenied
    is_settled = request.GET.get("settled") == "1"
    found = Paginator(reads.error_reports(viewer, is_settled=is_settled), PAGE_SIZE)
    reports = found.get_page(request.GET.get("p", "1"))
    context = {
        "reports": reads.with_passages(reports),
        "pages": reports,
        "is_settled": is_settled,
        "kinds": Correction.Kind.choices,
        "answer_length": ANSWER_LENGTH,
        "refusal": refusal,
        "about": about,
        "sent": request.POST if refusal else {},
    }
    return _page(request, "errors", _("Reported errors"), context, status=409 if refusal else 200)


def _unclear() -> Refused:
    return Refused(
        "error-report-unclear",
        _("It was not clear what you decided. Nothing was changed; use one of the buttons below."),
    )


def _page(request: HttpRequest, name: str, title: str, context: dict[str, Any], *, status: int) -> HttpResponse:
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}, {"url": "", "label": title}]
    common = {"page_title": title, "header_title": title, "breadcrumbs_items": crumbs}
    return render(request, f"newsroom/desk/{name}.html", {**common, **context}, status=status)
