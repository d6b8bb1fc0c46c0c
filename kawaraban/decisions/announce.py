"""A member hears of what was decided about them, and of its end."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kawaraban.accounts import actions as accounts
from kawaraban.accounts.models import Kind as Notified
from kawaraban.accounts.models import User
from kawaraban.caching import EVERYWHERE
from kawaraban.caching.actions import purge
from kawaraban.decisions.models import Decision, Kind, Rulebook
from kawaraban.languages import in_site_language

# By kind; words of ours, a rule's name and a headline, never a reader's words.
TOLD = {
    Kind.HOLD: gettext_lazy("Your comment on “{about}” waits for a moderator"),
    Kind.REMOVE: gettext_lazy("Your comment on “{about}” was removed"),
    Kind.EDIT_OUT: gettext_lazy("Personal data was taken out of your comment on “{about}”"),
    Kind.FOLD: gettext_lazy("Your comment on “{about}” was folded"),
    Kind.WARN: gettext_lazy("You were warned"),
    Kind.MUTE: gettext_lazy("You may not write for a time"),
    Kind.SUSPEND: gettext_lazy("You may not take part for a time"),
    Kind.BAN: gettext_lazy("You may not take part any more"),
}


@in_site_language
def decided(decision: Decision) -> None:
    """Tell the member what was decided, with the rule and the way to the reasons. Cost: 1 query."""
    phrase = TOLD.get(Kind(decision.kind))
    if phrase:
        said = phrase.format(about=decision.about)
        if decision.ground:
            said = _("{said}: {ground}").format(said=said, ground=decision.ground)
        _tell(decision, Notified.DECIDED, said)


@in_site_language
def lifted(decision: Decision) -> None:
    """Tell the member that it holds no more. Cost: 1 query."""
    if Kind(decision.kind) in TOLD:
        if decision.about:
            said = _("A decision about you on “{about}” was taken back").format(about=decision.about)
        else:
            said = _("A decision about you was taken back")
        _tell(decision, Notified.LIFTED, said)


@in_site_language
def rules_published(book: Rulebook) -> None:
    """Tell every member that the house rules have changed. Cost: 2 queries."""
    purge(EVERYWHERE)
    accounts.notify(
        User.objects.filter(is_active=True),
        kind=Notified.RULES,
        subject=f"rules:{book.version}",
        address=book.get_absolute_url(),
        title=_("The house rules have changed"),
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
