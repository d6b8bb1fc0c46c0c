"""What the scoreboard of opinion groups asks for: our method as a function that returns a mapping."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kawaraban.ranking import opinion as ours


def opinion(u: ArrayLike, c: ArrayLike, v: ArrayLike, nu: int, nc: int) -> dict[str, Any]:
    """The groups in these votes, found cold. The scoreboard's votes are +1.0 and -1.0."""
    found = ours.opinion(u, c, np.asarray(v, dtype=np.int64), nu, nc)
    names = ("groups", "placed", "label", "up", "n", "score")
    return {name: getattr(found, name) for name in names}
