"""What the newsroom decides about a whole discussion, made where it is read."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kawaraban import markup
from kawaraban.discussion import actions, policy, reads
from kawaraban.discussion.models import Closing, Thread
from kawaraban.discussion.views.answering import NOT_THEIRS, member_of, members_only, readable_thread
from kawaraban.errors import Refused
from kawaraban.sent import number as sent_number


@never_cache
@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Close a discussion with a reason, open it again, or set its rules. Cost: 4 queries, and those of the action."""
    found = readable_thread(thread_id)
    if request.method != "POST" and not policy.may_close(member_of(request)):
        raise Http404
    if request.method != "POST":
        return _form(request, found)
    try:
        _decide(request, found)
    except Refused as refusal:
        return _form(request, found, refusal)
    return redirect(f"{found.get_absolute_url()}#discussion")


def _decide(request: HttpRequest, found: Thread) -> None:
    editor, sent = member_of(request), request.POST
    deed = sent.get("deed", "")
    if deed == "close":
        actions.close_thread(
            editor,
            found.pk,
            reason=sent.get("reason", ""),
            words=sent.get("words", ""),
            until=_moment(sent.get("until", "")),
            successor=_successor(sent.get("successor", "")),
        )
    elif deed == "open":
        actions.reopen_thread(editor, found.pk)
    elif deed == "rules":
        actions.set_rules(
            editor,
            found.pk,
            slow_seconds=60 * _count(sent.get("slow_minutes", "0")),
            member_days=_count(sent.get("member_days", "0")),
            is_questions="is_questions" in sent,
        )
    else:
        raise Refused(
            "no-deed",
            _("It was not clear what to do with this discussion. Nothing was changed; use the buttons below."),
        )


def _form(request: HttpRequest, found: Thread, refusal: Refused | None = None) -> HttpResponse:
    found.refresh_from_db()
    context = {
        "thread": found,
        "closing": reads.closing_of(found),
        "reasons": [pair for pair in Closing.Reason.choices if pair[0] not in ("import", "age")],
        "refusal": refusal,
        "sent": request.POST,
        "slow_minutes": found.slow_seconds // 60,
    }
    may = policy.may_close(member_of(request))
    status = 200 if refusal is None else 403 if refusal.code in NOT_THEIRS or not may else 409
    return render(request, "discussion/closing.html", context, status=status)


def _moment(text: str) -> datetime | None:
    """The moment that a form names in the site's time zone."""
    if not text.strip():
        return None
    try:
        moment = parse_datetime(text.strip())
        if moment is not None:
            moment = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
            moment.astimezone(UTC)  # as the database keeps it
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise Refused(
            "until-unclear", _("The time to open again was not understood. Nothing was changed; choose it again.")
        )
    return moment


def _successor(address: str) -> Thread | None:
    """The thread of the story at an address of this site."""
    if not address.strip():
        return None
    try:
        path = urlsplit(markup.tidy(address).strip()).path
    except ValueError:  # brackets that are no address
        path = ""
    found = Thread.objects.filter(url=path if path.endswith("/") else f"{path}/").first()
    if found is None or not policy.may_read(found):
        raise Refused(
            "no-successor", _("There is no discussion at that address. Nothing was changed; copy the story's address.")
        )
    return found


def _count(text: str) -> int:
    found = sent_number(text, least=0, digits=6)
    if found is None:
        raise Refused("rules-range", _("A wait is at most a day, a membership at most 366 days. Nothing was changed."))
    return found
