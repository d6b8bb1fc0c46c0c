"""What the desk's pages need, in a known number of queries."""

from kawaraban.moderation.reads.appeals import (
    LOADED,
    appeal_of,
    appeal_of_notice,
    appeal_of_report,
    comment_of,
    open_appeals,
    other_moderators,
)
from kawaraban.moderation.reads.figures import Month, logged, months
from kawaraban.moderation.reads.notices import comment_at, open_notices, own_path, receipt
from kawaraban.moderation.reads.reports import (
    SCOPE,
    counting,
    posters_due,
    report_of,
    reporters_due,
    site_settings,
    was_let_stand,
    weight_of,
)

__all__ = [
    "LOADED",
    "SCOPE",
    "Month",
    "appeal_of",
    "appeal_of_notice",
    "appeal_of_report",
    "comment_at",
    "comment_of",
    "counting",
    "logged",
    "months",
    "open_appeals",
    "open_notices",
    "other_moderators",
    "own_path",
    "posters_due",
    "receipt",
    "report_of",
    "reporters_due",
    "site_settings",
    "was_let_stand",
    "weight_of",
]
