"""Everything that changes what is looked at before publication. The desk asks who may, and keeps the record."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kawaraban.errors import Refused
from kawaraban.screening import curves, languages, likeness, reads, scorer
from kawaraban.screening.models import Band, Pattern, ScoreModel, ScreeningSettings
from kawaraban.screening.patterns import matcher
from kawaraban.screening.samples import Labelled
from kawaraban.screening.scorer import Answer

if TYPE_CHECKING:
    from kawaraban.screening.training import Learned

FEWEST = (curves.FEWEST_REMOVED, curves.FEWEST_APPROVED)
KEPT_SCORES = 5
"""Learned scores that are kept, the one in use apart."""


# --- Words and patterns -----------------------------------------------------------------------------------------------


@transaction.atomic
def add_pattern(by_id: int | None, text: str, **fields: Any) -> Pattern:
    """A word or pattern that is looked for from now on; `fields` are those of `Pattern`. Cost: 4 queries.

    Raises:
        Refused: it cannot be looked for, or is listed already.
    """
    pattern = Pattern(text=text.strip(), added_by_id=by_id, **fields)
    return _save_pattern(pattern)


@transaction.atomic
def change_pattern(pattern_id: int, **fields: Any) -> Pattern:
    """The word or pattern with other `fields`. Cost: 5 queries.

    Raises:
        Refused: it cannot be looked for, is listed already, or is not there any more.
    """
    pattern = Pattern.objects.select_for_update().filter(pk=pattern_id).first()
    if pattern is None:
        raise Refused("no-such-pattern", _("Somebody has removed this word or pattern. Nothing was changed."))
    for name, value in fields.items():
        setattr(pattern, name, value)
    return _save_pattern(pattern)


@transaction.atomic
def remove_pattern(pattern_id: int) -> None:
    """Look for a word or pattern no more; one that is gone already is no mistake. Cost: 3 queries."""
    Pattern.objects.filter(pk=pattern_id).delete()
    _stamp(_settings())


def _save_pattern(pattern: Pattern) -> Pattern:
    matcher(pattern.text, "pattern" if pattern.kind == Pattern.Kind.PATTERN else "word")
    try:
        pattern.clean_fields()
    except ValidationError as error:
        raise Refused(
            "bad-pattern-field", _("Nothing was saved. {reasons}").format(reasons=" ".join(error.messages))
        ) from None
    try:
        with transaction.atomic():
            pattern.save()
    except IntegrityError:
        raise Refused("pattern-listed", _("This word or pattern is listed already. Nothing was saved.")) from None
    _stamp(_settings())
    return pattern


# --- The same words again ---------------------------------------------------------------------------------------------


@transaction.atomic
def remember_words(key: int, text: str) -> None:
    """Keep the signature of a text that is decided about, for an earlier one. Cost: 2 queries, 1 to 10 ms."""
    bands = set(likeness.signature(text))
    Band.objects.filter(key=key).delete()
    Band.objects.bulk_create(Band(key=key, band=band) for band in bands)


def forget_words(key: int) -> None:
    """Keep no signature of a text any more: its words are erased. Cost: 1 query."""
    Band.objects.filter(key=key).delete()


# --- Settings ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def change_settings(**fields: Any) -> ScreeningSettings:
    """The settings with other `fields`; the score is switched with `switch_score`. Cost: 2 queries.

    Raises:
        Refused: a value is out of its range.
    """
    found = _settings()
    for name, value in fields.items():
        setattr(found, name, value)
    unknown = [each for each in found.languages.split() if each not in languages.KNOWN]
    if unknown:
        raise Refused(
            "unknown-language",
            _("{unknown} cannot be told from other languages. Nothing was changed. Those that can: {known}.").format(
                unknown=", ".join(unknown), known=" ".join(languages.KNOWN)
            ),
        )
    try:
        found.clean_fields(exclude=["score"])
    except ValidationError as error:
        raise Refused(
            "bad-screening-setting", _("Nothing was changed. {reasons}").format(reasons=" ".join(error.messages))
        ) from None
    return _stamp(found)


def _settings() -> ScreeningSettings:
    """The one row, locked: whoever changes a pattern waits, so that no stamp goes with an older list."""
    ScreeningSettings.objects.get_or_create(pk=1)
    return ScreeningSettings.objects.select_for_update().get(pk=1)


def _stamp(found: ScreeningSettings) -> ScreeningSettings:
    found.stamp = secrets.token_hex(8)
    found.save()
    return found


# --- The score --------------------------------------------------------------------------------------------------------


def learn(decided: Iterable[Labelled]) -> ScoreModel:
    """A score learned from these decisions, kept and not in use. Takes a minute for 100,000. Cost: 4 queries.

    Raises:
        Refused: as `train` does.
    """
    return keep_score(train(decided))


def train(decided: Iterable[Labelled], fewest: tuple[int, int] = FEWEST) -> Learned:
    """What is learned from these decisions. Takes a minute for 100,000, so no row may be locked. Cost: no query.

    Args:
        fewest: removals, and comments that stayed, below which nothing is learned.

    Raises:
        Refused: there are too few decisions, or they show nothing.
    """
    decided = list(decided)
    removed = sum(each.removed for each in decided)
    if removed < fewest[0] or len(decided) - removed < fewest[1]:
        raise Refused(
            "too-few-decisions",
            _(
                "A score needs {removals:,} removals and {comments:,} comments that stayed; so far there are "
                "{removed:,} and {stayed:,}. Nothing was learned."
            ).format(removals=fewest[0], comments=fewest[1], removed=removed, stayed=len(decided) - removed),
        )
    # Only here: scikit-learn takes seconds and 100 MB.
    from kawaraban.screening import training

    try:
        return training.learn(decided)
    except ValueError:
        raise Refused(
            "nothing-to-tell-apart",
            _(
                "There must be removals and others among the older decisions and among the newer ones. "
                "Nothing was learned."
            ),
        ) from None


@transaction.atomic
def keep_score(learned: Learned) -> ScoreModel:
    """A learned score with its figures, not in use; of the older ones but a few are kept. Cost: 4 queries."""
    from kawaraban.screening import weights

    model = ScoreModel.objects.create(
        approved=learned.approved,
        removed=learned.removed,
        groups=list(learned.weights.groups),
        metrics=learned.metrics.as_json(),
        weights=weights.pack(learned.weights),
    )
    in_use = ScreeningSettings.objects.values_list("score", flat=True).first()
    kept = list(ScoreModel.objects.values_list("pk", flat=True)[:KEPT_SCORES])
    ScoreModel.objects.exclude(pk__in=[*kept, in_use or model.pk]).delete()
    return model


@transaction.atomic
def switch_score(model_id: int | None, share: float | None = None) -> ScreeningSettings:
    """Hold by this score what its curve says for this part of all comments; by none at all. Cost: 3 queries.

    Args:
        share: 0 to 1; the nearest point of the curve that holds no more is taken.

    Raises:
        Refused: the score is not kept any more, or its curve has no such point.
    """
    found = _settings()
    if model_id is None:
        found.score = None
        return _stamp(found)
    model = ScoreModel.objects.defer("weights").filter(pk=model_id).first()
    if model is None:
        raise Refused("no-such-score", _("This score is not kept any more. Nothing was changed; choose a newer one."))
    try:
        point = reads.metrics(model).point_at(curves.SHARE if share is None else share)
    except ValueError:
        raise Refused(
            "no-such-share",
            _("The curve has no point that holds so few. Nothing was changed; choose one of its points."),
        ) from None
    found.score = model
    found.score_threshold = point.threshold
    return _stamp(found)


# --- The scorer elsewhere ---------------------------------------------------------------------------------------------


def ask_scorer(text: str) -> Answer | None:
    """What the scorer elsewhere says about a text; None when there is none or it is off. It never raises.

    To be called before any row is locked: it takes as long as the scorer does, at most KAWARABAN_SCORER_TIMEOUT_MS.
    After five failures in a row the scorer is left alone for a minute. Cost: 1 query, and 1
    more when the scorer has begun or ceased to fail.
    """
    if not settings.SCORER_URL or not text.strip():
        return None
    rules = reads.rules_now()
    if not rules.settings.scorer_on:
        return None
    if not scorer.breaker.may_ask():
        return Answer(None, "it has failed again and again, and is left alone for a minute")
    try:
        answer = Answer(scorer.ask(settings.SCORER_URL, text, languages.guess(text), settings.SCORER_TIMEOUT))
    except scorer.ScorerError as error:
        answer = Answer(None, str(error))
    scorer.breaker.heard(well=answer.value is not None)
    _note_scorer(answer)
    return answer


def _note_scorer(answer: Answer) -> None:
    """Keep for the desk since when the scorer fails; only the first failure and the first success write."""
    row = ScreeningSettings.objects.filter(pk=1)
    if answer.value is None:
        row.filter(scorer_failing_since=None).update(
            scorer_failing_since=timezone.now(), scorer_error=answer.error[:200]
        )
    else:
        row.filter(scorer_failing_since__isnull=False).update(scorer_failing_since=None, scorer_error="")
