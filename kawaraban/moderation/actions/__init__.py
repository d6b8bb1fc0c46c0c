"""Everything that changes what came to the moderators."""

from kawaraban.moderation.actions.appeals import appeal, appeal_notice, appeal_report, settle_appeal
from kawaraban.moderation.actions.notices import (
    Told,
    give_notice,
    mail_notice,
    pass_on_notice,
    settle_notice,
    settle_notices,
    take_due_mail,
)
from kawaraban.moderation.actions.reports import report_comment, settle_reports, warn_of_reports

__all__ = [
    "Told",
    "appeal",
    "appeal_notice",
    "appeal_report",
    "give_notice",
    "mail_notice",
    "pass_on_notice",
    "report_comment",
    "settle_appeal",
    "settle_notice",
    "settle_notices",
    "settle_reports",
    "take_due_mail",
    "warn_of_reports",
]
