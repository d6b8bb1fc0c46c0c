"""Votes that look arranged: set aside as one case, and decided once."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kawaraban.accounts.models import User
from kawaraban.decisions import actions as decisions
from kawaraban.decisions.actions import About, Ground
from kawaraban.decisions.models import Decision, Kind
from kawaraban.discussion import actions as discussion
from kawaraban.discussion import reads as discussion_reads
from kawaraban.discussion.models import Vote
from kawaraban.errors import Refused
from kawaraban.languages import in_site_language
from kawaraban.moderation import policy
from kawaraban.moderation.models import Ring
from kawaraban.ranking import rings

LOOKED_BACK = 24 * 60  # minutes, as far as votes are evidence of each other
# Of a group found anew, this part may be votes that somebody has let count; the rest is then another case.
LET_COUNT = 0.5


def look_for_rings() -> int:
    """How many groups of votes were set aside, or grew. Cost: 5 queries, 15 for each group."""
    found = rings.find_rings(discussion_reads.recent_votes(LOOKED_BACK))
    return sum(open_ring(each) for each in found)


@transaction.atomic
def open_ring(found: rings.Ring) -> bool:
    """Whether votes were set aside: of a group that is no case yet, or that has grown since. Cost: 15 queries.

    Votes that a moderator has let count are not set aside a second time.
    """
    since = timezone.now() - timedelta(minutes=2 * LOOKED_BACK)
    votes = set(found.votes)
    case = None
    for ring in Ring.objects.select_for_update(of=("self",)).filter(found_at__gt=since).order_by("pk"):
        shared = votes & set(ring.votes)
        if ring.outcome == Ring.Outcome.DISMISSED:
            if len(shared) >= LET_COUNT * len(votes):
                return False
            votes -= shared
        elif shared and case is None:
            case = ring
    fresh = votes - set(case.votes if case else ())
    if not fresh:
        return False
    discussion.set_votes_aside(sorted(fresh), wanted=True)
    if case is None:
        case = Ring(key=_key(votes), votes=[])
    case.votes = sorted({*case.votes, *fresh})
    case.evidence = _evidence(found, len(case.votes))
    case.save()
    case.comments.add(*found.targets)
    if case.decision_id is None:
        about = About(f"ring:{case.pk}")
        case.decision = decisions.decide(
            Kind.SET_ASIDE,
            about,
            Ground(_sentence(found)),
            by=None,
            origin=Decision.Origin.RULE,
            scope=gettext_noop("Until a moderator has looked at the votes"),
        )
        case.save(update_fields=["decision"])
    else:
        decisions.append("ring_grew", {"subject": f"ring:{case.pk}", "votes": len(fresh)})
    return True


@transaction.atomic
def settle_ring(moderator: User, ring_id: int, upheld: bool) -> Ring:
    """The case of votes that were set aside, decided: they do not count, or they do again. Cost: 12 queries.

    Raises:
        Ring.DoesNotExist: there is no such case.
        Refused: they do not moderate, or a colleague was first.
    """
    if not policy.may_settle(moderator):
        raise Refused("not-moderator", _("Only moderators do that. Nothing was changed."))
    ring = Ring.objects.select_for_update(of=("self",)).get(pk=ring_id)
    if ring.outcome != Ring.Outcome.OPEN:
        raise Refused(
            "ring-decided",
            _("This was decided meanwhile: {outcome}. Nothing was changed.").format(
                outcome=ring.get_outcome_display().lower()
            ),
        )
    ring.outcome = Ring.Outcome.UPHELD if upheld else Ring.Outcome.DISMISSED
    ring.settled_by, ring.settled_at = moderator, timezone.now()
    ring.save(update_fields=["outcome", "settled_by", "settled_at"])
    if not upheld:
        # What is gone meanwhile, or was cast anew, is the voter's own matter.
        there = Vote.objects.filter(pk__in=ring.votes, set_aside=Vote.Aside.RING).values_list("pk", flat=True)
        discussion.set_votes_aside(list(there), wanted=False)
        if ring.decision_id:
            decisions.lift(ring.decision_id, by=moderator, is_reversed=True)
    decisions.append("ring_settled", {"subject": f"ring:{ring.pk}", "upheld": upheld, "by": moderator.pk})
    return ring


def _key(votes: set[int]) -> str:
    return sha256(",".join(map(str, sorted(votes))).encode()).hexdigest()


def _evidence(found: rings.Ring, votes: int) -> dict[str, int]:
    """Counts and spans: how many, how new, from how few places, how fast. No names."""
    return {
        "votes": votes,
        "voters": len(found.voters),
        "fresh": found.fresh,
        "networks": found.networks,
        "seconds": round(found.span),
        "up": found.up,
        "down": found.down,
        "comments": len(found.targets),
        "authors": len(found.authors),
    }


@in_site_language
def _sentence(found: rings.Ring) -> str:
    minutes = max(1, round(found.span / 60))
    return _(
        "{votes} votes of {accounts} accounts, {fresh} of them new, out of {networks} networks, "
        "within {minutes} minutes."
    ).format(
        votes=len(found.votes),
        accounts=len(found.voters),
        fresh=found.fresh,
        networks=found.networks,
        minutes=minutes,
    )
