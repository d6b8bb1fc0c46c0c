"""What is looked at before publication, at the desk: words and patterns, the other checks, and the score."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from kawaraban.decisions.policy import may_write_rules
from kawaraban.decisions.reads import rules
from kawaraban.errors import Refused
from kawaraban.moderation import actions, reads
from kawaraban.moderation.forms import PatternForm, ScreeningForm
from kawaraban.moderation.views.desk import member_of, moderators_only, page
from kawaraban.screening.reads import settings_now
from kawaraban.sent import number as sent_number

# --- Words and patterns -----------------------------------------------------------------------------------------------


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    """What is listed, and for editors a form to try, add and change it. Cost: 4 queries; 2 to try, 8 to change."""
    if request.method == "POST":
        _must_write(request)
        return _change_words(request)
    chosen = reads.pattern(sent_number(request.GET.get("change")))
    first = {name: getattr(chosen, name) for name in PatternForm.base_fields} if chosen else None
    return _words_page(request, PatternForm(rules(), initial=first), chosen.pk if chosen else None)


def _change_words(request: HttpRequest) -> HttpResponse:
    deed, key = request.POST.get("deed"), sent_number(request.POST.get("pattern"))
    editor = member_of(request)
    if deed == "remove":
        actions.remove_pattern(editor, key or 0)
        messages.success(request, _("It is looked for no more."))
        return redirect("moderation_screening")
    form = PatternForm(rules(), request.POST)
    if deed not in ("try", "save") or not form.is_valid():
        return _words_page(request, form, key, status=409)
    given = form.cleaned_data
    try:
        if deed == "try":
            trial = reads.try_out(given["text"], given["kind"], given["language"])
            return _words_page(request, form, key, trial=trial)
        if key:
            actions.change_pattern(editor, key, **given)
        else:
            actions.add_pattern(editor, **given)
    except Refused as refusal:
        return _words_page(request, form, key, refusal=refusal, status=409)
    messages.success(request, _("It is looked for from now on."))
    return redirect("moderation_screening")


def _words_page(
    request: HttpRequest, form: PatternForm, changed: int | None, *, status: int = 200, **context: Any
) -> HttpResponse:
    found = {
        "tab": "moderation_screening",
        "form": form,
        "changed": changed,
        "listed": reads.listed(request.GET.get("p", "1")),
        "may_write": may_write_rules(request.user),
        "is_on": settings_now().patterns_on,
        **context,
    }
    return page(request, "screening_words", _("Words and patterns"), found, status=status)


# --- The other checks -------------------------------------------------------------------------------------------------


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def checks(request: HttpRequest) -> HttpResponse:
    """Each check with its numbers, in one form. Cost: 3 queries, 6 to change them."""
    found, refusal = settings_now(), None
    form = ScreeningForm(rules(), instance=found)
    if request.method == "POST":
        _must_write(request)
        form = ScreeningForm(rules(), request.POST, instance=found)
        if form.is_valid():
            try:
                actions.change_screening(member_of(request), **form.changes())
            except Refused as caught:
                refusal = caught
            else:
                messages.success(request, _("Saved. It holds for comments from now on."))
                return redirect("moderation_checks")
    context = {
        "tab": "moderation_checks",
        "form": form,
        "refusal": refusal,
        "may_write": may_write_rules(request.user),
        "scorer": settings.SCORER_URL,
        "now": settings_now(),
    }
    return page(request, "screening_checks", _("Checks"), context, status=409 if refusal or form.errors else 200)


# --- The score --------------------------------------------------------------------------------------------------------


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def score(request: HttpRequest) -> HttpResponse:
    """Whether a score holds, the scores that were learned, and the curve of one of them. Cost: 7 queries."""
    refusal = None
    if request.method == "POST":
        _must_write(request)
        try:
            messages.success(request, _change_score(request))
        except Refused as caught:
            refusal = caught
        else:
            return redirect("moderation_score")
    now, kept = settings_now(), reads.versions()
    shown = _shown(request, kept, now.score_id)
    context: dict[str, Any] = {
        "tab": "moderation_score",
        "refusal": refusal,
        "may_write": may_write_rules(request.user),
        "now": now,
        "versions": kept,
        "in_use": next((each for each in kept if each.key == now.score_id), None),
        "shown": shown,
        "standing": reads.standing(),
        "learning": reads.last_learning(),
        "scorer": settings.SCORER_URL,
    }
    if shown is not None:
        measured = shown.measured
        context |= {
            "measured": measured,
            "drawing": reads.drawing(measured.curve),
            "tellings": {_("Rule"): reads.by_rule(measured), _("Language"): reads.by_language(measured)},
        }
    return page(request, "screening_score", _("Score"), context, status=409 if refusal else 200)


def _change_score(request: HttpRequest) -> str:
    """Do what was pressed; the sentence to say of it."""
    editor, sent = member_of(request), request.POST
    deeds: dict[str, Callable[[], Any]] = {
        "learn": lambda: actions.ask_to_learn(editor),
        "off": lambda: actions.switch_score(editor, None),
        "on": lambda: actions.switch_score(editor, sent_number(sent.get("score")) or 0, _share(sent.get("share"))),
    }
    deed = sent.get("deed", "")
    if deed not in deeds:
        raise Refused("no-score-deed", _("It was not clear what to do with the score. Nothing was changed."))
    deeds[deed]()
    said = {
        "learn": _("A score will be learned as soon as a worker is free; that takes up to a minute."),
        "off": _("The score is off: it holds nothing from now on."),
        "on": _("The score holds from now on what lies above the line that you have chosen."),
    }
    return said[deed]


def _share(text: str | None) -> float:
    """A part of all comments, 0 to 1, as a button names it; 0, which no curve has, for anything else."""
    try:
        share = float(text or "")
    except ValueError:
        return 0.0
    return share if 0 < share <= 1 else 0.0


def _shown(request: HttpRequest, kept: list[reads.Version], in_use: int | None) -> reads.Version | None:
    """The score that the address names, else the one in use, else the newest."""
    wanted = request.GET.get("version")
    if wanted is not None:
        found = next((each for each in kept if each.key == sent_number(wanted)), None)
        if found is None:
            raise Http404
        return found
    return next((each for each in kept if each.key == in_use), kept[0] if kept else None)


def _must_write(request: HttpRequest) -> None:
    if not may_write_rules(request.user):
        raise PermissionDenied
