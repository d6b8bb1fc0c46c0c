"""The viewer's own corner: who is signed in, their account, what they are told of, whom they follow and mute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kawaraban.accounts import actions, announce, reads
from kawaraban.accounts.forms import PreferencesForm
from kawaraban.accounts.models import Notification, Topic, User
from kawaraban.caching import cacheable
from kawaraban.errors import Refused
from kawaraban.sent import number as sent_number

RETRY_SECONDS = 300  # the limits of allauth count by the minute; five of them let most of it pass


@require_safe
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """What is laid over a page without a discussion: the links for a signed-in viewer. Cost: 3 queries.

    On a member's page, which asks with `?member=`, also what the viewer may do about them: 2 queries more.
    """
    slug = request.GET.get("member", "")
    return render(request, "accounts/mine.html", _towards(request, slug) if slug else {})


@require_safe
@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """The member's own page: handle, e-mail, password, sign-out. Cost: 3 queries and the masthead."""
    return render(request, "accounts/account.html")


@require_safe
@cacheable()
def privacy(request: HttpRequest) -> HttpResponse:
    """What the site keeps of people, and who sees it. Cost: the masthead."""
    return render(request, "accounts/privacy.html")


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


# --- Notifications ----------------------------------------------------------------------------------------------------


@require_safe
@never_cache
@login_required
def notifications(request: HttpRequest) -> HttpResponse:
    """What the member was told of, newest first. Cost: 5 queries and the masthead."""
    page = reads.notifications(_member(request), request.GET.get("page", "1"))
    return render(request, "accounts/notifications.html", {"page": page})


@never_cache
@login_required
@require_POST
def open_notification(request: HttpRequest, key: int) -> HttpResponse:
    """Go where a notification leads. A form and not a link: looking at an address changes nothing (S-023)."""
    try:
        return redirect(actions.open_notification(_member(request), key))
    except Notification.DoesNotExist as error:
        raise Http404 from error


@never_cache
@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all that the member has seen as read. Cost: that of `actions.read_all`."""
    newest = sent_number(request.POST.get("newest"), digits=18)
    if newest is not None:
        actions.read_all(_member(request), newest)
    return redirect("accounts:notifications")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notification_settings(request: HttpRequest) -> HttpResponse:
    """How the member hears of each topic. Cost: 5 queries and the masthead; that of `actions.prefer`."""
    member = _member(request)
    form = PreferencesForm(request.POST if request.method == "POST" else None, ways=reads.preferences(member))
    if form.is_valid():
        actions.prefer(member, form.ways)
        messages.success(request, _("Saved."))
        return redirect("accounts:notification_settings")
    context = {"form": form, "address": reads.mail_address(member.pk)}
    return render(request, "accounts/notification_settings.html", context, status=400 if form.is_bound else 200)


# Exempt from Django's check: the mail service that presses the button has no cookie of ours (RFC 8058). The token in
# the address says whose mail it is, and only we can make one.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The link in every mail: GET says what the button does, POST does it, also for who is not signed in."""
    try:
        member_id, scope = announce.read_token(token)
    except BadSignature as error:
        raise Http404 from error
    member = get_object_or_404(User, pk=member_id)
    if request.method == "POST":
        actions.unsubscribe(member, scope)
    context = {"done": request.method == "POST", "about": "" if scope == announce.DIGEST else Topic(scope).label}
    return render(request, "accounts/unsubscribe.html", context)


# --- Other members ----------------------------------------------------------------------------------------------------

DEEDS: dict[str, Callable[[User, User], None]] = {
    "follow": actions.follow_member,
    "unfollow": actions.unfollow_member,
    "mute": actions.mute_member,
    "unmute": actions.unmute_member,
}


@require_safe
@never_cache
@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Whom the member follows and mutes; with `?member=`, what they may do about one. Cost: 6 queries, masthead."""
    return _people_page(request, request.GET.get("member", ""))


@never_cache
@login_required
@require_POST
def relate(request: HttpRequest, slug: str, deed: str) -> HttpResponse:
    """Follow or mute a member, or let them go, and return to where one was. Cost: that of the action."""
    other = get_object_or_404(User, slug=slug)
    try:
        DEEDS[deed](_member(request), other)
    except Refused as refusal:
        return _people_page(request, refusal=refusal)
    return redirect(_way_back(request, other))


# --- What these share -------------------------------------------------------------------------------------------------


def _member(request: HttpRequest) -> User:
    """The signed-in member; the views that call this are behind `login_required`."""
    assert isinstance(request.user, User)  # noqa: S101 - narrows the type, decides nothing
    return request.user


def _towards(request: HttpRequest, slug: str) -> dict[str, Any]:
    """A member and how the viewer stands to them, for `accounts/_relation.html`; empty if there is no such member."""
    other = User.objects.filter(slug=slug, is_active=True).first()
    return {"member": other, "relation": reads.relation(request.user, other)} if other is not None else {}


def _people_page(request: HttpRequest, slug: str = "", refusal: Refused | None = None) -> HttpResponse:
    context = {
        "people": reads.people(_member(request)),
        "refusal": refusal,
        **(_towards(request, slug) if slug else {}),
    }
    return render(request, "accounts/people.html", context, status=200 if refusal is None else 409)


def _way_back(request: HttpRequest, other: User) -> str:
    """The page of ours that the form stood on; the member's own if that is not known or was an answer to a form."""
    came = urlsplit(request.headers.get("Referer", ""))
    path = f"{came.path}?{came.query}" if came.query else came.path
    answered = came.path.rstrip("/").rpartition("/")[2] in DEEDS
    here = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if here and not answered else other.get_absolute_url()
