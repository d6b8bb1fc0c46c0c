"""Everything that changes what came to the moderators."""

from kawaraban.moderation.actions.appeals import appeal, appeal_notice, appeal_report, settle_appeal
from kawaraban.moderation.actions.bulk import decide_many, undo_batch
from kawaraban.moderation.actions.cases import (
    DEEDS,
    LOOK_REASONS,
    Deed,
    answer_complaints,
    claim_case,
    decide_case,
    look_at_networks,
    undo_last,
)
from kawaraban.moderation.actions.changes import record_settings
from kawaraban.moderation.actions.learning import ask_to_learn, learn_score, switch_score
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
from kawaraban.moderation.actions.screening import add_pattern, change_pattern, change_screening, remove_pattern

__all__ = [
    "DEEDS",
    "LOOK_REASONS",
    "Deed",
    "Told",
    "add_pattern",
    "answer_complaints",
    "appeal",
    "appeal_notice",
    "appeal_report",
    "ask_to_learn",
    "change_pattern",
    "change_screening",
    "claim_case",
    "decide_case",
    "decide_many",
    "give_notice",
    "hold_accounts_made_since",
    "hold_everything",
    "learn_score",
    "look_at_networks",
    "look_for_rings",
    "mail_notice",
    "open_ring",
    "pass_on_notice",
    "record_settings",
    "remove_of_new_accounts",
    "remove_pattern",
    "report_comment",
    "settle_appeal",
    "settle_notice",
    "settle_notices",
    "settle_reports",
    "settle_ring",
    "slow_down",
    "stop_new_accounts",
    "switch_score",
    "take_due_mail",
    "undo",
    "undo_batch",
    "undo_last",
    "warn_of_reports",
]
