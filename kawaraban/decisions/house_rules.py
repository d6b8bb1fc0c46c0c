"""The house rules with which a new site begins; the desk publishes others."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

INTRODUCTION = _("Disagree as sharply as you like, with what was said. The rest follows from that.")

# Each with its short name, as it stands in lists of reasons and in place of what was removed.
RULES = (
    (
        _("Speak to the argument"),
        _("No insults, threats or harassment; nobody is less of a person for being wrong."),
    ),
    (_("Say it once"), _("No advertising, no flooding, no second account to agree with the first.")),
    (_("Leave people their privacy"), _("No addresses, numbers or private matters of others.")),
    (_("Stay with the subject"), _("What belongs under another story goes there.")),
    (_("Quote fairly"), _("Other people’s words as they said them, and no more of them than you answer.")),
    (_("Keep to the law"), _("Nothing that we would have to take down.")),
)

PRACTICE = _("""\
A moderator may hold or remove a comment, and for a time or for good keep a member from writing. In place of what was \
removed stands the rule; its number stays, and so do the answers. Whoever is concerned is told the rule, the reason, \
for how long, and how to appeal.

Simple rules that run by themselves, and where the newsroom has switched it on a score learned from this site’s own \
decisions, can hold a comment until a moderator has read it. They never remove anything. A person decides.

You can appeal for six months, without cost. Another moderator than the first decides. Who reported something that was \
left standing can appeal as well.

Whoever breaks the rules again and again is warned, then kept from writing for a time, then for good; whoever reports \
again and again what breaks no rule is warned, and then their reports wait. How often all this happened, by rule and \
by month, stands on the page about our moderation, never with names.""")
