"""Everything that changes what came over the wire: taken in, released, merged, withdrawn; feeds asked, keys made."""

from __future__ import annotations

from kawaraban.wire.actions.feeds import claim_due, forget, look, set_up_folder
from kawaraban.wire.actions.pushing import make_key, receive_push, remove_key
from kawaraban.wire.actions.receiving import acknowledge, mail_alarms, mark_read, mark_unread, receive, take_refused
from kawaraban.wire.actions.releasing import claim_waiting, make_story, merge_update, settle
from kawaraban.wire.actions.voices import allow_voice, allowed_lately, refuse_voice

__all__ = [
    "acknowledge",
    "allow_voice",
    "allowed_lately",
    "claim_due",
    "claim_waiting",
    "forget",
    "look",
    "mail_alarms",
    "make_key",
    "make_story",
    "mark_read",
    "mark_unread",
    "merge_update",
    "receive",
    "receive_push",
    "refuse_voice",
    "remove_key",
    "set_up_folder",
    "settle",
    "take_refused",
]
