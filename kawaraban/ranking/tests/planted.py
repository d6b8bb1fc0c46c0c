"""Votes of readers whose groups are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Votes = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def planted(
    sizes: tuple[int, ...], comments: int, *, share: float = 0.5, lean: float = 1.5, seed: int = 0
) -> tuple[Votes, NDArray[np.int64]]:
    """Votes (reader, comment, value) of groups of these sizes, and the group of each reader.

    Args:
        share: of all comments, how many a reader votes on.
        lean: how far groups are apart, in log-odds; 0 plants none.
    """
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(sizes)), sizes)
    u, c = np.nonzero(rng.random((len(group), comments)) < share)
    likes = rng.normal(0.4, 0.8, comments)[c] + rng.normal(0.2, 0.5, len(group))[u]
    sides = lean * rng.choice([-1.0, 1.0], (len(sizes), comments))
    agrees = rng.random(len(u)) < 1 / (1 + np.exp(-(likes + sides[group[u], c])))
    return (u, c, np.where(agrees, 1, -1)), group
