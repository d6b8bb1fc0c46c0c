"""Learning a score from what was decided, and switching it on and off; each stands in the record."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kawaraban.accounts.models import User
from kawaraban.decisions import actions as decisions
from kawaraban.errors import Refused
from kawaraban.jobs import actions as jobs
from kawaraban.moderation import reads
from kawaraban.moderation.actions.changes import append_change, screening_before
from kawaraban.moderation.actions.screening import must_write_rules
from kawaraban.screening import actions as screening
from kawaraban.screening.models import ScoreModel, ScreeningSettings


def learn_score(fewest: tuple[int, int] = screening.FEWEST) -> ScoreModel:
    """A score learned from the decisions there are, kept and not in use. Cost: 10 queries, 1 for each 2,000 comments.

    It takes a minute for 100,000 comments, in which no row is locked.

    Args:
        fewest: removals, and comments that stayed, below which nothing is learned.

    Raises:
        Refused: there are too few decisions, or they show nothing.
    """
    learned = screening.train(reads.decided(), fewest)
    with transaction.atomic():
        model = screening.keep_score(learned)
        facts = {"change": "score_learned", "score": model.pk, "removed": model.removed, "stayed": model.approved}
        decisions.append("screening", {**facts, "by": None})
    return model


@transaction.atomic
def ask_to_learn(editor: User, fewest: tuple[int, int] = screening.FEWEST) -> None:
    """Have a score learned as soon as a worker is free, and not at night only. Cost: 7 queries.

    Args:
        fewest: as `learn_score` has it.

    Raises:
        Refused: they may not, a job waits or is at it already, or there are too few decisions.
    """
    must_write_rules(editor)
    if reads.is_learning():
        raise Refused(
            "learning-already", _("A score is being learned already, or will be in a moment. Nothing was done.")
        )
    if not reads.standing(fewest).is_enough:
        raise Refused("too-early", _("There are too few decisions to learn from. Nothing was done."))
    jobs.record_job(reads.LEARN, {"args": [], "kwargs": {}})
    decisions.append("screening", {"change": "learning_asked", "by": editor.pk})


@transaction.atomic
def switch_score(editor: User, model_id: int | None, share: float | None = None) -> ScreeningSettings:
    """Hold by this score this part of all comments; by none at all. Cost: 7 queries.

    Args:
        share: 0 to 1; the point of the curve that holds the most up to it is taken.

    Raises:
        Refused: they may not, the score is not kept any more, or its curve has no such point.
    """
    must_write_rules(editor)
    before = screening_before()
    found = screening.switch_score(model_id, share)
    append_change("screening", "score_switched", ("score_id", "score_threshold"), before, found, editor)
    return found
