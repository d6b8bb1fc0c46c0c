"""The cast that every test knows, and what all tests share."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from itertools import compress

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client, override_settings
from pytest_django.plugin import DjangoDbBlocker

from kawaraban.accounts import actions as accounts
from kawaraban.accounts.models import EDITOR, MODERATOR, User
from kawaraban.accounts.testing import make_member
from kawaraban.discussion import fragments, vocabulary
from kawaraban.jobs.models import Job
from kawaraban.jobs.testing import run_jobs
from kawaraban.newsroom.models import FrontPage
from kawaraban.newsroom.reading import counter
from kawaraban.newsroom.testing import make_site


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--with-database`: what another database cannot change is left out, as it ran on the first."""
    parser.addoption("--with-database", action="store_true", help="only tests that use the site's database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, when told to, what asks for no database. Nothing reaches one unasked: pytest-django forbids it."""
    if config.getoption("--with-database"):
        asks = [item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ()) for item in items]
        config.hook.pytest_deselected(items=[item for item, asking in zip(items, asks, strict=True) if not asking])
        items[:] = compress(items, asks)


def pytest_configure() -> None:
    """Settings that make tests quick and change nothing that they test."""
    uncollected = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={**settings.STORAGES, "staticfiles": uncollected},
    ).enable()


def pytest_collection_finish() -> None:
    """What is imported stays to the end: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """A database in which the site is made once: every test begins with it, and takes back what it did to it."""
    with django_db_blocker.unblock():
        make_site()
        run_jobs()
        Job.objects.all().delete()


@pytest.fixture(autouse=True)
def _new_process() -> None:
    """Each test begins as a process does: what was kept of threads, reads and so on goes back with the database."""
    accounts.begin_anew()
    vocabulary.forget()
    fragments.forget()
    counter.forget()
    caches["renditions"].clear()


@pytest.fixture
def reader(db: None) -> User:
    """A member who mostly reads."""
    return make_member("Old Ferryman")


@pytest.fixture
def author(db: None) -> User:
    """A member who has said something."""
    return make_member("mikan")


@pytest.fixture
def editor(db: None) -> User:
    """One who publishes."""
    return make_member("Tomoe Sakai", role=EDITOR, title="Editor")


@pytest.fixture
def moderator(db: None) -> User:
    """One who keeps the discussion worth reading."""
    return make_member("Ben Okabe", role=MODERATOR, title="Moderator")


@pytest.fixture
def stranger() -> Client:
    """A browser in which nobody is signed in."""
    return Client()


@pytest.fixture
def site(db: None) -> FrontPage:
    """The site of a small paper."""
    return FrontPage.objects.get()


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A function from a member to a browser in which they are signed in."""

    def browser(member: User) -> Client:
        client = Client()
        client.force_login(member)
        return client

    return browser


class Stopwatch:
    """Measures the block it is entered for: `seconds` of processor time that this thread took.

    What others do on the machine is not counted, nor is the collection of what thousands of tests have left behind,
    which takes longer than most of what is measured.
    """

    seconds = 0.0

    def __enter__(self) -> None:
        gc.disable()
        self._began = time.thread_time()

    def __exit__(self, *error: object) -> None:
        self.seconds = time.thread_time() - self._began
        gc.enable()


@pytest.fixture
def stopwatch() -> Stopwatch:
    """Every limit of time on work of our own is measured with it: `with stopwatch: …`, then `stopwatch.seconds`."""
    return Stopwatch()
