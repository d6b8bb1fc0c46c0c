"""`make bench-rings`: how many votes of a ring are found, how many of a crowd are taken for one, and what it costs.

A population made by chance, the same on every run: six hours of a site on which 1,500 regular members vote, as
unequally as people do, and beside them what is to be found or to be left alone. Networks are dealt out as they are:
most members have a block of their own, one in five comes through the few blocks of a mobile carrier, one in ten from
an office.
"""

from __future__ import annotations

import platform
import random
import sys
import time
from collections.abc import Callable
from itertools import accumulate, count

from kawaraban.ranking.rings import Cast, find_rings

SEEDS = range(10)
HOURS = 6
STORIES = 40
COMMENTS_EACH = 30
LIMIT_S = 1.0
CARRIER_BLOCKS = 12


class Site:
    """Six hours of votes; `ring` are the keys of those to be found, `disguise` of those cast beside them."""

    def __init__(self, seed: int, regulars: int = 1_500) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - the same population each time
        self.votes: list[Cast] = []
        self.ring: set[int] = set()
        self.disguise: set[int] = set()
        self._keys = count(1)
        self._voters = count(1)
        self._said: set[tuple[int, int]] = set()
        self.authors = [self.chance.randint(1, 500) for _ in range(STORIES * COMMENTS_EACH)]
        popularity = [1 / (1 + rank) for rank in range(COMMENTS_EACH)]
        self.places = range(len(self.authors))
        self.weights = list(accumulate(each / (1 + story) ** 0.7 for story in range(STORIES) for each in popularity))
        for _ in range(regulars):
            self.crowd_member(self.home(), self.chance.uniform(30, 2000), self.chance.choice((0, 1, 1, 1, 2)))

    def home(self, carrier: float = 0.2) -> str:
        """A network as people have it: an office's, a carrier's, or their own."""
        kind = self.chance.random()
        if kind < 0.1:
            return f"office {self.chance.randint(1, 15)}"
        if kind < 0.1 + carrier:
            return f"carrier {self.chance.randint(1, CARRIER_BLOCKS)}"
        return f"home {self.chance.randint(1, 60_000)}"

    def crowd_member(self, network: str, age: float, standing: int) -> None:
        """Somebody who reads now and then and votes 1 to 20 times on what they find."""
        voter = next(self._voters)
        start = self.chance.uniform(0, HOURS * 3600)
        for _ in range(min(20, 1 + int(self.chance.expovariate(1 / 4)))):
            target = self.chance.choices(self.places, cum_weights=self.weights)[0]
            value = 1 if self.chance.random() < 0.75 else -1
            self.cast(voter, target, value, start + self.chance.uniform(0, 1800), age, network, standing)

    def cast(
        self,
        voter: int,
        target: int,
        value: int,
        at: float,
        age: float,
        network: str,
        standing: int,
        ring: bool = False,
    ) -> int:
        """The key of a vote, 0 if the voter has voted there; `ring` says that one hand cast it with others."""
        if (voter, target) in self._said:
            return 0
        self._said.add((voter, target))
        key = next(self._keys)
        self.votes.append(Cast(key, voter, target, self.authors[target], value, at, age, network, standing))
        if ring:
            self.ring.add(key)
        return key

    # --- To be left alone --------------------------------------------------------------------------------------------

    def popular(self) -> None:
        """400 regulars agree with one comment within ten minutes of a notification."""
        for _ in range(400):
            at = 7200 + self.chance.uniform(0, 600)
            self.cast(next(self._voters), 3, 1, at, self.chance.uniform(30, 2000), self.home(), 1)

    def newcomers(self, comment: int = 0, alone: float = 0.6, carrier: float = 0.2) -> None:
        """600 new accounts within an hour, from a link that was passed around; most vote on its comment alone."""
        for _ in range(600):
            voter, network = next(self._voters), self.home(carrier)
            at = 9000 + min(3500, self.chance.expovariate(1 / 900))
            self.cast(voter, comment, 1 if self.chance.random() < 0.9 else -1, at, 0.02, network, 0)
            if self.chance.random() > alone:
                for _ in range(self.chance.randint(1, 4)):
                    other = self.chance.randint(0, COMMENTS_EACH - 1)
                    self.cast(voter, other, 1 if self.chance.random() < 0.7 else -1, at + 60, 0.02, network, 0)

    def fans(self) -> None:
        """60 regulars who vote for whatever one author writes, and for little else."""
        for _ in range(60):
            voter, network = next(self._voters), self.home()
            for target in self.chance.sample(self.lifted(8), 5):
                self.cast(voter, target, 1, self.chance.uniform(0, HOURS * 3600), 300.0, network, 1)

    def lifted(self, comments: int) -> list[int]:
        """So many comments of one author, who has no others."""
        targets = [60 + 7 * number for number in range(comments)]
        for target in targets:
            self.authors[target] = 501
        return targets

    def campus(self) -> None:
        """60 members of one network, here for a year, each reading what they like."""
        for _ in range(60):
            self.crowd_member("campus", self.chance.uniform(100, 700), self.chance.choice((0, 1)))

    def newsroom_class(self) -> None:
        """40 new accounts of one network, a class that signed up together and reads what it likes."""
        for _ in range(40):
            self.crowd_member("school", 1.0, 0)

    def assigned_class(self) -> None:
        """The same class, sent to one story and told to vote: by its votes alone a raid."""
        for _ in range(40):
            voter, at = next(self._voters), 6000 + self.chance.uniform(0, 600)
            for target in self.chance.sample(range(10), 3):
                self.cast(voter, target, self.chance.choice((1, 1, -1)), at, 1.0, "school", 0)

    # --- To be found -------------------------------------------------------------------------------------------------

    def raid(
        self,
        accounts: int,
        networks: int,
        seconds: float = 600,
        elsewhere: int = 0,
        targets: int = 1,
        value: int = -1,
        through: str = "raid",
    ) -> None:
        """New accounts against the same comments, each with so many votes elsewhere as a disguise."""
        for number in range(accounts):
            voter, network = next(self._voters), f"{through} {1 + number % networks}"
            at = 9600 + self.chance.uniform(0, seconds)
            for target in range(40, 40 + targets):
                self.cast(voter, target, value, at + self.chance.uniform(0, 60), 2.0, network, 0, ring=True)
            for _ in range(elsewhere):
                target = self.chance.choices(self.places, cum_weights=self.weights)[0]
                self.disguise.add(self.cast(voter, target, 1, at + self.chance.uniform(-600, 600), 2.0, network, 0))

    def raid_in_a_crowd(self, value: int) -> None:
        """A raid on the comment that the shared link leads to, while the newcomers arrive."""
        self.newcomers(40)
        self.raid(300, 40, value=value)

    def circle(self, accounts: int, networks: int) -> None:
        """Old accounts that lift one author all day, with a vote elsewhere now and then."""
        targets = self.lifted(8)
        for number in range(accounts):
            voter = next(self._voters)
            for target in self.chance.sample(targets, 6):
                at = self.chance.uniform(0, HOURS * 3600)
                self.cast(voter, target, 1, at, 200.0, f"circle {number % networks}", 1, ring=True)
            for _ in range(2):
                target = self.chance.choices(self.places, cum_weights=self.weights)[0]
                at = self.chance.uniform(0, HOURS * 3600)
                self.disguise.add(self.cast(voter, target, 1, at, 200.0, f"circle {number % networks}", 1))


SCENES: tuple[tuple[str, Callable[[Site], None]], ...] = (
    ("nothing but the regulars", lambda site: None),
    ("a popular comment: 400 regulars in 10 min", Site.popular),
    ("60 regulars, fans of one author", Site.fans),
    ("600 newcomers by a shared link", Site.newcomers),
    ("... 9 of 10 vote on its comment alone", lambda site: site.newcomers(alone=0.9)),
    ("... 6 of 10 come through a carrier", lambda site: site.newcomers(carrier=0.6)),
    ("a campus: 60 members, one network", Site.campus),
    ("a class: 40 new accounts, one network", Site.newsroom_class),
    ("... sent to one story to vote", Site.assigned_class),
    ("raid: 300 accounts, 5 networks", lambda site: site.raid(300, 5)),
    ("raid: 300 accounts, 40 networks", lambda site: site.raid(300, 40)),
    ("... while 600 newcomers vote the other way", lambda site: site.raid_in_a_crowd(-1)),
    ("... while 600 newcomers vote alike", lambda site: site.raid_in_a_crowd(1)),
    ("... on 6 comments of a thread", lambda site: site.raid(300, 40, targets=6)),
    ("... each 3 votes elsewhere", lambda site: site.raid(300, 40, elsewhere=3)),
    ("... each 6 votes elsewhere", lambda site: site.raid(300, 40, elsewhere=6)),
    ("raid: 300 accounts through a carrier", lambda site: site.raid(300, CARRIER_BLOCKS, through="carrier")),
    ("raid: 300 accounts, a network each", lambda site: site.raid(300, 300)),
    ("raid: 60 accounts, 40 networks", lambda site: site.raid(60, 40)),
    ("raid: 20 accounts, 2 networks", lambda site: site.raid(20, 2)),
    ("slow: 30 accounts, 6 networks, 3 h", lambda site: site.raid(30, 6, seconds=3 * 3600)),
    ("circle: 12 old accounts, 3 networks", lambda site: site.circle(12, 3)),
    ("circle: 12 old accounts, a network each", lambda site: site.circle(12, 12)),
)


def main() -> int:
    """Print what is found in each scene, over ten populations; 1 if 10,000 votes take more than a second."""
    print(f"Python {platform.python_version()}, {platform.machine()}, {len(SEEDS)} populations each")
    print(f"{'scene':<42} {'votes':>6} {'of a ring':>9} {'set aside':>9} {'precision':>9} {'recall':>7}")
    for name, happen in SCENES:
        votes = true = aside = found = 0
        for seed in SEEDS:
            site = Site(seed)
            happen(site)
            caught = {key for ring in find_rings(site.votes) for key in ring.votes} - site.disguise
            votes += len(site.votes)
            true += len(site.ring)
            aside += len(caught)
            found += len(caught & site.ring)
        precision = f"{found / aside:>9.3f}" if aside and true else f"{'-':>9}"
        recall = f"{found / true:>7.3f}" if true else f"{'-':>7}"
        runs = len(SEEDS)
        print(f"{name:<42} {votes / runs:>6,.0f} {true / runs:>9,.1f} {aside / runs:>9,.1f} {precision} {recall}")
    longest = _cost()
    return 0 if longest < LIMIT_S else 1


def _cost() -> float:
    """The seconds of process time that 10,000 votes take, with a raid and newcomers among them."""
    site = Site(0, regulars=2_200)
    site.newcomers()
    site.raid(300, 40)
    began = time.process_time()
    find_rings(site.votes[:10_000])
    spent = time.process_time() - began
    print(f"{min(len(site.votes), 10_000):,} votes: {spent:.2f} s")
    hostile = [Cast(n, n, 1, 1, 1, 0.0, 0.0, f"n{n % 5_000}", 0) for n in range(10_000)]
    began = time.process_time()
    find_rings(hostile)
    worst = time.process_time() - began
    print(f"10,000 fresh votes on one comment at one moment: {worst:.2f} s")
    return max(spent, worst)


if __name__ == "__main__":
    sys.exit(main())
