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
from kawaraban.moderation.reads.bulk import BULK_DEEDS, MOST_AT_ONCE, comments_of_new_accounts, plan
from kawaraban.moderation.reads.cases import batches, case, find_comment, is_of_member, undoable
from kawaraban.moderation.reads.figures import Month, logged, months
from kawaraban.moderation.reads.notices import comment_at, open_notices, own_path, receipt
from kawaraban.moderation.reads.queues import (
    OTHERS,
    QUEUES,
    counts,
    filters_of,
    listing,
    neighbours,
    number_in,
    open_count,
    open_rings,
    sections,
)
from kawaraban.moderation.reads.raids import figures_of
from kawaraban.moderation.reads.reports import (
    MISUSE,
    SCOPE,
    counting,
    posters_due,
    report_of,
    reporters_due,
    site_settings,
    was_let_stand,
    weight_of,
)
from kawaraban.moderation.reads.states import state_of, states_of

__all__ = [
    "BULK_DEEDS",
    "LOADED",
    "MISUSE",
    "MOST_AT_ONCE",
    "OTHERS",
    "QUEUES",
    "SCOPE",
    "Month",
    "appeal_of",
    "appeal_of_notice",
    "appeal_of_report",
    "batches",
    "case",
    "comment_at",
    "comment_of",
    "comments_of_new_accounts",
    "counting",
    "counts",
    "figures_of",
    "filters_of",
    "find_comment",
    "is_of_member",
    "listing",
    "logged",
    "months",
    "neighbours",
    "number_in",
    "open_appeals",
    "open_count",
    "open_notices",
    "open_rings",
    "other_moderators",
    "own_path",
    "plan",
    "posters_due",
    "receipt",
    "report_of",
    "reporters_due",
    "sections",
    "site_settings",
    "state_of",
    "states_of",
    "undoable",
    "was_let_stand",
    "weight_of",
]
