"""The wire at the desk, and the address to which agencies post."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from kawaraban.accounts.models import User
from kawaraban.errors import Refused
from kawaraban.formats import parcels
from kawaraban.sent import number as sent_number
from kawaraban.wire import actions, planning, policy, reads
from kawaraban.wire.models import Feed, Voice, WireItem, WireVersion

MOST_PUSHED = 10 * 1024 * 1024
MOST_KEY = 999_999_999


def for_the_desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let editors and administrators in; the desk sends others back to its front with a sentence."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not policy.may_use_wire(_member(request)):
            raise PermissionDenied
        if any(isinstance(key, int) and key > MOST_KEY for key in kwargs.values()):
            raise Http404
        return view(request, **kwargs)

    return guarded


def _member(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - narrows the type: the desk lets nobody else in
    return request.user


def _page(request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> HttpResponse:
    common = {
        "page_title": title,
        "header_title": title,
        "header_icon": "mail",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("wire"), "label": _("Wire")},
            *([] if template == "inbox" else [{"url": "", "label": title}]),
        ],
    }
    return render(request, f"wire/{template}.html", {**common, **context})


@for_the_desk
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What agencies have sent, as far as the filters ask for it. Cost: 9 queries at any length, and the desk's own."""
    filters = reads.filters_of(request.GET)
    context = {
        "filters": filters,
        "items": reads.inbox(filters, request.GET.get("p")),
        "alarms": reads.alarms(),
        "broken": reads.broken_feeds(),
        "asking": reads.heard(only_asking=True),
        "providers": reads.providers(),
        "sections": reads.sections(),
        "urgencies": range(1, 10),
        "states": [*WireItem.State.choices, ("update", _("Used, and updated since"))],
        "unread": reads.unread(),
        "latest": reads.latest(),
    }
    return _page(request, "inbox", _("Wire"), context)


@for_the_desk
@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """How many items are unread, for a page that is open. Cost: 3 queries."""
    return JsonResponse({"unread": reads.unread(), "latest": reads.latest(), "alarms": len(reads.alarms())})


@for_the_desk
@require_safe
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    """An item, which is read from now on. Cost: about 9 queries at any number of versions, and the desk's own."""
    actions.mark_read(item_id)
    found = _found(item_id)
    shown = reads.shown(found, sent_number(request.GET.get("version")))
    return _page(request, "item", str(found)[:100], {"shown": shown, "item": found, "sections": reads.sections()})


def _found(item_id: int) -> WireItem:
    try:
        return reads.find(item_id)
    except WireItem.DoesNotExist as error:
        raise Http404 from error


@for_the_desk
@require_POST
def make_story(request: HttpRequest, item_id: int) -> HttpResponse:
    """Make a story of an item and open it in the editor. Cost: that of `actions.make_story`."""
    section = sent_number(request.POST.get("section"))
    try:
        made = actions.make_story(_member(request), item_id, section)
    except WireItem.DoesNotExist as error:
        raise Http404 from error
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("wire_item", item_id=item_id)
    for warning in made.warnings:
        messages.warning(request, warning)
    return redirect("wagtailadmin_pages:edit", made.story.pk)


@for_the_desk
@require_POST
def merge(request: HttpRequest, item_id: int) -> HttpResponse:
    """Let the story follow the newest version, as a draft or published. Cost: that of `actions.merge_update`."""
    publishes = request.POST.get("publish") == "yes"
    try:
        stays = actions.merge_update(
            _member(request), item_id, publish=publishes, correction=request.POST.get("correction", "")
        )
    except WireItem.DoesNotExist as error:
        raise Http404 from error
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("wire_item", item_id=item_id)
    story = _found(item_id).story
    if stays:
        messages.warning(
            request,
            _("Left as an editor wrote it: {stays}. Compare it with the wire.").format(stays=planning.names_of(stays)),
        )
    else:
        messages.success(request, _("The story follows the newest version."))
    if publishes or story is None:
        return redirect("wire_item", item_id=item_id)
    return redirect("wagtailadmin_pages:edit", story.pk)


@for_the_desk
@require_POST
def unread(request: HttpRequest, item_id: int) -> HttpResponse:
    """Put an item back among the unread. Cost: 1 query."""
    actions.mark_unread(item_id)
    return redirect("wire")


@for_the_desk
@require_POST
def acknowledge(request: HttpRequest, item_id: int) -> HttpResponse:
    """Take an alarm off the desk. Cost: 1 query."""
    actions.acknowledge(item_id)
    return redirect("wire_item", item_id=item_id)


@for_the_desk
@require_safe
def raw(request: HttpRequest, version_id: int) -> HttpResponse:
    """The bytes in which a version came, to be saved; no browser makes anything of them. Cost: 1 query."""
    version = WireVersion.objects.select_related("delivery").filter(pk=version_id).first()
    if version is None or not version.delivery.payload:
        raise Http404
    data = bytes(version.delivery.payload)
    ending, kind = ("zip", "application/zip") if parcels.is_zip(data) else ("txt", "text/plain; charset=utf-8")
    headers = {"Content-Disposition": f'attachment; filename="delivery-{version.delivery_id}.{ending}"'}
    return HttpResponse(data, content_type=kind, headers=headers)


# --- Who speaks for whom ----------------------------------------------------------------------------------------------


@for_the_desk
@require_safe
def voices(request: HttpRequest) -> HttpResponse:
    """Which feed speaks for which provider beside its own agency, and what was refused. Cost: 4 queries."""
    return _page(request, "voices", _("Who speaks for whom"), {"heard": reads.heard(), "state": Voice.State})


@for_the_desk
@require_POST
def decide_voice(request: HttpRequest, voice_id: int) -> HttpResponse:
    """Let a feed speak for a provider, or not. Cost: 1 query."""
    if request.POST.get("allow") == "yes":
        actions.allow_voice(voice_id)
        messages.success(request, _("Allowed. What was refused so far is taken in within seconds."))
    else:
        actions.refuse_voice(voice_id)
        messages.success(request, _("Refused. What this feed brings for this provider is kept, and not taken in."))
    return redirect("wire_voices")


# --- Keys -------------------------------------------------------------------------------------------------------------


@for_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest, feed_id: int) -> HttpResponse:
    """The keys of a feed's agency; a new one is shown in the answer to its making and never again. Cost: 5 queries."""
    feed = Feed.objects.filter(pk=feed_id, way=Feed.Way.PUSH).first()
    if feed is None:
        raise Http404
    made = ""
    if request.method == "POST":
        removed = sent_number(request.POST.get("remove"))
        try:
            if removed:
                actions.remove_key(feed.pk, removed)
                messages.success(request, _("The key was removed. What is signed with it is refused from now on."))
            else:
                made = actions.make_key(feed.pk)
        except Refused as refusal:
            messages.error(request, refusal.message)
    address = request.build_absolute_uri(reverse("wire_push", args=[feed.pk]))
    context = {"feed": feed, "keys": list(feed.keys.all()), "made": made, "address": address}
    return _page(request, "keys", _("Keys of {name}").format(name=feed.name), context)


# --- Agencies ---------------------------------------------------------------------------------------------------------


@csrf_exempt
@never_cache
@require_POST
def push(request: HttpRequest, feed_id: int) -> JsonResponse:
    """Take in what an agency posts, signed with a key of its feed. Cost: that of `actions.receive_push`."""
    body = request.read(MOST_PUSHED + 1)
    if len(body) > MOST_PUSHED:
        return _error(413, "too-large", f"At most {MOST_PUSHED // 1024 // 1024} MB are taken in. Nothing was kept.")
    try:
        delivery = actions.receive_push(
            feed_id,
            request.headers.get("X-Kawaraban-Timestamp", ""),
            request.headers.get("X-Kawaraban-Signature", ""),
            body,
            request.headers.get("Content-Type", ""),
        )
    except Refused as refusal:
        return _error(401, refusal.code, refusal.message)
    if delivery.error:
        return _error(422, "not-readable", f"{delivery.error} Nothing was taken in; the bytes are kept to look at.")
    return JsonResponse({"delivery": delivery.pk})


def _error(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
