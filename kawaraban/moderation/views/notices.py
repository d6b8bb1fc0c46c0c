"""Notices from outside, without an account; the receipt; and where a person can be reached."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kawaraban.errors import Refused
from kawaraban.moderation import actions, policy, reads
from kawaraban.moderation.models import Notice


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest) -> HttpResponse:
    """The form, for everybody; sent, the way to the receipt. Cost: 1 query and those of the action."""
    if request.method != "POST":
        return _form(request)
    try:
        if request.POST.get("homepage"):
            raise Refused(
                "notice-by-program",
                _("The field that only programs see was filled in, so nothing was sent. Empty it and send again."),
            )
        if not ratelimit.consume(request, action="notice"):
            raise Refused(
                "notices-often",
                _(
                    "Many notices have come from where you are within an hour. Nothing was sent. Your words are kept "
                    "below; send them later, or write to the contact of this site."
                ),
            )
        given = actions.give_notice(_told(request))
    except Refused as refusal:
        return _form(request, refusal)
    return redirect(given)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    """The receipt of a notice: what was told, what was decided, and the appeal. Cost: 3 queries and the action's."""
    found = reads.receipt(key)
    if found is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        try:
            actions.appeal_notice(key, request.POST.get("words", ""))
            return redirect(found)
        except Refused as refused:
            refusal = refused
    context = {
        "notice": found,
        "appeal": reads.appeal_of_notice(found),
        "may_appeal": policy.may_appeal_notice(found),
        "settings": reads.site_settings(),
        "refusal": refusal,
        "sent": request.POST,
    }
    answer = render(request, "moderation/receipt.html", context, status=409 if refusal else 200)
    answer["Referrer-Policy"] = "no-referrer"  # the address is the key
    return answer


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Where a person can be reached, for readers and for authorities. Cost: 1 query and the masthead."""
    return render(request, "moderation/contact.html", {"settings": reads.site_settings()})


def _told(request: HttpRequest) -> actions.Told:
    sent = request.POST
    return actions.Told(
        url=sent.get("url", ""),
        category=sent.get("category", ""),
        ground=sent.get("ground", ""),
        words=sent.get("words", ""),
        name=sent.get("name", ""),
        email=sent.get("email", ""),
        in_good_faith="in_good_faith" in sent,
    )


def _form(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    context = {
        "settings": reads.site_settings(),
        "categories": Notice.Category.choices,
        "sent": request.POST if request.method == "POST" else {"url": request.GET.get("url", "")},
        "refusal": refusal,
    }
    status = 200 if refusal is None else 429 if refusal.code == "notices-often" else 409
    return render(request, "moderation/notice.html", context, status=status)
