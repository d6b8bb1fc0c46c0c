"""Votes that look as if one hand had cast them: many accounts, few networks, the same targets.

A crowd and a ring both vote much in little time; the number of votes tells nothing. What a crowd cannot imitate by
chance is this: many of its accounts vote from a network block that others of the same few votes came from as well, and
did little else. So both must come together, and each alone is innocent:

- a comment that everybody likes gets its votes from regular members, of as many networks as members;
- a link that is passed around brings hundreds of new accounts within minutes, but from everywhere;
- an office or a campus shares a network, but its people are here for long and vote on different things.

What is found is a reason to look, and no verdict: a class that was sent here to vote looks the same. A ring of new
accounts with a network each is not found; what bounds it is that votes count only from a certain age on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

# An account is fresh that has no record yet and is younger than this. Raids use accounts made for the day; a month
# is as long as the traces of networks are kept.
FRESH_DAYS = 30.0
HOURS = 3600.0


@dataclass(frozen=True, slots=True)
class Cast:
    """A vote as evidence.

    `key` names the vote, `target` the comment, `author` who wrote that; `at` is in seconds from any moment, `age_days`
    how old the account was when it voted, `network` a pseudonym of the block it came from, "" if that is not known,
    and `standing` the place of the voter's row in the table of trust, 0 for new members.
    """

    key: int
    voter: int
    target: int
    author: int | str
    value: int
    at: float
    age_days: float
    network: str = ""
    standing: int = 0

    @property
    def is_fresh(self) -> bool:
        """True for the vote of an account without a record."""
        return self.standing == 0 and self.age_days < FRESH_DAYS


@dataclass(frozen=True, slots=True)
class Ring:
    """Votes that belong together, and why: what the desk shows as one case.

    `votes` are their keys and `voters` who cast them, both in order; `span` is in seconds, from `began`. Of the voters
    `fresh` have no record yet, and all come from `networks` blocks.
    """

    votes: tuple[int, ...]
    voters: tuple[int, ...]
    targets: tuple[int, ...]
    authors: tuple[int | str, ...]
    began: float
    span: float
    fresh: int
    networks: int
    up: int
    down: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How many votes of fresh accounts on one comment, out of shared networks, within which time, are too many.

    `share` is that part of all fresh votes of the same kind in the time whose network at least one more of them came
    from. Networks that are known do not count for it unless `known` says so.
    """

    seconds: float
    least: int
    share: float
    known: bool = False


# The first is a raid, that of S-049. The second is patient. The third is a raid through a carrier, which strangers
# share as well: it asks that nearly all come that way, while of a crowd one or two in three do.
PACES = (Pace(600.0, 8, 1 / 2), Pace(24 * HOURS, 12, 1 / 2), Pace(600.0, 8, 0.9, known=True))

# A network is known from which so many members voted who are not fresh: a carrier, an office, a campus. That new
# accounts meet there by chance is likely. Without this, of a raid and a crowd that vote alike at the same time, half
# as many newcomers were set aside as raiders.
KNOWN_BY = 5

# Who gives at least a quarter of their votes to what a ring votes on came for that. Fewer would take in readers who
# passed by; more would let go who casts one vote elsewhere as a disguise.
DEVOTION = 0.25

# A circle lifts or sinks one author patiently, with accounts of any age: this many members out of shared networks,
# each with so many votes of the same kind on different comments of that author. Four colleagues who read each
# other are no case for a moderator; and of an author's admirers only a part meets in the blocks of a carrier, so at
# least half of all who are so devoted must share theirs. They may have a record, so their devotion is asked to be more.
CIRCLE_VOTERS = 5
CIRCLE_VOTES = 4
CIRCLE_SHARE = 0.5
CIRCLE_DEVOTION = 0.5


def find_rings(votes: Iterable[Cast]) -> list[Ring]:
    """The groups of votes that look like the work of one hand, the earliest first; each voter is in one at most.

    Three steps, the same result whatever the order of the votes:

    1. Bursts: on one comment and in one direction, fresh accounts out of shared networks, more than a `Pace` allows.
    2. Circles: five members or more out of shared networks who give half of their votes or more to one author.
    3. Of both only those are kept who did little else; what is left must still be enough. Groups that share a voter
       are one ring: a raid on a whole discussion is one case.

    Args:
        votes: of a day or less; each voter once for each target.

    Cost: grows with n log n; 10,000 votes take about 0.1 s.
    """
    cast = sorted(votes, key=lambda vote: (vote.at, vote.key))
    of_voter: dict[int, list[Cast]] = defaultdict(list)
    on_target: dict[tuple[int, int], list[Cast]] = defaultdict(list)
    on_author: dict[tuple[int | str, int], list[Cast]] = defaultdict(list)
    for vote in cast:
        of_voter[vote.voter].append(vote)
        on_target[vote.target, vote.value].append(vote)
        on_author[vote.author, vote.value].append(vote)
    known = _known(cast)
    bursts = [burst for place in sorted(on_target) for burst in _bursts(on_target[place], known)]
    struck = {(vote.target, vote.value) for burst in bursts for vote in burst}
    groups = [kept for burst in bursts if (kept := _devoted(burst, of_voter, struck))]
    groups += [circle for votes_on in on_author.values() if (circle := _circle(votes_on, of_voter))]
    rings = [_ring(group) for group in _joined(groups)]
    return sorted(rings, key=lambda ring: (ring.began, ring.votes))


def _bursts(votes: Sequence[Cast], known: Set[str]) -> list[list[Cast]]:
    """Fresh votes of one kind on one comment, out of shared networks, for each pace that they pass."""
    fresh = [vote for vote in votes if vote.is_fresh]
    found = []
    for pace in PACES:
        networks = [vote.network if pace.known or vote.network not in known else "" for vote in fresh]
        for first, last in _stretches([vote.at for vote in fresh], networks, pace):
            company = Counter(network for network in networks[first : last + 1] if network)
            found.append([fresh[i] for i in range(first, last + 1) if company[networks[i]] > 1])
    return found


def _stretches(times: Sequence[float], networks: Sequence[str], pace: Pace) -> list[tuple[int, int]]:
    """Where votes pass the pace, as first and last of each stretch; what overlaps is one."""
    stretches: list[tuple[int, int]] = []
    lumps = _Lumps()
    first = 0
    for last, at in enumerate(times):
        lumps.add(networks[last])
        while at - times[first] > pace.seconds:
            lumps.remove(networks[first])
            first += 1
        if lumps.shared >= max(pace.least, pace.share * (last - first + 1)):
            begin = stretches.pop()[0] if stretches and stretches[-1][1] >= first else first
            stretches.append((begin, last))
    return stretches


def _known(votes: Iterable[Cast]) -> set[str]:
    """The networks that members with a record, or of some age, vote from."""
    members = {(vote.network, vote.voter) for vote in votes if not vote.is_fresh}
    return {network for network, count in Counter(network for network, _ in members).items() if count >= KNOWN_BY}


class _Lumps:
    """How many votes of a sliding window come from a network that another of them comes from as well."""

    def __init__(self) -> None:
        self.shared = 0
        self._count: Counter[str] = Counter()

    def add(self, network: str) -> None:
        if not network:
            return
        self._count[network] += 1
        self.shared += {1: 0, 2: 2}.get(self._count[network], 1)

    def remove(self, network: str) -> None:
        if not network:
            return
        self.shared -= {1: 0, 2: 2}.get(self._count[network], 1)
        self._count[network] -= 1


def _devoted(burst: Sequence[Cast], of_voter: dict[int, list[Cast]], struck: set[tuple[int, int]]) -> list[Cast] | None:
    """Those of a burst whose voters did little but vote where bursts were; None if they are too few to be one."""
    kept = []
    for vote in burst:
        all_of_them = of_voter[vote.voter]
        here = sum((each.target, each.value) in struck or each.author == vote.author for each in all_of_them)
        if here >= DEVOTION * len(all_of_them):
            kept.append(vote)
    return kept if len(kept) >= PACES[0].least else None


def _circle(votes: Sequence[Cast], of_voter: dict[int, list[Cast]]) -> list[Cast] | None:
    """Votes of one kind on one author by members of shared networks who vote on hardly anything else."""
    mine: dict[int, list[Cast]] = defaultdict(list)
    for vote in votes:
        mine[vote.voter].append(vote)
    devoted = {
        voter: here
        for voter, here in mine.items()
        if len(here) >= CIRCLE_VOTES and len(here) >= CIRCLE_DEVOTION * len(of_voter[voter]) and here[-1].network
    }
    company = Counter(here[-1].network for here in devoted.values())
    together = {voter: here for voter, here in devoted.items() if company[here[-1].network] > 1}
    if len(together) < max(CIRCLE_VOTERS, CIRCLE_SHARE * len(devoted)):
        return None
    return [vote for here in together.values() for vote in here]


def _joined(groups: Sequence[Sequence[Cast]]) -> list[list[Cast]]:
    """The groups, with those that share a voter made one."""
    leader: dict[int, int] = {}

    def lead(voter: int) -> int:
        while leader.setdefault(voter, voter) != voter:
            leader[voter] = leader[leader[voter]]
            voter = leader[voter]
        return voter

    for group in groups:
        for vote in group:
            leader[lead(vote.voter)] = lead(group[0].voter)
    together: dict[int, dict[int, Cast]] = defaultdict(dict)
    for group in groups:
        for vote in group:
            together[lead(vote.voter)][vote.key] = vote
    return [sorted(votes.values(), key=lambda vote: (vote.at, vote.key)) for votes in together.values()]


def _ring(votes: Sequence[Cast]) -> Ring:
    return Ring(
        votes=tuple(sorted(vote.key for vote in votes)),
        voters=tuple(sorted({vote.voter for vote in votes})),
        targets=tuple(sorted({vote.target for vote in votes})),
        authors=tuple(sorted({vote.author for vote in votes}, key=str)),
        began=votes[0].at,
        span=votes[-1].at - votes[0].at,
        fresh=len({vote.voter for vote in votes if vote.is_fresh}),
        networks=len({vote.network for vote in votes}),
        up=sum(vote.value > 0 for vote in votes),
        down=sum(vote.value < 0 for vote in votes),
    )
