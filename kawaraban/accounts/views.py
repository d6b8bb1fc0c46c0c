"""The viewer's own corner: whether somebody is signed in, and the way to their account."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

RETRY_SECONDS = 300  # the limits of allauth count by the minute; five of them let most of it pass


@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """What is laid over a page without a discussion: the links for a signed-in viewer. Cost: 2 queries."""
    return render(request, "accounts/mine.html")


@require_safe
@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """The member's own page: handle, e-mail, password, sign-out. Cost: 2 queries."""
    return render(request, "accounts/account.html")


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The house rules, agreed to at sign-up. Cost: those of the masthead."""
    return render(request, "accounts/rules.html")


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """The answer to somebody who tries too often; allauth calls it. Cost: those of the masthead."""
    answer = render(request, "429.html", status=429)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


@require_safe
def desk_login(request: HttpRequest) -> HttpResponse:
    """Staff sign in where everybody does: one door, one set of limits (S-068).

    Wagtail also sends those here who are signed in and have no business at the desk; to send them on would bring them
    straight back.
    """
    if request.user.is_authenticated:
        return render(request, "accounts/no_desk.html", status=403)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': request.GET.get('next', '/desk/')})}")
