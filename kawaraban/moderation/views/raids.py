"""The page of a thread when a raid comes: each measure one press, each to be undone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from kawaraban.decisions.reads import rules
from kawaraban.discussion.models import Thread
from kawaraban.errors import Refused
from kawaraban.moderation import actions, reads
from kawaraban.moderation.views.desk import member_of, moderators_only, page, preview
from kawaraban.sent import number as sent_number

NEW_DAYS = 7
SLOW_MINUTES = 5


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, thread_id: int) -> HttpResponse:
    """What is going on in a thread, and what can be done about all of it. Cost: 8 queries, and those of the action."""
    found = get_object_or_404(Thread, pk=thread_id)
    refusal = None
    if request.method == "POST":
        try:
            if request.POST.get("deed") == "remove_new":
                return _preview_removal(request, found)
            _take_measure(request, found)
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, _("Done. It can be undone for a day, below."))
            return redirect("moderation_thread", thread_id=found.pk)
    found.refresh_from_db()
    now = timezone.localtime()
    context = {
        "thread": found,
        "figures": reads.figures_of(found),
        "batches": reads.batches(found.pk),
        "rules": rules(),
        "refusal": refusal,
        "new_days": NEW_DAYS,
        "slow_minutes": SLOW_MINUTES,
        "this_evening": (now - timedelta(hours=2)).replace(minute=0),
        "here": request.path,
    }
    return page(request, "raid", _("Raid: {title}").format(title=found.title), context, status=409 if refusal else 200)


def _take_measure(request: HttpRequest, found: Thread) -> None:
    sent, moderator = request.POST, member_of(request)
    deed = sent.get("deed", "")
    if deed == "stop_new":
        actions.stop_new_accounts(moderator, found.pk, sent_number(sent.get("days")) or 0)
    elif deed == "slow":
        actions.slow_down(moderator, found.pk, sent_number(sent.get("minutes")) or 0)
    elif deed == "hold_all":
        actions.hold_everything(moderator, found.pk)
    elif deed == "hold_new":
        actions.hold_accounts_made_since(moderator, found.pk, _moment(sent.get("made_since", "")))
    else:
        raise Refused(
            "no-deed",
            _("It was not clear what to do with this discussion. Nothing was changed; use the buttons below."),
        )


def _preview_removal(request: HttpRequest, found: Thread) -> HttpResponse:
    """What new accounts have written since a time, to be looked through before it is removed."""
    since = _moment(request.POST.get("made_since", "")), _moment(request.POST.get("written_since", ""))
    wanted = {comment.pk: "" for comment in reads.comments_of_new_accounts(found, *since)}
    return preview(request, "remove", wanted, found)


def _moment(text: str) -> datetime:
    """The moment that a form names in the site's time zone."""
    try:
        moment = parse_datetime(text.strip())
        if moment is not None and timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or not 2000 <= moment.year <= 9000:
        raise Refused("since-unclear", _("The time was not understood. Nothing was changed; choose it again."))
    return moment
