"""Who visits the site of `make bench-moderation`, and what each of them is about to do: the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.phrases import Speech, Text

REGULARS, QUIET, TROLLS, FALSE_REPORTERS, RAIDERS, NEWCOMERS = 160, 200, 80, 12, 300, 60
COMMENTS = 240
"""In each round."""
OF_TROLLS = 0.32
"""The part of all comments that trolls write; one in four of these is civil."""
MOST_EACH = 4
"""Comments of one member in a round: fewer than a new account may write in five minutes."""
RAID_NETWORKS = 40
ALONE = 60
"""Raiders who come from a network of their own."""
CARRIER_BLOCKS = 12
VICTIMS = 5
"""Regulars whom the false reporters do not like."""
RAIDED = 3
"""Comments that the raid votes down."""


@dataclass(slots=True)
class Person:
    """Somebody with an account.

    Args:
        kind: "regular", "quiet", "troll", "false", "raider" or "newcomer".
        age: of the account in days: at the beginning; of raiders and newcomers on the evening of the raid.
        address: from where they come.
        trade: what a troll is after: "insult" or "advert".
        fairness: how often they agree with what a regular says.
        key: in the site's database.
    """

    name: str
    kind: str
    age: float
    address: str
    trade: str = ""
    fairness: float = 0.75
    key: int = 0


@dataclass(slots=True)
class Crowd:
    """Everybody, by kind."""

    people: list[Person] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Person]:
        """Those of these kinds, in order."""
        return [each for each in self.people if each.kind in kinds]

    @property
    def victims(self) -> list[Person]:
        """Regulars whom the false reporters pick on."""
        return self.of("regular")[:VICTIMS]


def gather(chance: random.Random) -> Crowd:
    """The people of the site."""
    crowd = Crowd()
    homes = iter(range(1, 60_000))

    def add(count: int, kind: str, youngest: float, oldest: float, addresses: Sequence[str] = ()) -> None:
        for number in range(count):
            address = addresses[number] if number < len(addresses) else _home(chance, homes)
            trade = ("insult" if chance.random() < 0.7 else "advert") if kind == "troll" else ""
            age = chance.uniform(youngest, oldest)
            name = f"{kind.capitalize()} {number + 1}"
            crowd.people.append(Person(name, kind, age, address, trade, chance.uniform(0.6, 0.9)))

    add(REGULARS, "regular", 30, 900)
    add(QUIET, "quiet", 20, 900)
    add(TROLLS, "troll", 4, 120)
    add(FALSE_REPORTERS, "false", 60, 400)
    # Some accounts of the raid were made in time, so that their votes would count; a quarter was not.
    add(RAIDERS, "raider", 0.1, 12, [_raided_from(number) for number in range(RAIDERS - ALONE)])
    add(NEWCOMERS, "newcomer", 0.01, 2)
    return crowd


def _home(chance: random.Random, homes: Iterator[int]) -> str:
    """One in five comes through a carrier, everybody else out of a block of their own."""
    block = chance.randrange(CARRIER_BLOCKS) if chance.random() < 0.2 else 1_000 + next(homes)
    return f"10.{block // 250}.{block % 250}.{chance.randrange(1, 250)}"


def _raided_from(number: int) -> str:
    return f"172.16.{number % RAID_NETWORKS}.{1 + number // RAID_NETWORKS}"


# --- What they do -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Draft:
    """Somebody is about to post; `second` is what they say instead when they are asked to, None to insist."""

    author: Person
    text: Text
    second: Text | None


def drafts(chance: random.Random, crowd: Crowd, speech: Speech, count: int = COMMENTS) -> list[Draft]:
    """What is written in a round; nobody writes so much that a limit would be in the way."""
    trolls, others = crowd.of("troll"), crowd.of("regular", "false")
    # False reporters write like regulars, once in each round: nobody's report weighs who has said nothing.
    authors = crowd.of("false")
    written = dict.fromkeys((each.name for each in authors), 1)
    while len(authors) < count:
        author = chance.choice(trolls if chance.random() < OF_TROLLS else others)
        if written.get(author.name, 0) < MOST_EACH:
            written[author.name] = written.get(author.name, 0) + 1
            authors.append(author)
    chance.shuffle(authors)
    return [_draft(chance, speech, author) for author in authors]


def _draft(chance: random.Random, speech: Speech, author: Person) -> Draft:
    is_troll = author.kind == "troll" and chance.random() < 0.75

    def say() -> Text:
        return speech.troll(author.trade) if is_troll else speech.regular()

    text = say()
    return Draft(author, text, say() if chance.random() < 0.5 else None)


def reporters(chance: random.Random, crowd: Crowd, author: Person, text: Text) -> list[Person]:
    """Who reports a comment that can be read: most of what is bad, and now and then what is merely sharp."""
    if text.is_bad:
        count = chance.choices((0, 1, 2, 3, 4), (15, 35, 28, 14, 8))[0]
    else:
        count = int(chance.random() < (0.05 if text.kind in ("sharp", "mention") else 0.005))
    able = [each for each in crowd.of("regular", "quiet") if each is not author]
    return chance.sample(able, count)


@dataclass(frozen=True, slots=True)
class Vote:
    """Somebody votes on a comment, told by its place in the list of those there are."""

    voter: Person
    place: int
    value: int
    is_raid: bool = False


def honest_votes(chance: random.Random, voters: Sequence[Person], liked: Sequence[float]) -> list[Vote]:
    """One to fifteen votes of each, on what they find; the first comments are found most.

    Args:
        liked: how much there is to each comment, 0 to 1.
    """
    weights = [1 / (1 + place) ** 0.5 for place in range(len(liked))]
    votes = []
    for voter in voters:
        wanted = min(15, 1 + int(chance.expovariate(1 / 3.5)))
        for place in dict.fromkeys(chance.choices(range(len(liked)), weights, k=wanted)):
            agrees = chance.random() < voter.fairness * liked[place]
            votes.append(Vote(voter, place, 1 if agrees else -1))
    return votes


def raid_votes(chance: random.Random, raiders: Sequence[Person], targets: Sequence[int], others: int) -> list[Vote]:
    """Everybody of the raid against each target; every other one votes for something else as a disguise."""
    votes = [Vote(raider, target, -1, is_raid=True) for raider in raiders for target in targets]
    for raider in raiders[::2]:
        place = chance.randrange(others)
        if place not in targets:
            votes.append(Vote(raider, place, 1))
    chance.shuffle(votes)
    return votes
