"""What is counted of streams."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

OPEN = Gauge("kawaraban_streams_open", "Open streams: pages that this process keeps up to date.")
OPENED = Counter("kawaraban_streams_opened_total", "Streams that were opened.")
REFUSED = Counter(
    "kawaraban_streams_refused_total",
    "Streams and questions that were answered 503: too many are open, or the database did not answer.",
)
DROPPED = Counter("kawaraban_streams_dropped_total", "Streams that were cut off because their reader took nothing.")
POLLS = Counter("kawaraban_streams_polls_total", "Pages that asked for news, in place of a stream.")
