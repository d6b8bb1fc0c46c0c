"""Everything that changes what came to the moderators."""

from kawaraban.moderation.actions.appeals import appeal, appeal_notice, appeal_report, settle_appeal
from kawaraban.moderation.actions.bulk import decide_many, undo_batch
from kawaraban.moderation.actions.cases import (
    DEEDS,
    LOOK_REASONS,
    Deed,
    claim_case,
    decide_case,
    look_at_networks,
    undo_last,
)
from kawaraban.moderation.actions.notices import (
    Told,
    give_notice,
    mail_notice,
    pass_on_notice,
    settle_notice,
    settle_notices,
    take_due_mail,
)
from kawaraban.moderation.actions.raids import (
    hold_accounts_made_since,
    hold_everything,
    remove_of_new_accounts,
    slow_down,
    stop_new_accounts,
    undo,
)
from kawaraban.moderation.actions.reports import report_comment, settle_reports, warn_of_reports
from kawaraban.moderation.actions.rings import look_for_rings, open_ring, settle_ring

__all__ = [
    "DEEDS",
    "LOOK_REASONS",
    "Deed",
    "Told",
    "appeal",
    "appeal_notice",
    "appeal_report",
    "claim_case",
    "decide_case",
    "decide_many",
    "give_notice",
    "hold_accounts_made_since",
    "hold_everything",
    "look_at_networks",
    "look_for_rings",
    "mail_notice",
    "open_ring",
    "pass_on_notice",
    "remove_of_new_accounts",
    "report_comment",
    "settle_appeal",
    "settle_notice",
    "settle_notices",
    "settle_reports",
    "settle_ring",
    "slow_down",
    "stop_new_accounts",
    "take_due_mail",
    "undo",
    "undo_batch",
    "undo_last",
    "warn_of_reports",
]
