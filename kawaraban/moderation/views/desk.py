"""The queues at the desk, and decisions about many cases at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from kawaraban.accounts.models import User
from kawaraban.decisions.actions import Ground
from kawaraban.decisions.reads import rules
from kawaraban.discussion.models import Thread
from kawaraban.errors import Refused
from kawaraban.moderation import actions, policy, reads
from kawaraban.moderation.models import Batch
from kawaraban.screening import languages
from kawaraban.sent import number as sent_number

# Of what is shown before a deed is done to many.
TITLES = {
    "approve": gettext_lazy("Before you approve"),
    "remove": gettext_lazy("Before you remove"),
    "hold": gettext_lazy("Before you hold"),
    "fold": gettext_lazy("Before you fold"),
}
MOST_DIGITS = 999_999_999  # what an address may name: the keys of our tables are smaller


def moderators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let those in who moderate; the desk sends others back to its front with a sentence. Nothing here is kept."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not policy.may_settle(member_of(request)):
            raise PermissionDenied
        if any(isinstance(key, int) and key > MOST_DIGITS for key in kwargs.values()):
            raise Http404
        return view(request, **kwargs)

    return guarded


def member_of(request: HttpRequest) -> User:
    """The signed-in member; the desk lets nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101 - narrows the type, decides nothing
    return request.user


def page(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the desk with what all of ours have: the way back, the last deed, whether keys are wanted."""
    profile = getattr(request.user, "wagtail_userprofile", None)
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("moderation"), "label": _("Moderation")},
    ]
    common = {
        "page_title": title,
        "header_title": title,
        "header_icon": "view",
        "breadcrumbs_items": [*crumbs, {"url": "", "label": title}],
        "undoable": reads.undoable(member_of(request)),
        "keys": getattr(profile, "keyboard_shortcuts", True),
    }
    return render(request, f"moderation/desk/{template}.html", {**common, **context}, status=status)


@moderators_only
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The first queue that has something in it. Cost: 6 queries."""
    waiting = reads.counts()
    name = next((name for name, each in waiting.items() if each.count), "reported")
    return redirect("moderation_queue", name=name)


@moderators_only
@require_safe
def queue(request: HttpRequest, name: str) -> HttpResponse:
    """A queue, or a part of it. Cost: about 20 queries at any length, besides the desk's own."""
    return queue_page(request, name)


def queue_page(
    request: HttpRequest, name: str, refusal: Refused | None = None, answered: int | None = None
) -> HttpResponse:
    """A queue, or a part of it. Cost: about 20 queries at any length, besides the desk's own.

    Args:
        refusal: of an answer that was sent, whose words stand in the form again.
        answered: the key of the appeal or notice that was answered.
    """
    headings = {**reads.QUEUES, **reads.OTHERS}
    if name not in headings:
        raise Http404
    filters = reads.filters_of(request.GET)
    context: dict[str, Any] = {
        "refusal": refusal,
        "answered": answered,
        "here": reverse("moderation_queue", args=[name]) if refusal else request.get_full_path(),
        "name": name,
        "headings": headings,
        "waiting": reads.counts(),
        "filters": filters,
        "rules": rules(),
        "batches": reads.batches(),
        "query": filters.query(queue=name),
    }
    if name in reads.QUEUES:
        context |= {
            "listing": reads.listing(name, filters, sent_number(request.GET.get("p")) or 1),
            "sections": reads.sections(),
            "languages": languages.KNOWN,
            "ages": {"hour": _("an hour"), "day": _("a day"), "week": _("a week")},
            "plain_query": filters.query(),
            "deeds": reads.BULK_DEEDS,
        }
    elif name == "appeals":
        context["appeals"] = reads.open_appeals()
        context["is_alone_allowed"] = reads.site_settings().single_moderator_allowed
    elif name == "notices":
        context["notices"] = reads.open_notices()
    else:
        context["rings"] = reads.open_rings()
    return page(request, "queue", str(headings[name]), context, status=409 if refusal else 200)


@moderators_only
@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """How many cases each queue has, for pages that are open. Cost: 6 queries."""
    waiting = reads.counts()
    return JsonResponse(
        {
            name: {"count": each.count, "oldest": timesince(each.oldest) if each.oldest else ""}
            for name, each in waiting.items()
        }
    )


@moderators_only
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """What a deed will do to the ticked cases; and, confirmed, the deed. Cost: 10 queries, 25 for each to do it."""
    sent, moderator = request.POST, member_of(request)
    deed, ground = sent.get("deed", ""), ground_of(request)
    wanted = ticked(request)
    thread = Thread.objects.filter(pk=sent_number(sent.get("thread")) or 0).first()
    refusal = None
    if deed not in reads.BULK_DEEDS or not wanted:
        messages.error(request, _("Tick the comments and choose what to do with them. Nothing was changed."))
        return redirect(way_back(request))
    if "confirm" in sent:
        try:
            if thread is not None:
                batch = actions.remove_of_new_accounts(moderator, thread.pk, wanted, ground)
            else:
                batch = actions.decide_many(moderator, wanted, actions.Deed(deed, ground))
        except Refused as caught:
            refusal = caught
        else:
            count = len(batch.before["comments"])
            messages.success(
                request,
                _("{deed}: {count}. It can be undone for a day.").format(
                    deed=actions.DEEDS[deed].capitalize(), count=count
                ),
            )
            return redirect(way_back(request))
    return preview(request, deed, wanted, thread, refusal)


def preview(
    request: HttpRequest,
    deed: str,
    wanted: dict[int, str],
    thread: Thread | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    """What will be done to how many, and what will be left alone and why. Cost: 8 queries."""
    if deed not in reads.BULK_DEEDS:
        raise Http404
    context = {
        "deed": deed,
        "deed_words": reads.BULK_DEEDS[deed],
        "plan": reads.plan(member_of(request), wanted, deed),
        "rules": rules(),
        "thread": thread,
        "refusal": refusal,
        "sent": request.POST,
        "back": way_back(request),
        "most": reads.MOST_AT_ONCE,
    }
    return page(request, "preview", str(TITLES[deed]), context, status=409 if refusal else 200)


@moderators_only
@require_POST
def undo_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take back what was done to many, or to a thread. Cost: that of `actions.undo_batch`."""
    try:
        messages.success(request, actions.undo(member_of(request), batch_id))
    except Batch.DoesNotExist as error:
        raise Http404 from error
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(way_back(request))


def ticked(request: HttpRequest) -> dict[int, str]:
    """The ticked comments with the state in which the form showed each."""
    found = {}
    for each in request.POST.getlist("case")[: 4 * reads.MOST_AT_ONCE]:
        key, _, state = each.partition(":")
        if number := sent_number(key):
            found[number] = state
    return found


def ground_of(request: HttpRequest) -> Ground:
    """The rule and the reason that a moderator has given."""
    return Ground(request.POST.get("facts", ""), rule=sent_number(request.POST.get("rule")))


def way_back(request: HttpRequest) -> str:
    """The page of ours that a form names to go back to; the queues for any other."""
    address = request.POST.get("back", "")
    home = reverse("moderation")
    return address if address.startswith(home) and "\\" not in address else home
