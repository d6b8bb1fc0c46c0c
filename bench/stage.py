"""The site, the people on it and what is known of each comment, while `make bench-moderation` goes on."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.apps import apps
from django.db import transaction
from django.db.models import DateTimeField, F
from django.utils import timezone

from bench.browser import Browser, Wire
from bench.crowd import Crowd, Person, gather
from bench.phrases import Text, made_by
from kawaraban.accounts.models import EDITOR, MODERATOR, READER, User
from kawaraban.accounts.testing import make_session
from kawaraban.jobs.models import Job
from kawaraban.newsroom.testing import make_section, make_story

STORIES = 10
LEARNING_TAKES = 120.0
"""Seconds that a job is waited for."""


@dataclass(slots=True)
class Posted:
    """A comment that was posted.

    Args:
        first: what its writer meant to say at first; `text` is what they posted.
        phase: in which it was written; 0 for the evening of the raid.
        flag: what asked the writer to think again: "rule", "score" or nothing.
        held_by: what lets it wait: "rule", "score" or nothing.
        key: in the site's database.
    """

    author: Person
    first: Text
    text: Text
    phase: int
    place: tuple[int, int]
    flag: str = ""
    held_by: str = ""
    key: int = 0

    @property
    def path(self) -> str:
        """Its address."""
        return f"/t/{self.place[0]}/{self.place[1]}/"


@dataclass(frozen=True, slots=True)
class FalseReport:
    """A report by somebody who does not like the author; `weight` is what it weighed."""

    reporter: str
    phase: int
    weight: int


class Stage:
    """Everybody with their browsers, and what has happened so far."""

    def __init__(self, seed: str, crowd: Crowd, wire: Wire) -> None:
        self.chance = made_by(seed)
        self.crowd = crowd
        self.wire = wire
        section = make_section()
        self.threads = [_thread(section, f"Story {number}") for number in range(1, STORIES + 1)]
        self.raided = _thread(section, "The story of the evening")
        start = f"/t/{_thread(section, 'A quiet story')}/mine/"
        self._browsers = _sign_in(crowd, wire, start)
        self.posted: list[Posted] = []
        self.by_place: dict[tuple[int, int], Posted] = {}
        self.refused: dict[int, Counter[str]] = defaultdict(Counter)
        self.deeds: Counter[tuple[int, str]] = Counter()
        self.reports: Counter[int] = Counter()
        self.removed: set[int] = set()
        self.false_reports: list[FalseReport] = []
        self.picked_on: set[int] = set()
        self.mistaken_holds: Counter[int] = Counter()
        self.warned: dict[str, int] = {}
        self.warned_wrongly = 0

    def browser(self, name: str) -> Browser:
        """Somebody's browser, by their name."""
        return self._browsers[name]

    def key(self) -> str:
        """The key of a form."""
        return f"{self.chance.getrandbits(128):032x}"

    def keep(self, posted: Posted) -> None:
        """Remember a comment that was posted."""
        self.posted.append(posted)
        self.by_place[posted.place] = posted


def people(seed: str) -> Crowd:
    """The crowd with its accounts, and the three of the staff. Cost: 7 queries for each."""
    crowd = gather(made_by(f"{seed} people"))
    staff = (("Moderator 1", MODERATOR), ("Editor 1", EDITOR))
    with transaction.atomic():
        for person in crowd.people:
            person.key = _account(person.name, READER, person.age).pk
        for name, role in staff:
            person = Person(name, "staff", 400, "192.0.2.7")
            person.key = _account(name, role, person.age).pk
            crowd.people.append(person)
    return crowd


def _account(name: str, role: str, age: float) -> User:
    email = f"{name.lower().replace(' ', '-')}@readers.example"
    joined = timezone.now() - timedelta(days=age)
    return User.objects.create_user(email, name, None, role=role, verified=True, date_joined=joined)


@transaction.atomic
def arrive(newcomers: Iterable[Person]) -> None:
    """Let accounts that have done nothing yet be as old as is said of them. Cost: 1 query for each."""
    for person in newcomers:
        User.objects.filter(pk=person.key).update(date_joined=timezone.now() - timedelta(days=person.age))


@transaction.atomic
def _sign_in(crowd: Crowd, wire: Wire, start: str) -> dict[str, Browser]:
    """A browser for each, with the session that signing in would have made."""
    users = User.objects.in_bulk([person.key for person in crowd.people])
    browsers = {}
    for person in crowd.people:
        browsers[person.name] = Browser(wire, make_session(users[person.key]), person.address, start)
    return browsers


def _thread(section: object, headline: str) -> int:
    story = make_story(section, headline=headline)  # type: ignore[arg-type]  # Wagtail's pages are Any
    key: int = story.thread_id
    return key


def pass_time(**span: float) -> None:
    """Let time pass: put every moment of every row back by so much. Cost: 1 query for each kind of row."""
    delta = timedelta(**span)
    with transaction.atomic():
        for model in apps.get_models():
            moments = [each.name for each in model._meta.local_fields if isinstance(each, DateTimeField)]
            if moments and not model._meta.proxy:
                model._base_manager.update(**{name: F(name) - delta for name in moments})


def wait_for_job(key: int) -> None:
    """Come back when a job is done.

    Raises:
        RuntimeError: it failed, or is not done in time.
    """
    until = time.monotonic() + LEARNING_TAKES
    while time.monotonic() < until:
        job = Job.objects.get(pk=key)
        if job.state == Job.State.DONE:
            return
        if job.state == Job.State.DEAD:
            raise RuntimeError(f"{job.task} failed: {job.last_error}")
        time.sleep(0.2)
    raise RuntimeError("A job was not done in time.")
