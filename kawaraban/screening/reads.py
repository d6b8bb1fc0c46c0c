"""The rules as they are now, ready to be asked."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, QuerySet

from kawaraban.errors import Refused
from kawaraban.screening import likeness
from kawaraban.screening.curves import Metrics
from kawaraban.screening.models import Band, Pattern, ScoreModel, ScreeningSettings
from kawaraban.screening.patterns import Matcher, matcher
from kawaraban.screening.samples import Outcome

if TYPE_CHECKING:
    from kawaraban.screening.weights import Weights

log = logging.getLogger(__name__)

MOST_LIKE = 100
"""Remembered texts that are looked at for being like another."""

# Of this process. Stamps are random, so what was kept of another database or of a transaction undone is never taken.
_kept: dict[str, Rules] = {}


@dataclass(frozen=True, slots=True)
class ListedPattern:
    """A word or pattern that is looked for."""

    find: Matcher
    text: str
    language: str
    rule: int | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Rules:
    """All that holds at present: the settings, the patterns ready to look, and the score when there is one."""

    settings: ScreeningSettings
    patterns: tuple[ListedPattern, ...] = ()
    weights: Weights | None = None


def rules_now() -> Rules:
    """All that holds at present. Cost: 1 query; up to 3 more after something was changed at the desk."""
    stamp = ScreeningSettings.objects.values_list("stamp", flat=True).first() or ""
    if stamp not in _kept:
        rules = _load(stamp)
        _kept.clear()
        _kept[rules.settings.stamp] = rules
        return rules
    return _kept[stamp]


def settings_now() -> ScreeningSettings:
    """The settings as they are, or the defaults. Cost: 1 query."""
    return ScreeningSettings.objects.first() or ScreeningSettings(pk=1)


def metrics(model: ScoreModel) -> Metrics:
    """What was measured when the score was learned: its curve, and how well it tells each rule and language."""
    return Metrics.from_json(model.metrics)


def keys_like(text: str) -> QuerySet[Band, int]:
    """The keys of remembered texts that may be like this one, for a query's IN: those that agree in most bands first.

    Cost: none until asked, then an index; of a text that was said ten thousand times the newest are enough.
    """
    found = Band.objects.filter(band__in=likeness.signature(text)).values("key").annotate(agree=Count("pk"))
    return found.order_by("-agree", "-key").values_list("key", flat=True)[:MOST_LIKE]


def _load(stamp: str) -> Rules:
    if not stamp:
        return Rules(ScreeningSettings(pk=1))
    settings = ScreeningSettings.objects.select_related("score").get(pk=1)
    patterns = tuple(ready for each in Pattern.objects.all() if (ready := _ready(each)))
    if settings.score is None:
        return Rules(settings, patterns)
    # scikit-learn stays out of this process, and NumPy too unless it is needed: it takes 20 MB.
    from kawaraban.screening import weights

    try:
        table = weights.unpack(tuple(settings.score.groups), bytes(settings.score.weights))
    except ValueError:
        # The other checks go on; nobody's comment is lost over it.
        log.exception("Score %s cannot be read, so nothing is held by score.", settings.score.pk)
        return Rules(settings, patterns)
    return Rules(settings, patterns, table)


def _ready(pattern: Pattern) -> ListedPattern | None:
    """The pattern ready to look. One that was taken once and is refused now, by a newer RE2 say, is left out."""
    try:
        find = matcher(pattern.text, "pattern" if pattern.kind == Pattern.Kind.PATTERN else "word")
    except Refused as refusal:
        log.error("Pattern %s is not looked for: %s", pattern.pk, refusal.message)
        return None
    outcome: Outcome = "refuse" if pattern.outcome == Pattern.Outcome.REFUSE else "hold"
    return ListedPattern(find, pattern.text, pattern.language, pattern.rule, outcome)
