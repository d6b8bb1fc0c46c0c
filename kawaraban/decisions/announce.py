"""A member hears of what was decided about them, and of its end."""

from __future__ import annotations

from kawaraban.accounts import actions as accounts
from kawaraban.accounts.models import Kind as Notified
from kawaraban.accounts.models import User
from kawaraban.decisions.models import Decision, Kind, Rulebook

# By kind; words of ours, a rule's name and a headline, never a reader's words.
TOLD = {
    Kind.HOLD: "Your comment on “{about}” waits for a moderator",
    Kind.REMOVE: "Your comment on “{about}” was removed",
    Kind.EDIT_OUT: "Personal data was taken out of your comment on “{about}”",
    Kind.FOLD: "Your comment on “{about}” was folded",
    Kind.WARN: "You were warned",
    Kind.MUTE: "You may not write for a time",
    Kind.SUSPEND: "You may not take part for a time",
    Kind.BAN: "You may not take part any more",
}


def decided(decision: Decision) -> None:
    """Tell the member what was decided, with the rule and the way to the reasons. Cost: 1 query."""
    phrase = TOLD.get(Kind(decision.kind))
    if phrase:
        ground = f": {decision.ground}" if decision.ground else ""
        _tell(decision, Notified.DECIDED, phrase.format(about=decision.about) + ground)


def lifted(decision: Decision) -> None:
    """Tell the member that it holds no more. Cost: 1 query."""
    if Kind(decision.kind) in TOLD:
        about = f" on “{decision.about}”" if decision.about else ""
        _tell(decision, Notified.LIFTED, f"A decision about you{about} was taken back")


def rules_published(book: Rulebook) -> None:
    """Tell every member that the house rules have changed. Cost: 1 query."""
    accounts.notify(
        User.objects.filter(is_active=True),
        kind=Notified.RULES,
        subject=f"rules:{book.version}",
        address=book.get_absolute_url(),
        title="The house rules have changed",
        actor=None,
    )


def _tell(decision: Decision, kind: Notified, title: str) -> None:
    accounts.notify(
        [decision.member] if decision.member else [],
        kind=kind,
        subject=f"decision:{decision.pk}",
        address=decision.get_absolute_url(),
        title=title,
        actor=None,
    )
