"""Readers report an error in a story: they choose a paragraph, and say what is wrong with it."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kawaraban.accounts.models import User
from kawaraban.discussion.views.answering import member_of, members_only
from kawaraban.errors import Refused
from kawaraban.newsroom import actions, reads
from kawaraban.newsroom.corrections import NAME_LENGTH, WORDS_LENGTH, ErrorReport
from kawaraban.newsroom.models import StoryPage
from kawaraban.sent import number as sent_number

# Of what a reader has selected, enough to find the paragraph and to say which words are meant.
SELECTED_LENGTH = 500


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_error(request: HttpRequest, story_id: int) -> HttpResponse:
    """The paragraphs to choose from; one chosen, or words of one selected, the form; sent, the thanks.

    Cost: 4 queries and the masthead.
    """
    try:
        story = reads.published_story(story_id)
    except StoryPage.DoesNotExist as error:
        raise Http404 from error
    if request.method != "POST":
        return _page(request, story)
    try:
        if request.POST.get("homepage"):
            raise Refused(
                "error-report-by-program",
                _("The field that only programs see was filled in, so nothing was sent. Empty it and send again."),
            )
        if not ratelimit.consume(request, action="notice"):
            raise Refused(
                "error-reports-often",
                _(
                    "Much has been reported from where you are within an hour. Nothing was sent. Your words are kept "
                    "below; send them later."
                ),
            )
        actions.report_error(story_id, _found(request), request.user if isinstance(request.user, User) else None)
    except Refused as refusal:
        return _page(request, story, refusal)
    except StoryPage.DoesNotExist as error:
        raise Http404 from error
    return redirect("newsroom:error_sent", story_id=story.pk)


@require_safe
def sent(request: HttpRequest, story_id: int) -> HttpResponse:
    """That the newsroom has it. Cost: 2 queries and the masthead."""
    try:
        story = reads.published_story(story_id)
    except StoryPage.DoesNotExist as error:
        raise Http404 from error
    return render(request, "newsroom/error_sent.html", {"story": story})


@require_safe
@never_cache
@members_only
def answered(request: HttpRequest, story_id: int, report_id: int) -> HttpResponse:
    """What became of a report, for the member who made it. Cost: 2 queries and the masthead."""
    try:
        report = reads.own_error_report(member_of(request), story_id, report_id)
    except ErrorReport.DoesNotExist as error:
        raise Http404 from error
    return render(request, "newsroom/error_answered.html", {"report": report})


def _found(request: HttpRequest) -> actions.Found:
    position = sent_number(request.POST.get("passage"), least=0)
    return actions.Found(
        version=sent_number(request.POST.get("version")) or 0,
        position=position,
        words=request.POST.get("words", ""),
        wants_thanks="thanks" in request.POST,
        name=request.POST.get("name", ""),
    )


def _page(request: HttpRequest, story: StoryPage, refusal: Refused | None = None) -> HttpResponse:
    chosen = request.POST.get("passage") if refusal else request.GET.get("passage")
    passages = reads.passages_of(story)
    selected = " ".join(request.GET.get("words", "")[:SELECTED_LENGTH].split())
    places = [place for place, text in enumerate(passages) if selected and selected in " ".join(text.split())]
    if chosen is None and places:
        chosen = str(places[0])
    elif refusal is None:
        # What is not in the story is not shown as if it were.
        selected = ""
    position = sent_number(chosen, least=0)
    context = {
        "story": story,
        "version": story.version,
        "passages": passages,
        "is_chosen": chosen is not None,
        "position": position if position is not None and position < len(passages) else None,
        "passage": passages[position] if position is not None and position < len(passages) else "",
        "selected": selected,
        "refusal": refusal,
        "sent": request.POST if refusal else {},
        "words_length": WORDS_LENGTH,
        "name_length": NAME_LENGTH,
    }
    status = 200 if refusal is None else 429 if refusal.code == "error-reports-often" else 409
    return render(request, "newsroom/error.html", context, status=status)
