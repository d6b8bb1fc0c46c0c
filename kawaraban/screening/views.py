"""Our score for other programs, in the shape of the Perspective API: in front of `weights`, and no rules of its own."""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kawaraban.screening import languages, reads
from kawaraban.screening.scorer import ATTRIBUTE, LONGEST

_NAMES = {400: "INVALID_ARGUMENT", 403: "PERMISSION_DENIED", 503: "UNAVAILABLE"}


@csrf_exempt
@never_cache
@require_POST
def analyze(request: HttpRequest) -> JsonResponse:
    """How much a text is like those that were removed here. Nothing is kept of it. Cost: 1 query."""
    if not settings.ANALYZE_KEY:
        raise Http404
    given = request.headers.get("X-Goog-Api-Key", "") or request.GET.get("key", "")
    if not secrets.compare_digest(given.encode(), settings.ANALYZE_KEY.encode()):
        return _error(403, "The key is missing or wrong.")
    try:
        text = _text(json.loads(request.body))
    except (ValueError, RecursionError) as error:
        return _error(400, str(error) if type(error) is ValueError else "The request is not JSON.")
    weights = reads.rules_now().weights
    if weights is None:
        return _error(503, "No score is in use on this site.")
    spoken = languages.guess(text)
    value = round(weights.score(text).value, 6)
    return JsonResponse(
        {
            "attributeScores": {ATTRIBUTE: {"summaryScore": {"value": value, "type": "PROBABILITY"}}},
            "languages": [spoken] if spoken else [],
            "detectedLanguages": [spoken] if spoken else [],
        }
    )


def _text(asked: Any) -> str:
    """The text of a request.

    Raises:
        ValueError: it is no request for the one attribute there is; its words are for the program's author.
    """
    comment = asked.get("comment") if isinstance(asked, dict) else None
    text = comment.get("text") if isinstance(comment, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise ValueError("Comment must be non-empty.")
    if len(text.encode(errors="replace")) > LONGEST:
        raise ValueError(f"Comment text too long: {LONGEST:,} bytes are read.")
    attributes = asked.get("requestedAttributes")
    if not isinstance(attributes, dict) or not attributes:
        raise ValueError("Missing requested_attributes.")
    if set(attributes) != {ATTRIBUTE}:
        raise ValueError(f"The one attribute there is here is {ATTRIBUTE}.")
    return text


def _error(code: int, message: str) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message, "status": _NAMES[code]}}, status=code)
