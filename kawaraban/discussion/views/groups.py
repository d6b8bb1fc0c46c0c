"""Opinion groups: the map of a thread, the viewer's own place on it, and what common ground is."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kawaraban.caching import about, cacheable
from kawaraban.discussion import actions, picture, policy, reads
from kawaraban.discussion.fragments import bars_of, common_ground_of
from kawaraban.discussion.models import Thread
from kawaraban.discussion.reads.opinion_map import Voted
from kawaraban.discussion.views.answering import ask_to_sign_in, member_of, members_only, readable_thread
from kawaraban.errors import Refused
from kawaraban.sent import number as sent_number


@require_safe
@cacheable()
def opinions(request: HttpRequest, thread_id: int) -> HttpResponse:
    """The groups of a thread as everybody sees them. Cost: 6 queries and the masthead."""
    found = _thread_with_groups(thread_id)
    about(found.cache_tag)
    return render(request, "discussion/opinions.html", _map(found))


@require_safe
@never_cache
def own_place(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Where the viewer stands, to be laid over the map; with `?page=1` the map with it, for who has no JavaScript.

    Cost: 2 queries; with the map 6 and the masthead.
    """
    found = _thread_with_groups(thread_id)
    whole = "page" in request.GET
    if not request.user.is_authenticated:
        return ask_to_sign_in(request) if whole else render(request, "discussion/own_place.html")
    context: dict[str, Any] = {"personal": True, **(_map(found) if whole else {})}
    dots = context["map"].dots if whole else reads.dots_of(found)
    own = next((dot for dot in dots if dot.member == member_of(request).pk), None)
    if own is not None:
        scale = picture.scale_of(dots)
        letter = found.group_letters[own.group]
        context |= {"own": picture.place(own, scale), "height": scale.height, "letter": letter}
    return render(request, "discussion/opinions.html" if whole else "discussion/own_place.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@members_only
def agreed(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Choose what stands in the box of what readers agree on. Cost: 8 queries; that of `actions.choose_agreed`."""
    found = _thread_with_groups(thread_id)
    if not policy.may_pick(request.user):
        raise Http404
    refusal = None
    chosen = [voted.number for voted in reads.agreed_on(found)]
    if request.method == "POST":
        chosen = [number for sent in request.POST.getlist("number") if (number := sent_number(sent))]
        try:
            actions.choose_agreed(member_of(request), found.pk, chosen)
        except Refused as refused:
            refusal = refused
        else:
            return redirect(f"{found.url}#agreed")
    context = {
        "thread": found,
        "path": found.get_absolute_url(),
        "offered": [_with_bars(found, voted) for voted in reads.may_be_agreed(found)],
        "chosen": chosen,
        "refusal": refusal,
    }
    return render(request, "discussion/agreed.html", context, status=409 if refusal else 200)


@require_safe
@cacheable()
def common_ground(request: HttpRequest) -> HttpResponse:
    """What common ground is, for readers. Cost: the masthead."""
    return render(request, "discussion/common_ground.html")


def _thread_with_groups(thread_id: int) -> Thread:
    """The thread, or 404 also where the newsroom wants no groups. Cost: 1 query."""
    found = readable_thread(thread_id)
    if not found.finds_groups:
        raise Http404
    return found


def _map(found: Thread) -> dict[str, Any]:
    chart = reads.opinion_map(found)
    return {
        "map": chart,
        "picture": picture.draw(chart.dots, found.group_letters),
        "thread": found,
        "path": found.get_absolute_url(),
        "agreed": [_with_bars(found, voted) for voted in chart.agreed],
        "divided": [_with_bars(found, voted) for voted in chart.divided],
    }


def _with_bars(found: Thread, voted: Voted) -> dict[str, Any]:
    bars = bars_of(found, voted.groups)
    return {"number": voted.number, "name": voted.name, "text": voted.text, "bars": bars, **common_ground_of(bars)}
