"""What this process counts of decisions."""

from __future__ import annotations

from prometheus_client import Counter

from kawaraban.decisions.models import Kind

DECISIONS = Counter("kawaraban_decisions_total", "Decisions that were made, by their kind.", ["kind"])

for kind in Kind.values:
    DECISIONS.labels(kind)
