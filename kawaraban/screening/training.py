"""Learning the score from a site's own decisions, and measuring it on those that were held back.

Only the job that learns imports this module: scikit-learn is large.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression, SGDClassifier

from kawaraban.screening.curves import HELD_BACK, SHARE, Figures, Metrics, Point
from kawaraban.screening.samples import Labelled
from kawaraban.screening.weights import SIZE, Floats, Weights, between_0_and_1, features

FEWEST_IN_GROUP = 30
"""Removals for one reason from which on it gets weights of its own."""
AT_ONCE = 10_000
ROUNDS = 3
PENALTY = 1e-4
FEWEST_TO_SCALE = 10
SHARES = (0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3)
"""Parts of all comments for which the curve says what holding them would catch."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights with what was measured, and how many decisions of each kind there were."""

    weights: Weights
    metrics: Metrics
    approved: int
    removed: int


def learn(decided: Iterable[Labelled]) -> Learned:
    """Weights from all but the newest fifth of the decisions, and how well they tell the newest fifth.

    Decisions are to be given as they came: of all comments that were published, those that were removed and those that
    stayed, in their true proportion. Otherwise "the top 2 %" is 2 % of something else. The result is the same for the
    same decisions in any order. Cost: below 60 s and 700 MB for 100,000 comments of 300 characters.

    Raises:
        ValueError: either part has no removal or nothing but removals, so nothing can be told apart.
    """
    ordered = sorted(decided, key=lambda each: (each.decided_at, each.text))
    cut = len(ordered) - round(HELD_BACK * len(ordered))
    older, newer = ordered[:cut], ordered[cut:]
    for part in (older, newer):
        if len({each.removed for each in part}) < 2:
            raise ValueError("There must be removals and others among the older decisions and among the newer ones.")
    trained = _train(older)
    sums = np.array([trained.sums(features(each.text)) for each in newer])
    slopes, offsets = _scales(trained.groups, sums, newer)
    weights = Weights(trained.groups, trained.table * slopes[:, None], trained.intercepts * slopes + offsets)
    sums = sums * slopes + offsets
    values = np.array([between_0_and_1(float(total)) for total in sums[:, 0]])
    named = [trained.groups[place] for place in sums[:, 1:].argmax(axis=1)] if trained.groups else [""] * len(newer)
    removed = sum(each.removed for each in ordered)
    return Learned(
        weights, _measure(newer, values, named, len(older)), approved=len(ordered) - removed, removed=removed
    )


def _train(decided: Sequence[Labelled]) -> Weights:
    groups = _groups(decided)
    rows = [features(each.text) for each in decided]
    removed = np.array([each.removed for each in decided])
    targets = [removed]
    # For one group the others are no evidence either way: what insults may well advertise, too.
    members = [np.ones(len(decided), dtype=bool)]
    for group in groups:
        in_group = np.array([each.removed and each.group == group for each in decided])
        targets.append(in_group)
        members.append(in_group | ~removed)
    # Removals are few: their part of the whole is made a quarter, which moves the threshold and steadies the weights.
    boosts = [_boost(target[member]) for target, member in zip(targets, members, strict=True)]
    # Pieces that stand more often in one kind than in the other are heard louder from the start: few decisions then
    # teach what many would. Source: Wang and Manning, "Baselines and Bigrams", ACL 2012.
    volumes = [_volume(rows, target, member) for target, member in zip(targets, members, strict=True)]
    models = [SGDClassifier(loss="log_loss", alpha=PENALTY, average=True, random_state=20) for _ in targets]
    chance = np.random.default_rng(20)
    for _ in range(ROUNDS):
        order = chance.permutation(len(rows))
        for start in range(0, len(order), AT_ONCE):
            places = order[start : start + AT_ONCE]
            batch = _matrix([rows[place] for place in places])
            for model, target, member, boost, volume in zip(models, targets, members, boosts, volumes, strict=True):
                used = np.flatnonzero(member[places])
                if not len(used):
                    continue
                wanted = target[places][used]
                model.partial_fit(
                    _louder(batch[used], volume),
                    wanted,
                    classes=[False, True],
                    sample_weight=np.where(wanted, boost, 1.0),
                )
    table = np.vstack([model.coef_[0] * volume for model, volume in zip(models, volumes, strict=True)])
    table = table.astype(np.float32)
    return Weights(groups, table, np.array([model.intercept_[0] for model in models], dtype=np.float32))


def _groups(decided: Sequence[Labelled]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for each in decided:
        if each.removed and each.group:
            counts[each.group] = counts.get(each.group, 0) + 1
    return tuple(sorted(group for group, count in counts.items() if count >= FEWEST_IN_GROUP))


def _boost(wanted: NDArray[np.bool_]) -> float:
    few, many = int(wanted.sum()), int((~wanted).sum())
    return max(1.0, many / (3 * few))


def _volume(
    rows: Sequence[NDArray[np.int32]], target: NDArray[np.bool_], member: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """How unequally each piece stands in the two kinds: the logarithm of the ratio, without its sign."""
    logarithms = []
    for kind in (target, member & ~target):
        counts = np.ones(SIZE)
        for place in np.flatnonzero(kind).tolist():
            counts[rows[place]] += 1
        logarithms.append(np.log(counts / (int(kind.sum()) + 2)))
    volume: NDArray[np.float64] = np.abs(logarithms[0] - logarithms[1])
    return volume


def _louder(batch: csr_matrix, volume: NDArray[np.float64]) -> csr_matrix:
    return csr_matrix((batch.data * volume[batch.indices], batch.indices, batch.indptr), batch.shape)


def _scales(groups: Sequence[str], sums: Floats, decided: Sequence[Labelled]) -> tuple[Floats, Floats]:
    """For each row what makes of a sum about the part of such texts that were removed. Source: Platt, 1999."""
    slopes, offsets = np.ones(len(groups) + 1, np.float32), np.zeros(len(groups) + 1, np.float32)
    for row, group in enumerate(("", *groups)):
        wanted = np.array([each.removed and (not group or each.group == group) for each in decided])
        if not FEWEST_TO_SCALE <= wanted.sum() < len(wanted):
            continue
        line = LogisticRegression(C=1e3).fit(sums[:, [row]], wanted)
        if line.coef_[0, 0] > 0:
            slopes[row], offsets[row] = line.coef_[0, 0], line.intercept_[0]
    return slopes, offsets


def _matrix(rows: Sequence[NDArray[np.int32]]) -> csr_matrix:
    lengths = np.array([len(row) for row in rows])
    values = np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths)
    return csr_matrix((values, np.concatenate(rows), np.concatenate([[0], lengths.cumsum()])), (len(rows), SIZE))


def _measure(decided: Sequence[Labelled], values: NDArray[np.float64], named: Sequence[str], older: int) -> Metrics:
    removed = np.array([each.removed for each in decided])
    points = tuple(_point(share, values, removed) for share in SHARES)
    at = next(point for point in points if point.share == SHARE)
    held = values >= at.threshold
    groups = sorted({each.group for each in decided if each.group})
    rules = {}
    for group in groups:
        is_group = np.array([each.removed and each.group == group for each in decided])
        rules[group] = _figures(is_group, held & is_group, held & np.array([name == group for name in named]))
    languages = {}
    for language in sorted({each.language for each in decided}):
        spoken = np.array([each.language == language for each in decided])
        languages[language] = _figures(removed & spoken, held & removed & spoken, held & spoken)
    return Metrics(
        learned_from=older,
        measured_on=len(decided),
        area=round(_area(values, removed), 4),
        at=SHARE,
        curve=points,
        rules=rules,
        languages=languages,
    )


def _point(share: float, values: NDArray[np.float64], removed: NDArray[np.bool_]) -> Point:
    most = int(share * len(values))
    # Equal scores are held or not held together, never more than asked for.
    threshold = float(np.sort(values)[::-1][most - 1]) if most else 1.0
    if most and (values >= threshold).sum() > most:
        threshold = float(np.nextafter(threshold, 2))
    held = values >= threshold
    caught = int((held & removed).sum())
    return Point(
        share,
        threshold,
        int(held.sum()),
        round(caught / max(1, int(removed.sum())), 4),
        round(caught / max(1, int(held.sum())), 4),
    )


def _figures(removed: NDArray[np.bool_], caught: NDArray[np.bool_], held: NDArray[np.bool_]) -> Figures:
    """Of what was removed the part that was caught; of what was held (for this reason) the part that was removed."""
    of_removed, of_held = int(removed.sum()), int(held.sum())
    return Figures(
        of_removed,
        of_held,
        round(int(caught.sum()) / of_removed, 4) if of_removed else None,
        round(int((held & removed).sum()) / of_held, 4) if of_held else None,
    )


def _area(values: NDArray[np.float64], removed: NDArray[np.bool_]) -> float:
    """The chance that a removed text scores higher than another, equal scores counting half. Source: Mann, Whitney."""
    order = np.sort(values[~removed])
    above = np.searchsorted(order, values[removed], "left")
    equal = np.searchsorted(order, values[removed], "right") - above
    return float((above + equal / 2).sum() / (len(order) * removed.sum()))
