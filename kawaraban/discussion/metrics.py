"""What this process counts of the discussion. Imports and other processes count for themselves, if at all."""

from __future__ import annotations

from prometheus_client import Counter

COMMENTS = Counter(
    "kawaraban_comments_posted_total", "Comments that members posted, shown at once or held first.", ["state"]
)
VOTES = Counter("kawaraban_votes_cast_total", "Votes on comments that were cast, changed or taken back.")

for state in ("shown", "held"):
    COMMENTS.labels(state)
