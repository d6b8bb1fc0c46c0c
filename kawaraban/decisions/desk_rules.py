"""The house rules at the desk: written, compared with those in force, and published as the next version."""

from __future__ import annotations

from difflib import ndiff
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from kawaraban.accounts.models import User
from kawaraban.decisions import actions, policy, reads
from kawaraban.decisions.models import Rulebook
from kawaraban.errors import Refused
from kawaraban.sent import number as sent_number

# Empty places at the end of the form, for rules that are new.
NEW_RULES = 3
SIGNS = {"- ": "out", "+ ": "in", "  ": ""}


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The form; then what differs; then the next version, published. Cost: 3 queries and those of the action."""
    if not isinstance(request.user, User) or not policy.may_write_rules(request.user):
        raise PermissionDenied
    book = reads.rulebook()
    if request.method != "POST":
        return _page(request, book, _written_of(book))
    written = _sent(request)
    deed = request.POST.get("deed")
    if deed == "compare":
        return _page(request, book, written, lines=_differences(book, written))
    if deed != "publish":
        return _page(request, book, written)
    try:
        made = actions.publish_rules(
            request.user,
            written["introduction"],
            written["practice"],
            [(rule["name"], rule["text"]) for rule in written["rules"]],
            based_on=written["based_on"],
        )
    except Refused as refusal:
        # Whoever has seen the newer version may publish over it.
        return _page(request, book, {**written, "based_on": book.version}, refusal=refusal)
    messages.success(
        request,
        _("Version {version} of the house rules is in force. Every member is told.").format(version=made.version),
    )
    return redirect("house_rules")


def _written_of(book: Rulebook) -> dict[str, Any]:
    return {
        "introduction": book.introduction,
        "practice": book.practice,
        "rules": [{"name": rule.name, "text": rule.text} for rule in book.rules.all()],
        "based_on": book.version,
    }


def _sent(request: HttpRequest) -> dict[str, Any]:
    names, texts = request.POST.getlist("name"), request.POST.getlist("text")
    pairs = zip(names, [*texts, *[""] * len(names)], strict=False)
    return {
        "introduction": request.POST.get("introduction", ""),
        "practice": request.POST.get("practice", ""),
        "rules": [{"name": name, "text": text} for name, text in pairs if name.strip() or text.strip()],
        "based_on": sent_number(request.POST.get("based_on")) or 0,
    }


def _differences(book: Rulebook, written: dict[str, Any]) -> list[tuple[str, str]]:
    """The lines of both versions, each with `out`, `in`, or nothing where it stays."""
    before, after = _lines(_written_of(book)), _lines(written)
    return [(SIGNS[line[:2]], line[2:]) for line in ndiff(before, after) if line[:2] in SIGNS]


def _lines(written: dict[str, Any]) -> list[str]:
    rules = [
        f"{number}. {rule['name'].strip()}. {rule['text'].strip()}" for number, rule in enumerate(written["rules"], 1)
    ]
    texts = [written["introduction"], *rules, written["practice"]]
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


def _page(
    request: HttpRequest,
    book: Rulebook,
    written: dict[str, Any],
    *,
    lines: list[tuple[str, str]] | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    context = {
        "book": book,
        "written": written,
        "places": [*written["rules"], *[{"name": "", "text": ""}] * NEW_RULES],
        "lines": lines,
        "changed": lines is not None and any(sign for sign, _ in lines),
        "refusal": refusal,
        "page_title": _("House rules"),
        "header_title": _("House rules"),
        "header_icon": "list-ol",
    }
    return render(request, "decisions/desk_rules.html", context, status=409 if refusal else 200)
