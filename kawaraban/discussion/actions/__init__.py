"""Everything that changes the discussion, one function for each verb."""

from kawaraban.discussion.actions.ballots import cast_vote
from kawaraban.discussion.actions.comments import (
    Record,
    delete_comment,
    edit_comment,
    post_comment,
    record_comment,
)
from kawaraban.discussion.actions.fits import fit_due_threads, fit_thread
from kawaraban.discussion.actions.groups import choose_agreed
from kawaraban.discussion.actions.marks import give_source, mark_worth, pick_comment, request_source
from kawaraban.discussion.actions.quotes import link_thread
from kawaraban.discussion.actions.restrictions import (
    edit_out,
    fold_comment,
    hold_comment,
    remove_comment,
    restore_comment,
)
from kawaraban.discussion.actions.seats import follow_thread, keep_draft, mark_seen
from kawaraban.discussion.actions.threads import (
    close_thread,
    describe_thread,
    keep_passages,
    open_thread,
    open_what_is_due,
    reopen_thread,
    screen_thread,
    set_rules,
    wish_groups,
    wish_screening,
    withhold_versions,
)
from kawaraban.discussion.actions.votes import count_waiting_votes, record_votes, set_votes_aside

__all__ = [
    "Record",
    "cast_vote",
    "choose_agreed",
    "close_thread",
    "count_waiting_votes",
    "delete_comment",
    "describe_thread",
    "edit_comment",
    "edit_out",
    "fit_due_threads",
    "fit_thread",
    "fold_comment",
    "follow_thread",
    "give_source",
    "hold_comment",
    "keep_draft",
    "keep_passages",
    "link_thread",
    "mark_seen",
    "mark_worth",
    "open_thread",
    "open_what_is_due",
    "pick_comment",
    "post_comment",
    "record_comment",
    "record_votes",
    "remove_comment",
    "reopen_thread",
    "request_source",
    "restore_comment",
    "screen_thread",
    "set_rules",
    "set_votes_aside",
    "wish_groups",
    "wish_screening",
    "withhold_versions",
]
