"""Polls, and the site's own colours."""

from __future__ import annotations

import re

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from kawaraban.accounts.models import User
from kawaraban.caching import cacheable
from kawaraban.discussion.views.answering import FRAGMENT_HEADER
from kawaraban.errors import Refused
from kawaraban.newsroom import actions, policy, reads
from kawaraban.newsroom.models import Publication
from kawaraban.newsroom.polls import Poll


@require_safe
@cacheable()
@cache_control(public=True, max_age=300)
def site_css(request: HttpRequest) -> HttpResponse:
    """The accent a site has chosen; a file, since the content policy allows no inline style. Cost: 2 queries."""
    return render(request, "newsroom/site.css", {"look": Publication.for_request(request)}, content_type="text/css")


@require_safe
@never_cache
def poll(request: HttpRequest, poll_id: int) -> HttpResponse:
    """The poll on its own page, or as a part of the story, with what is the viewer's. Cost: 3 queries and the masthead.

    The form on a story holds no token, since everybody gets the same; it leads here with its choice, by way of the
    sign-in if need be, and the vote is cast from here.
    """
    found = _shown_poll(poll_id)
    picked = _option(request.GET.get("option", ""))
    if picked and not request.user.is_authenticated:
        return _ask_to_sign_in(found, picked)
    return _poll_page(request, found, picked)


@never_cache
@require_POST
def vote_in_poll(request: HttpRequest, poll_id: int) -> HttpResponse:
    """Take in a vote, and show the result. Cost: that of `actions.vote_in_poll`, and of the page."""
    found = _shown_poll(poll_id)
    option = _option(request.POST.get("option", ""))
    if not isinstance(request.user, User):
        return _ask_to_sign_in(found, option)
    try:
        actions.vote_in_poll(request.user, poll_id, option)
    except Poll.DoesNotExist as error:
        raise Http404 from error
    except Refused as refusal:
        return _poll_page(request, found, option, refusal)
    return _poll_page(request, found) if FRAGMENT_HEADER in request.headers else redirect(found)


def _shown_poll(poll_id: int) -> Poll:
    try:
        return reads.shown_poll(poll_id)
    except Poll.DoesNotExist as error:
        raise Http404 from error


def _option(sent: str) -> int:
    """The key of an option as it was sent; 0, which is nobody's, for anything else."""
    return int(sent) if re.fullmatch(r"[1-9][0-9]{0,17}", sent, re.ASCII) else 0


def _ask_to_sign_in(found: Poll, picked: int) -> HttpResponse:
    query = f"?option={picked}" if picked else ""
    return redirect_to_login(f"{found.get_absolute_url()}{query}")


def _poll_page(request: HttpRequest, found: Poll, picked: int = 0, refusal: Refused | None = None) -> HttpResponse:
    context = {
        "poll": reads.poll_for(found, request.user),
        "story": found.story,
        "picked": picked,
        "votes_here": policy.may_vote(request.user, found),
        "refusal": refusal,
    }
    part = "newsroom/poll.html#poll" if FRAGMENT_HEADER in request.headers else "newsroom/poll.html"
    status = 200 if refusal is None else 400 if refusal.code == "bad-option" else 409
    return render(request, part, context, status=status)
